import type { AnyFlow, ConversationEvent, ObserveOptions, Observer } from '../../conversation/index.js'
import { observe } from '../../conversation/index.js'
import { concat } from '../support/wire.js'

export type Side = 'client' | 'server'

export const sides: ReadonlyArray<Side> = ['client', 'server']

/** The bytes of both sides, by hand. */
export interface Tape {
  readonly flow: AnyFlow
  readonly client: Uint8Array
  readonly server: Uint8Array
}

export const tape = (
  flow: AnyFlow,
  client: ReadonlyArray<Uint8Array>,
  server: ReadonlyArray<Uint8Array>,
): Tape => ({ flow, client: concat(...client), server: concat(...server) })

/** One step: that many bytes of a side, or its end if none are left. */
export type Step = readonly [side: Side, length: number]

/** Plays a tape to an observer in these steps, repeated; a side ends in the step after its last byte. */
const playTo = (
  observer: Observer,
  { client, server }: Pick<Tape, Side>,
  steps: ReadonlyArray<Step>,
): ReadonlyArray<ConversationEvent> => {
  const events: Array<ConversationEvent> = []
  const rest: { [S in Side]: Uint8Array | null } = { client, server }
  for (let i = 0; rest.client !== null || rest.server !== null; i++) {
    const [wanted, length] = steps[i % steps.length]!
    const side = rest[wanted] !== null ? wanted : wanted === 'client' ? 'server' : 'client'
    const bytes = rest[side]!
    // A copy, since an observer must not keep the bytes it is given.
    const chunk = bytes.slice(0, length)
    const told = bytes.length === 0 ? observer.end(side) : observer.push(side, chunk)
    chunk.fill(0xee)
    rest[side] = bytes.length === 0 ? null : bytes.subarray(length)
    for (const event of told) {
      events.push(event)
    }
  }
  return events
}

export const play = (
  given: Tape,
  steps: ReadonlyArray<Step> = [
    ['client', Infinity],
    ['server', Infinity],
  ],
  options: ObserveOptions = {},
): ReadonlyArray<ConversationEvent> => playTo(observe(given.flow, options), given, steps)

/** The events in the order of one side: its own, the turns, the end. */
export const asSeenBy = (
  side: Side,
  events: ReadonlyArray<ConversationEvent>,
): ReadonlyArray<ConversationEvent> => events.filter((event) => !('side' in event) || event.side === side)

const wordOf = (value: unknown): string =>
  value === undefined
    ? 'nothing'
    : JSON.stringify(value, (_, each) =>
        typeof each === 'bigint'
          ? Number(each)
          : each instanceof Uint8Array
            ? Buffer.from(each).toString('latin1')
            : each,
      ).replaceAll('"', '')

/** An event on one line: its kind and its place. */
const lineOf = (event: ConversationEvent): string => {
  switch (event.kind) {
    case 'said':
    case 'flowed': {
      const { side, key, within, start, end } = event
      const what =
        event.kind === 'said'
          ? wordOf(event.value)
          : `${event.size} bytes${event.pieces === null ? '' : ` in ${event.pieces}`}${event.trailing === 0 ? '' : `, ${event.trailing} behind`}`
      return `${side} ${[...within, key].join('/')} ${start}-${end}: ${what}`
    }
    case 'turn':
      return event.is === 'begun'
        ? `${event.turn.loop} ${event.turn.number} begins`
        : `${event.turn.loop} ${event.turn.number} ${event.how}${event.to === null ? '' : ` ${event.to}`}: ${event.chosen}${event.lacking ? ', lacking' : ''}`
    case 'issue': {
      const { side, issue, fatal } = event
      return `${side} ${fatal ? 'issue' : 'fault'} ${issue.offset} ${issue._tag} ${issue.path.join('.')}: ${issue.actual}`
    }
    case 'end':
      return `end ${event.how}, left ${event.left.client} ${event.left.server}`
  }
}

export const linesOf = (events: ReadonlyArray<ConversationEvent>): ReadonlyArray<string> => events.map(lineOf)
