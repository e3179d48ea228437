import { type Issue, type StreamFailure, showIssue } from '../../combinators/issue.js'
import { messageOf } from '../../combinators/show.js'
import * as words from '../../combinators/words.js'
import type { Side } from '../node.js'

/** A side broke the conversation off, with the messages that the flow provides for that. */
export interface Departure {
  readonly _tag: 'Departure'
  readonly side: Side
  /** Its messages, by key; the last one of each key. */
  readonly said: { readonly [key: string]: unknown }
}

/** Why a conversation cannot go on: an issue, or the departure of a side. */
export type Interruption = Issue | Departure

/** Thrown by reading an upload or a download that breaks off; a handler's messages may be rejected with it too. */
export class ConversationError extends Error {
  /** The failure that the flow provides for, or an {@link Interruption}. */
  readonly failure: unknown

  constructor(failure: unknown) {
    super(textOf(failure))
    this.name = 'ConversationError'
    this.failure = failure
  }
}

const textOf = (failure: unknown): string =>
  isIssue(failure) ? showIssue(failure) : isDeparture(failure) ? `the ${failure.side} broke off` : 'a failure'

export const isIssue = (failure: unknown): failure is Issue =>
  typeof failure === 'object' && failure !== null && 'expected' in failure && 'grammar' in failure

const isDeparture = (failure: unknown): failure is Departure =>
  typeof failure === 'object' && failure !== null && '_tag' in failure && failure._tag === 'Departure'

const failed = (_tag: StreamFailure['_tag'], offset: number, actual: string, cause: unknown): Issue => ({
  _tag,
  offset,
  path: [],
  expected: words.anyMoreBytes,
  actual,
  grammar: 'connection',
  cause,
})

/** The issue of an error that was made from one. */
export const issueIn = (thrown: unknown): Issue | null =>
  thrown instanceof Error && 'issue' in thrown && isIssue(thrown.issue)
    ? thrown.issue
    : thrown instanceof ConversationError && isIssue(thrown.failure)
      ? thrown.failure
      : null

/** Why the other side gave up, in words: in memory the reason is its own issue, as it is. */
const reasonText = (reason: unknown): string =>
  isIssue(reason) ? `a side that broke off: ${showIssue(reason)}` : messageOf(reason)

/** The failure of a source; an error that contains an issue keeps it. */
export const sourceFailed = (thrown: unknown, offset: number): Issue =>
  issueIn(thrown) ?? failed('SourceFailed', offset, reasonText(thrown), thrown)

export const sinkFailed = (thrown: unknown, offset: number): Issue => ({
  ...failed('SinkFailed', offset, reasonText(thrown), thrown),
  expected: 'bytes to be taken',
})

/** What the handler of a case threw; an issue that comes as an error stays what it is. */
export const handlerFailed = (thrown: unknown, name: string, offset: number): Issue =>
  issueIn(thrown) ?? {
    ...failed('HandlerFailed', offset, `an error: ${reasonText(thrown)}`, thrown),
    expected: 'an answer of the handler',
    grammar: name,
  }

/** This side gave up. */
export const aborted = (cause: unknown, offset: number, actual = `an abort: ${reasonText(cause)}`): Issue =>
  failed('Aborted', offset, actual, cause)

/** There was no progress for that long. */
export const timedOut = (timeout: number, offset: number, note = ''): Issue =>
  aborted(
    new DOMException(`nothing moved for ${timeout} ms`, 'TimeoutError'),
    offset,
    `nothing for ${timeout} ms${note}`,
  )

/** Something was not done by its time limit. */
export const tooLate = (what: string, timeout: number, offset: number): Issue =>
  aborted(
    new DOMException(`${what} took more than ${timeout} ms`, 'TimeoutError'),
    offset,
    `${what} not whole after ${timeout} ms`,
  )

/** The conversation was over before. */
export const overBefore = (first: Interruption): Issue =>
  failed(
    'SourceFailed',
    'offset' in first ? first.offset : 0,
    `a connection that is over: ${'expected' in first ? showIssue(first) : textOf(first)}`,
    first,
  )

/** A message at a place where it is not allowed. */
export const misplaced = (expected: string, actual: string, offset: number): Issue => ({
  _tag: 'UnexpectedValue',
  offset,
  path: [],
  expected,
  actual,
  grammar: 'conversation',
})

/** A message that cannot be sent. */
export const unsayable = (key: string, expected: string, actual: string): Issue => ({
  _tag: 'Unrepresentable',
  offset: 0,
  path: [key],
  expected,
  actual,
  grammar: 'conversation',
})
