import type { UnkeyedValidPathInfo, ValidPathInfo } from '../../grammar/path-info.js'
import type { Source } from '../../stream/source.js'
import type { StorePath } from '../../types/index.js'

type Awaitable<A> = A | Promise<A>

/** Bytes that are put aside for a moment. */
export interface HeldBytes {
  readonly size: number
  /** From the beginning. */
  read(): Source
  drop(): Awaitable<void>
}

/** An archive that has come as a whole, and belongs to no path yet. One of the two is called, once. */
export interface Arrival {
  /** Puts it in its place, and makes the path valid: all of that, or nothing. */
  keep(info: ValidPathInfo): Awaitable<void>
  drop(): Awaitable<void>
}

/** The links outside the store that keep paths in it: an absolute file path each. */
export interface RootLinks {
  add(link: string): Awaitable<void>
  remove(link: string): Awaitable<void>
  all(): Awaitable<ReadonlyArray<string>>
}

/**
 * Where paths are kept, in memory, on a disk or elsewhere; `storeHandlers` makes a server of it. It does as it is told:
 * what may be added, in which order, and what is garbage, is decided there.
 */
export interface Store {
  /** The directory in which its paths lie, as clients have it. */
  readonly storeDir: string
  /** What is known of a path; null where it is not valid. */
  info(path: StorePath): Awaitable<UnkeyedValidPathInfo | null>
  /** All that are valid. */
  paths(): Awaitable<Iterable<StorePath>>
  /** The path with this hash part. */
  pathOf(hashPart: string): Awaitable<StorePath | null>
  /** Those that refer to a path. */
  referrers(path: StorePath): Awaitable<Iterable<StorePath>>
  /** The archive of a valid path. */
  nar(path: StorePath): Source
  /** Takes an archive, which has been found to be one when it ends. Where it fails nothing of it is left. */
  receive(nar: AsyncIterable<Uint8Array>): Promise<Arrival>
  /** Takes bytes whose number is not known before. Where they fail nothing of them is left. */
  hold(bytes: AsyncIterable<Uint8Array>): Promise<HeldBytes>
  /** Says something else of a valid path. */
  change(path: StorePath, info: UnkeyedValidPathInfo): Awaitable<void>
  /** A valid path is valid no more, and its archive is gone. */
  remove(path: StorePath): Awaitable<void>
  readonly roots: RootLinks
}
