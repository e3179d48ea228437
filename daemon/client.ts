import { isLeft } from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { checkOptions } from '../combinators/options.js'
import type { OperationTable, operations } from '../grammar/operations/table.js'
import type { Client } from './client-types.js'
import { type ConnectOptions, connectOptions } from './connect-options.js'
import { type Failure, toError } from './failure.js'
import { opening } from './opening.js'
import type { PooledOptions } from './pool/pool.js'
import { expectTarget } from './transport.js'
import { listeningPairOf, readAhead } from './transport-pair.js'
import type { Target } from './transport-types.js'

/**
 * Connects to a daemon: by the path of its socket, by a program (`nix-daemon --stdio`, also with ssh), or over a
 * stream. After the handshake the client has one method for each operation.
 *
 * ```ts
 * import { duplexPair } from 'node:stream'
 * import { either as E } from 'fp-ts'
 * import { connect, serve } from 'nix-wire/daemon'
 *
 * const [here, there] = duplexPair()
 * const served = serve(there, { QueryAllValidPaths: () => [] })
 *
 * const connected = await connect(here, { newest: '1.37' })()
 * if (E.isRight(connected)) {
 *   const client = connected.right
 *   client.protocol.version // => '1.37'
 *   await client.queryAllValidPaths()() // => { _tag: 'Right', right: [] }
 *   await client.promises.queryAllValidPaths() // => []
 *   await client.close()
 * }
 * await served // => { _tag: 'Right', right: undefined }
 * ```
 *
 * A call is a `TaskEither` and never throws; `promises` has the same methods as promises. After an error of the
 * daemon (`DaemonError`) the connection goes on. An issue, a timeout or an abort ends the connection, and later calls
 * fail immediately with that reason.
 *
 * Concurrent calls are pipelined, at most `most` of them: a call is sent when the one before it has nothing more to
 * send, and the answers come in the order of the calls. Later calls wait until an upload ends; if the daemon pulls
 * the upload, or if there is a download, until that call ends. If the connection breaks, the calls in flight may or
 * may not have been executed: await a call that changes something before you make the next one.
 *
 * Uploads are sources of bytes with the content that the operation has under this protocol (see `streamOf`): for
 * AddToStore below 1.25 always a NAR. A source that fails ends the connection, so that the daemon cannot mistake a
 * part for the whole. Downloads are read while they arrive; the connection is busy until their end.
 *
 * With `connections` above 1 the client is a pool. A call uses an idle connection; if there is none, another one is
 * opened; if the maximum is reached, calls share the connection with the fewest calls. Uploads, downloads and slow
 * operations such as builds get a connection for themselves, and wait until one is free. If a connection breaks, only
 * its own calls fail, and later calls use another one; the client is over when it is closed. SetOptions applies to
 * all connections. A temporary root belongs to the connection that added it.
 */
export const connect = <T extends OperationTable = typeof operations>(
  target: Target,
  options: ConnectOptions<T> = {},
): TaskEither<Failure, Client<T>> => {
  checkOptions<ConnectOptions<T>>('connect', connectOptions, options)
  expectTarget(target)
  const { connections = 1, onLog, timeout, signal } = options
  if (connections === 1) {
    return connectOnce(target, options)
  }
  if (typeof target !== 'string' && !('command' in target)) {
    throw new TypeError(`a stream is one connection, but the option connections of connect is ${connections}`)
  }
  const connect = (pooled: PooledOptions) => connectOnce(target, { ...options, ...pooled })
  return async () => {
    const { openPool } = await import('./pool/open-pool.js')
    return openPool(options.operations, { connections, connect, onLog, timeout, signal })()
  }
}

/** One connection. The client's code is loaded while it is opened. */
const connectOnce =
  <T extends OperationTable>(target: Target, options: ConnectOptions<T>): TaskEither<Failure, Client<T>> =>
  async () => {
    const loaded = import('./client-over.js')
    const opened = await opening(target, options)
    if (isLeft(opened)) {
      return opened
    }
    // Before anything is awaited, so that an early failure of the stream is noticed.
    const pair = readAhead(listeningPairOf(opened.right))
    const { clientOver } = await loaded
    return clientOver(opened.right, pair, options)
  }

/** {@link connect} as a promise, which rejects with a RemoteError or an IssueError. */
export const promises = {
  connect: async <T extends OperationTable = typeof operations>(
    target: Target,
    options: ConnectOptions<T> = {},
  ): Promise<Client<T>> => {
    const connected = await connect(target, options)()
    if (isLeft(connected)) {
      throw toError(connected.left)
    }
    return connected.right
  },
}
