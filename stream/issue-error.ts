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
