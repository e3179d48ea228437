import type { SessionEvent, Side } from '../events.js'
import type { Ending, RecordedGap, RecordedStep } from '../recording/step.js'
import { type ConnectionEvent, isUnfinished, type SessionReader, type Unfinished } from './session-reader.js'
import { type TimedEvent, TimedSession, type Waiting } from './timed-session.js'

/**
 * How a connection was left: `closed` by both sides, `cut` by one that broke off, `stopped` where it was open when the
 * recording was stopped, `open` where the recording says nothing more; `gap` where bytes are missing in it.
 */
export type Left = 'closed' | 'cut' | 'stopped' | 'open' | 'gap'

/** What was going on where a recording ends, or goes on now. */
export interface Pending {
  /** What texts call the side that is not the client. */
  readonly serverName: SessionReader['serverName']
  readonly left: Left
  /** What has begun and not ended, if something has, as far as it had come. */
  readonly during: Unfinished | null
  /** Whether the handshake has been over. */
  readonly greeted: boolean
  readonly waiting: Waiting
  /** How each side ended; null where it has not. */
  readonly ended: { readonly [S in Side]: Ending | null }
  /** When that was, in milliseconds since 1970; null where it is not known. */
  readonly at: number | null
  /** What is missing, where the recording has a gap. */
  readonly gap: RecordedGap | null
}

/**
 * One connection of a recording: takes what its reader tells of it, step by step, and says what has become known.
 * A connection that is open where the recording ends is no broken one: what is pending then is no issue.
 */
export class RecordedSession<Event extends ConnectionEvent = SessionEvent> {
  readonly #reader: SessionReader<Event>
  readonly #session: TimedSession<Event>
  readonly #ended: { [S in Side]: Ending | null } = { client: null, server: null }
  #at: number | null = null
  #gap: RecordedGap | null = null
  #during: Pending['during'] = null
  #greeted = false
  /** What was waited for when the first side ended; null where the other went on. */
  #waiting: Waiting | null = null

  constructor(reader: SessionReader<Event>) {
    this.#reader = reader
    this.#session = new TimedSession(reader)
  }

  take(step: RecordedStep): ReadonlyArray<TimedEvent<Event>> {
    this.#at = step.at === null ? this.#at : Math.max(step.at, this.#at ?? step.at)
    if (this.#gap !== null || this.#ended[step.side] !== null) {
      return []
    }
    switch (step.kind) {
      case 'bytes':
        this.#waiting = null
        return this.#noted(this.#session.push(step.side, step.bytes, step.at))
      case 'gap':
        this.#gap = step
        return []
      case 'end':
        return this.#end(step.side, step.how, step.at)
    }
  }

  #end(side: Side, how: Ending, at: number | null): ReadonlyArray<TimedEvent<Event>> {
    this.#ended[side] = how
    if (how === 'stopped') {
      return []
    }
    this.#waiting ??= this.#session.waiting
    return this.#noted(this.#session.end(side, at))
  }

  #noted(events: ReadonlyArray<TimedEvent<Event>>): ReadonlyArray<TimedEvent<Event>> {
    for (const { event } of events) {
      this.#greeted ||= event.kind === 'handshake' && !isUnfinished(event)
      if (isUnfinished(event)) {
        this.#during = event
      }
    }
    return events
  }

  /** What goes on, of a connection that is not over. `now` is when that is asked. */
  pending(now: number | null = null): Pending {
    const waiting = this.#waiting ?? this.#session.waiting
    const during = this.#during ?? this.#reader.during
    const left = this.#left
    return {
      serverName: this.#reader.serverName,
      left,
      during,
      greeted: this.#greeted,
      // Both have closed, and nothing has begun.
      waiting: left === 'closed' && during === null ? { ...waiting, sides: [] } : waiting,
      ended: { ...this.#ended },
      at: now ?? this.#at,
      gap: this.#gap,
    }
  }

  /** Says that nothing more is told of the connection. `now` is when that is, where the recording goes on until then. */
  finish(now: number | null = null): {
    readonly events: ReadonlyArray<TimedEvent<Event>>
    readonly pending: Pending
  } {
    const pending = this.pending(now)
    const events: Array<TimedEvent<Event>> = []
    for (const side of ['client', 'server'] as const) {
      if (this.#ended[side] === null || this.#ended[side] === 'stopped') {
        for (const timed of this.#noted(this.#session.end(side, null))) {
          if (!isCut(timed.event)) {
            events.push(timed)
          }
        }
      }
    }
    return { events, pending: { ...pending, during: this.#during } }
  }

  get #left(): Left {
    const { client, server } = this.#ended
    if (this.#gap !== null) {
      return 'gap'
    }
    if (client === 'brokeOff' || server === 'brokeOff') {
      return 'cut'
    }
    if (client === 'stopped' || server === 'stopped') {
      return 'stopped'
    }
    return client === 'closed' && server === 'closed' ? 'closed' : 'open'
  }
}

/** An end that is only that of the recording. */
const isCut = (event: ConnectionEvent): boolean =>
  event.kind === 'issue' && event.fatal && event.issue._tag === 'UnexpectedEnd'
