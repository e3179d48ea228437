import { type Either, left, right } from 'fp-ts/lib/Either.js'
import type { TextIssue } from '../combinators/text-format.js'
import { issueAtIndex } from './text-parser.js'

/** The 32 symbols of nix32: digits and lower-case letters without `e`, `o`, `t` and `u`. */
export const nix32Alphabet = '0123456789abcdfghijklmnpqrsvwxyz'
export const base16Alphabet = '0123456789abcdef'
const base64Alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

const none = 0xff

/** From a character code to what the character stands for. */
const digits = (alphabet: string): Uint8Array => {
  const values = new Uint8Array(128).fill(none)
  for (let i = 0; i < alphabet.length; i++) values[alphabet.charCodeAt(i)] = i
  return values
}

const base16Digits = digits(base16Alphabet)
for (let i = 10; i < 16; i++) base16Digits['A'.charCodeAt(0) + i - 10] = i
const nix32Digits = digits(nix32Alphabet)
const base64Digits = digits(base64Alphabet)

const digitAt = (values: Uint8Array, text: string, index: number): number =>
  values[text.charCodeAt(index)] ?? none

const bad = (text: string, index: number, expected: string): Either<TextIssue, never> =>
  left(issueAtIndex(text, index, expected))

/** How many symbols so many bytes take. */
export const base16Length = (bytes: number): number => bytes * 2
export const nix32Length = (bytes: number): number => Math.ceil((bytes * 8) / 5)
export const base64Length = (bytes: number): number => Math.ceil(bytes / 3) * 4

/**
 * Lower-case hexadecimal.
 *
 * ```ts
 * import { toBase16 } from 'nix-wire/types'
 *
 * toBase16(Uint8Array.of(0x15, 0xe3)) // => '15e3'
 * ```
 *
 * Source: serialization spec, HashDigest.
 */
export const toBase16 = (bytes: Uint8Array): string => {
  let text = ''
  for (const byte of bytes) text += base16Alphabet.charAt(byte >> 4) + base16Alphabet.charAt(byte & 15)
  return text
}

/** Reads hexadecimal, upper or lower case. Issues: another character, an odd count. */
export const fromBase16 = (text: string): Either<TextIssue, Uint8Array> => {
  const bytes = new Uint8Array(text.length >> 1)
  for (let i = 0; i < text.length; i++) {
    const digit = digitAt(base16Digits, text, i)
    if (digit === none) return bad(text, i, 'a base16 digit (0-9 a-f)')
    if (i >> 1 < bytes.length) bytes[i >> 1] = ((bytes[i >> 1] ?? 0) << 4) | digit
  }
  return text.length % 2 === 0 ? right(bytes) : bad(text, text.length, 'a base16 digit (0-9 a-f)')
}

/**
 * Nix's own base 32: the bytes are taken from the last to the first, and their bits from the least significant
 * up; the first symbol holds the bits that are left over.
 *
 * ```ts
 * import { toNix32 } from 'nix-wire/types'
 *
 * toNix32(Uint8Array.of(0x1f, 0x80)) // => '100z'
 * ```
 *
 * Source: the reference implementation; the specification names only the alphabet.
 */
export const toNix32 = (bytes: Uint8Array): string => {
  let text = ''
  for (let symbol = nix32Length(bytes.length) - 1; symbol >= 0; symbol--) {
    const byte = Math.floor((symbol * 5) / 8)
    const bits = ((bytes[byte] ?? 0) | ((bytes[byte + 1] ?? 0) << 8)) >> ((symbol * 5) % 8)
    text += nix32Alphabet.charAt(bits & 31)
  }
  return text
}

/**
 * Reads nix32. Issues: another character (upper case included), a count of symbols that no count of bytes has,
 * a first symbol with bits that are not used.
 */
export const fromNix32 = (text: string): Either<TextIssue, Uint8Array> => {
  const bytes = new Uint8Array(Math.floor((text.length * 5) / 8))
  let unused = 0
  for (let i = 0; i < text.length; i++) {
    const digit = digitAt(nix32Digits, text, i)
    if (digit === none) return bad(text, i, 'a nix32 symbol (0-9 a-z without e o t u)')
    const bit = (text.length - 1 - i) * 5
    const byte = bit >> 3
    const bits = digit << (bit & 7)
    if (byte < bytes.length) bytes[byte] = (bytes[byte] ?? 0) | (bits & 0xff)
    if (byte + 1 < bytes.length) bytes[byte + 1] = (bytes[byte + 1] ?? 0) | (bits >> 8)
    else unused |= bits >> 8
  }
  if (nix32Length(bytes.length) !== text.length) {
    return bad(text, text.length, `${nix32Length(bytes.length + 1)} nix32 symbols`)
  }
  // Only the first symbol has bits to spare, and it is judged when all others are symbols at all.
  return unused === 0 ? right(bytes) : bad(text, 0, 'unused high bits to be zero')
}

/**
 * Base64 with its padding.
 *
 * ```ts
 * import { toBase64 } from 'nix-wire/types'
 *
 * toBase64(Uint8Array.of(0x15, 0xe3)) // => 'FeM='
 * ```
 *
 * Source: serialization spec, Signature.
 */
export const toBase64 = (bytes: Uint8Array): string => {
  let text = ''
  for (let i = 0; i < bytes.length; i += 3) {
    const bits = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0)
    text += base64Alphabet.charAt(bits >> 18) + base64Alphabet.charAt((bits >> 12) & 63)
    text += i + 1 < bytes.length ? base64Alphabet.charAt((bits >> 6) & 63) : '='
    text += i + 2 < bytes.length ? base64Alphabet.charAt(bits & 63) : '='
  }
  return text
}

/**
 * Reads base64 as leniently as the reference implementation: newlines are skipped, everything from the first `=`
 * on is ignored, and so are bits that do not fill a byte. So several texts stand for the same bytes.
 *
 * Issues: a character that is neither of the alphabet nor a newline.
 */
export const fromBase64 = (text: string): Either<TextIssue, Uint8Array> => {
  const padding = text.indexOf('=')
  const end = padding < 0 ? text.length : padding
  const bytes = new Uint8Array((end * 6) >> 3)
  let length = 0
  let bits = 0
  let count = 0
  for (let i = 0; i < end; i++) {
    if (text.charCodeAt(i) === 10) continue
    const digit = digitAt(base64Digits, text, i)
    if (digit === none) return bad(text, i, 'a base64 character (A-Z a-z 0-9 + /)')
    bits = ((bits << 6) | digit) & 0xfff
    count += 6
    if (count >= 8) {
      count -= 8
      bytes[length++] = (bits >> count) & 0xff
    }
  }
  return right(bytes.slice(0, length))
}

/** Whether a text is what {@link toBase64} writes for some bytes. */
export const isCanonicalBase64 = (text: string): boolean => {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0
  const length = text.length - padding
  if (text.length % 4 !== 0) return false
  for (let i = 0; i < length; i++) if (digitAt(base64Digits, text, i) === none) return false
  const stray = padding === 0 ? 0 : padding === 1 ? 3 : 15
  return (digitAt(base64Digits, text, length - 1) & stray) === 0
}
