import type { Issue } from '../combinators/issue.js'
import * as words from '../combinators/words.js'
import { IssueError, messageOf } from './issue-error.js'

/** An error of a source, as an issue; an error that contains an issue keeps it. */
export const sourceIssue = (thrown: unknown, offset: number): Issue =>
  thrown instanceof IssueError
    ? thrown.issue
    : {
        _tag: 'SourceFailed',
        offset,
        path: [],
        expected: words.anyMoreBytes,
        actual: messageOf(thrown),
        grammar: 'stream',
        cause: thrown,
      }
