import { Parser, type ParserState } from 'arcsecond'
import type { FieldPath, Issue, LimitName, PlainIssue } from '../../combinators/issue.js'
import { type Limits, messageOfBytes } from '../../combinators/limits.js'
import type { Protocol } from '../../combinators/protocol.js'
import { clip } from '../../combinators/show.js'
import * as words from '../../combinators/words.js'

/** What the readers know while a parser is put together. */
export interface Settings {
  readonly protocol: Protocol
  readonly canonical: boolean
  readonly limits: Limits
}

/** The depth of recursion, where the value must end, and the limit of its bytes. */
interface Bounds {
  readonly depth: number
  readonly most: number
  readonly limit: number
}

/** arcsecond's state while one grammar is read. */
export type State = ParserState<unknown, Issue, Bounds>

export type Reader = Parser<unknown, Issue, Bounds>

/**
 * A parser for use by other readers, none of which passes a failed state on. Each adds one call to the stack, so that
 * recursion up to the limit fits on it.
 */
export const reader = (step: (state: State) => State): Reader => new Parser(step)

export const done = (state: State, result: unknown, index: number): State => ({ ...state, result, index })

/** A failed state. In arcsecond's `choice` the furthest failure wins, so the index is that of the issue. */
export const failed = (state: State, issue: Issue): State => ({
  ...state,
  isError: true,
  error: { ...issue, expected: clip(issue.expected), actual: clip(issue.actual) },
  index: issue.offset,
})

/** A failure inside a part, with the path to the part. */
export const within = (state: State, ...steps: FieldPath): State => ({
  ...state,
  error: { ...state.error, path: [...steps, ...state.error.path] },
})

/** Where an issue is, and what was there. */
export interface Place {
  readonly grammar: string
  readonly offset: number
  readonly path?: FieldPath
  readonly expected: string
  readonly actual: string
}

export const refuse = (state: State, _tag: PlainIssue['_tag'], place: Place): State =>
  failed(state, { _tag, path: [], ...place })

export const refuseText = (
  state: State,
  _tag: 'NotUtf8' | 'InvalidText',
  position: number,
  place: Place,
): State => failed(state, { _tag, path: [], ...place, position })

export const refuseLimit = (
  state: State,
  limit: LimitName,
  maximum: number,
  { path = [], ...place }: Omit<Place, 'expected'>,
): State =>
  failed(state, {
    _tag: 'LimitExceeded',
    path,
    ...place,
    expected: words.atMost(maximum, limit),
    limit,
    maximum,
  })

/** Fails since the primitive that begins here needs this many bytes, and fewer are available or allowed. */
export const lacks = (state: State, needed: number, grammar: string): State => {
  const { most, limit } = state.data
  if (state.index + needed > most) {
    const actual = messageOfBytes(state.index + needed - (most - limit))
    return refuseLimit(state, 'message', limit, { offset: state.index, grammar, actual })
  }
  const there = state.dataView.byteLength - state.index
  return failed(state, {
    _tag: 'UnexpectedEnd',
    offset: state.index,
    path: [],
    expected: words.bytesCount(needed),
    actual: words.bytesCount(there),
    grammar,
    missing: needed - there,
  })
}

/** Whether this many bytes are available and allowed. */
export const has = ({ dataView, index, data }: State, bytes: number): boolean =>
  dataView.byteLength - index >= bytes && index + bytes <= data.most
