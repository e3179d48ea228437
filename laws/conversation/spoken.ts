import type { ConversationEvent, SaidEvent, TurnOverEvent } from '../../conversation/index.js'
import type { Shape } from '../../conversation/line/shape.js'
import { valueAt } from '../../conversation/machine/scope.js'
import type { Pieces, Side } from '../../conversation/node.js'
import type { MadeContent, MadeSession } from '../../interpreters/conversations/index.js'

/** The messages and streams of a turn, or outside of turns, without those inside others. */
export interface Spoken {
  readonly words: ReadonlyArray<SaidEvent>
  readonly contents: ReadonlyArray<MadeContent>
}

export interface SpokenTurn extends Spoken {
  readonly over: TurnOverEvent
}

const wordsIn = (events: ReadonlyArray<ConversationEvent>): ReadonlyArray<SaidEvent> =>
  events.filter((event) => event.kind === 'said').filter(({ within }) => within.length === 0)

/** The messages outside of turns, without those of a departure. */
export const spokenOutside = ({ events, contents, departure }: MadeSession): Spoken => ({
  words: wordsIn(events).filter((word) => word.turn === null && departure?.events.includes(word) !== true),
  contents: contents.filter(({ turn }) => turn === null),
})

/** The messages of a departure. */
export const spokenDeparting = ({ departure }: MadeSession): Spoken => ({
  words: wordsIn(departure?.events ?? []),
  contents: [],
})

/** The messages turn by turn. */
export const spokenTurns = ({ events, contents, departure }: MadeSession): ReadonlyArray<SpokenTurn> => {
  const own = events.filter((event) => departure?.events.includes(event) !== true)
  const words = new Map<number, Array<SaidEvent>>()
  for (const word of wordsIn(own)) {
    if (word.turn !== null) {
      const { number } = word.turn
      const all = words.get(number) ?? []
      words.set(number, all)
      all.push(word)
    }
  }
  return own.flatMap((event) => {
    if (event.kind !== 'turn' || event.is !== 'over') {
      return []
    }
    const { number } = event.turn
    return {
      over: event,
      words: words.get(number) ?? [],
      contents: contents.filter(({ turn }) => turn?.number === number),
    }
  })
}

/**
 * The messages of a side by key, as a list if they repeat; without pieces, which are made from their content, and
 * without requests for them unless `asks` is set.
 */
export const wordsBy = (side: Side, { words }: Spoken, shape: Shape, asks = false): Map<string, unknown> => {
  const values = new Map<string, unknown>()
  for (const word of words.filter((each) => each.side === side)) {
    const { key, value } = word
    const manner = shape.manners.get(key)
    if (manner === 'once' || manner === 'told') {
      values.set(key, value)
    } else if (
      manner === 'often' &&
      piecesIn(shape, word) === null &&
      (asks || asksIn(shape, word) === null)
    ) {
      values.set(key, [...((values.get(key) ?? []) as ReadonlyArray<unknown>), value])
    }
  }
  return values
}

/** The notices on the way, in order. */
export const toldBy = (side: Side, { words }: Spoken, shape: Shape): ReadonlyArray<SaidEvent> =>
  words.filter((each) => each.side === side && shape.manners.get(each.key) === 'told')

/** Where a message contains a piece; null if it does not. */
export const piecesIn = (shape: Shape, { key, value }: Pick<SaidEvent, 'key' | 'value'>): Pieces | null =>
  shape.pieces.find(({ of }) => of[0] === key && valueAt(value, of) instanceof Uint8Array) ?? null

/** Where a message requests a piece; null if it does not. */
export const asksIn = (
  shape: Shape,
  { key, value }: Pick<SaidEvent, 'key' | 'value'>,
): NonNullable<Pieces['asks']> | null => {
  const found = shape.pieces.find(
    ({ asks }) =>
      asks?.key === key &&
      Object.entries(asks.value).every(([field, each]) => valueAt(value, [key, field]) === each),
  )
  return found?.asks ?? null
}
