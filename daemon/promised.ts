import { isLeft } from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { AnyOperation } from '../grammar/operations/operation.js'
import { type Failure, toError } from './failure.js'

/** A method of a client, whatever its types. */
export type Method = (...given: ReadonlyArray<unknown>) => TaskEither<Failure, unknown>

/** The method of an operation: `QueryPathInfo` is `queryPathInfo`. */
export const methodName = ({ name }: AnyOperation): string => name.charAt(0).toLowerCase() + name.slice(1)

export const methodIn = (client: object, operation: AnyOperation): Method =>
  (client as { readonly [name: string]: Method })[methodName(operation)]!

/** The same as a promise, which rejects with a RemoteError or an IssueError. */
export const promised =
  (method: Method) =>
  async (...given: ReadonlyArray<unknown>): Promise<unknown> => {
    const result = await method(...given)()
    if (isLeft(result)) {
      throw toError(result.left)
    }
    return result.right
  }
