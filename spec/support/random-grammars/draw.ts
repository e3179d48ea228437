/** Random choices from a seed, the same on every platform (mulberry32). */
export class Draw {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  below(count: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % count
  }

  /** From `least` to `most`. */
  between(least: number, most: number): number {
    return least + this.below(most - least + 1)
  }

  one<A>(among: ReadonlyArray<A>): A {
    const found = among[this.below(among.length)]
    if (found === undefined) {
      throw new RangeError('nothing to draw from')
    }
    return found
  }

  /** Some of these, in a random order, at least `least`. */
  some<A>(among: ReadonlyArray<A>, least: number, most: number): ReadonlyArray<A> {
    const left = [...among]
    return Array.from({ length: this.between(least, Math.min(most, among.length)) }, () =>
      left.splice(this.below(left.length), 1),
    ).flat()
  }
}
