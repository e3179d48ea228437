import { paddedSize } from '../../bytes/padding.js'
import { narLimits } from '../../grammar/nar-names.js'
import type { NarInput } from './input.js'
import { textAt } from './names.js'
import { object, quote, refuse } from './refusal.js'
import { type Words, wordsAt, wordsOf } from './words.js'

/** Reads words that are complete; false, and nothing is read, if they are incomplete or different. */
export const skipWords = (input: NarInput, words: Words): boolean => {
  const next = input.pos + words.bytes.length
  if (next > input.end || !wordsAt(input.view, input.pos, words)) {
    return false
  }
  input.pos = next
  return true
}

/** The word at `pos`, without reading it; null if bytes are missing. */
export const wordAt = (input: NarInput): string | null => {
  const length = textLength(input, narLimits.tag, 'a word')
  const { bytes, pos } = input
  return length === -1 ? null : textAt(bytes, pos + 8, pos + 8 + length, false)
}

/** The length of the text at `pos`, which must be complete, padding included; -1 if bytes are missing. */
export const textLength = (input: NarInput, limit: number, what: string): number => {
  const { pos, end, view, bytes } = input
  if (lacks(input, 8)) {
    return -1
  }
  const length = view.getUint32(pos, true)
  if (length > limit || view.getUint32(pos + 4, true) !== 0) {
    const actual = `a length of ${view.getBigUint64(pos, true)}`
    const expected = `${what} of at most ${limit} bytes`
    refuse({ tag: 'LimitExceeded', offset: input.offset, expected, actual, maximum: limit })
  }
  const next = pos + paddedSize(length)
  if (next > end) {
    input.need = next - pos
    return -1
  }
  for (let at = pos + 8 + length; at < next; at++) {
    if (bytes[at] !== 0) {
      objectToPadding(input, bytes[at]!, input.base + at, what)
      break
    }
  }
  return length
}

/** Whether the primitive at `pos` has fewer than `need` bytes. */
export const lacks = (input: NarInput, need: number): boolean => {
  input.need = need
  return input.end - input.pos < need
}

/** Rejects the word at `pos`; the first wrong byte is the first with which none of `words` begins. */
export function refuseWord(
  input: NarInput,
  tag: 'UnexpectedValue' | 'UnknownTag',
  expected: string,
  words: ReadonlyArray<string>,
): never {
  const { offset, pos, bytes } = input
  const shared = words.map((word) => sharedPrefix(bytes, pos, wordsOf(word).bytes))
  const actual = quote(wordAt(input) ?? '')
  return refuse({ tag, offset, expected, actual, wrongByte: offset + Math.max(...shared) })
}

export const objectToPadding = (input: NarInput, byte: number, offset: number, what: string): void => {
  const expected = `a zero byte (the padding of ${what})`
  object(input.heard, { tag: 'NonZeroPadding', offset, expected, actual: `0x${byte.toString(16)}` })
}

/** The number of bytes at `at` that agree with `expected`. */
export const sharedPrefix = (bytes: Uint8Array, at: number, expected: Uint8Array): number => {
  const differs = expected.findIndex((byte, i) => bytes[at + i] !== byte)
  return differs === -1 ? expected.length : differs
}
