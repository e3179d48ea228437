import type { UnkeyedValidPathInfo, ValidPathInfo } from '../../grammar/path-info.js'
import type { Source } from '../../stream/source.js'
import type { StorePath } from '../../types/index.js'

type Awaitable<A> = A | Promise<A>

/** Bytes that are kept for a while. */
export interface HeldBytes {
  readonly size: number
  /** Reads the bytes, from the beginning. */
  read(): Source
  drop(): Awaitable<void>
}

/** A complete archive that belongs to no path yet. One of the two methods is called, once. */
export interface Arrival {
  /** Moves it to its place and makes the path valid, atomically. */
  keep(info: ValidPathInfo): Awaitable<void>
  drop(): Awaitable<void>
}

/** The links outside the store that keep paths alive, by their absolute file paths. */
export interface RootLinks {
  add(link: string): Awaitable<void>
  remove(link: string): Awaitable<void>
  all(): Awaitable<ReadonlyArray<string>>
}

/**
 * The storage of a store: in memory, on a disk or elsewhere. {@link storeHandlers} makes a server of it, and decides
 * what may be added, in which order, and what is garbage; the storage does not check that.
 */
export interface Store {
  /** The store directory of its paths. */
  readonly storeDir: string
  /** The info of a path; null if the path is not valid. */
  info(path: StorePath): Awaitable<UnkeyedValidPathInfo | null>
  /** All valid paths. */
  paths(): Awaitable<Iterable<StorePath>>
  /** The path with this hash part; null if there is none. */
  pathOf(hashPart: string): Awaitable<StorePath | null>
  /** The paths that refer to a path. */
  referrers(path: StorePath): Awaitable<Iterable<StorePath>>
  /** The archive of a valid path. */
  nar(path: StorePath): Source
  /** Receives an archive; its source fails if it is invalid. After a failure nothing of it is kept. */
  receive(nar: AsyncIterable<Uint8Array>): Promise<Arrival>
  /** Keeps bytes whose number is not known in advance. If their source fails, nothing of them is kept. */
  hold(bytes: AsyncIterable<Uint8Array>): Promise<HeldBytes>
  /** Replaces the info of a valid path. */
  change(path: StorePath, info: UnkeyedValidPathInfo): Awaitable<void>
  /** Deletes a valid path and its archive. */
  remove(path: StorePath): Awaitable<void>
  readonly roots: RootLinks
}
