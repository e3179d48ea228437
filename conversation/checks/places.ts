import type { Place } from '../node.js'
import type { Need, Said } from './facts.js'
import { expectNumber, flowing, type Spot, spotsAt, spotsOf } from './spots.js'

export const showPlace = (place: Place): string => place.join('.')

/** Where a place leads, from what is said under its key. */
export const spotsIn = (by: string, { grammars }: Said, [key, ...fields]: Place): ReadonlyArray<Spot> => {
  const spots = grammars.flatMap((grammar) => (grammar === null ? [flowing] : spotsOf(grammar)))
  const found = spotsAt(spots, fields)
  if (found.length === 0) {
    throw new TypeError(`${by} refers to a field that ${key} does not have: ${fields.join('.')}`)
  }
  return found
}

/** That a place is there, and what stands there is as `check` wants it. */
export const needOf = (by: string, place: Place, check: (spots: ReadonlyArray<Spot>) => void): Need => ({
  by,
  key: place[0],
  check: (said) => check(spotsIn(by, said, place)),
})

export const numberNeed = (by: string, place: Place): Need =>
  needOf(by, place, (spots) => expectNumber(`${by}, ${showPlace(place)},`, spots))
