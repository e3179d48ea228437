/**
 * A NAR as a sequence of events, in the order of the archive.
 *
 * A node is one of these: `regular`, then its `contents`; `symlink`; or `directory`, then for each entry `entry` and
 * the entry's node, then `directoryEnd`. Contents come in pieces of any size but 0, with `size` bytes in total.
 *
 * Names and targets are bytes: each byte that is not UTF-8 is a lone surrogate, U+DC80 to U+DCFF, in the text (see
 * `escapedText`; {@link entryNameBytes} returns the bytes).
 */
export type NarEvent =
  | NarRegularEvent
  | NarContentsEvent
  | NarSymlinkEvent
  | NarDirectoryEvent
  | NarEntryEvent
  | NarDirectoryEndEvent

/** A file begins; `size` bytes of contents follow. */
export interface NarRegularEvent {
  readonly _tag: 'regular'
  readonly executable: boolean
  /** The number of bytes. */
  readonly size: number
}

/** A piece of the contents of the file that began last. */
export interface NarContentsEvent {
  readonly _tag: 'contents'
  /** A view of the chunk that was read, not a copy. */
  readonly bytes: Uint8Array
}

/** A symbolic link. */
export interface NarSymlinkEvent {
  readonly _tag: 'symlink'
  readonly target: string
}

/** A directory begins. */
export interface NarDirectoryEvent {
  readonly _tag: 'directory'
}

/** An entry of the innermost open directory; its node follows. */
export interface NarEntryEvent {
  readonly _tag: 'entry'
  readonly name: string
}

/** The innermost open directory ends. */
export interface NarDirectoryEndEvent {
  readonly _tag: 'directoryEnd'
}
