import type { SessionEvent, Side } from '../../session/events.js'
import type { SessionOptions } from '../../session/options.js'
import type { Pending } from '../../session/timed/recorded-session.js'
import type { Timing } from '../../session/timed/timed-session.js'
import type { RecordingFormat } from './recorder.js'

/** A connection that passes through a proxy. */
export interface ProxiedConnection {
  /** What its files begin with. */
  readonly name: string
  /** Its files: the pcapng file, what the client sent, and what the daemon sent, as far as the format has them. */
  readonly files: ReadonlyArray<string>
  /** How many bytes of each side could not be written to its files; known when both directions are over. */
  readonly lost: { readonly [S in Side]: number }
}

export interface RecordingProxyOptions {
  /** The socket to make, which clients connect to. A dead socket is replaced. */
  readonly listen: string
  /** The daemon's socket. */
  readonly to: string
  /**
   * The folder for the recordings; it is made where it is not there. A byte that is not UTF-8 is a lone surrogate. Without
   * it nothing is recorded.
   */
  readonly record?: string
  /**
   * What is recorded: a `pcapng` file with the times of all bytes, which is the default; `bin`, the bytes of each side in
   * a file of their own, without times; or `both`.
   */
  readonly format?: RecordingFormat
  /**
   * Called with what becomes known of each connection and when it went on, after the traffic has passed; where it is not
   * given, nothing is decoded.
   */
  readonly onEvent?: (event: SessionEvent, connection: ProxiedConnection, time: Timing) => void
  /** Called, if `onEvent` is given, when a connection is over: how it was left, and what was pending. */
  readonly onPending?: (pending: Pending, connection: ProxiedConnection) => void
  /**
   * Called with what fails: a connection to the daemon, a file, `onEvent`, one connection too many; and at the start if
   * there is no daemon yet. The traffic goes on as far as it can.
   */
  readonly onFailure?: (error: Error, connection: ProxiedConnection | null) => void
  /** Called when both directions of a connection are over and its files are closed: complete if nothing is `lost`. */
  readonly onClose?: (connection: ProxiedConnection) => void
  readonly session?: SessionOptions
  /**
   * Called with the bytes of a side after they have been passed on, and with null at its end: for those who read them
   * otherwise than `onEvent`. What is said next waits for it.
   */
  readonly onBytes?: (side: Side, bytes: Uint8Array | null, connection: ProxiedConnection) => void
  /**
   * How many bytes of all connections may wait for `onEvent`, at most: 64 MiB. Beyond that the connection that has the most
   * of them is decoded no further, which `onFailure` is told.
   */
  readonly maxBehind?: number
  /** How many connections there may be at a time; one more is closed at once. Default: 256. */
  readonly maxConnections?: number
  /**
   * How long the daemon may take to accept a connection, and then the client to send its hello once it can, in milliseconds.
   * Default: 30 seconds; 0: no limit. What comes afterwards is left to the two.
   */
  readonly handshakeTimeout?: number
  /** Who may connect to the socket, as bits of a mode. Default: 0o600, its owner. */
  readonly mode?: number
}
