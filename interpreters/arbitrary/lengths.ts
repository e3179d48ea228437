import fc from 'fast-check'
import { encodeBase64 } from '../../bytes/base64.js'
import { edged } from './edged.js'
import { crowds } from './growth.js'

/** The longest length that is made. */
const most = 65537

/** Common sizes of buffers; the shorter ones come more often. */
const powers = [256, 256, 256, 1024, 1024, 4096, 65536]

/** Lengths near powers of two, and the limit. They shrink to any length. */
const lengths = (least: number, limit: number): fc.Arbitrary<number> => {
  const max = Math.min(limit, most)
  const near = powers.flatMap((power) => [power - 1, power, power + 1])
  const edges = [...near, ...(limit <= most ? [limit] : [])].filter((each) => each >= least && each <= max)
  return edged(fc.integer({ min: least, max }), edges, 1)
}

const lengthOf = (text: unknown, character: string): number => {
  if (typeof text === 'string' && text === character.repeat(text.length)) {
    return text.length
  }
  throw new TypeError('not one character again and again')
}

/** Long texts of one character. */
export const longTexts = (character: string, limit: number, least = 0): fc.Arbitrary<string> =>
  lengths(Math.min(least, limit), limit).map(
    (length) => character.repeat(length),
    (text) => lengthOf(text, character),
  )

const filler = 0xa5

export const longBytes = (limit: number): fc.Arbitrary<Uint8Array> =>
  lengths(0, limit).map(
    (length) => new Uint8Array(length).fill(filler),
    (bytes) => {
      if (bytes instanceof Uint8Array && bytes.every((byte) => byte === filler)) {
        return bytes.length
      }
      throw new TypeError('not one byte again and again')
    },
  )

/** Base64 of many bytes. */
export const longBase64: fc.Arbitrary<string> = longBytes(4097)
  .filter((bytes) => bytes.length > 0)
  .map(encodeBase64)

/** The usual numbers of items, and some that exceed a fixed array, or a count of one byte. */
const counts: ReadonlyArray<readonly [weight: number, min: number, max: number]> = [
  [4, 9, 20],
  [2, 31, 65],
  [1, 127, 129],
  [1, 255, 257],
]

/** Lists of more items than usual; null if the limit does not allow that many. */
export const manyItems = <A>(item: fc.Arbitrary<A>, limit: number): fc.Arbitrary<ReadonlyArray<A>> | null => {
  const fitting = counts.filter(([, min]) => min <= limit)
  return fitting.length === 0
    ? null
    : fc.oneof(
        ...fitting.map(([weight, min, max]) => ({
          weight,
          arbitrary: crowds(item, min, Math.min(max, limit)),
        })),
      )
}
