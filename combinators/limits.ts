import { expectNames } from './expect.js'
import type { LimitName } from './issue.js'
import { show } from './show.js'

/**
 * How strictly a codec reads. `compatible` accepts everything that a peer may send and normalises it; `canonical`
 * accepts only the bytes that the encoder itself would write.
 *
 * Both profiles encode the same bytes, with one exception: only the compatible profile writes texts that are not
 * `strict` in their format, such as a free-text signature.
 */
export type Profile = 'compatible' | 'canonical'

/** @internal */
export const profiles: ReadonlyArray<Profile> = ['compatible', 'canonical']

/**
 * The limits of a decoder: the bytes of a string (`string`), the items of a collection (`collection`), the levels of
 * recursion (`depth`), the bytes of a frame (`frame`), and the bytes of a whole value (`message`). The content of a
 * stream, such as an archive, does not count as part of a value.
 */
export type Limits = { readonly [L in LimitName]: number }

const defaultLimits: Limits = {
  string: 64 * 2 ** 20,
  collection: 16 * 2 ** 20,
  depth: 64,
  frame: 64 * 2 ** 20,
  message: 256 * 2 ** 20,
}

// The longest string of V8, and a depth beyond which any grammar would overflow the stack.
const highest: Limits = {
  string: 2 ** 29 - 24,
  collection: 2 ** 32 - 1,
  depth: 1000,
  frame: 2 ** 32 - 1,
  message: Number.MAX_SAFE_INTEGER,
}

/** The text for a value that needs this many bytes, or more, beyond the `message` limit. */
export const messageOfBytes = (bytes: number): string => `a message of ${bytes} bytes or more`

/** @throws TypeError for an unknown limit; RangeError for one that is not an integer the machine can hold. */
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
