import { isLeft, right } from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { aborted } from '../../conversation/line/interruption.js'
import { type AnyOperation, takesNoArguments } from '../../grammar/operations/operation.js'
import { type OperationTable, operations } from '../../grammar/operations/table.js'
import type { CallOptions, Client } from '../client-types.js'
import type { Failure } from '../failure.js'
import { clientOf, type Method, methodIn } from '../promised.js'
import { Pool, type PoolOptions } from './pool.js'

/** Several connections to one daemon, as one client. */
export const openPool =
  <T extends OperationTable>(table: T | undefined, options: PoolOptions<T>): TaskEither<Failure, Client<T>> =>
  async () => {
    const pool = new Pool(options)
    const first = await pool.begin()
    if (isLeft(first)) {
      return first
    }
    const { protocol, daemon } = first.right
    const base = {
      protocol,
      daemon,
      logs: () => pool.log.open(),
      closed: pool.closed,
      close: () => pool.end(aborted(null, 0, 'close(): this side ended the connections')),
    }
    return right(
      clientOf((table ?? operations) as T, (operation) => methodOf(pool, first.right, operation), base),
    )
  }

const methodOf = <T extends OperationTable>(
  pool: Pool<T>,
  first: Client<T>,
  operation: AnyOperation,
): Method => {
  const uploads = operation.streams.some(({ direction }) => direction === 'upload')
  const before = (takesNoArguments(operation) ? 0 : 1) + (uploads ? 1 : 0)
  const check = methodIn(first, operation)
  return (...given) => {
    // The arguments are checked at once, as on a single connection; the call made by that is not run.
    check(...given)
    const options = (given[before] ?? {}) as CallOptions
    return () => pool.call({ operation, given, options })
  }
}
