/** The next number of a sequence of 32-bit numbers. */
export type Random = () => number

/** A random number generator that is the same on every platform: 32 bits of state (mulberry32). */
export const generator = (seed: number): Random => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return (mixed ^ (mixed >>> 14)) >>> 0
  }
}

/** An integer from 0 to below `count`; 0 if there is none below. */
export const below = (count: number, random: Random): number => (count < 1 ? 0 : random() % count)

/** One of the items; undefined if there are none. */
export const oneOf = <A>(items: ReadonlyArray<A>, random: Random): A | undefined =>
  items[below(items.length, random)]

/** The items in random order. */
export const shuffled = <A>(items: ReadonlyArray<A>, random: Random): ReadonlyArray<A> => {
  const result = [...items]
  for (let i = result.length - 1; i > 0; i--) {
    const j = below(i + 1, random)
    ;[result[i], result[j]] = [result[j]!, result[i]!]
  }
  return result
}

/** The items in random order, in which those with a large weight tend to come first. */
export const byWeight = <A>(
  items: ReadonlyArray<A>,
  weightOf: (item: A) => number,
  random: Random,
): ReadonlyArray<A> =>
  items
    .map((item) => ({ item, key: -Math.log((random() + 1) / 2 ** 32) / weightOf(item) }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item)
