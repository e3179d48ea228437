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
  /** Whether its number may be zeros that belong to something else. */
  readonly isZeros: boolean
  readonly lacking: boolean
  /** The offset of its number. */
  readonly start: number
}

/** An operation in progress. */
export interface Going extends Asked {
  /** Whether its request has been read. */
  isStarted: boolean
  received: Received | null
  isDownloading: boolean
  reply: Option<unknown>
  /** The number of the log message being read. */
  index: number
  /** How many bytes the daemon requested last. */
  wanted: number
  errorTwice: boolean
  /** The issue of its content. */
  unfit: { readonly side: Side; readonly issue: Issue } | null
  /** Whether all of its content has passed. */
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

/** Its number, with its name if that is known. */
export const askedText = ({ id, operation, isZeros }: Going): string =>
  operation === null || isZeros ? String(id) : `${id} (${operation.name})`
