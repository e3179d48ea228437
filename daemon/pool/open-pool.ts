import { isLeft, right } from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { type AnyOperation, takesNoArguments } from '../../grammar/operations/operation.js'
import type { OperationTable } from '../../grammar/operations/table.js'
import type { CallOptions, Client, ClientBase } from '../client-types.js'
import type { Failure } from '../failure.js'
import { abortedIssue } from '../issues.js'
import { type Method, methodIn, methodName, promised } from '../promised.js'
import { Pool, type PoolOptions } from './pool.js'

/** Connections to one daemon, as one client. */
export const openPool =
  <T extends OperationTable>(table: T, options: PoolOptions<T>): TaskEither<Failure, Client<T>> =>
  async () => {
    const pool = new Pool(options)
    const first = await pool.begin()
    return isLeft(first) ? first : right(clientOf(pool, first.right, table))
  }

const clientOf = <T extends OperationTable>(pool: Pool<T>, first: Client<T>, table: T): Client<T> => {
  const methods = Object.values(table).map(
    (operation) => [methodName(operation), methodOf(pool, first, operation)] as const,
  )
  const base: Omit<ClientBase<T>, 'promises'> = {
    protocol: first.protocol,
    daemon: first.daemon,
    logs: () => pool.log.open(),
    closed: pool.closed,
    close: () => pool.end(abortedIssue(null, 'close(): this side ended the connections')),
  }
  const client: unknown = {
    ...Object.fromEntries(methods),
    ...base,
    promises: Object.fromEntries(methods.map(([name, method]) => [name, promised(method)])),
  }
  // The methods are made from the table that their types are made from.
  return client as Client<T>
}

const methodOf = <T extends OperationTable>(
  pool: Pool<T>,
  first: Client<T>,
  operation: AnyOperation,
): Method => {
  const uploads = operation.streams.some(({ direction }) => direction === 'upload')
  const before = (takesNoArguments(operation) ? 0 : 1) + (uploads ? 1 : 0)
  return (...given) => {
    // What is given is checked at once, as it is on one connection; the call made by that is not run.
    methodIn(first, operation)(...given)
    const options = (given[before] ?? {}) as CallOptions
    return () => pool.call({ operation, given, options })
  }
}
