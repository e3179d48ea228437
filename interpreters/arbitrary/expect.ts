import type fc from 'fast-check'
import { kindName } from '../../bytes/byte-array.js'
import { isObject } from '../../combinators/expect.js'
import { record } from '../../combinators/options.js'

/** By its form: it may come from another copy of fast-check. */
const isArbitrary = (value: unknown): value is fc.Arbitrary<unknown> =>
  isObject(value) && typeof value.generate === 'function'

/** @throws TypeError for anything but an arbitrary of fast-check. */
export const expectArbitrary = (what: string, value: unknown): void => {
  if (!isArbitrary(value)) {
    const found = Array.isArray(value) ? 'an array: fc.constantFrom(...values) makes one' : kindName(value)
    throw new TypeError(`${what} must be an arbitrary of fast-check, not ${found}`)
  }
}

/** @throws TypeError for anything but an object of arbitraries. */
export const arbitraries = (what: string, value: unknown): void => {
  record(what, value)
  for (const [name, each] of Object.entries(value as object)) {
    expectArbitrary(`${what}.${name}`, each)
  }
}
