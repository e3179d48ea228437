import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { expectNames } from '../combinators/expect.js'
import { holds } from '../combinators/gate.js'
import {
  signal as abortSignal,
  callback,
  checkOptions,
  type OptionChecks,
  version,
  words,
} from '../combinators/options.js'
import { disableSetOptions } from '../grammar/features.js'
import type { SupportedVersions } from '../grammar/negotiation.js'
import { type AnyOperation, takesNoArguments } from '../grammar/operations/operation.js'
import type { SetOptionsRequest } from '../grammar/operations/set-options.js'
import { type OperationTable, operations } from '../grammar/operations/table.js'
import { operationTable } from '../grammar/operations/table-option.js'
import type { Source } from '../stream/source.js'
import { type DaemonInfo, shakeHands } from './client-handshake.js'
import type { CallOptions, Client, ClientBase } from './client-types.js'
import { Connection } from './connection.js'
import type { Call } from './exchange.js'
import { type Failure, toError } from './failure.js'
import { explained } from './handshake-issue.js'
import { abortedIssue } from './issues.js'
import { Link, type LinkOptions, linkOptions } from './link.js'
import type { OnLog } from './log.js'
import { defaultSettings } from './settings.js'
import { after, time, timeLimit } from './stillness.js'
import { expectTarget, openTransport } from './transport.js'
import type { Target } from './transport-types.js'

export interface ConnectOptions<T extends OperationTable = typeof operations>
  extends LinkOptions,
    SupportedVersions {
  /** The operations that get a method: those of the reference implementation, or a dialect's. */
  readonly operations?: T
  /** The features to name. Default: those of Nix 2.36. */
  readonly features?: ReadonlyArray<string>
  /**
   * What SetOptions tells the daemon behind the handshake, where it differs from what `nix` tells it; false sends no
   * SetOptions.
   */
  readonly settings?: Partial<SetOptionsRequest> | false
  /** Takes the log of all calls, and of the handshake. */
  readonly onLog?: OnLog
  /** How long nothing may move in a call, or before its turn, in milliseconds; see CallOptions. Default: 0, no limit. */
  readonly timeout?: number
  /** The same for the handshake. Default: 30 seconds; 0: no limit. */
  readonly handshakeTimeout?: number
  /** Gives the connection up, whatever it does. */
  readonly signal?: AbortSignal
}

const checks: OptionChecks<ConnectOptions> = {
  ...linkOptions,
  newest: version,
  oldest: version,
  operations: operationTable,
  features: words,
  settings: (what, value) => {
    if (value !== false) {
      expectNames(what, value, 'setting', Object.keys(defaultSettings))
    }
  },
  onLog: callback,
  timeout: time,
  handshakeTimeout: time,
  signal: abortSignal,
}

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
 * Connects to a daemon: by the path of its socket, by a program that speaks for it (`nix-daemon --stdio`, over ssh too), or
 * over a stream that leads there. Behind the handshake there is one method for each operation.
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
 * Nothing throws: a call is a `TaskEither`, and `promises` has the same as promises. A daemon's error (`DaemonError`) is the
 * result of its call, and the connection goes on. What breaks the protocol, a timeout or an abort ends the
 * connection; calls that come later fail at once and say why.
 *
 * Uploads are sources of bytes, in the form the operation has them (`streamOf` tells which): of AddToStore below 1.25
 * always a NAR. A source that fails ends the connection, so that the daemon does not take its first part for all. Downloads
 * are read as they come; the connection is busy until their end.
 */
export const connect = <T extends OperationTable = typeof operations>(
  target: Target,
  options: ConnectOptions<T> = {},
): TaskEither<Failure, Client<T>> => {
  checkOptions<ConnectOptions<T>>('connect', checks, options)
  expectTarget(target)
  return async () => {
    const { signal } = options
    const timeout = timeLimit(options.timeout, 0, 'timeout')
    const handshakeTimeout = handshakeTimeoutOf(options)
    const patience = new AbortController()
    const stop = after(handshakeTimeout, () => patience.abort())
    const opened = await openTransport(
      target,
      signal === undefined ? patience.signal : AbortSignal.any([signal, patience.signal]),
    )
    stop()
    if (isLeft(opened)) {
      return signal?.aborted === true ? left(abortedIssue(signal.reason, 'an abort')) : opened
    }
    const link = new Link(opened.right, options)
    linkTo(signal, link)
    const connection = new Connection(link, options.onLog, timeout)
    const begun = await begin(connection, options)
    if (isLeft(begun)) {
      await link.close()
      return begun.left._tag === 'DaemonError' ? begun : left(explained(begun.left, link))
    }
    link.rest()
    return right(clientOf<T>(connection, begun.right, options.operations ?? operations))
  }
}

const handshakeTimeoutOf = ({ handshakeTimeout }: { readonly handshakeTimeout?: number }): number =>
  timeLimit(handshakeTimeout, defaultHandshakeTimeout, 'handshakeTimeout')

/** Lets a signal give the connection up, for as long as there is one. */
const linkTo = (signal: AbortSignal | undefined, link: Link): void => {
  const giveUp = () => {
    link.fail(abortedIssue(signal?.reason, 'an abort', link.reader.offset))
  }
  signal?.addEventListener('abort', giveUp, { once: true })
  void link.lost.then(() => signal?.removeEventListener('abort', giveUp))
  if (signal?.aborted === true) {
    giveUp()
  }
}

const begin = async (
  connection: Connection,
  options: ConnectOptions<OperationTable>,
): Promise<Either<Failure, DaemonInfo>> => {
  const { link } = connection
  const { features = defaultFeatures, settings = {} } = options
  link.begin(handshakeTimeoutOf(options))
  const daemon = await shakeHands(link, { ...options, features })
  if (isLeft(daemon)) {
    return daemon
  }
  const greeted = await connection.greet()
  if (isLeft(greeted)) {
    return greeted
  }
  link.greeted()
  if (settings !== false && !holds(disableSetOptions, link.protocol)) {
    const request: SetOptionsRequest = { ...defaultSettings, ...settings }
    const call: Call = { operation: operations.SetOptions, request }
    const set = await connection.call(call, daemon.right, {
      timeout: options.handshakeTimeout ?? defaultHandshakeTimeout,
    })
    if (isLeft(set)) {
      return set
    }
  }
  return daemon
}

type Method = (...given: ReadonlyArray<unknown>) => TaskEither<Failure, unknown>
type NamedMethods = ReadonlyArray<readonly [name: string, method: Method]>

const clientOf = <T extends OperationTable>(
  connection: Connection,
  daemon: DaemonInfo,
  table: OperationTable,
): Client<T> => {
  const { link, log } = connection
  const methods = methodsOf(connection, daemon, table)
  const promising = methods.map(([name, method]) => [name, promised(method)] as const)
  const base: Omit<ClientBase<T>, 'promises'> = {
    protocol: link.protocol,
    daemon,
    logs: () => log.open(),
    closed: link.lost,
    close: () => link.close(),
  }
  const client: unknown = {
    ...Object.fromEntries(methods),
    ...base,
    promises: Object.fromEntries(promising),
  }
  // The methods are made from the table that their types are made from.
  return client as Client<T>
}

const methodsOf = (connection: Connection, daemon: DaemonInfo, table: OperationTable): NamedMethods =>
  Object.values(table).map((operation) => [
    operation.name.charAt(0).toLowerCase() + operation.name.slice(1),
    (...given) => {
      const [call, options] = callOf(operation, given)
      return () => connection.call(call, daemon, options)
    },
  ])

/** The arguments of a method, as its type has them: request, upload, options. */
const callOf = (operation: AnyOperation, given: ReadonlyArray<unknown>): readonly [Call, CallOptions] => {
  const rest = [...given]
  const request = takesNoArguments(operation) ? {} : rest.shift()
  const uploads = operation.streams.some(({ direction }) => direction === 'upload')
  const upload = uploads ? (rest.shift() as Source) : undefined
  const options = (rest.shift() ?? {}) as CallOptions
  // A method that is the handler of a gateway is given what handlers are given, which has more in it.
  if (!('operation' in options)) {
    checkOptions(operation.name, callChecks, options)
  }
  return [{ operation, request, upload, onLog: options.onLog }, options]
}

const promised =
  (method: Method) =>
  async (...given: ReadonlyArray<unknown>): Promise<unknown> => {
    const result = await method(...given)()
    if (isLeft(result)) {
      throw toError(result.left)
    }
    return result.right
  }

/** {@link connect} for those who await: rejects with a RemoteError or an IssueError. */
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
