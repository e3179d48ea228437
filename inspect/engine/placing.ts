import type { Ranges } from '../../session/events.js'
import type { Timing } from '../../session/timed/timed-session.js'
import type { Span } from './item.js'

/** More about an event: when it was, and whether its connection is open at the end of the recording. */
export interface About {
  readonly when: string
  readonly isOpen: boolean
  /** Null if it is not known. */
  readonly time: Timing | null
}

export const untimed: About = { when: '', isOpen: false, time: null }

/** The bytes of an event, on both sides. */
export const spansOf = ({ client, server }: Ranges): ReadonlyArray<Span> =>
  [
    { stream: 0, start: client[0], end: client[1] } as const,
    { stream: 1, start: server[0], end: server[1] } as const,
  ].filter(({ start, end }) => start < end)
