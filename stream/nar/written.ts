import { type Either, isLeft } from 'fp-ts/lib/Either.js'
import type { Issue } from '../../combinators/issue.js'
import { IssueError } from '../issue-error.js'

/** Throws the issue of an event that could not be written. */
export const expectWritten = (result: Either<Issue, void>): void => {
  if (isLeft(result)) {
    throw new IssueError(result.left)
  }
}
