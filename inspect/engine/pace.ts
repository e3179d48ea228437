import type { Side } from '../../session/events.js'

/** No bytes came from `start` to `end`, in milliseconds since 1970: a side was waited for. */
export interface Pause {
  readonly awaited: Side
  readonly start: number
  readonly end: number
}

/** When a connection began and ended, and its pauses. */
export interface Pace {
  readonly start: number
  readonly end: number
  readonly pauses: ReadonlyArray<Pause>
}
