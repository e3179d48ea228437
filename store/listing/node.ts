import type { Option } from 'fp-ts/lib/Option.js'

/** A file of an archive, without its contents. */
export interface ListedFile {
  readonly type: 'regular'
  /** In bytes. */
  readonly size: number
  readonly executable: boolean
  /** Where its contents begin, in bytes from the start of the whole archive; none where that is not known. */
  readonly narOffset: Option<number>
}

/** A symbolic link. */
export interface ListedLink {
  readonly type: 'symlink'
  readonly target: string
}

/** A directory; its entries are in the order of the bytes of their names. */
export interface ListedDirectory {
  readonly type: 'directory'
  readonly entries: ReadonlyMap<string, ListingNode>
}

/**
 * What an archive holds, without the contents of its files: the nodes of `Nar`, with places in the place of bytes.
 *
 * Names and targets are bytes; what is not UTF-8 stands in the text as lone surrogates, as in `NarEvent`.
 */
export type ListingNode = ListedFile | ListedLink | ListedDirectory
