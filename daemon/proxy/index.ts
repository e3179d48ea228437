import { callback, checkOptions, number, type OptionChecks, word } from '../../combinators/options.js'
import { show } from '../../combinators/show.js'
import { time, timeOf } from '../../conversation/line/stillness.js'
import { checkSessionOptions, type SessionOptions } from '../../session/options.js'
import { checkListening, ownerOnly } from '../sockets.js'
import { type RecordingProxy, type RecordingProxyOptions, recordingFormats } from './options.js'

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
  onQuiet: callback,
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
  const { maxConnections = defaultMaxConnections, mode = ownerOnly } = options
  checkListening(maxConnections, mode)
  const handshakeTimeout = timeOf('handshakeTimeout', options.handshakeTimeout ?? defaultHandshakeTimeout)
  const { startProxy } = await import('./start.js')
  return startProxy({ maxBehind: defaultMaxBehind, ...options, maxConnections, mode, handshakeTimeout })
}
