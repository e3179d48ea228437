import { mkdir } from 'node:fs/promises'
import { createServer, type Server, type Socket } from 'node:net'
import { callback, checkOptions, number, type OptionChecks, word } from '../../combinators/options.js'
import { treePathOf } from '../../stream/nar/tree-path.js'
import type { SessionEvent, Side } from '../session/events.js'
import { checkSessionOptions, type SessionOptions } from '../session/options.js'
import { connectPath, listenAt, ownerOnly } from '../sockets.js'
import { isConnectError } from '../unreachable.js'
import { End, pass } from './passage.js'
import { isSameFile, missingAt, told } from './places.js'
import { Recorder, type Recording, type RecordingFiles, recordingsIn } from './recorder.js'
import { type View, Views } from './views.js'

export interface RecordingProxyOptions {
  /** The socket to make, which clients connect to. A socket that nobody listens on any more is replaced. */
  readonly listen: string
  /** The daemon's socket. */
  readonly to: string
  /** The folder for the recordings; it is made where it is not there. A byte that is not UTF-8 is a lone surrogate. */
  readonly record: string
  /**
   * Called with what becomes known of each connection, after the traffic has passed; where it is not given, nothing is
   * decoded.
   */
  readonly onEvent?: (event: SessionEvent, connection: ProxiedConnection) => void
  /**
   * Called with what fails: a connection to the daemon, a file, `onEvent`, one connection too many; and at the start if
   * there is no daemon yet. The traffic goes on as far as it can.
   */
  readonly onFailure?: (error: Error, connection: ProxiedConnection | null) => void
  /** Called when both directions of a connection are over and its files are closed: complete if nothing is `lost`. */
  readonly onClose?: (connection: ProxiedConnection) => void
  readonly session?: SessionOptions
  /**
   * How many bytes of all connections may wait for `onEvent`, at most: 64 MiB. Beyond that the connection that has the most
   * of them is decoded no further, which `onFailure` is told.
   */
  readonly maxBehind?: number
  /** How many connections there may be at a time; one more is closed at once. Default: 256. */
  readonly maxConnections?: number
  /** Who may connect to the socket, as bits of a mode. Default: 0o600, its owner. */
  readonly mode?: number
}

const checks: OptionChecks<RecordingProxyOptions> = {
  listen: word,
  to: word,
  record: word,
  onEvent: callback,
  onFailure: callback,
  onClose: callback,
  session: (_, value) => checkSessionOptions(value as SessionOptions),
  maxBehind: number,
  maxConnections: number,
  mode: number,
}

/** Each connection takes four open files. */
export const defaultMaxConnections = 256

const defaultMaxBehind = 64 * 2 ** 20

/** A connection that passes through a proxy. */
export interface ProxiedConnection {
  /** What its files begin with. */
  readonly name: string
  /** What the client sent, and what the daemon sent. */
  readonly files: RecordingFiles
  /** How many bytes of each side could not be written to its file; known when both directions are over. */
  readonly lost: { readonly [S in Side]: number }
}

export interface RecordingProxy {
  /** Ends all connections, completes their files, and removes the socket. */
  close(): Promise<void>
}

/**
 * Stands between clients and a daemon, passes on what they say, and records it byte by byte: `NAME.client.bin` and
 * `NAME.server.bin` for each connection. `decodeSession` and `nix-wire session` read them.
 *
 * ```ts
 * import { recordingProxy } from 'nix-wire/daemon'
 *
 * const watch = async () => {
 *   const proxy = await recordingProxy({
 *     listen: '/tmp/recorded',
 *     to: '/nix/var/nix/daemon-socket/socket',
 *     record: 'recordings',
 *     onEvent: (event) => event.kind === 'operation' && console.log(event.id, event.outcome),
 *   })
 *   process.once('SIGINT', () => proxy.close())
 * }
 * ```
 *
 * Bytes are passed on before anything else is done with them. Where one side does not keep up, the other is not read;
 * the end of one direction is passed on while the other goes on; what a side said before it broke off still arrives.
 * Only where the disk is 64 MiB behind, the traffic waits for it; for `onEvent` it never does.
 *
 * The daemon sees the user that the proxy runs as, not the client's: a client gets the proxy's rights. The socket, a
 * folder that is made for the recordings, and these are for their owner only, whatever the umask; `mode` lets others
 * connect.
 *
 * Rejects where the socket cannot be made or the folder not be written, if the two sockets are one, and with a RangeError
 * for options that cannot work.
 */
export const recordingProxy = async (options: RecordingProxyOptions): Promise<RecordingProxy> => {
  checkOptions('recordingProxy', checks, options)
  const { listen, to, mode = ownerOnly } = options
  const { maxConnections = defaultMaxConnections, maxBehind = defaultMaxBehind } = options
  if (!(maxConnections >= 1)) {
    throw new RangeError(`not a number of connections: ${maxConnections}`)
  }
  if (!(Number.isInteger(mode) && mode >= 0 && mode <= 0o777)) {
    throw new RangeError(`not the mode of a socket: ${mode}`)
  }
  if (await isSameFile(listen, to)) {
    throw looped(options)
  }
  await mkdir(treePathOf(options.record), { recursive: true, mode: 0o700 })
  const nextRecording = recordingsIn(options.record)
  const views = new Views(options.session, maxBehind)
  const open = new Set<Connection>()
  const server = createServer({ allowHalfOpen: true }, (client) => {
    if (open.size >= maxConnections) {
      client.destroy()
      options.onFailure?.(new Error(`a connection was refused: ${maxConnections} are open`), null)
      return
    }
    const connection = accept(client, options, views, nextRecording)
    if (connection !== null) {
      open.add(connection)
      connection.closed.then(() => {
        open.delete(connection)
        options.onClose?.(connection)
      })
    }
  })
  await listenAt(server, listen, mode)
  server.on('error', (error) => options.onFailure?.(error, null))
  const close = async (): Promise<void> => {
    const stopped = stop(server)
    await Promise.all([...open].map((connection) => connection.abort()))
    await stopped
  }
  // The file that was missing before, by another name.
  if (await isSameFile(listen, to)) {
    await close()
    throw looped(options)
  }
  const missing = await missingAt(to)
  if (missing !== null) {
    options.onFailure?.(missing, null)
  }
  return { close }
}

const stop = (server: Server): Promise<void> => new Promise((resolve) => server.close(() => resolve()))

const looped = ({ listen, to }: RecordingProxyOptions): Error =>
  new Error(`the socket to listen on and the daemon's are one: ${listen === to ? to : `${listen} and ${to}`}`)

/** Without files there is no recording, and no connection. */
const accept = (
  client: Socket,
  options: RecordingProxyOptions,
  views: Views,
  nextRecording: () => Recording,
): Connection | null => {
  try {
    return new Connection(client, options, views, nextRecording())
  } catch (error) {
    client.destroy()
    options.onFailure?.(errorOf(error), null)
    return null
  }
}

const errorOf = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)))

/** One client, the daemon it talks to, and what is recorded of them. */
class Connection implements ProxiedConnection {
  readonly name: string
  readonly files: RecordingFiles
  readonly closed: Promise<void>
  readonly #options: RecordingProxyOptions
  readonly #sockets: { readonly [S in Side]: Socket }
  readonly #view: View | null
  readonly #recorders: { readonly [S in Side]: Recorder }

  constructor(
    client: Socket,
    options: RecordingProxyOptions,
    views: Views,
    { name, files, descriptors }: Recording,
  ) {
    this.name = name
    this.files = files
    this.#options = options
    const server = connectPath(options.to, { allowHalfOpen: true })
    server.once('error', (error) => this.#report(isConnectError(error) ? told(error, options.to) : error))
    this.#sockets = { client, server }
    const { onEvent } = options
    this.#view =
      onEvent === undefined
        ? null
        : views.open({
            onEvent: (event) => onEvent(event, this),
            onFailure: (error) => this.#report(error),
          })
    const ends = { client: new End(client), server: new End(server) }
    const recorderOf = (side: Side): Recorder =>
      new Recorder(files[side], descriptors[side], (error) => this.#report(error))
    this.#recorders = { client: recorderOf('client'), server: recorderOf('server') }
    const passSide = (side: Side, other: Side): Promise<void> =>
      pass(ends[side], ends[other], this.#recorders[side], {
        onBytes: (bytes) => this.#view?.push(side, bytes),
        onEnd: () => this.#view?.push(side, null),
      })
    this.closed = Promise.all([passSide('client', 'server'), passSide('server', 'client')]).then(() =>
      this.#view?.caughtUp(),
    )
  }

  get lost(): ProxiedConnection['lost'] {
    return { client: this.#recorders.client.lost, server: this.#recorders.server.lost }
  }

  /** Breaks off both sides. */
  abort(): Promise<void> {
    this.#sockets.client.destroy()
    this.#sockets.server.destroy()
    return this.closed
  }

  #report(error: Error): void {
    this.#options.onFailure?.(error, this)
  }
}
