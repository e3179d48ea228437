import type { Issue } from '../../combinators/issue.js'
import type { Side } from '../events.js'

interface Moment {
  /** Which connection, from 0 on as they come in the file. */
  readonly connection: number
  readonly side: Side
  /** Milliseconds since 1970, with a fraction; null where the recording does not say. */
  readonly at: number | null
}

/** A side said this. */
export interface RecordedBytes extends Moment {
  readonly kind: 'bytes'
  /** Good until the reader is given more. */
  readonly bytes: Uint8Array
}

/**
 * How it ended what one side said: `closed` as it should, `brokeOff` without an end (a connection that was reset, or a
 * program that was killed), or `stopped`: the recording of it ends here, and it had not ended until then.
 */
export type Ending = 'closed' | 'brokeOff' | 'stopped'

/** A side says no more. */
export interface RecordedEnd extends Moment {
  readonly kind: 'end'
  readonly how: Ending
}

/** What a side said has not been recorded. */
export interface RecordedGap extends Moment {
  readonly kind: 'gap'
  /** How many bytes are missing. */
  readonly missing: number
  /** Where in the stream of the side. */
  readonly offset: number
}

/** What happened in recorded connections, in its order. */
export type RecordedStep = RecordedBytes | RecordedEnd | RecordedGap

/** Offsets of the issue count from the start of the file. */
export interface RecordingIssue {
  readonly kind: 'issue'
  readonly issue: Issue
}
