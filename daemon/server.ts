import type { Duplex } from 'node:stream'
import { type Either, isLeft, left } from 'fp-ts/lib/Either.js'
import { expectObject } from '../combinators/expect.js'
import type { Issue } from '../combinators/issue.js'
import { checkOptions } from '../combinators/options.js'
import type { OperationTable, operations } from '../grammar/operations/table.js'
import { endIssue } from './server-issues.js'
import { type ServeOptions, serveChecks } from './server-options.js'
import type { HandlersFor } from './server-types.js'
import { expectStreams, streamTransport } from './transport.js'
import { pairOf } from './transport-pair.js'
import type { StreamPair } from './transport-types.js'

export type { ServeOptions } from './server-options.js'

/**
 * A daemon's side of one connection, for a test double, a gateway, or a rewriting proxy. A handler gets the request,
 * and a context with a logger and the upload if there is one; it returns the reply.
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
 * For handlers with a state for each connection pass a function, `({ signal }) => handlers`, which is called once for
 * each connection; the signal is aborted when the connection is over.
 *
 * The methods of a client can be handlers, so that a gateway is `{ QueryPathInfo: upstream.queryPathInfo }`.
 * SetOptions needs no handler.
 *
 * Errors are sent as a daemon sends them: once if a handler fails, and the connection goes on; twice for an
 * unreadable request or an unknown operation, and the connection is closed. Clients of Nix 2.23, which send their
 * version twice, are supported.
 *
 * Resolves when the connection is over: with Right if the client left between two operations, else with the reason.
 * It rejects only for invalid options and handlers.
 */
export const serve = async <T extends OperationTable = typeof operations>(
  stream: Duplex | StreamPair,
  handlers: HandlersFor<NoInfer<T>>,
  options: ServeOptions<T> = {},
): Promise<Either<Issue, void>> => {
  checkOptions<ServeOptions<T>>('serve', serveChecks, options)
  expectHandlers('serve', handlers)
  expectStreams('what serve speaks over', stream)
  const over = new AbortController()
  const transport = streamTransport(stream)
  try {
    const own = typeof handlers === 'function' ? handlers({ signal: over.signal }) : handlers
    expectHandlers('serve', own)
    const { answered } = await import('./serving.js')
    const ended = await answered(pairOf(transport), own, options, over)
    return isLeft(ended) ? left(endIssue(ended.left)) : ended
  } finally {
    over.abort()
    await transport.close()
  }
}

/** @internal @throws TypeError for anything but handlers, or a function that makes them. */
export const expectHandlers = (of: string, handlers: unknown): void => {
  if (handlers instanceof Promise) {
    throw new TypeError(`the handlers of ${of} must be an object, not a promise`)
  }
  if (typeof handlers !== 'function') {
    expectObject(`the handlers of ${of}`, handlers)
  }
}
