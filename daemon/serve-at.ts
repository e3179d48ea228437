import { createServer } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Either } from 'fp-ts/lib/Either.js'
import type { Issue } from '../combinators/issue.js'
import { callback, checkOptions, number, type OptionChecks } from '../combinators/options.js'
import { messageOf } from '../combinators/show.js'
import type { OperationTable, operations } from '../grammar/operations/table.js'
import { commandTransport } from './command-transport.js'
import { expectHandlers, serve } from './server.js'
import { type ServeOptions, serveChecks } from './server-options.js'
import type { HandlersFor } from './server-types.js'
import { checkListening, listenAt, ownerOnly } from './sockets.js'
import { expectTarget } from './transport.js'
import type { CommandTarget, StreamPair, Target } from './transport-types.js'

export interface ServeAtOptions<T extends OperationTable = typeof operations>
  extends Omit<ServeOptions<T>, 'signal'> {
  /** The most connections at a time; further ones are closed immediately. Default: 2048. */
  readonly maxConnections?: number
  /** The mode of the socket, which decides who may connect. Default: 0o600, its owner. */
  readonly mode?: number
  /** Is called when a connection is over, with the result of `serve`. */
  readonly onClose?: (ended: Either<Issue, void>) => void
  /**
   * Is called with other errors: too many connections, no more file descriptors, a function for handlers that throws or
   * returns none. Without it, the last of these is an unhandled rejection.
   */
  readonly onFailure?: (error: Error) => void
}

/** A server that listens on a socket, or serves one connection. */
export interface Serving {
  /** Resolves when the server has ended: after {@link close}, or with the only connection that it had. */
  readonly ended: Promise<void>
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
 * A daemon's side of all connections to a socket; see {@link serve}. A dead socket is replaced. Instead of the path
 * of a socket you can give a program, whose output is the client's bytes, or a stream, such as the standard streams:
 * then there is one connection, and the server ends with it.
 *
 * ```ts
 * import { serveAt } from 'nix-wire/daemon'
 *
 * const start = async () => {
 *   const server = await serveAt('/run/my-store/socket', { QueryAllValidPaths: () => [] }, { idleTimeout: 600_000 })
 *   process.once('SIGINT', () => server.close())
 *   await server.ended
 * }
 * ```
 *
 * The queue of clients that wait to be accepted is as long as the system allows, 4096 on Linux.
 *
 * It rejects if the socket cannot be made, and for invalid options and handlers.
 */
export const serveAt = async <T extends OperationTable = typeof operations>(
  place: Target,
  handlers: HandlersFor<NoInfer<T>>,
  options: ServeAtOptions<T> = {},
): Promise<Serving> => {
  checkOptions<ServeAtOptions<T>>('serveAt', checks, options)
  expectTarget(place)
  expectHandlers('serveAt', handlers)
  if (typeof handlers !== 'function') {
    const { expectOperations } = await import('./serving.js')
    expectOperations('serveAt', handlers, options)
  }
  const { maxConnections = defaultMaxConnections, mode = ownerOnly } = options
  checkListening(maxConnections, mode)
  const connections = new Connections<T>(handlers, options)
  return typeof place === 'string'
    ? listening(place, connections, options)
    : servingOne(place, connections, options)
}

/** The open connections. */
class Connections<T extends OperationTable> {
  readonly #open = new Map<AbortController, Promise<void>>()
  readonly #handlers: HandlersFor<NoInfer<T>>
  readonly #options: ServeAtOptions<T>

  constructor(handlers: HandlersFor<NoInfer<T>>, options: ServeAtOptions<T>) {
    this.#handlers = handlers
    this.#options = options
  }

  get count(): number {
    return this.#open.size
  }

  /** Resolves when the connection is over. */
  serve(stream: Duplex | StreamPair): Promise<void> {
    const { maxConnections: _max, mode: _mode, onClose, onFailure, ...each } = this.#options
    const over = new AbortController()
    const served = serve<T>(stream, this.#handlers, { ...each, signal: over.signal })
      .finally(() => this.#open.delete(over))
      .then(onClose, (thrown: unknown) => {
        if (onFailure === undefined) {
          throw thrown
        }
        onFailure(thrown instanceof Error ? thrown : new Error(messageOf(thrown)))
      })
    this.#open.set(over, served)
    return served
  }

  async end(): Promise<void> {
    for (const over of this.#open.keys()) {
      over.abort(new Error('the server ends'))
    }
    await Promise.all(this.#open.values())
  }
}

const listening = async <T extends OperationTable>(
  path: string,
  connections: Connections<T>,
  { maxConnections = defaultMaxConnections, mode = ownerOnly, onFailure }: ServeAtOptions<T>,
): Promise<Serving> => {
  const server = createServer((socket) => {
    // The connection reports its failures when it ends.
    socket.on('error', () => undefined)
    if (connections.count >= maxConnections) {
      socket.destroy()
      onFailure?.(new Error(`a connection was rejected: ${maxConnections} are open`))
      return
    }
    void connections.serve(socket)
  })
  await listenAt(server, path, mode)
  server.on('error', (error) => onFailure?.(error))
  const ended = new Promise<void>((resolve) => server.once('close', () => resolve()))
  return {
    ended,
    close: async () => {
      server.close()
      await connections.end()
      await ended
    },
  }
}

const servingOne = <T extends OperationTable>(
  place: CommandTarget | Duplex | StreamPair,
  connections: Connections<T>,
  { onFailure }: ServeAtOptions<T>,
): Serving => {
  if (!('command' in place)) {
    const ended = connections.serve(place)
    return { ended, close: () => connections.end() }
  }
  const program = commandTransport(place)
  const ended = connections.serve({ readable: program.source, writable: program.sink }).then(async () => {
    await program.close()
    const aside = program.aside?.() ?? ''
    if (aside !== '') {
      onFailure?.(new Error(`${program.ending?.() ?? 'the program'}: ${aside}`))
    }
  })
  return {
    ended,
    close: async () => {
      await connections.end()
      await ended
    },
  }
}
