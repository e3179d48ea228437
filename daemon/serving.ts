import { expectFunction } from '../combinators/expect.js'
import { quoted } from '../combinators/show.js'
import type { BytesPair } from '../conversation/line/streams.js'
import { converse } from '../conversation/server/converse.js'
import type { AnyHandler as FlowHandler } from '../conversation/server/handling.js'
import type { AnyOperation } from '../grammar/operations/operation.js'
import { type OperationTable, operations } from '../grammar/operations/table.js'
import { type AnyHandler, handlerOf } from './served-operation.js'
import type { ServeOptions } from './server-options.js'
import { settingsOf, wordsOf } from './server-settings.js'
import { workerFlow } from './worker.js'

/**
 * Checks handlers of a program without types. A handler that no client can call is a misspelt one; other fields are
 * the handlers' own state.
 *
 * @throws TypeError for a handler that is no function, and for one of an operation that is unknown.
 */
export const expectOperations = <T extends OperationTable>(
  of: string,
  handlers: object,
  { operations: own = {} as T }: ServeOptions<T>,
): void => {
  const known = new Set([...Object.values(own), ...Object.values(operations)].map(({ name }) => name))
  for (const [name, handler] of Object.entries(handlers)) {
    if (known.has(name) && handler !== undefined) {
      expectFunction(`the handler of ${name}`, handler)
    } else if (!known.has(name) && typeof handler === 'function') {
      throw new TypeError(
        `the handlers of ${of} have no operation ${quoted(name)}: one of your own needs the option operations`,
      )
    }
  }
}

/**
 * Answers a client over a pair of streams, until it leaves; then `over` is aborted.
 *
 * @throws TypeError for invalid handlers.
 */
export const answered = <T extends OperationTable>(
  pair: BytesPair,
  handlers: object,
  options: ServeOptions<T>,
  over: AbortController,
) => {
  expectOperations('serve', handlers, options)
  const table = options.operations ?? operations
  return converse(
    workerFlow(table),
    pair,
    handlersOf(table, handlers as AnyHandlers, options.trusted ?? false),
    wordsOf(options),
    settingsOf(options, over),
  )
}

type AnyHandlers = { readonly [name: string]: AnyHandler | undefined }

const handlersOf = (table: OperationTable, own: AnyHandlers, trusted: boolean) =>
  Object.fromEntries(
    Object.entries(table).map(([key, operation]) => {
      const find = () => handlerIn(own, operation)
      return [key, handlerOf(operation, trusted, find) as FlowHandler] as const
    }),
  )

const handlerIn = (handlers: AnyHandlers, { name }: AnyOperation): AnyHandler | undefined =>
  (Object.hasOwn(handlers, name) ? handlers[name] : undefined) ?? always[name]

/** Every client sends it, and most servers do not need it. */
const always: AnyHandlers = { SetOptions: () => undefined }
