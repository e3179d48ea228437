import type { FieldPath, IssueTag } from '../../combinators/issue.js'
import type { Limits, Profile } from '../../combinators/limits.js'
import type { FieldNode, ResolvedNode } from '../../combinators/node.js'
import type { Protocol } from '../../combinators/protocol.js'
import type { Role, Written } from './layout.js'
import type { Message } from './message.js'
import type { Random } from './random.js'

/** A place in a grammar where rules hold. */
export interface Site {
  readonly node: ResolvedNode
  readonly role: Role
  /** The node around a count, a tag or a mark. */
  readonly around: ResolvedNode | null
  readonly fixed: FieldNode['fixed'] | undefined
  readonly inFrames: boolean
  /** Whether it is in a field with a fixed value, so that the value must stay. */
  readonly isHeld: boolean
}

/** Other bytes for a part. */
export interface Edited {
  readonly _tag: 'edit'
  readonly bytes: Uint8Array
  /** The offset of the issue, from the beginning of the part. */
  readonly at: number
  /** The edited part, if it is not the one whose rule is broken. */
  readonly target?: Written
  /** The path of the issue in the value, if it is not at the part itself. */
  readonly path?: FieldPath
  /** What the compatible profile reads in place of the part, if that may be another value. */
  readonly reads?: { readonly value: unknown }
}

/** How one rule is broken; or the message ends this many bytes into the part. */
export type Break = Edited | { readonly _tag: 'end'; readonly into: number }

/** A rule that bytes can break in one place of a grammar. */
export interface Rule {
  readonly text: string
  /** What is wrong with bytes that break it, as a sentence about them. */
  readonly wrong: string
  /** What it has in common with rules that one mistake breaks as well. */
  readonly group?: string
  /** The rule among those of its group, for readers of a report, if the text is longer or terse. */
  readonly detail?: string
  readonly tag: IssueTag
  /** The profile that rejects; what the compatible one rejects, the canonical one rejects too. */
  readonly profile: Profile
  /** Whether the value that the compatible profile reads is certainly the original one. */
  readonly keeps?: true
  /** Null if this value gives no occasion. If there are many ways, one is chosen at random. */
  readonly break: (part: Written, message: Message, random: Random) => Break | null
}

/** The kinds of rules. */
export type RuleKind = keyof typeof shares

/**
 * The share of inputs for each kind, relative to the other kinds that a message has, so that kinds with many rules do
 * not displace those with few.
 */
export const shares = {
  /** The message, or the content of frames, ends too early. */
  end: 9,
  /** Something follows the message. */
  behind: 3,
  padding: 7,
  /** The length of bytes or of a text. */
  length: 10,
  count: 8,
  /** The bounds of an integer or a bool. */
  integer: 9,
  /** The tag of a choice, or the mark before an item. */
  tag: 8,
  utf8: 5,
  /** The form of a text. */
  text: 10,
  /** The letters of a text. */
  letter: 9,
  /** What a checked value must be. */
  value: 12,
  /** A field with a fixed value. */
  constant: 7,
  /** Sets and maps: ascending, each once. */
  order: 9,
  frames: 8,
  depth: 5,
} as const

/** Rules of one kind in one profile. */
export interface RuleGroup {
  readonly kind: RuleKind
  readonly profile: Profile
  readonly rules: ReadonlyArray<Rule>
}

export interface Context {
  readonly protocol: Protocol
  readonly limits: Limits
}

export const edit = (bytes: Uint8Array, at = 0): Edited => ({ _tag: 'edit', bytes, at })
