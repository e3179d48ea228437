import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'
import { holds } from '../combinators/gate.js'
import { signal as abortSignal, callback, checkOptions, type OptionChecks } from '../combinators/options.js'
import type { ProtocolVersion } from '../combinators/version.js'
import type { Connection as FlowConnection } from '../conversation/client/connection.js'
import type { OpeningEnd } from '../conversation/client/floor.js'
import { openConnection } from '../conversation/client/open-connection.js'
import type { ConnectSettings } from '../conversation/client/options.js'
import { aborted } from '../conversation/line/interruption.js'
import { time } from '../conversation/line/stillness.js'
import type { BytesPair } from '../conversation/line/streams.js'
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
import type { ConnectOptions } from './connect-options.js'
import { type Call, Connection } from './connection.js'
import type { Failure } from './failure.js'
import { noted } from './foreign.js'
import { explained } from './handshake-issue.js'
import { isLogLine, LogHub, type LogLine } from './log.js'
import { handshakeTimeoutOf } from './opening.js'
import { clientOf, type Method } from './promised.js'
import { defaultSettings } from './settings.js'
import type { Transport } from './transport-types.js'
import { workerFlow } from './worker.js'

const callChecks: OptionChecks<CallOptions> = { signal: abortSignal, timeout: time, onLog: callback }

const defaultFeatures: ReadonlyArray<string> = [
  'add-to-store-scanning',
  'delete-dead-specific-referrers',
  'disable-set-options',
  'realisation-with-path-not-hash',
  'submit-output',
]

/** A client that speaks over a transport. */
export const clientOver = async <T extends OperationTable>(
  transport: Transport,
  pair: BytesPair,
  options: ConnectOptions<T>,
): Promise<Either<Failure, Client<T>>> => {
  const table = options.operations ?? operations
  const begun = await begin(workerFlow(table), transport, pair, options)
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

/** The handshake, and the client's requests after it. */
const begin = async (
  node: FlowNode,
  transport: Transport,
  pair: BytesPair,
  options: ConnectOptions<OperationTable>,
): Promise<Either<Failure, Connection>> => {
  const { newest = newestVersion, features = defaultFeatures, settings = {} } = options
  const log = new LogHub(options.onLog)
  const { connection: flow, end } = await openConnection(
    node,
    pair,
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

/** The settings of a conversation with a daemon. */
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

/** The same, with its cause. */
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

/** The arguments of a method, by its type: request, upload, options. */
const callOf = (operation: AnyOperation, given: ReadonlyArray<unknown>): readonly [Call, CallOptions] => {
  const rest = [...given]
  const request = takesNoArguments(operation) ? {} : rest.shift()
  const uploads = operation.streams.some(({ direction }) => direction === 'upload')
  const upload = uploads ? (rest.shift() as Source) : undefined
  if (uploads) {
    expectSource(upload)
  }
  const options = (rest.shift() ?? {}) as CallOptions
  // If a method is the handler of a gateway, it gets a handler's context in place of its options, which has more
  // fields.
  if (!('operation' in options)) {
    checkOptions(operation.name, callChecks, options)
  }
  return [{ operation, request, upload }, options]
}
