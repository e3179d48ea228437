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
  /** Whether all parts are kept; otherwise only those needed for reading. */
  readonly tree: boolean
}

/** The purpose of a part, and its name in the grammar around it. */
export interface Spot {
  readonly source: Source
  readonly path: FieldPath
  readonly role: Role
  readonly siblings: Array<OpenPart>
  /** The name of an `imap` around it, which is then the name of the part. */
  readonly name?: string | undefined
  /** The grammar of its issues, if that is not its own. */
  readonly refuses?: string
  /** Whether what follows depends on the value: then an invalid one ends the reading. */
  readonly decides?: boolean
}

/** A request for a part. */
export interface Wanted {
  readonly node: ResolvedNode
  readonly spot: Spot
}

/**
 * The reading of one node: it yields a request for a part, and gets its value; or the number of missing bytes, and
 * continues when more have come.
 */
export type Stage<A = unknown> = Generator<Wanted | number, A, unknown>

/** The state shared by the stages. */
export interface Reading {
  readonly settings: ReaderSettings
  /** The number of invalid values that were kept. */
  readonly strangers: number
  /** The depth of recursion. */
  depth: number
  /** Notes an issue of a part whose extent is known; reading goes on after it. */
  note(part: OpenPart | undefined, issue: Issue): void
  /** Adds a part to those around it. */
  append(siblings: Array<OpenPart>, part: OpenPart): void
}

/** A count, a tag or a mark: a primitive whose issues belong to the grammar around it. */
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
