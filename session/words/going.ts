import { none, type Option } from 'fp-ts/lib/Option.js'
import type { Issue } from '../../combinators/issue.js'
import type { Side } from '../../conversation/node.js'
import type { AnyOperation } from '../../grammar/operations/operation.js'
import type { Opened } from '../opened.js'
import type { Received } from '../received.js'

interface Asked {
  readonly opened: Opened
  readonly operation: AnyOperation | null
  readonly id: number
  /** Whether its number may be no operation at all, but zeros that stand for something else. */
  readonly isZeros: boolean
  readonly lacking: boolean
  /** Where its number begins. */
  readonly start: number
}

/** An operation that goes on. */
export interface Going extends Asked {
  /** Whether its request has been read. */
  isStarted: boolean
  received: Received | null
  isDownloading: boolean
  reply: Option<unknown>
  /** Which message of the log is read. */
  index: number
  /** How many bytes the daemon wanted last. */
  wanted: number
  errorTwice: boolean
  /** What is wrong with what is carried. */
  unfit: { readonly side: Side; readonly issue: Issue } | null
  /** Whether all that is carried has passed. */
  hasFlowed: boolean
}

/** An operation of which nothing but its number has been read. */
export const goingOf = ({ opened, operation, id, isZeros, lacking, start }: Asked): Going => ({
  opened,
  operation,
  id,
  isZeros,
  lacking,
  start,
  isStarted: false,
  received: null,
  isDownloading: false,
  reply: none,
  index: 0,
  wanted: 0,
  errorTwice: false,
  unfit: null,
  hasFlowed: false,
})

/** Its number, with its name if it is known. */
export const askedText = ({ id, operation, isZeros }: Going): string =>
  operation === null || isZeros ? String(id) : `${id} (${operation.name})`
