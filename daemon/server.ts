import type { Duplex } from 'node:stream'
import { type Either, isLeft, left } from 'fp-ts/lib/Either.js'
import { none, some } from 'fp-ts/lib/Option.js'
import { expectObject } from '../combinators/expect.js'
import { holds, since } from '../combinators/gate.js'
import type { Issue } from '../combinators/issue.js'
import {
  signal as abortSignal,
  checkOptions,
  flag,
  type OptionChecks,
  version,
  word,
  words,
} from '../combinators/options.js'
import type { Protocol } from '../combinators/protocol.js'
import type { ProtocolVersion } from '../combinators/version.js'
import type { FlowNode } from '../conversation/node.js'
import { converse } from '../conversation/server/converse.js'
import type { AnyHandler as FlowHandler } from '../conversation/server/handling.js'
import type { ServeSettings } from '../conversation/server/options.js'
import type { ClientHandshakeInfo } from '../grammar/client-handshake-info.js'
import { workerOf } from '../grammar/conversation/worker.js'
import { oldestVersion, type SupportedVersions } from '../grammar/negotiation.js'
import type { AnyOperation } from '../grammar/operations/operation.js'
import { type OperationTable, operations } from '../grammar/operations/table.js'
import { operationTable } from '../grammar/operations/table-option.js'
import { messageLimitOfHandshake } from '../session/handshake-limit.js'
import { narDelimiter } from '../stream/nar/delimiter.js'
import { newestVersion, nixProtocol } from '../types/nix-protocol.js'
import { type AnyHandler, handlerOf } from './served-operation.js'
import { saidDeparture, saidFailure } from './server-errors.js'
import { endIssue, expectVersion, servedIssue } from './server-issues.js'
import { type ServeTimes, serveTimes, timesOf } from './server-times.js'
import type { HandlersFor } from './server-types.js'
import { type SideOptions, sideOptions } from './side-options.js'
import { expectStreams, streamTransport } from './transport.js'
import { pairOf } from './transport-pair.js'
import type { StreamPair } from './transport-types.js'

export interface ServeOptions<T extends OperationTable = typeof operations>
  extends SideOptions,
    SupportedVersions,
    ServeTimes {
  /** The operations whose requests are read: those of the reference implementation, or a dialect's. */
  readonly operations?: T
  /** The features to name. Default: those that Nix 2.35 names. */
  readonly features?: ReadonlyArray<string>
  /** The release to name, since 1.33. */
  readonly nixVersion?: string
  /** Whether the client is trusted; told since 1.35. Operations for trusted clients are refused to others. Default: no. */
  readonly trusted?: boolean
  /** Ends the connection. */
  readonly signal?: AbortSignal
}

/** How each option is checked. */
export const serveChecks: OptionChecks<ServeOptions> = {
  ...sideOptions,
  newest: version,
  oldest: version,
  operations: operationTable,
  features: words,
  nixVersion: word,
  trusted: flag,
  ...serveTimes,
  signal: abortSignal,
}

const defaultFeatures: ReadonlyArray<string> = [
  'delete-dead-specific-referrers',
  'realisation-with-path-not-hash',
]

/**
 * Speaks for a daemon on one connection: a test double, a gateway, a proxy that rewrites. A handler gets the request, a
 * logger, and the upload where there is one; what it gives is the reply.
 *
 * ```ts
 * import { createServer } from 'node:net'
 * import { serve } from 'nix-wire/daemon'
 *
 * const server = createServer((socket) => {
 *   void serve(socket, {
 *     QueryAllValidPaths: () => [],
 *     QueryPathFromHashPart: async ({ hashPart }, { log }) => {
 *       await log.line(`nobody knows ${hashPart}`)
 *       throw new Error('this store is empty')
 *     },
 *   })
 * })
 * ```
 *
 * Handlers that keep something for each connection come from a function, which is called once for each:
 * `({ signal }) => handlers`; the signal is aborted when the connection is over.
 *
 * The methods of a client can be handlers, so that a gateway is `{ QueryPathInfo: upstream.queryPathInfo }`. SetOptions
 * needs none. Errors are sent as a daemon sends them: for a request that cannot be read, and an operation that does
 * not exist, twice, and the connection is closed; for a handler that fails once, and the connection goes on. Clients
 * of Nix 2.23, which send their version twice, are understood.
 *
 * Resolves when the connection is over: right where the client left between two operations, else what was wrong.
 * Rejects for options that cannot work only.
 */
export const serve = async <T extends OperationTable = typeof operations>(
  stream: Duplex | StreamPair,
  handlers: HandlersFor<NoInfer<T>>,
  options: ServeOptions<T> = {},
): Promise<Either<Issue, void>> => {
  checkOptions<ServeOptions<T>>('serve', serveChecks, options)
  expectHandlers('serve', handlers)
  expectStreams('what serve speaks over', stream)
  const transport = streamTransport(stream)
  const pair = pairOf(transport)
  const over = new AbortController()
  const own = typeof handlers === 'function' ? handlers({ signal: over.signal }) : handlers
  const table = options.operations ?? operations
  const ended = await converse(
    flowOf(table),
    pair,
    handlersOf(table, own as AnyHandlers, options.trusted ?? false),
    wordsOf(options),
    settingsOf(options, over),
  )
  await transport.close()
  return isLeft(ended) ? left(endIssue(ended.left)) : ended
}

/** @internal @throws TypeError for what are no handlers, and no function that makes them. */
export const expectHandlers = (of: string, handlers: unknown): void => {
  if (typeof handlers !== 'function') {
    expectObject(`the handlers of ${of}`, handlers)
  }
}

type AnyHandlers = { readonly [name: string]: AnyHandler | undefined }

const flows = new WeakMap<OperationTable, FlowNode>()

/** The same for all connections. */
const flowOf = (table: OperationTable): FlowNode => {
  const made = flows.get(table) ?? workerOf(table, { archive: narDelimiter }).node
  flows.set(table, made)
  return made
}

const handlersOf = (table: OperationTable, own: AnyHandlers, trusted: boolean) =>
  Object.fromEntries(
    Object.entries(table).map(([key, operation]) => {
      const find = () => handlerIn(own, operation)
      return [key, handlerOf(operation, trusted, find) as FlowHandler] as const
    }),
  )

const handlerIn = (handlers: AnyHandlers, { name }: AnyOperation): AnyHandler | undefined =>
  (Object.hasOwn(handlers, name) ? handlers[name] : undefined) ?? always[name]

/** Every client sends it, and most servers have no use for it. */
const always: AnyHandlers = { SetOptions: () => undefined }

/** What a server says before the operations. */
const wordsOf = ({
  newest = newestVersion,
  features = defaultFeatures,
  nixVersion = 'nix-wire',
  trusted = false,
}: ServeOptions<OperationTable>) => ({
  hello: { version: newest },
  daemonFeatures: [...features].sort(),
  info: (_: unknown, agreed: Protocol): ClientHandshakeInfo => ({
    daemonNixVersion: some(nixVersion),
    remoteTrustsUs: holds(since('1.35'), agreed) ? some(trusted ? 'Trusted' : 'NotTrusted') : none,
  }),
})

const settingsOf = (options: ServeOptions<OperationTable>, over: AbortController): ServeSettings => {
  const { storeDir, limits, profile, newest = newestVersion, oldest = oldestVersion, signal } = options
  const times = timesOf(options)
  return {
    protocol: nixProtocol(storeDir === undefined ? {} : { storeDir }),
    ...(limits === undefined ? {} : { limits }),
    ...(profile === undefined ? {} : { profile }),
    ...(signal === undefined ? {} : { signal }),
    openingMessage: messageLimitOfHandshake(limits),
    openingTimeout: times.handshake,
    turnTimeout: times.request,
    timeout: times.idle,
    names: { opening: 'a handshake', turn: 'a request' },
    hears: (key, value) => {
      if (key === 'version') {
        expectVersion(value as ProtocolVersion, { newest, oldest })
      }
    },
    failure: (thrown, _, agreed) => saidFailure(thrown, agreed),
    departs: saidDeparture,
    explain: servedIssue,
    over,
  }
}
