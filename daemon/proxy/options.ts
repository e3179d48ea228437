import type { SessionEvent, Side } from '../../session/events.js'
import type { SessionOptions } from '../../session/options.js'
import type { Pending } from '../../session/timed/recorded-session.js'
import type { Timing } from '../../session/timed/timed-session.js'

/** The format of a recording: a pcapng file, a file for the bytes of each side, or both. */
export type RecordingFormat = 'pcapng' | 'bin' | 'both'

export const recordingFormats: ReadonlyArray<RecordingFormat> = ['pcapng', 'bin', 'both']

/** A connection through a proxy. */
export interface ProxiedConnection {
  /** The name that its files begin with. */
  readonly name: string
  /** Its files, as far as the format has them: the pcapng file, the client's bytes, and the daemon's bytes. */
  readonly files: ReadonlyArray<string>
  /** For each side the number of bytes that could not be written to the files; known when both directions are over. */
  readonly lost: { readonly [S in Side]: number }
}

export interface RecordingProxyOptions {
  /** The socket for clients, which is made. A dead socket is replaced. */
  readonly listen: string
  /** The daemon's socket. */
  readonly to: string
  /**
   * The folder for the recordings; it is made if it does not exist. A byte that is not UTF-8 is a lone surrogate.
   * Without this option nothing is recorded.
   */
  readonly record?: string
  /**
   * The format of recordings: `pcapng`, a file with the times of all bytes; `bin`, a file for the bytes of each side,
   * without times; or `both`. Default: `pcapng`.
   */
  readonly format?: RecordingFormat
  /**
   * Is called with each event of a connection and its times, after the bytes have been passed on. Without this option
   * nothing is decoded.
   */
  readonly onEvent?: (event: SessionEvent, connection: ProxiedConnection, time: Timing) => void
  /** Is called when a connection is over, if `onEvent` is given: how it was left, and what was pending. */
  readonly onPending?: (pending: Pending, connection: ProxiedConnection) => void
  /**
   * Is called, if `onEvent` is given, while a side is waited for and nothing comes: after 10, 20, 40 seconds and so on;
   * and when a side closes while it waits for the other.
   */
  readonly onQuiet?: (pending: Pending, connection: ProxiedConnection) => void
  /**
   * Is called with errors: of a connection to the daemon, a file, or `onEvent`, for too many connections, and at the
   * start if there is no daemon yet. The traffic goes on as far as possible.
   */
  readonly onFailure?: (error: Error, connection: ProxiedConnection | null) => void
  /**
   * Is called when both directions of a connection are over and its files are closed. They are complete if nothing is
   * `lost`.
   */
  readonly onClose?: (connection: ProxiedConnection) => void
  readonly session?: SessionOptions
  /**
   * Is called with the bytes of a side after they have been passed on, and with null at its end, to decode them
   * yourself. The next bytes wait for it.
   */
  readonly onBytes?: (side: Side, bytes: Uint8Array | null, connection: ProxiedConnection) => void
  /**
   * The most bytes of all connections that may wait for `onEvent`. Above that, decoding stops for the connection with
   * the most of them, and `onFailure` is called. Default: 64 MiB.
   */
  readonly maxBehind?: number
  /** The most connections at a time; further ones are closed immediately. Default: 256. */
  readonly maxConnections?: number
  /**
   * The longest time for the daemon to accept a connection, and then for the client to send its hello, in
   * milliseconds. Later there is no limit. Default: 30 seconds; 0: no limit.
   */
  readonly handshakeTimeout?: number
  /** The mode of the socket, which decides who may connect. Default: 0o600, its owner. */
  readonly mode?: number
}

export interface RecordingProxy {
  /** Ends all connections, completes their files, and removes the socket. */
  close(): Promise<void>
}
