import { type Issue, showIssue } from '../combinators/issue.js'

export { messageOf } from '../combinators/show.js'

/**
 * What the promise forms of readers and writers reject with, and what is thrown where there is only throwing: an
 * {@link Issue} as an error.
 */
export class IssueError extends Error {
  readonly issue: Issue

  constructor(issue: Issue) {
    super(showIssue(issue), 'cause' in issue ? { cause: issue.cause } : undefined)
    this.name = 'IssueError'
    this.issue = issue
  }
}
