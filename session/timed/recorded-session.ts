import { some } from 'fp-ts/lib/Option.js'
import type { Incomplete } from '../../conversation/machine/feed.js'
import type { IssueEvent, OperationEvent, SessionEvent, Side } from '../events.js'
import type { Ending, RecordedGap, RecordedStep } from '../recording/step.js'
import type { ServeCommandEvent } from '../serve/events.js'
import { type ConnectionEvent, isUnfinished, type SessionReader, type Unfinished } from './session-reader.js'
import { type TimedEvent, TimedSession, type Waiting } from './timed-session.js'

/**
 * How a connection was left: `closed` by both sides; `cut` by a side that broke off; `stopped`: open when the
 * recording was stopped; `open`: the recording just ends; `gap`: bytes are missing in the recording.
 */
export type Left = 'closed' | 'cut' | 'stopped' | 'open' | 'gap'

/** A side that ended while the session waited for it. */
export interface EarlyEnd {
  readonly side: Side
  /** What it was in the middle of; null before the handshake. */
  readonly during: Unfinished | null
  readonly incomplete: Incomplete | null
}

/** What is pending at the end of a recording, or now. */
export interface Pending {
  /** The name of the server's side in texts. */
  readonly serverName: SessionReader['serverName']
  readonly left: Left
  /** The operation, command or handshake that has begun but not ended, as far as it has come; null if there is none. */
  readonly during: Unfinished | null
  /** The operation or command that ended last; null if none has. */
  readonly before: OperationEvent | ServeCommandEvent | null
  /** True if the handshake is over. */
  readonly greeted: boolean
  readonly waiting: Waiting
  /** For each side what is not whole of the value that is waited for; null if none of one has come. */
  readonly incomplete: { readonly [S in Side]: Incomplete | null }
  /** How each side ended; null if it has not ended. */
  readonly ended: { readonly [S in Side]: Ending | null }
  /** When each side ended; null if it has not ended, or if that time is unknown. */
  readonly endedAt: { readonly [S in Side]: number | null }
  /** The side that ended first; null if neither has ended. */
  readonly first: Side | null
  /** The side that left in the middle of something; null if neither did. */
  readonly departed: EarlyEnd | null
  /** The time, in milliseconds since 1970; null if it is unknown. */
  readonly at: number | null
  /** The gap in the recording, if it has one; else null. */
  readonly gap: RecordedGap | null
}

/**
 * One connection of a recording: it takes the steps of a {@link RecordingReader} and returns the events that they
 * complete. If the connection is still open at the end of the recording, what is pending is not an issue.
 */
export class RecordedSession<Event extends ConnectionEvent = SessionEvent> {
  readonly #reader: SessionReader<Event>
  readonly #session: TimedSession<Event>
  readonly #ended: { [S in Side]: Ending | null } = { client: null, server: null }
  readonly #endedAt: { [S in Side]: number | null } = { client: null, server: null }
  #at: number | null = null
  #gap: RecordedGap | null = null
  #during: Pending['during'] = null
  #before: Pending['before'] = null
  #greeted = false
  #first: Side | null = null
  #departed: EarlyEnd | null = null
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
    this.#endedAt[side] = at
    if (how === 'stopped') {
      return []
    }
    this.#first ??= side
    this.#waiting ??= this.#session.waiting
    const during = this.#reader.during
    if (this.#reader.wants(side) && (during !== null || !this.#greeted)) {
      this.#departed ??= { side, during, incomplete: this.#reader.incomplete(side) }
    }
    return this.#noted(this.#session.end(side, at))
  }

  #noted(events: ReadonlyArray<TimedEvent<Event>>): ReadonlyArray<TimedEvent<Event>> {
    return events.map((timed) => {
      const { event } = timed
      this.#greeted ||= event.kind === 'handshake' && !isUnfinished(event)
      if (isUnfinished(event)) {
        this.#during = event
      } else if (event.kind === 'operation' || event.kind === 'command') {
        this.#before = event
      }
      const first = this.#first
      return first !== null && isCut(event) && event.side !== first
        ? { ...timed, event: { ...event, guess: some(leftBefore(first, this.#reader)) } }
        : timed
    })
  }

  /** What is pending in a connection that is not over. `now` is the current time. */
  pending(now: number | null = null): Pending {
    const waiting = this.#waiting ?? this.#session.waiting
    const during = this.#during ?? this.#reader.during
    const left = this.#left
    const { client, server } = this.#ended
    // Who has ended waits for nothing.
    const awaited = waiting.sides.filter((side) => !isOver(side === 'client' ? server : client))
    return {
      serverName: this.#reader.serverName,
      left,
      during,
      before: this.#before,
      greeted: this.#greeted,
      waiting: { ...waiting, sides: awaited },
      incomplete: { client: this.#incomplete('client'), server: this.#incomplete('server') },
      ended: { client, server },
      endedAt: { ...this.#endedAt },
      first: this.#first,
      departed: this.#departed,
      at: now ?? this.#at,
      gap: this.#gap,
    }
  }

  #incomplete(side: Side): Incomplete | null {
    return this.#departed?.side === side ? this.#departed.incomplete : this.#reader.incomplete(side)
  }

  /** Ends the connection: no more steps come. `now` is the time, if the recording goes on until then. */
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

const isOver = (how: Ending | null): boolean => how === 'closed' || how === 'brokeOff'

/** An end in the middle: that of the recording, or of a side. */
const isCut = <Event extends ConnectionEvent>(event: Event): event is Event & IssueEvent =>
  event.kind === 'issue' && event.fatal && event.issue._tag === 'UnexpectedEnd'

/** Who is left alone leaves too: that is no cause. */
const leftBefore = (first: Side, { serverName }: Pick<SessionReader, 'serverName'>): string =>
  first === 'client'
    ? `The client closed its side before that: it may have gone, and the ${serverName} after it.`
    : `The ${serverName} closed its side before that, and the client after it.`
