/**
 * A NAR as a sequence of events, in the order of the archive.
 *
 * A node is `regular` and its `contents`, or `symlink`, or `directory`, then for each entry `entry` and the entry's
 * node, then `directoryEnd`. Contents come in pieces of any size, none of them empty, `size` bytes in all.
 *
 * Names and targets are bytes; what is not UTF-8 stands in the text as lone surrogates U+DC80 to U+DCFF, one for
 * each such byte (see `escapedText`; {@link entryNameBytes} gives the bytes back).
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
  /** In bytes. */
  readonly size: number
}

/** A piece of the contents of the file that began last. */
export interface NarContentsEvent {
  readonly _tag: 'contents'
  /** A view, not a copy: of the chunk that was read. */
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

/** An entry of the directory that is open; its node follows. */
export interface NarEntryEvent {
  readonly _tag: 'entry'
  readonly name: string
}

/** The directory that began last and is still open ends. */
export interface NarDirectoryEndEvent {
  readonly _tag: 'directoryEnd'
}
