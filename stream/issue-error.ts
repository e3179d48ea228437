import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { expectFunction } from '../combinators/expect.js'
import { type Issue, showIssue } from '../combinators/issue.js'

export { messageOf } from '../combinators/show.js'

/** An {@link Issue} as an error. The promises of readers and writers reject with it, and iterators throw it. */
export class IssueError extends Error {
  readonly issue: Issue

  constructor(issue: Issue) {
    super(showIssue(issue), 'cause' in issue ? { cause: issue.cause } : undefined)
    this.name = 'IssueError'
    this.issue = issue
  }
}

/** @internal The value; an issue is thrown. */
export const rightOrThrow = <A>(result: Either<Issue, A>): A => {
  if (isLeft(result)) {
    throw new IssueError(result.left)
  }
  return result.right
}

/**
 * An async function as a task: an {@link IssueError} that it throws is the left. What is iterated over throws one,
 * so this puts such a loop into a pipeline.
 *
 * ```ts
 * import { bytesOf } from 'nix-wire'
 * import { catchIssue, MeasuredNar } from 'nix-wire/stream'
 *
 * const nar = new MeasuredNar([bytesOf('0700000000000000')])
 * const task = catchIssue(async () => {
 *   for await (const chunk of nar) {
 *     chunk // to a file
 *   }
 *   return nar.narHash
 * })
 * const checked = await task()
 * checked._tag === 'Left' ? checked.left._tag : checked.right // => 'UnexpectedEnd'
 * ```
 *
 * The promise of the task rejects with any other error, such as that of a disk.
 */
export const catchIssue = <A>(run: () => Promise<A>): TaskEither<Issue, A> => {
  expectFunction('what catchIssue runs', run)
  return async () => {
    try {
      return right(await run())
    } catch (error) {
      if (error instanceof IssueError) {
        return left(error.issue)
      }
      throw error
    }
  }
}
