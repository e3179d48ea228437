import { isDeepStrictEqual } from 'node:util'
import type { Contestant } from '../measure.js'

/** The work of a contestant: decodes every message, or encodes every value, in turn. */
export const work = <Input>(
  name: string,
  inputs: readonly Input[],
  expected: readonly unknown[],
  one: (input: Input) => unknown,
  more: Omit<Contestant, 'name' | 'run' | 'check'> = {},
  comparable: (result: unknown) => unknown = (result) => result,
): Contestant => ({
  name,
  ...more,
  check: () => {
    for (const [i, input] of inputs.entries()) {
      same(name, comparable(one(input)), expected[i])
    }
  },
  run: () => {
    // The last value is returned, so that the engine cannot drop the work.
    let last: unknown
    for (let i = 0; i < inputs.length; i++) {
      last = one(inputs[i] as Input)
    }
    return last
  },
})

const same = (name: string, actual: unknown, expected: unknown): void => {
  if (actual instanceof Uint8Array && expected instanceof Uint8Array) {
    if (Buffer.compare(actual, expected) !== 0) {
      throw new Error(`${name} writes other bytes`)
    }
    return
  }
  if (!isDeepStrictEqual(actual, expected)) {
    throw new Error(`${name} gives another value`)
  }
}
