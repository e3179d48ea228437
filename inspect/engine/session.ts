import { ConnectionReader } from '../../session/connection-reader.js'
import type { IssueEvent } from '../../session/events.js'
import { followed } from '../../session/follower.js'
import type { SessionOptions } from '../../session/options.js'
import { isUnremarkable } from '../../session/timed/left-phrases.js'
import { pendingName } from '../../session/timed/names.js'
import { RecordedSession } from '../../session/timed/recorded-session.js'
import type { ConnectionEvent } from '../../session/timed/session-reader.js'
import { timePhrase } from '../../session/timed/time-phrase.js'
import { awaitedBefore, type TimedEvent } from '../../session/timed/timed-session.js'
import type { Input, Moment } from './api.js'
import { eventHappening, pendingItem } from './event-items.js'
import type { Streams } from './item.js'
import type { Pace, Pause } from './pace.js'
import { untimed } from './placing.js'
import { happeningOf, Timeline } from './timeline.js'

type SessionInput = Omit<Input & { readonly kind: 'session' }, 'kind'>

/** The events of a session, in order, and its issues. It is read piece by piece. */
export class SessionReading {
  readonly timeline = new Timeline()
  readonly issues: Array<IssueEvent> = []
  /** The number of issues that are not listed. */
  omitted = 0
  /** What is pending at the end of a recording, in words; null if nothing is, or before its end. */
  pending: string | null = null
  /** Null without times. */
  pace: Pace | null = null
  readonly #reader: ConnectionReader
  readonly #input: SessionInput
  readonly #steps: Generator<undefined, void>
  #taken = 0
  #isDone = false

  constructor(input: SessionInput, options: SessionOptions) {
    this.#reader = new ConnectionReader(options)
    this.#input = input
    this.#steps = input.moments === null ? this.#follow() : this.#replay(input.moments)
  }

  get serverName(): 'daemon' | 'server' {
    return this.#reader.serverName
  }

  /** The share that has been read, from 0 to 1. */
  get read(): number {
    const { client, server } = this.#input
    return this.#isDone ? 1 : Math.min(0.99, this.#taken / Math.max(1, client.length + server.length))
  }

  /** Reads on for at least that many milliseconds, unless the end comes earlier. */
  advance(milliseconds: number): void {
    for (const start = performance.now(); !this.#isDone; ) {
      this.#isDone = this.#steps.next().done === true
      if (performance.now() - start >= milliseconds) {
        return
      }
    }
  }

  #add(event: ConnectionEvent, about = untimed): void {
    this.timeline.add(eventHappening(event, this.#input, about))
    if (event.kind === 'issue') {
      this.issues.push(event)
    } else if (event.kind === 'end') {
      this.omitted = event.issuesOmitted ?? 0
    }
  }

  *#follow(): Generator<undefined, void> {
    for (const event of followed(this.#reader, this.#input.client, this.#input.server)) {
      this.#add(event)
      if ('client' in event) {
        this.#taken = Math.max(this.#taken, event.client[1] + event.server[1])
      }
      yield
    }
  }

  /** Reads a recording with times. Whether something is pending is known at its end. */
  *#replay(moments: ReadonlyArray<Moment>): Generator<undefined, void> {
    const session = new RecordedSession(this.#reader)
    const events: Array<TimedEvent<ConnectionEvent>> = []
    const add = (found: ReadonlyArray<TimedEvent<ConnectionEvent>>): void => {
      for (const timed of found) {
        events.push(timed)
      }
    }
    const streams = new Cursor(this.#input)
    const watch = new Watch()
    for (const moment of moments) {
      watch.pass(moment, this.#reader)
      if (moment.kind === 'bytes') {
        const { side, at, length } = moment
        add(session.take({ kind: 'bytes', connection: 0, side, at, bytes: streams.take(side, length) }))
        this.#taken += length
      } else {
        add(session.take({ ...moment, connection: 0 }))
      }
      yield
    }
    const { events: rest, pending } = session.finish()
    add(rest)
    this.pace = watch.pace
    const isOpen = pending.left !== 'closed' && pending.left !== 'cut'
    const start = this.pace?.start ?? null
    for (const timed of events) {
      // An open connection has no end yet.
      if (!isOpen || timed.event.kind !== 'end') {
        this.#add(timed.event, { when: timePhrase(timed, start), isOpen, time: timed.time })
      }
    }
    if (!isUnremarkable(pending)) {
      const item = pendingItem(pending)
      this.timeline.add(happeningOf(item))
      this.pending = pendingName(pending) === null ? null : item.value
    }
  }
}

/** The offset reached on each side. */
class Cursor {
  readonly #streams: Streams
  readonly #offsets = { client: 0, server: 0 }

  constructor(streams: Streams) {
    this.#streams = streams
  }

  take(side: 'client' | 'server', length: number): Uint8Array {
    const start = this.#offsets[side]
    this.#offsets[side] += length
    return this.#streams[side].subarray(start, start + length)
  }
}

/** When it began, how long it has lasted, and which side was waited for. */
class Watch {
  readonly #pauses: Array<Pause> = []
  #first: number | null = null
  #last: number | null = null

  get pace(): Pace | null {
    return this.#first === null || this.#last === null
      ? null
      : { start: this.#first, end: this.#last, pauses: this.#pauses }
  }

  pass({ side, at }: Moment, reader: ConnectionReader): void {
    if (at === null) {
      return
    }
    this.#first ??= at
    // The clock may have been set back.
    if (this.#last !== null && at > this.#last) {
      this.#pauses.push({ awaited: awaitedBefore(side, reader), start: this.#last, end: at })
    }
    this.#last = Math.max(at, this.#last ?? at)
  }
}
