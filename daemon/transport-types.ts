import type { Duplex } from 'node:stream'
import type { Sink } from '../stream/sink.js'
import type { Source } from '../stream/source.js'

/** A program that speaks the protocol on its standard input and output, such as `nix-daemon --stdio`. */
export interface CommandTarget {
  readonly command: readonly [program: string, ...args: ReadonlyArray<string>]
  /** Its name in errors. Default: the program. */
  readonly name?: string
  readonly env?: NodeJS.ProcessEnv
  readonly cwd?: string
}

/** A pair of streams, one for each direction. */
export interface StreamPair {
  readonly readable: Source
  readonly writable: Sink
}

/** How to reach a daemon: the path of its socket, a program, or a stream. */
export type Target = string | CommandTarget | Duplex | StreamPair

/** A program could not be started. */
export interface Unstarted {
  /** The program, and the reason. */
  readonly note: string
  readonly cause: Error
}

/** A way to exchange the bytes of a connection. */
export interface Transport {
  readonly source: Source
  readonly sink: Sink
  /** Releases everything at once, and resolves when it is closed. May be called again. */
  readonly close: () => Promise<void>
  /** What the other side wrote outside of the protocol, as far as it is known. */
  readonly aside?: () => string
  /** How the other side ended, if that is known: `nix-daemon exited with code 1`. */
  readonly ending?: () => string | null
  /** Set if a program could not be started, which is known after the transport is closed. */
  readonly unstarted?: () => Unstarted | null
}
