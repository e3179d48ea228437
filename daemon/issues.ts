import { type Issue, showIssue } from '../combinators/issue.js'
import * as words from '../combinators/words.js'

type Place = Pick<Issue, 'offset' | 'grammar'>

/** The connection was given up before: what a call meets that comes after. */
export const closedIssue = (first: Issue): Issue => ({
  _tag: 'SourceFailed',
  offset: first.offset,
  path: [],
  expected: 'an open connection',
  actual: `one that was given up (${showIssue(first)})`,
  grammar: 'connection',
  cause: first,
})

/** Somebody on this side gave the connection up. */
export const abortedIssue = (cause: unknown, actual: string, offset = 0): Issue => ({
  _tag: 'Aborted',
  offset,
  path: [],
  expected: words.anyMoreBytes,
  actual,
  grammar: 'connection',
  cause,
})

/** Nothing moved for so long. */
export const timeoutIssue = (timeout: number, offset: number, note = ''): Issue => {
  const cause = new DOMException(`nothing moved for ${timeout} ms`, 'TimeoutError')
  return abortedIssue(cause, `nothing for ${timeout} ms${note}`, offset)
}

/** What must be done by then was not. */
export const lateIssue = (what: string, timeout: number, offset: number): Issue => {
  const cause = new DOMException(`${what} took more than ${timeout} ms`, 'TimeoutError')
  return abortedIssue(cause, `${what} not whole after ${timeout} ms`, offset)
}

/** The other side said something that has no place where it stands. */
export const violation = (expected: string, actual: string, { offset, grammar }: Place): Issue => ({
  _tag: 'UnexpectedValue',
  offset,
  path: [],
  expected,
  actual,
  grammar,
})

/** A request that this connection has no form for. Nothing has been sent. */
export const unavailable = (expected: string, actual: string): Issue => ({
  _tag: 'Unrepresentable',
  offset: 0,
  path: [],
  expected,
  actual,
  grammar: 'operations',
})

/** Whether this is about what carries the bytes, not about a value. */
export const isOfTheStream = ({ _tag }: Issue): boolean =>
  _tag === 'SinkFailed' || _tag === 'SourceFailed' || _tag === 'Aborted'
