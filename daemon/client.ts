import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { holds } from '../combinators/gate.js'
import { signal as abortSignal, callback, checkOptions, type OptionChecks } from '../combinators/options.js'
import type { ProtocolVersion } from '../combinators/version.js'
import type { Connection as FlowConnection } from '../conversation/client/connection.js'
import type { OpeningEnd } from '../conversation/client/floor.js'
import { openConnection } from '../conversation/client/open-connection.js'
import type { ConnectSettings } from '../conversation/client/options.js'
import { aborted } from '../conversation/line/interruption.js'
import { after, time, timeOf } from '../conversation/line/stillness.js'
import type { FlowNode } from '../conversation/node.js'
import { disableSetOptions } from '../grammar/features.js'
import type { LogMessage } from '../grammar/logging.js'
import { type AnyOperation, takesNoArguments } from '../grammar/operations/operation.js'
import type { SetOptionsRequest } from '../grammar/operations/set-options.js'
import { type OperationTable, operations } from '../grammar/operations/table.js'
import { messageLimitOfHandshake } from '../session/handshake-limit.js'
import { expectSource, type Source } from '../stream/source.js'
import { newestVersion, nixDefaults } from '../types/nix-protocol.js'
import { ClientFailures, isFarewell, wordsOf } from './client-failures.js'
import { checkHello, greeting } from './client-handshake.js'
import type { CallOptions, Client } from './client-types.js'
import { type ConnectOptions, connectOptions } from './connect-options.js'
import { type Call, Connection } from './connection.js'
import { type Failure, toError } from './failure.js'
import { noted } from './foreign.js'
import { explained } from './handshake-issue.js'
import { isLogLine, LogHub, type LogLine } from './log.js'
import { openPool } from './pool/open-pool.js'
import type { PooledOptions } from './pool/pool.js'
import { clientOf, type Method } from './promised.js'
import { defaultSettings } from './settings.js'
import { expectTarget, openTransport } from './transport.js'
import { listeningPairOf } from './transport-pair.js'
import type { Target, Transport } from './transport-types.js'
import { workerFlow } from './worker.js'

const callChecks: OptionChecks<CallOptions> = { signal: abortSignal, timeout: time, onLog: callback }

const defaultFeatures: ReadonlyArray<string> = [
  'add-to-store-scanning',
  'delete-dead-specific-referrers',
  'disable-set-options',
  'realisation-with-path-not-hash',
  'submit-output',
]

const defaultHandshakeTimeout = 30_000

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
    throw new TypeError(`a stream is one connection, and the option connections of connect is ${connections}`)
  }
  const table = (options.operations ?? operations) as T
  const connect = (pooled: PooledOptions) => connectOnce(target, { ...options, ...pooled })
  return openPool(table, { connections, connect, onLog, timeout, signal })
}

/** One connection. */
const connectOnce = <T extends OperationTable>(
  target: Target,
  options: ConnectOptions<T>,
): TaskEither<Failure, Client<T>> => {
  const table = options.operations ?? operations
  const node = workerFlow(table)
  return async () => {
    const opened = await opening(target, options)
    if (isLeft(opened)) {
      return opened
    }
    const begun = await begin(node, opened.right, options)
    if (isLeft(begun)) {
      return begun
    }
    const connection = begun.right
    const { protocol, daemon, log, closed } = connection
    const base = {
      protocol,
      daemon,
      logs: () => log.open(),
      closed,
      close: () => connection.close(),
    }
    return right(clientOf(table as T, methodOf(connection), base))
  }
}

const handshakeTimeoutOf = ({ handshakeTimeout }: { readonly handshakeTimeout?: number }): number =>
  handshakeTimeout ?? defaultHandshakeTimeout

/** A way to the daemon. */
const opening = async (
  target: Target,
  options: ConnectOptions<OperationTable>,
): Promise<Either<Failure, Transport>> => {
  const { signal } = options
  const patience = new AbortController()
  const stop = after(timeOf('handshakeTimeout', handshakeTimeoutOf(options)), () => patience.abort())
  const opened = await openTransport(
    target,
    signal === undefined ? patience.signal : AbortSignal.any([signal, patience.signal]),
  )
  stop()
  return isLeft(opened) && signal?.aborted === true ? left(aborted(signal.reason, 0, 'an abort')) : opened
}

/** The handshake, and what a client says behind it. */
const begin = async (
  node: FlowNode,
  transport: Transport,
  options: ConnectOptions<OperationTable>,
): Promise<Either<Failure, Connection>> => {
  const { newest = newestVersion, features = defaultFeatures, settings = {} } = options
  const log = new LogHub(options.onLog)
  const { connection: flow, end } = await openConnection(
    node,
    listeningPairOf(transport),
    greeting(newest, features),
    settingsOf(options, log),
  )
  const { line } = flow
  const failures = new ClientFailures(line)
  void line.closed.then(() => {
    log.end()
    void transport.close()
  })
  if (end !== null) {
    line.fail(aborted(null, line.ear.feed.offset))
    await transport.close()
    return left(beginningFailed(end, failures, flow, transport, newest))
  }
  const connection = new Connection(flow, { log, transport, failures }, options.timeout ?? 0)
  if (settings === false || holds(disableSetOptions, connection.protocol)) {
    return right(connection)
  }
  const request: SetOptionsRequest = { ...defaultSettings, ...settings }
  const set = await connection.setOptions(request, handshakeTimeoutOf(options))
  if (isLeft(set)) {
    await connection.close()
    return left(explainedFailure(set.left, flow, transport, newest))
  }
  return right(connection)
}

/** What a conversation has to know of a daemon. */
const settingsOf = (options: ConnectOptions<OperationTable>, log: LogHub): ConnectSettings => {
  const { storeDir, profile, limits, most, signal } = options
  return {
    ...(profile === undefined ? {} : { profile }),
    ...(limits === undefined ? {} : { limits }),
    ...(most === undefined ? {} : { most }),
    ...(signal === undefined ? {} : { signal }),
    protocol: { storeDir: storeDir ?? nixDefaults.storeDir, features: [] },
    openingTimeout: handshakeTimeoutOf(options),
    openingMessage: messageLimitOfHandshake(limits),
    hears: checkHello(options),
    hear: (_, message, chosen) =>
      chosen === null && isLogLine(message as LogMessage) ? log.deliver(message as LogLine, null) : undefined,
    explain: noted,
    isFarewell,
    words: wordsOf,
  }
}

const beginningFailed = (
  end: OpeningEnd,
  failures: ClientFailures,
  flow: FlowConnection,
  transport: Transport,
  newest: ProtocolVersion,
): Failure => {
  const failed = end._tag === 'left' ? end.value : end._tag === 'interrupted' ? end.by : flow.line.failure
  return explainedFailure(failures.ofCall(failed, false), flow, transport, newest)
}

/** The same, and what is behind it. */
const explainedFailure = (
  failure: Failure,
  { line }: FlowConnection,
  transport: Transport,
  newest: ProtocolVersion,
): Failure => {
  const { feed } = line.ear
  return failure._tag === 'DaemonError'
    ? failure
    : explained(failure, {
        arrived: feed.arrived,
        unread: feed.view,
        version: line.plans.protocol.version ?? newest,
        transport,
        bytesFrom: (offset) => feed.excerpt(offset, Number.POSITIVE_INFINITY).bytes,
      })
}

const methodOf =
  (connection: Connection) =>
  (operation: AnyOperation): Method =>
  (...given) => {
    const [call, options] = callOf(operation, given)
    return () => connection.call(call, options)
  }

/** The arguments of a method, as its type has them: request, upload, options. */
const callOf = (operation: AnyOperation, given: ReadonlyArray<unknown>): readonly [Call, CallOptions] => {
  const rest = [...given]
  const request = takesNoArguments(operation) ? {} : rest.shift()
  const uploads = operation.streams.some(({ direction }) => direction === 'upload')
  const upload = uploads ? (rest.shift() as Source) : undefined
  if (uploads) {
    expectSource(upload)
  }
  const options = (rest.shift() ?? {}) as CallOptions
  // A method that is the handler of a gateway is given what handlers are given, which has more in it.
  if (!('operation' in options)) {
    checkOptions(operation.name, callChecks, options)
  }
  return [{ operation, request, upload }, options]
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
