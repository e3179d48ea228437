import type { Path } from '../../combinators/issue.js'
import type { Limits } from '../../combinators/limits.js'
import type { Node } from '../../combinators/node.js'
import type { Protocol } from '../../combinators/protocol.js'
import type { Source } from './source.js'
import type { OpenPart, Role } from './tree.js'

export interface ReaderSettings {
  readonly protocol: Protocol
  readonly canonical: boolean
  readonly limits: Limits
}

/** What a part is for, and the name it has in the grammar around it. */
export interface Spot {
  readonly source: Source
  readonly path: Path
  readonly role: Role
  readonly siblings: Array<OpenPart>
  /** The name of an `imap` around it, which is then that of the part. */
  readonly name?: string | undefined
  /** The grammar whose issue it is, where that is not its own. */
  readonly refuses?: string
}

/** What reads the parts of a node. */
export interface NodeReader {
  readonly settings: ReaderSettings
  readonly read: (node: Node, spot: Spot) => unknown
}

/** A count, a tag or a mark: a primitive whose issues are those of the grammar around it. */
export const readAnnouncement = (
  reader: NodeReader,
  node: Node,
  role: Role,
  source: Source,
  around: OpenPart,
  path: Path,
): unknown => reader.read(node, { source, path, role, siblings: around.parts, refuses: around.own })
