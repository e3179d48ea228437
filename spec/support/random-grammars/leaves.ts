import fc from 'fast-check'
import { left, right } from 'fp-ts/lib/Either.js'
import {
  bool32,
  bool64,
  enumOf,
  escapedText,
  flagsOf,
  i8,
  i16,
  i32,
  i64,
  imap,
  intUpTo,
  limited,
  lowBits,
  openEnumOf,
  optional,
  optionalEnumOf,
  paddedBytes,
  pure,
  rawBytes,
  refine,
  restBytes,
  size,
  strictBool,
  text,
  u8,
  u32,
  u63,
  u64,
  utf8,
} from '../../../combinators/index.js'
import { DerivedPath, HashAlgorithm, NARHash, Path, StorePath, StorePathName } from '../../../types/index.js'
import { caseNames, oddNames } from './names.js'
import { leaf, type Word } from './word.js'

const formats = { DerivedPath, HashAlgorithm, NARHash, Path, StorePath, StorePathName }

const integers: ReadonlyArray<Word> = [
  () => leaf('u64', () => u64),
  () => leaf('u63', () => u63),
  () => leaf('u32', () => u32),
  () => leaf('u8', () => u8),
  () => leaf('size', () => size),
  (draw) => {
    const most = draw.one([0, 1, 2, 3, 100, 2 ** 32, 2 ** 53 - 1])
    return leaf(`intUpTo(${most})`, () => intUpTo(most))
  },
  (draw) => {
    const bits = draw.one([1, 2, 16, 32])
    return leaf(`lowBits(${bits})`, () => lowBits(bits))
  },
]

/** Combinators without parts. */
export const leaves: ReadonlyArray<Word> = [
  ...integers,
  () => leaf('i64', () => i64),
  (draw) => draw.one([leaf('i32', () => i32), leaf('i16', () => i16), leaf('i8', () => i8)]),
  (draw) =>
    draw.one([
      leaf('strictBool', () => strictBool),
      leaf('bool32', () => bool32),
      leaf('bool64', () => bool64),
    ]),
  (draw) => {
    const names = draw.some(oddNames, 0, 3)
    const masks = Object.fromEntries(names.map((name, i) => [name, 2 ** i]))
    const masksOf64 = Object.fromEntries(names.map((name, i) => [name, 2n ** BigInt(63 - i)]))
    return draw.one([
      leaf(`flagsOf(u8, ${JSON.stringify(masks)})`, () => flagsOf(u8, masks)),
      leaf(`flagsOf(u64, the highest: ${JSON.stringify(names)})`, () => flagsOf(u64, masksOf64)),
      leaf(`flagsOf(lowBits(2), ${JSON.stringify(masks)})`, () => flagsOf(lowBits(2), masks)),
    ])
  },
  (draw) => {
    const names = draw.some(caseNames, 1, 3)
    const numbers = Object.fromEntries(names.map((name, i) => [name, i]))
    const words = Object.fromEntries(names.map((name, i) => [name, ['', 'é', 'long enough'][i]!]))
    return draw.one([
      leaf(`enumOf(u8, ${JSON.stringify(numbers)})`, () => enumOf(u8, numbers)),
      leaf(`enumOf(utf8, ${JSON.stringify(words)})`, () => enumOf(utf8, words)),
      leaf(`enumOf(escapedText, ${JSON.stringify(words)})`, () => enumOf(escapedText, words)),
      leaf(`openEnumOf(u32, ${JSON.stringify(numbers)})`, () => openEnumOf(u32, numbers)),
      leaf(`openEnumOf(lowBits(16), ${JSON.stringify(numbers)})`, () => openEnumOf(lowBits(16), numbers)),
      leaf(`optionalEnumOf(u8, 9, ${JSON.stringify(numbers)})`, () => optionalEnumOf(u8, 9, numbers)),
    ])
  },
  () => leaf('utf8', () => utf8),
  () => leaf('escapedText', () => escapedText),
  (draw) => {
    const limit = draw.below(12)
    return draw.one([
      leaf(`limited(${limit}, utf8)`, () => limited(limit, utf8)),
      leaf(`limited(${limit}, escapedText)`, () => limited(limit, escapedText)),
      leaf(`limited(${limit}, paddedBytes)`, () => limited(limit, paddedBytes)),
    ])
  },
  (draw) => {
    const [name, { format }] = draw.one(Object.entries(formats))
    const shown = `text(${name}.format)`
    // The type of its values does not matter here.
    const any = format as typeof StorePath.format
    return draw.one([leaf(shown, () => text(any)), leaf(`optional(${shown})`, () => optional(text(any)))])
  },
  () =>
    leaf('optional(refine(utf8, not empty))', () =>
      optional(refine(utf8, 'a text that is not empty', (each) => each.length > 0)),
    ),
  () => leaf('paddedBytes', () => paddedBytes),
  (draw) => {
    const length = draw.one([0, 1, 4, 8, 13])
    return leaf(`rawBytes(${length})`, () => rawBytes(length))
  },
  (draw) => {
    const value = draw.one<unknown>([7, 7n, 'x', '', false, null, [], [1n, 'x'], { a: 1 }])
    return leaf(`pure(${fc.stringify(value)})`, () => pure(value))
  },
  () =>
    leaf('imap(u64 as digits, string)', () =>
      imap(
        u64,
        (n) => right(String(n)),
        (digits: string) =>
          /^(0|[1-9][0-9]{0,19})$/.test(digits) ? right(BigInt(digits)) : left('decimal digits'),
        { json: 'string' },
      ),
    ),
  () =>
    leaf('imap(u8 as minus)', () =>
      imap(
        u8,
        (n) => right(-n),
        (n: number) => (typeof n === 'number' && n <= 0 ? right(0 - n) : left('a number below 1')),
        { json: 'number' },
      ),
    ),
  () => leaf('refine(u32, even)', () => refine(u32, 'an even number', (n) => n % 2 === 0)),
]

/** The same, reading to the end of the message. */
export const leavesToEnd: ReadonlyArray<Word> = [
  () => leaf('restBytes', () => restBytes),
  (draw) => {
    const limit = draw.below(12)
    return leaf(`limited(${limit}, restBytes)`, () => limited(limit, restBytes))
  },
]
