import fc from 'fast-check'
import { isRight } from 'fp-ts/lib/Either.js'
import { damagedBytes } from '../../fuzz/damage.js'
import type { Format } from '../../fuzz/format.js'
import { Inputs } from '../../fuzz/inputs.js'
import { type ArbitraryOptions, toArbitrary } from '../../interpreters/arbitrary/index.js'

const valuesAtOnce = 64

/**
 * Mutates inputs for a fuzzer that knows the program and not the grammar. The same seed gives the same mutations.
 */
export class Mutator<A> {
  readonly #format: Format<A>
  readonly #inputs: Inputs<A>
  readonly #values: Iterator<A>
  #state: number

  constructor(format: Format<A>, seed: number, values: ArbitraryOptions = {}) {
    this.#format = format
    this.#inputs = new Inputs(format)
    this.#values = valuesOf(toArbitrary(format.grammar, format.protocol, values), seed)
    this.#state = seed >>> 0
  }

  /** Another input of at most that many bytes; the same bytes if none is found. */
  mutate(bytes: Uint8Array, most: number): Uint8Array {
    for (let attempt = 0; attempt < 8; attempt++) {
      const made = this.#made(bytes)
      if (made !== null && made.length > 0 && made.length <= most) {
        return made
      }
    }
    return bytes
  }

  /**
   * The value of the bytes with one rule broken, or another message, valid or broken; or bytes changed at random.
   */
  #made(bytes: Uint8Array): Uint8Array | null {
    const choice = this.#next()
    if (choice % 4 === 0) {
      return damagedBytes(bytes, this.#next())
    }
    const read = this.#format.compatible.decode(bytes)
    const canBeWritten = isRight(read) && isRight(this.#format.compatible.encode(read.right))
    if (choice % 4 === 1 || !canBeWritten) {
      const value = this.#values.next().value as A
      return choice % 8 < 4
        ? this.#format.bytesOf(value)
        : (this.#inputs.broken(value, this.#next())?.bytes ?? null)
    }
    return this.#inputs.broken(read.right, this.#next())?.bytes ?? null
  }

  /** A number below 2^31. */
  #next(): number {
    // The state of xorshift32 must not be 0.
    let state = this.#state === 0 ? 0x9e3779b9 : this.#state
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    this.#state = state >>> 0
    return this.#state >>> 1
  }
}

function* valuesOf<A>(values: fc.Arbitrary<A>, seed: number): Generator<A, never, void> {
  for (let turn = 0; ; turn++) {
    yield* fc.sample(values, { numRuns: valuesAtOnce, seed: (seed + turn * 7919) | 0 })
  }
}
