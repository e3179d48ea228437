import type { FieldPath, IssueTag } from '../../combinators/issue.js'
import type { Limits, Profile } from '../../combinators/limits.js'
import type { FieldNode, ResolvedNode } from '../../combinators/node.js'
import type { Protocol } from '../../combinators/protocol.js'
import type { Role, Written } from './layout.js'
import type { Message } from './message.js'

/** A place in a grammar where rules hold. */
export interface Site {
  readonly node: ResolvedNode
  readonly role: Role
  /** The node around a count, a tag or a mark. */
  readonly around: ResolvedNode | null
  readonly fixed: FieldNode['fixed'] | undefined
  readonly inFrames: boolean
}

/** How one rule is broken: other bytes for a part, or an early end of the message. */
export type Break =
  | {
      readonly _tag: 'edit'
      readonly bytes: Uint8Array
      /** Where the issue is, counted from where the part begins. */
      readonly at: number
      /** The part that is edited, where it is not the one whose rule it is. */
      readonly target?: Written
      /** Where in the value the issue is, where that is not at the part itself. */
      readonly path?: FieldPath
    }
  /** The message ends this many bytes into the part. */
  | { readonly _tag: 'end'; readonly into: number }

/** A rule that bytes can break in one place of a grammar. */
export interface Rule {
  readonly text: string
  readonly tag: IssueTag
  /** The profile that refuses; what the compatible one refuses the canonical one refuses too. */
  readonly profile: Profile
  /** Null where this value gives no occasion. */
  readonly break: (part: Written, message: Message) => Break | null
}

export interface Context {
  readonly protocol: Protocol
  readonly limits: Limits
}

export const edit = (bytes: Uint8Array, at = 0): Break => ({ _tag: 'edit', bytes, at })
