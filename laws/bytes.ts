import fc from 'fast-check'
import { joined } from '../bytes/joined.js'

/** One change to bytes; places are taken modulo the length. */
type Change =
  | { readonly _tag: 'byte'; readonly at: number; readonly value: number }
  | { readonly _tag: 'word'; readonly at: number; readonly value: bigint }
  | { readonly _tag: 'swap'; readonly at: number; readonly words: number }
  | { readonly _tag: 'repeat'; readonly at: number; readonly words: number }
  | { readonly _tag: 'remove'; readonly at: number; readonly words: number }
  | { readonly _tag: 'end'; readonly at: number }

const places = fc.nat(4095)
const few = fc.integer({ min: 1, max: 4 })
const words = fc.constantFrom(
  0n,
  1n,
  2n,
  3n,
  8n,
  255n,
  256n,
  // The largest announced values that the default limits allow: items of a collection, bytes of a string or a frame.
  1n << 24n,
  1n << 26n,
  1n << 31n,
  1n << 32n,
  1n << 53n,
  (1n << 64n) - 1n,
)
const bytes = fc.oneof(fc.constantFrom(0, 1, 2, 0x41, 0x7f, 0x80, 0xc3, 0xed, 0xef, 0xff), fc.nat(255))

const changes: fc.Arbitrary<Change> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ _tag: fc.constant('byte' as const), at: places, value: bytes }) },
  { weight: 3, arbitrary: fc.record({ _tag: fc.constant('word' as const), at: places, value: words }) },
  { weight: 2, arbitrary: fc.record({ _tag: fc.constant('swap' as const), at: places, words: few }) },
  { weight: 1, arbitrary: fc.record({ _tag: fc.constant('repeat' as const), at: places, words: few }) },
  { weight: 1, arbitrary: fc.record({ _tag: fc.constant('remove' as const), at: places, words: few }) },
  { weight: 1, arbitrary: fc.record({ _tag: fc.constant('end' as const), at: places }) },
)

const changed = (given: Uint8Array, change: Change): Uint8Array => {
  const at = change.at % (given.length + 1)
  const word = 8 * (change.at % (Math.floor(given.length / 8) + 1))
  switch (change._tag) {
    case 'byte':
      return at === given.length ? given : given.with(at, change.value)
    case 'word': {
      if (given.length - word < 8) {
        return given
      }
      const copy = Uint8Array.from(given)
      new DataView(copy.buffer).setBigUint64(word, change.value, true)
      return copy
    }
    case 'swap': {
      const middle = word + 8 * change.words
      const end = middle + 8 * change.words
      const [a, b] = [given.subarray(word, middle), given.subarray(middle, end)]
      return joined([given.subarray(0, word), b, a, given.subarray(end)])
    }
    case 'repeat': {
      const end = word + 8 * change.words
      return joined([given.subarray(0, end), given.subarray(word, end), given.subarray(end)])
    }
    case 'remove':
      return joined([given.subarray(0, word), given.subarray(word + 8 * change.words)])
    case 'end':
      return given.subarray(0, at)
  }
}

/** Bytes that are a change or two away from valid ones. */
export const nearly = (valid: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array> =>
  fc
    .tuple(valid, fc.array(changes, { minLength: 1, maxLength: 3 }))
    .map(([given, made]) => made.reduce(changed, given))

/** Bytes of any kind: some that look like small integers, and random ones. */
export const anyBytes: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc.uint8Array({ maxLength: 64 }),
  fc.array(fc.oneof(words, fc.bigInt({ min: 0n, max: 12n })), { maxLength: 12 }).map((each) => {
    const view = new DataView(new ArrayBuffer(8 * each.length))
    each.forEach((word, i) => {
      view.setBigUint64(8 * i, word, true)
    })
    return new Uint8Array(view.buffer)
  }),
)

/** Cuts bytes into chunks; often of one byte, sometimes empty. */
export const chunked = (given: Uint8Array, sizes: ReadonlyArray<number>): ReadonlyArray<Uint8Array> => {
  const chunks: Array<Uint8Array> = []
  let at = 0
  for (let i = 0; at < given.length; i++) {
    const size = sizes.length === 0 ? given.length : sizes[i % sizes.length]!
    // Empty chunks alone would never end.
    const taken = size === 0 && i % 2 === 1 ? 1 : size
    chunks.push(given.subarray(at, at + taken))
    at += taken
  }
  return chunks
}

export const chunkSizes: fc.Arbitrary<ReadonlyArray<number>> = fc.array(
  fc.oneof({ weight: 3, arbitrary: fc.constantFrom(1, 2, 7, 8, 9) }, { weight: 1, arbitrary: fc.nat(64) }),
  { minLength: 1, maxLength: 6 },
)

/** The bytes in a larger buffer, with others on both sides. */
export const surrounded = (given: Uint8Array, before: number, after: number): Uint8Array => {
  const room = new Uint8Array(before + given.length + after).fill(0xa5)
  room.set(given, before)
  return room
}
