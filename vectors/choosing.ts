import type { Malformed } from '../interpreters/malformed/index.js'

/** A message with a broken rule, and the number of the value it was made from. */
export interface Breaking {
  readonly malformed: Malformed
  readonly of: number
}

/** A number that depends only on a text. */
const numberOf = (text: string): number => {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0
  }
  return hash
}

const grouped = <A>(items: ReadonlyArray<A>, keyOf: (item: A) => string): Map<string, Array<A>> => {
  const groups = new Map<string, Array<A>>()
  for (const item of items) {
    const known = groups.get(keyOf(item))
    if (known === undefined) {
      groups.set(keyOf(item), [item])
    } else {
      known.push(item)
    }
  }
  return groups
}

const placeOf = ({ malformed: { rule } }: Breaking): string => rule.slice(0, rule.indexOf(': '))

/** One of each group, then another of each, and so on. */
const dealt = <A>(groups: ReadonlyArray<ReadonlyArray<A>>): ReadonlyArray<A> => {
  const most = groups.reduce((longest, { length }) => Math.max(longest, length), 0)
  const dealing: Array<A> = []
  for (let i = 0; i < most; i++) {
    for (const group of groups) {
      if (i < group.length) {
        dealing.push(group[i]!)
      }
    }
  }
  return dealing
}

/**
 * A selection of the messages: every kind of rule has its share, and within a kind every place. Which rules of a place
 * come first depends on the type and the place, so that types with the same fields get different ones.
 */
export const chosen = (type: string, all: ReadonlyArray<Breaking>, most: number): ReadonlyArray<Breaking> => {
  const kinds = [...grouped(all, ({ malformed }) => malformed.kind).values()].map((ofKind) => {
    const places = [...grouped(ofKind, placeOf)].map(([place, rules]) => {
      const first = numberOf(`${type} ${place}`) % rules.length
      return [...rules.slice(first), ...rules.slice(0, first)]
    })
    return dealt(places)
  })
  const taken = new Set(dealt(kinds).slice(0, most))
  // In the order of the wire again.
  return all.filter((each) => taken.has(each))
}
