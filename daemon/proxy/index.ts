import { mkdir } from 'node:fs/promises'
import { createServer, type Server, type Socket } from 'node:net'
import { callback, checkOptions, number, type OptionChecks, word } from '../../combinators/options.js'
import { show } from '../../combinators/show.js'
import { time, timeOf } from '../../conversation/line/stillness.js'
import { checkSessionOptions, type SessionOptions } from '../../session/options.js'
import { treePathOf } from '../../stream/nar/tree-path.js'
import { checkListening, listenAt, ownerOnly } from '../sockets.js'
import { Connection } from './connection.js'
import type { RecordingProxyOptions } from './options.js'
import { isSameFile, missingAt } from './places.js'
import { connectionNames, type Recording, recordingFormats, recordingsIn } from './recorder.js'
import { Views } from './views.js'

const format = (what: string, value: unknown): void => {
  if (!recordingFormats.some((each) => each === value)) {
    throw new RangeError(`${what} must be ${recordingFormats.join(', ')}, not ${show(value)}`)
  }
}

const checks: OptionChecks<RecordingProxyOptions> = {
  listen: word,
  to: word,
  record: word,
  format,
  onPending: callback,
  onEvent: callback,
  onBytes: callback,
  onFailure: callback,
  onClose: callback,
  session: (_, value) => checkSessionOptions(value as SessionOptions),
  maxBehind: number,
  maxConnections: number,
  handshakeTimeout: time,
  mode: number,
}

/** Each connection takes four open files. */
export const defaultMaxConnections = 256

/** In milliseconds. */
export const defaultHandshakeTimeout = 30_000

const defaultMaxBehind = 64 * 2 ** 20

export interface RecordingProxy {
  /** Ends all connections, completes their files, and removes the socket. */
  close(): Promise<void>
}

/**
 * A proxy between clients and a daemon that passes all bytes on, and records them with their times: as `NAME.pcapng`
 * for each connection, for `RecordingReader`, `nix-wire session` and Wireshark; or as `NAME.client.bin` and
 * `NAME.server.bin`, for `decodeSession`.
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
 * Bytes are passed on before anything else is done with them. If one side does not keep up, the other is not read.
 * The end of one direction is passed on while the other goes on, and bytes that a side sent before it broke off still
 * arrive. The traffic waits for the disk only if that is 64 MiB behind, and never for `onEvent`.
 *
 * The daemon sees the user that the proxy runs as, so clients get the proxy's rights. The socket, the recordings, and
 * a folder that is made for them are accessible to their owner only, whatever the umask; `mode` lets other users
 * connect.
 *
 * It rejects if the socket cannot be made, if the folder cannot be written, if both sockets are the same, and with a
 * RangeError for invalid options.
 */
export const recordingProxy = async (options: RecordingProxyOptions): Promise<RecordingProxy> => {
  checkOptions('recordingProxy', checks, options)
  const { listen, to, mode = ownerOnly } = options
  const { maxConnections = defaultMaxConnections, maxBehind = defaultMaxBehind } = options
  checkListening(maxConnections, mode)
  if (await isSameFile(listen, to)) {
    throw looped(options)
  }
  const nextRecording = await recordings(options)
  const handshakeTimeout = timeOf('handshakeTimeout', options.handshakeTimeout ?? defaultHandshakeTimeout)
  const views = new Views(options.session, maxBehind)
  const open = new Set<Connection>()
  const server = createServer({ allowHalfOpen: true }, (client) => {
    if (open.size >= maxConnections) {
      client.destroy()
      options.onFailure?.(new Error(`a connection was refused: ${maxConnections} are open`), null)
      return
    }
    const connection = accept(client, { ...options, handshakeTimeout }, views, nextRecording)
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
    await Promise.all([...open].map((connection) => connection.abort(true)))
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

/** What makes the files of the next connection; none where nothing is recorded. */
const recordings = async ({ record, format = 'pcapng' }: RecordingProxyOptions): Promise<() => Recording> => {
  if (record === undefined) {
    const nextName = connectionNames()
    return () => ({ name: nextName(), pcapng: null, bin: null })
  }
  await mkdir(treePathOf(record), { recursive: true, mode: 0o700 })
  return recordingsIn(record, format)
}

/** Without files there is no recording, and no connection. */
const accept = (
  client: Socket,
  options: RecordingProxyOptions & { readonly handshakeTimeout: number },
  views: Views,
  nextRecording: () => Recording,
): Connection | null => {
  try {
    return new Connection(client, options, views, nextRecording())
  } catch (error) {
    client.destroy()
    options.onFailure?.(error instanceof Error ? error : new Error(String(error)), null)
    return null
  }
}
