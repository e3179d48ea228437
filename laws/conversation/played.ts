import { equalValues } from '../../bytes/equal.js'
import type { ConversationEvent, Observer } from '../../conversation/index.js'
import type { Side } from '../../conversation/node.js'
import { fail, same } from '../expect.js'

const sides: ReadonlyArray<Side> = ['client', 'server']

type Streams = { readonly [S in Side]: Uint8Array }

/** That many bytes of a side; its end, after they have all come. */
export type Step = readonly [side: Side, length: number]

/** The whole of one side, and then of the other. */
export const whole: ReadonlyArray<Step> = [
  ['client', Number.POSITIVE_INFINITY],
  ['server', Number.POSITIVE_INFINITY],
]

/** The events of an observer if the bytes come in these steps, repeated. */
export const played = (
  observer: Observer,
  { client, server }: Streams,
  steps: ReadonlyArray<Step>,
): ReadonlyArray<ConversationEvent> => {
  const events: Array<ConversationEvent> = []
  const rest: { [S in Side]: Uint8Array | null } = { client, server }
  for (let i = 0; rest.client !== null || rest.server !== null; i++) {
    const [wanted, length] = steps[i % steps.length]!
    const side = rest[wanted] !== null ? wanted : wanted === 'client' ? 'server' : 'client'
    const bytes = rest[side]!
    const told = bytes.length === 0 ? observer.end(side) : pushed(observer, side, bytes, length)
    rest[side] = bytes.length === 0 ? null : bytes.subarray(length)
    for (const event of told) {
      events.push(event)
    }
  }
  return events
}

/** An observer must not keep the bytes it is given. */
const pushed = (
  observer: Observer,
  side: Side,
  bytes: Uint8Array,
  length: number,
): ReadonlyArray<ConversationEvent> => {
  const chunk = bytes.slice(0, length)
  const told = observer.push(side, chunk)
  chunk.fill(0xee)
  return told
}

/** The events in the order of one side: its own, the turns, the end. Messages sent at once have no order. */
const asSeenBy = (side: Side, events: ReadonlyArray<ConversationEvent>): ReadonlyArray<ConversationEvent> =>
  events.filter((event) => !('side' in event) || event.side === side)

/** Rejects events that differ for either side. */
export const sameEvents = (
  told: ReadonlyArray<ConversationEvent>,
  expected: ReadonlyArray<ConversationEvent>,
): void => {
  for (const side of sides) {
    const [found, wanted] = [asSeenBy(side, told), asSeenBy(side, expected)]
    const at = found.findIndex((event, i) => !equalValues(event, wanted[i]))
    if (at >= 0) {
      same(found[at], wanted[at], `event ${at} of the ${side}`)
    }
    if (found.length < wanted.length) {
      fail(`event ${found.length} of the ${side} is missing: ${JSON.stringify(wanted[found.length]?.kind)}`)
    }
  }
}
