import { type Issue, showIssue } from '../combinators/issue.js'

type Place = Pick<Issue, 'offset' | 'grammar'>

/** The connection was closed before the call. */
export const closedIssue = (first: Issue): Issue => ({
  _tag: 'SourceFailed',
  offset: first.offset,
  path: [],
  expected: 'an open connection',
  actual: `one that was given up (${showIssue(first)})`,
  grammar: 'connection',
  cause: first,
})

/** The other side sent something at a place where it is not allowed. */
export const violation = (expected: string, actual: string, { offset, grammar }: Place): Issue => ({
  _tag: 'UnexpectedValue',
  offset,
  path: [],
  expected,
  actual,
  grammar,
})

/** A request that this connection cannot carry. Nothing has been sent. */
export const unavailable = (expected: string, actual: string): Issue => ({
  _tag: 'Unrepresentable',
  offset: 0,
  path: [],
  expected,
  actual,
  grammar: 'operations',
})

/**
 * An issue as the user of an operation sees it: paths in a flow begin with a key, such as request or reply.
 */
export const beneathKey = (issue: Issue): Issue =>
  issue.path.length === 0 ? issue : { ...issue, path: issue.path.slice(1) }
