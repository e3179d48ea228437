import { type Either, isLeft } from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { AnyOperation } from '../grammar/operations/operation.js'
import type { OperationTable } from '../grammar/operations/table.js'
import type { Client, ClientBase } from './client-types.js'
import { type Failure, toError } from './failure.js'

/** A method of a client, whatever its types. */
export type Method = (...given: ReadonlyArray<unknown>) => TaskEither<Failure, unknown>

/** The method of an operation: `QueryPathInfo` is `queryPathInfo`. */
const methodName = (operation: AnyOperation): string => {
  const known = names.get(operation)
  if (known !== undefined) {
    return known
  }
  const { name } = operation
  const made = name.charAt(0).toLowerCase() + name.slice(1)
  names.set(operation, made)
  return made
}

const names = new WeakMap<AnyOperation, string>()

export const methodIn = (client: object, operation: AnyOperation): Method =>
  (client as { readonly [name: string]: Method })[methodName(operation)]!

/** A method as a promise, which rejects with a RemoteError or an IssueError. */
const promised =
  (method: Method) =>
  (...given: ReadonlyArray<unknown>): Promise<unknown> => {
    try {
      return method(...given)().then(orThrow)
    } catch (thrown) {
      return Promise.reject(thrown)
    }
  }

const orThrow = (result: Either<Failure, unknown>): unknown => {
  if (isLeft(result)) {
    throw toError(result.left)
  }
  return result.right
}

/** A client with the methods that `methodOf` makes for the operations of a table, and the common ones. */
export const clientOf = <T extends OperationTable>(
  table: T,
  methodOf: (operation: AnyOperation) => Method,
  base: Omit<ClientBase<T>, 'promises'>,
): Client<T> => {
  const methods = Object.values(table).map(
    (operation) => [methodName(operation), methodOf(operation)] as const,
  )
  const client: unknown = {
    ...Object.fromEntries(methods),
    ...base,
    promises: Object.fromEntries(methods.map(([name, method]) => [name, promised(method)])),
  }
  // The methods and their types come from the same table.
  return client as Client<T>
}
