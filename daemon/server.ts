import type { Duplex } from 'node:stream'
import { type Either, isLeft, left, map, right } from 'fp-ts/lib/Either.js'
import { expectObject } from '../combinators/expect.js'
import type { Issue } from '../combinators/issue.js'
import { showIssue } from '../combinators/issue.js'
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
import { Int } from '../grammar/integers.js'
import type { SupportedVersions } from '../grammar/negotiation.js'
import type { AnyOperation } from '../grammar/operations/operation.js'
import { type OperationTable, operations, operationsOf } from '../grammar/operations/table.js'
import { operationTable } from '../grammar/operations/table-option.js'
import { daemonError } from './failure.js'
import { abortedIssue, isOfTheStream } from './issues.js'
import { Link, type LinkOptions, linkOptions } from './link.js'
import { requestOf } from './message.js'
import { type AnyHandler, answer, sendError } from './served-operation.js'
import { welcome } from './server-handshake.js'
import { type ServeTimes, serveTimes, type Times, timesOf } from './server-times.js'
import type { HandlersFor } from './server-types.js'
import { expectStreams, streamTransport } from './transport.js'
import type { StreamPair } from './transport-types.js'

export interface ServeOptions<T extends OperationTable = typeof operations>
  extends LinkOptions,
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
  ...linkOptions,
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
  const times = timesOf(options)
  const link = new Link(streamTransport(stream), options)
  const over = new AbortController()
  void link.lost.then((issue) => over.abort(issue))
  const stop = () => {
    link.fail(abortedIssue(options.signal?.reason, 'an abort', link.reader.offset))
  }
  options.signal?.addEventListener('abort', stop, { once: true })
  if (options.signal?.aborted === true) {
    stop()
  }
  const own = typeof handlers === 'function' ? handlers({ signal: over.signal }) : handlers
  const ended = await converse(link, own as AnyHandlers, options, times, over.signal)
  options.signal?.removeEventListener('abort', stop)
  await link.close()
  return ended
}

/** @internal @throws TypeError for what are no handlers, and no function that makes them. */
export const expectHandlers = (of: string, handlers: unknown): void => {
  if (typeof handlers !== 'function') {
    expectObject(`the handlers of ${of}`, handlers)
  }
}

type AnyHandlers = { readonly [name: string]: AnyHandler | undefined }

const converse = async (
  link: Link,
  handlers: AnyHandlers,
  options: ServeOptions<OperationTable>,
  times: Times,
  signal: AbortSignal,
): Promise<Either<Issue, void>> => {
  const { features = defaultFeatures, nixVersion = 'nix-wire', trusted = false } = options
  const greeted = link.expectWithin(times.handshake, 'a handshake')
  const welcomed = await welcome(link, { ...options, features, nixVersion, trusted })
  greeted()
  if (isLeft(welcomed)) {
    return welcomed
  }
  link.greeted()
  const rested = link.awaits(times.idle)
  void link.lost.then(rested)
  const known = operationsById(link.protocol, options.operations ?? operations)
  for (;;) {
    const asked = await nextRequest(link, known, times.request)
    if (isLeft(asked)) {
      return unreadable(link, asked.left)
    }
    if (asked.right === null) {
      return right(undefined)
    }
    const { operation, request } = asked.right
    const context = { trusted, signal, patience: times.request }
    const answered = await answer(link, operation, request, handlerOf(handlers, operation), context)
    if (isLeft(answered)) {
      return answered
    }
  }
}

const byId = new WeakMap<OperationTable, WeakMap<Protocol, ReadonlyMap<number, AnyOperation>>>()

/** The same for all connections with one protocol, which may be many. */
const operationsById = (given: Protocol, table: OperationTable): ReadonlyMap<number, AnyOperation> => {
  const ofTable = byId.get(table) ?? new WeakMap<Protocol, ReadonlyMap<number, AnyOperation>>()
  const known = ofTable.get(given) ?? new Map(operationsOf(given, table).map((each) => [each.id, each]))
  byId.set(table, ofTable.set(given, known))
  return known
}

interface Asked {
  readonly operation: AnyOperation
  readonly request: unknown
}

/** Null where the client has gone. The time counts from the first byte on. */
const nextRequest = async (
  link: Link,
  known: ReadonlyMap<number, AnyOperation>,
  timeout: number,
): Promise<Either<Issue, Asked | null>> => {
  const begun = link.reader.buffer.length > 0 ? right(1) : await link.reader.fill()()
  if (isLeft(begun) || begun.right === 0) {
    return isLeft(begun) ? begun : right(null)
  }
  const arrived = link.expectWithin(timeout, 'a request')
  try {
    const id = await link.reader.readValue(Int)()
    if (isLeft(id)) {
      return id
    }
    const operation = known.get(id.right)
    return operation === undefined
      ? left(unknownOperation(link, id.right))
      : map((request) => ({ operation, request }))(await link.reader.readValue(requestOf(operation))())
  } finally {
    arrived()
  }
}

const handlerOf = (handlers: AnyHandlers, { name }: AnyOperation): AnyHandler | undefined =>
  (Object.hasOwn(handlers, name) ? handlers[name] : undefined) ?? always[name]

/** Every client sends it, and most servers have no use for it. */
const always: AnyHandlers = { SetOptions: () => undefined }

/** What cannot be read is answered twice, and ends the connection; what ended in the middle is not answered. */
const unreadable = async (link: Link, found: Issue): Promise<Either<Issue, void>> => {
  const issue = link.noted(found)
  if (!isOfTheStream(issue) && issue._tag !== 'UnexpectedEnd') {
    await sendError(link, daemonError(showIssue(issue)), 2)
    await link.linger()
  }
  return left(link.fail(issue))
}

const unknownOperation = (link: Link, id: number): Issue => ({
  _tag: 'UnknownTag',
  offset: link.reader.offset - 8,
  path: [],
  expected: 'an operation that this protocol has',
  actual: String(id),
  grammar: 'operations',
})
