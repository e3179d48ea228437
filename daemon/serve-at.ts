import { createServer } from 'node:net'
import type { Either } from 'fp-ts/lib/Either.js'
import { expectObject } from '../combinators/expect.js'
import type { Issue } from '../combinators/issue.js'
import { callback, checkOptions, number, type OptionChecks } from '../combinators/options.js'
import type { OperationTable, operations } from '../grammar/operations/table.js'
import { type ServeOptions, serve, serveChecks } from './server.js'
import type { Handlers } from './server-types.js'
import { checkListening, listenAt, ownerOnly } from './sockets.js'

export interface ServeAtOptions<T extends OperationTable = typeof operations>
  extends Omit<ServeOptions<T>, 'signal'> {
  /** How many connections there may be at a time; one more is closed at once. Default: 2048. */
  readonly maxConnections?: number
  /** Who may connect to the socket, as bits of a mode. Default: 0o600, its owner. */
  readonly mode?: number
  /** Called when a connection is over, with what `serve` gives. */
  readonly onClose?: (ended: Either<Issue, void>) => void
  /** Called with what fails besides: one connection too many, a system that has no more files. */
  readonly onFailure?: (error: Error) => void
}

/** A server that listens. */
export interface Serving {
  /** Ends all connections, and removes the socket. */
  close(): Promise<void>
}

const { signal: _, ...checksOfEach } = serveChecks

const checks: OptionChecks<ServeAtOptions> = {
  ...checksOfEach,
  maxConnections: number,
  mode: number,
  onClose: callback,
  onFailure: callback,
}

const defaultMaxConnections = 2048

/**
 * Listens on a socket, and speaks for a daemon on each connection; see `serve`. A dead socket is replaced.
 *
 * ```ts
 * import { serveAt } from 'nix-wire/daemon'
 *
 * const start = async () => {
 *   const server = await serveAt('/run/my-store/socket', { QueryAllValidPaths: () => [] }, { idleTimeout: 600_000 })
 *   process.once('SIGINT', () => server.close())
 * }
 * ```
 *
 * As many clients may wait to be accepted as the system allows, 4096 on Linux.
 *
 * Rejects if the socket cannot be made, and with a RangeError for options that cannot work.
 */
export const serveAt = async <T extends OperationTable = typeof operations>(
  path: string,
  handlers: Handlers<NoInfer<T>>,
  options: ServeAtOptions<T> = {},
): Promise<Serving> => {
  checkOptions<ServeAtOptions<T>>('serveAt', checks, options)
  expectObject('the handlers of serveAt', handlers)
  const { maxConnections = defaultMaxConnections, mode = ownerOnly, onClose, onFailure, ...each } = options
  checkListening(maxConnections, mode)
  const open = new Map<AbortController, Promise<void>>()
  const server = createServer((socket) => {
    // Its failures end the connection, which tells them.
    socket.on('error', () => undefined)
    if (open.size >= maxConnections) {
      socket.destroy()
      onFailure?.(new Error(`a connection was refused: ${maxConnections} are open`))
      return
    }
    const over = new AbortController()
    const served = serve<T>(socket, handlers, { ...each, signal: over.signal }).then((ended) => {
      open.delete(over)
      onClose?.(ended)
    })
    open.set(over, served)
  })
  await listenAt(server, path, mode)
  server.on('error', (error) => onFailure?.(error))
  return {
    close: async () => {
      const stopped = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const over of open.keys()) {
        over.abort(new Error('the server ends'))
      }
      await Promise.all(open.values())
      await stopped
    },
  }
}
