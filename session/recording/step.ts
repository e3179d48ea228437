import type { Issue } from '../../combinators/issue.js'
import type { Side } from '../events.js'

interface Moment {
  /** The number of the connection, from 0 in the order of the file. */
  readonly connection: number
  readonly side: Side
  /** Milliseconds since 1970, with a fraction; null if the recording has no times. */
  readonly at: number | null
}

/** Bytes that a side sent. */
export interface RecordedBytes extends Moment {
  readonly kind: 'bytes'
  /** Valid until the next call of the reader. */
  readonly bytes: Uint8Array
}

/**
 * How the stream of a side ended: `closed` properly; `brokeOff` without an end (a connection that was reset, or a
 * program that was killed); or `stopped`: the recording ends here, but the stream had not ended.
 */
export type Ending = 'closed' | 'brokeOff' | 'stopped'

/** The end of a side's stream. */
export interface RecordedEnd extends Moment {
  readonly kind: 'end'
  readonly how: Ending
}

/** Bytes of a side that were not recorded. */
export interface RecordedGap extends Moment {
  readonly kind: 'gap'
  /** The number of missing bytes. */
  readonly missing: number
  /** Their offset in the stream of the side. */
  readonly offset: number
}

/** The steps of recorded connections, in order. */
export type RecordedStep = RecordedBytes | RecordedEnd | RecordedGap

/** The file breaks the rules of its format. The offset of the issue counts from the start of the file. */
export interface RecordingIssue {
  readonly kind: 'issue'
  readonly issue: Issue
}
