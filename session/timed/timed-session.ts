import type { Ranges, SessionEvent, Side } from '../events.js'
import { Marks, type Stamp } from './marks.js'
import { type ConnectionEvent, isLasting, type SessionReader } from './session-reader.js'

/** The times of an event, in milliseconds since 1970, with a fraction. */
export interface Timing {
  /** When the first of its bytes came; null if that is unknown. */
  readonly began: number | null
  /** When the last of its bytes came; null if that is unknown. */
  readonly ended: number | null
  /** For each side, how many milliseconds of this time were spent waiting for it. */
  readonly waited: { readonly [S in Side]: number }
}

/** An event with its times. */
export interface TimedEvent<Event extends ConnectionEvent = SessionEvent> {
  readonly event: Event
  readonly time: Timing
}

/** What a session waits for. */
export interface Waiting {
  /** The sides that it waits for: one, both, or none if the connection is over. */
  readonly sides: ReadonlyArray<Side>
  /** When each side last sent bytes; null if it has sent none, or if that time is unknown. */
  readonly heard: { readonly [S in Side]: number | null }
}

/**
 * Wraps a session reader, and adds to each event when it happened. It has no clock: the caller passes the time with
 * the bytes.
 *
 * ```ts
 * import { bytesOf } from 'nix-wire'
 * import { SessionDecoder, TimedSession } from 'nix-wire/session'
 *
 * const session = new TimedSession(new SessionDecoder())
 * session.push('client', bytesOf('6378696e00000000 0a01000000000000'), 1000) // => []
 * const [handshake] = session.push('server', bytesOf('6f69786400000000 2201000000000000 73746c6100000000'), 1250)
 * handshake?.time // => { began: 1000, ended: 1250, waited: { client: 0, server: 250 } }
 * session.waiting // => { sides: ['client'], heard: { client: 1000, server: 1250 } }
 * ```
 *
 * A pause counts as waiting for the side whose turn it is; if either side could go on, for the side that does. If
 * more than some thousand chunks are buffered, times are those of a nearby chunk.
 */
export class TimedSession<Event extends ConnectionEvent = SessionEvent> {
  readonly #reader: SessionReader<Event>
  readonly #marks: { readonly [S in Side]: Marks } = { client: new Marks(), server: new Marks() }
  readonly #arrived: { [S in Side]: number } = { client: 0, server: 0 }
  readonly #heard: { [S in Side]: number | null } = { client: null, server: null }
  #stamp: Stamp | null = null

  constructor(reader: SessionReader<Event>) {
    this.#reader = reader
  }

  /** Takes bytes of one side that came at a time; null if that is unknown. */
  push(side: Side, bytes: Uint8Array, at: number | null): ReadonlyArray<TimedEvent<Event>> {
    this.#arrived[side] += bytes.length
    if (at !== null) {
      const stamp = this.#pass(side, at)
      this.#heard[side] = at
      this.#marks[side].add(this.#arrived[side], stamp)
    }
    return this.#timed(this.#reader.push(side, bytes), at)
  }

  /** Ends one side: no more bytes will come. */
  end(side: Side, at: number | null): ReadonlyArray<TimedEvent<Event>> {
    if (at !== null) {
      this.#pass(side, at)
    }
    return this.#timed(this.#reader.end(side), at)
  }

  get waiting(): Waiting {
    return {
      sides: (['client', 'server'] as const).filter((side) => this.#reader.wants(side)),
      heard: { ...this.#heard },
    }
  }

  /** Time passes until a side goes on. */
  #pass(side: Side, at: number): Stamp {
    const before = this.#stamp ?? { at, client: 0, server: 0 }
    const awaited = awaitedBefore(side, this.#reader)
    // The clock may have been set back.
    const pause = Math.max(0, at - before.at)
    this.#stamp =
      pause === 0 && at === before.at ? before : { ...before, at, [awaited]: before[awaited] + pause }
    return this.#stamp
  }

  #timed(events: ReadonlyArray<Event>, at: number | null): ReadonlyArray<TimedEvent<Event>> {
    return events.map((event) => {
      if (!isLasting(event)) {
        return { event, time: { began: at, ended: at, waited: { client: 0, server: 0 } } }
      }
      const time = this.#timeOf(event)
      this.#marks.client.forget(event.client[1])
      this.#marks.server.forget(event.server[1])
      return { event, time }
    })
  }

  #timeOf(ranges: Ranges): Timing {
    const first = least(this.#stampsOf(ranges, ([start]) => start))
    const last = greatest(this.#stampsOf(ranges, ([, end]) => end - 1))
    return {
      began: first?.at ?? null,
      ended: last?.at ?? null,
      waited: {
        client: (last?.client ?? 0) - (first?.client ?? 0),
        server: (last?.server ?? 0) - (first?.server ?? 0),
      },
    }
  }

  #stampsOf(ranges: Ranges, byte: (range: Ranges[Side]) => number): ReadonlyArray<Stamp> {
    return (['client', 'server'] as const).flatMap((side) => {
      const range = ranges[side]
      const stamp = range[0] < range[1] ? this.#marks[side].of(byte(range)) : null
      return stamp === null ? [] : [stamp]
    })
  }
}

/**
 * Which side was waited for until a side went on: the other side if only that one could, otherwise the side itself.
 */
export const awaitedBefore = (side: Side, reader: Pick<SessionReader, 'wants'>): Side => {
  const other: Side = side === 'client' ? 'server' : 'client'
  return reader.wants(other) && !reader.wants(side) ? other : side
}

const least = (stamps: ReadonlyArray<Stamp>): Stamp | undefined =>
  stamps.length === 2 && stamps[1]!.at < stamps[0]!.at ? stamps[1] : stamps[0]

const greatest = (stamps: ReadonlyArray<Stamp>): Stamp | undefined =>
  stamps.length === 2 && stamps[1]!.at > stamps[0]!.at ? stamps[1] : stamps[0]
