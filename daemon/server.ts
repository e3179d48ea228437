import type { Duplex } from 'node:stream'
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'
import { isNone } from 'fp-ts/lib/Option.js'
import { expectObject } from '../combinators/expect.js'
import type { Issue } from '../combinators/issue.js'
import { showIssue } from '../combinators/issue.js'
import {
  signal as abortSignal,
  checkOptions,
  flag,
  type OptionChecks,
  record,
  version,
  word,
  words,
} from '../combinators/options.js'
import { Int } from '../grammar/integers.js'
import type { SupportedVersions } from '../grammar/negotiation.js'
import type { AnyOperation } from '../grammar/operations/operation.js'
import { type OperationTable, operations, operationsOf } from '../grammar/operations/table.js'
import { daemonError } from './failure.js'
import { abortedIssue, isOfTheStream } from './issues.js'
import { Link, type LinkOptions, linkOptions } from './link.js'
import { requestOf } from './message.js'
import { type AnyHandler, answer, sendError } from './served-operation.js'
import { welcome } from './server-handshake.js'
import type { Handlers } from './server-types.js'
import { streamTransport } from './transport.js'
import type { StreamPair } from './transport-types.js'

export interface ServeOptions<T extends OperationTable = typeof operations>
  extends LinkOptions,
    SupportedVersions {
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

const checks: OptionChecks<ServeOptions> = {
  ...linkOptions,
  newest: version,
  oldest: version,
  operations: record,
  features: words,
  nixVersion: word,
  trusted: flag,
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
  handlers: Handlers<NoInfer<T>>,
  options: ServeOptions<T> = {},
): Promise<Either<Issue, void>> => {
  checkOptions<ServeOptions<T>>('serve', checks, options)
  expectObject('the handlers of serve', handlers)
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
  const ended = await converse(link, handlers as AnyHandlers, options, over.signal)
  options.signal?.removeEventListener('abort', stop)
  await link.close()
  return ended
}

type AnyHandlers = { readonly [name: string]: AnyHandler | undefined }

const converse = async (
  link: Link,
  handlers: AnyHandlers,
  options: ServeOptions<OperationTable>,
  signal: AbortSignal,
): Promise<Either<Issue, void>> => {
  const { features = defaultFeatures, nixVersion = 'nix-wire', trusted = false } = options
  const welcomed = await welcome(link, { ...options, features, nixVersion, trusted })
  if (isLeft(welcomed)) {
    return welcomed
  }
  link.greeted()
  const known = new Map(
    operationsOf(link.protocol, options.operations ?? operations).map((each) => [each.id, each]),
  )
  for (;;) {
    const id = await link.reader.tryReadValue(Int)()
    if (isLeft(id)) {
      return unreadable(link, id.left)
    }
    if (isNone(id.right)) {
      return right(undefined)
    }
    const operation = known.get(id.right.value)
    const answered =
      operation === undefined
        ? await unknownOperation(link, id.right.value)
        : await serveOperation(link, operation, handlerOf(handlers, operation), { trusted, signal })
    if (isLeft(answered)) {
      return answered
    }
  }
}

const handlerOf = (handlers: AnyHandlers, { name }: AnyOperation): AnyHandler | undefined =>
  (Object.hasOwn(handlers, name) ? handlers[name] : undefined) ?? always[name]

/** Every client sends it, and most servers have no use for it. */
const always: AnyHandlers = { SetOptions: () => undefined }

const serveOperation = async (
  link: Link,
  operation: AnyOperation,
  handler: AnyHandler | undefined,
  context: { readonly trusted: boolean; readonly signal: AbortSignal },
): Promise<Either<Issue, void>> => {
  const request = await link.reader.readValue(requestOf(operation))()
  return isLeft(request)
    ? unreadable(link, request.left)
    : answer(link, operation, request.right, handler, context)
}

/** What cannot be read is answered twice, and ends the connection; what ended in the middle is not answered. */
const unreadable = async (link: Link, found: Issue): Promise<Either<Issue, void>> => {
  const issue = link.noted(found)
  if (!isOfTheStream(issue) && issue._tag !== 'UnexpectedEnd') {
    await sendError(link, daemonError(showIssue(issue)), 2)
    await link.linger()
  }
  return left(link.fail(issue))
}

const unknownOperation = (link: Link, id: number): Promise<Either<Issue, void>> =>
  unreadable(link, {
    _tag: 'UnknownTag',
    offset: link.reader.offset - 8,
    path: [],
    expected: 'an operation that this protocol has',
    actual: String(id),
    grammar: 'operations',
  })
