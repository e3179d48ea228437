import { showIssue } from '../../combinators/issue.js'
import { IssueError } from '../../stream/issue-error.js'
import { TreeFailure } from '../../stream/nar/tree-failure.js'
import { exitCodeOf, Failure } from '../failure.js'
import { showName, showReason } from './show.js'

/** The failure that ends a command: invalid data (exit code 1), or paths that do not suit the command (2). */
export const failureOf = (error: unknown): unknown => {
  if (error instanceof IssueError) {
    const { cause } = error
    return cause instanceof Failure ? cause : new Failure(1, showIssue(error.issue))
  }
  if (error instanceof TreeFailure) {
    return new Failure(1, `${showName(error.path)}: ${error.problem}`)
  }
  return error instanceof Error && 'code' in error && 'syscall' in error
    ? new Failure(exitCodeOf(error), showReason(error))
    : error
}
