import { isLeft } from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { Issue } from '../combinators/issue.js'
import { IssueError } from './issue-error.js'

/** A task as a promise that rejects with its issue. */
export const settled = async <A>(task: TaskEither<Issue, A>): Promise<A> => {
  const result = await task()
  if (isLeft(result)) {
    throw new IssueError(result.left)
  }
  return result.right
}
