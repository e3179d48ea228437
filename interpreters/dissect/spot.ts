import type { FieldPath, Issue } from '../../combinators/issue.js'
import type { Limits } from '../../combinators/limits.js'
import type { ResolvedNode } from '../../combinators/node.js'
import type { Protocol } from '../../combinators/protocol.js'
import type { Source } from './source.js'
import type { OpenPart, Role } from './tree.js'

export interface ReaderSettings {
  readonly protocol: Protocol
  readonly canonical: boolean
  readonly limits: Limits
  /** Whether all parts are kept; else only as many as reading takes. */
  readonly tree: boolean
}

/** What a part is for, and the name it has in the grammar around it. */
export interface Spot {
  readonly source: Source
  readonly path: FieldPath
  readonly role: Role
  readonly siblings: Array<OpenPart>
  /** The name of an `imap` around it, which is then that of the part. */
  readonly name?: string | undefined
  /** The grammar whose issue it is, where that is not its own. */
  readonly refuses?: string
  /** Whether what follows depends on the value: one that is out of place then ends the reading. */
  readonly decides?: boolean
}

/** A part that is wanted. */
export interface Wanted {
  readonly node: ResolvedNode
  readonly spot: Spot
}

/**
 * The reading of one node: it yields a part it wants, and is given its value; or how many bytes are missing, and goes
 * on when more have come.
 */
export type Stage<A = unknown> = Generator<Wanted | number, A, unknown>

/** What the stages share. */
export interface Reading {
  readonly settings: ReaderSettings
  /** How many values are as they came, and none of their grammar. */
  readonly strangers: number
  /** How deep in recursion it is. */
  depth: number
  /** Takes down an issue whose extent is known, of a part; what is read goes on behind it. */
  note(part: OpenPart | undefined, issue: Issue): void
  /** Adds a part to those around it. */
  append(siblings: Array<OpenPart>, part: OpenPart): void
}

/** A count, a tag or a mark: a primitive whose issues are those of the grammar around it. */
export const announcement = (
  node: ResolvedNode,
  role: Role,
  source: Source,
  around: OpenPart,
  path: FieldPath,
  decides: boolean,
): Wanted => ({
  node,
  spot: { source, path, role, siblings: around.parts, refuses: around.own, decides },
})

/** Waits for bytes, as long as more may come. */
export function* arrival(source: Source, needed: number): Stage<void> {
  for (let missing = source.awaited(needed); missing > 0; missing = source.awaited(needed)) {
    yield missing
  }
}
