import type { Place } from '../node.js'
import type { Need, Said } from './facts.js'
import { expectNumber, flowing, type Spot, spotsAt, spotsOf } from './spots.js'

export const showPlace = (place: Place): string => place.join('.')

/** The grammars at a place in the message with its key. */
export const spotsIn = (by: string, { grammars }: Said, [key, ...fields]: Place): ReadonlyArray<Spot> => {
  const spots = grammars.flatMap((grammar) => (grammar === null ? [flowing] : spotsOf(grammar)))
  const found = spotsAt(spots, fields)
  if (found.length === 0) {
    throw new TypeError(`${by} refers to a field that ${key} does not have: ${fields.join('.')}`)
  }
  return found
}

/** Requires that a place exists and satisfies `check`. */
export const needOf = (by: string, place: Place, check: (spots: ReadonlyArray<Spot>) => void): Need => ({
  by,
  key: place[0],
  check: (said) => check(spotsIn(by, said, place)),
})

export const numberNeed = (by: string, place: Place): Need =>
  needOf(by, place, (spots) => expectNumber(`${by}, ${showPlace(place)},`, spots))
