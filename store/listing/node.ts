import type { Option } from 'fp-ts/lib/Option.js'

/** A file of an archive, without its contents. */
export interface ListedFile {
  readonly type: 'regular'
  /** The number of bytes. */
  readonly size: number
  readonly executable: boolean
  /** The offset of its contents in the whole archive; none if it is unknown. */
  readonly narOffset: Option<number>
}

/** A symbolic link. */
export interface ListedLink {
  readonly type: 'symlink'
  readonly target: string
}

/** A directory; its entries are in the order of their names' bytes. */
export interface ListedDirectory {
  readonly type: 'directory'
  readonly entries: ReadonlyMap<string, ListingNode>
}

/**
 * The listing of an archive: the nodes of `Nar`, with sizes and offsets instead of contents.
 *
 * Names and targets are bytes: each byte that is not UTF-8 is a lone surrogate, as in `NarEvent`.
 */
export type ListingNode = ListedFile | ListedLink | ListedDirectory
