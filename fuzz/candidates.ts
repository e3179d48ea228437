import fc from 'fast-check'
import { damagedBytes } from './damage.js'
import type { Input, Inputs } from './inputs.js'
import type { Check } from './targets/target.js'

/** The source of an input, from which smaller ones can be made. */
export type Origin = { readonly _tag: 'value'; readonly value: unknown } | { readonly _tag: 'bytes' }

export interface Candidate {
  readonly input: Input
  readonly origin: Origin
}

/** What is needed to make batches. */
export interface Making<A> {
  readonly values: fc.Arbitrary<A>
  readonly inputs: Inputs<A>
  readonly check: Check
  readonly seed: number
  /** Whether an input should be tried. */
  readonly tries: (input: Input) => boolean
}

/**
 * The number of inputs in a batch. A run is a sequence of batches, and each depends only on the seed and its number.
 */
export const batchSize = 256

const valuesAtOnce = 32
const brokenOfEach = 5
/** After this many values without an input worth trying, there is taken to be none. */
const mostInVain = 5000

/** The inputs of one batch: for each value its message, messages that break it, and a damaged one. */
export function* candidatesOf<A>(making: Making<A>, batch: number): Generator<Candidate, void, void> {
  let left = batchSize
  let inVain = 0
  for (let turn = 0; left > 0; turn++) {
    const seed = (making.seed + batch * 7919 + turn * 104_729) | 0
    const ways = fc.sample(fc.array(fc.nat(), { minLength: brokenOfEach + 1, maxLength: brokenOfEach + 1 }), {
      numRuns: valuesAtOnce,
      seed,
    })
    for (const [index, value] of fc.sample(making.values, { numRuns: valuesAtOnce, seed }).entries()) {
      inVain++
      for (const candidate of ofValue(making, value, ways[index]!, { _tag: 'value', value })) {
        if (making.tries(candidate.input)) {
          inVain = 0
          yield candidate
          if (--left === 0) {
            return
          }
        }
      }
    }
    if (inVain > mostInVain) {
      throw new RangeError('no input passes the filter: change the options only and ignore')
    }
  }
}

function* ofValue<A>(
  { inputs, check }: Making<A>,
  value: A,
  [damage = 0, ...ways]: ReadonlyArray<number>,
  origin: Origin,
): Generator<Candidate, void, void> {
  if (check === 'encode') {
    yield { input: inputs.toEncode(value), origin }
    return
  }
  const valid = inputs.valid(value)
  yield { input: valid, origin }
  for (const way of ways) {
    const input = inputs.broken(value, way)
    if (input !== null) {
      yield { input, origin }
    }
  }
  yield { input: inputs.judged(damagedBytes(valid.bytes, damage), 'damaged'), origin: { _tag: 'bytes' } }
}
