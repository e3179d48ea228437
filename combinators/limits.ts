import { expectNames } from './expect.js'
import type { LimitName } from './issue.js'
import { show } from './show.js'

/**
 * `compatible` accepts all that a peer may send, and normalises it; `canonical` accepts only bytes that the encoder itself
 * would write. Encoding is canonical in both, except that the compatible
 * profile also writes texts that are not `strict` in their format, such as a free-text signature.
 */
export type Profile = 'compatible' | 'canonical'

/** @internal */
export const profiles: ReadonlyArray<Profile> = ['compatible', 'canonical']

/**
 * The most that a decoder takes from an announcement: bytes of a string, items of a collection, levels of
 * recursion, bytes of a frame; and the bytes that one value takes, all that is in it together. The content of a
 * stream is no value.
 */
export type Limits = { readonly [L in LimitName]: number }

const defaultLimits: Limits = {
  string: 64 * 2 ** 20,
  collection: 16 * 2 ** 20,
  depth: 64,
  frame: 64 * 2 ** 20,
  message: 256 * 2 ** 20,
}

// The longest string V8 can make, and a depth beyond which no grammar finds room on the stack.
const highest: Limits = {
  string: 2 ** 29 - 24,
  collection: 2 ** 32 - 1,
  depth: 1000,
  frame: 2 ** 32 - 1,
  message: Number.MAX_SAFE_INTEGER,
}

/** How the limit of a message words that a value needs this many bytes, or more. */
export const messageOfBytes = (bytes: number): string => `a message of ${bytes} bytes or more`

/** @throws TypeError for a limit that there is not; RangeError for one that is not an integer the machine can hold. */
export const limitsOf = (given: Partial<Limits> = {}): Limits => {
  expectNames('the limits', given, 'limit', Object.keys(highest))
  const limits = { ...defaultLimits, ...given }
  for (const name of Object.keys(highest) as ReadonlyArray<LimitName>) {
    const limit = limits[name]
    if (!Number.isSafeInteger(limit) || limit < 0 || limit > highest[name]) {
      throw new RangeError(
        `the ${name} limit must be an integer from 0 to ${highest[name]}, not ${show(limit)}`,
      )
    }
  }
  return limits
}
