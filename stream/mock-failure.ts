import type { Issue } from '../combinators/issue.js'
import type { Wire } from '../interpreters/compile/resumable.js'

/** A call in the script of a mock. */
export type MockOperation =
  | 'readNumber'
  | 'readBytes'
  | 'readRaw'
  | 'writeNumber'
  | 'writeSlice'
  | 'writeDisplay'
  | 'writeRaw'

/** Why a mock rejected a call: the `cause` of a `SourceFailed` or `SinkFailed` issue. */
export type MockFailure =
  | { readonly _tag: 'WrongCall'; readonly expected: MockOperation; readonly actual: MockOperation }
  /** The script is over. */
  | { readonly _tag: 'ExtraCall'; readonly actual: MockOperation }
  | { readonly _tag: 'UnexpectedNumber'; readonly actual: bigint }
  | { readonly _tag: 'UnexpectedBytes'; readonly actual: Uint8Array }
  | { readonly _tag: 'UnexpectedDisplay'; readonly actual: string }

export const mockIssue = (tag: 'SourceFailed' | 'SinkFailed', offset: number, cause: MockFailure): Issue => ({
  _tag: tag,
  offset,
  path: [],
  expected: cause._tag === 'WrongCall' ? cause.expected : 'the next call in the script of the mock',
  actual: typeof cause.actual === 'string' ? cause.actual : String(cause.actual),
  grammar: 'mock',
  cause,
})

/** An error in the script of a mock, as the issue it represents. */
export const scriptedIssue = (tag: 'SourceFailed' | 'SinkFailed', error: Issue | Error): Issue =>
  error instanceof Error
    ? {
        _tag: tag,
        offset: 0,
        path: [],
        expected: 'no error',
        actual: error.message,
        grammar: 'mock',
        cause: error,
      }
    : error

/** @throws Error if operations of the script are left. */
export const expectDone = (left: ReadonlyArray<{ readonly operation: MockOperation }>): void => {
  const [next] = left
  if (next !== undefined) {
    throw new Error(`${left.length} operations of the mock are left; the next is ${next.operation}`)
  }
}

/** The operation that reads a primitive. */
export const readOperation = (wire: Wire): MockOperation => {
  switch (wire) {
    case 'number':
      return 'readNumber'
    case 'bytes':
    case 'text':
      return 'readBytes'
    case 'raw':
    case 'frame':
      return 'readRaw'
  }
}
