import type { BytesPair } from '../conversation/line/streams.js'
import { converse } from '../conversation/server/converse.js'
import type { AnyHandler as FlowHandler } from '../conversation/server/handling.js'
import type { AnyOperation } from '../grammar/operations/operation.js'
import { type OperationTable, operations } from '../grammar/operations/table.js'
import { type AnyHandler, handlerOf } from './served-operation.js'
import type { ServeOptions } from './server-options.js'
import { settingsOf, wordsOf } from './server-settings.js'
import { workerFlow } from './worker.js'

/** Answers a client over a pair of streams, until it leaves; then `over` is aborted. */
export const answered = <T extends OperationTable>(
  pair: BytesPair,
  handlers: object,
  options: ServeOptions<T>,
  over: AbortController,
) => {
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
