import { type Either, left, mapLeft, right } from 'fp-ts/lib/Either.js'
import { decodeBase64, encodeBase64 } from '../bytes/base64.js'
import { expectBytes } from '../bytes/byte-array.js'
import { hexOf } from '../bytes/hex.js'
import { expectText } from '../combinators/expect.js'
import type { TextIssue } from '../combinators/text-format.js'
import { issueAtIndex } from './text-parser.js'

/** The 32 symbols of nix32: digits and lower-case letters without `e`, `o`, `t` and `u`. */
export const nix32Alphabet = '0123456789abcdfghijklmnpqrsvwxyz'
export const base16Alphabet = '0123456789abcdef'

const none = 0xff

/** The value of each character code. */
const digits = (alphabet: string): Uint8Array => {
  const values = new Uint8Array(128).fill(none)
  for (let i = 0; i < alphabet.length; i++) values[alphabet.charCodeAt(i)] = i
  return values
}

const base16Digits = digits(base16Alphabet)
for (let i = 10; i < 16; i++) base16Digits['A'.charCodeAt(0) + i - 10] = i
const nix32Digits = digits(nix32Alphabet)

const digitAt = (values: Uint8Array, text: string, index: number): number =>
  values[text.charCodeAt(index)] ?? none

const bad = (text: string, index: number, expected: string): Either<TextIssue, never> =>
  left(issueAtIndex(text, index, expected))

/** The number of symbols for that many bytes. */
export const base16Length = (bytes: number): number => bytes * 2
export const nix32Length = (bytes: number): number => Math.ceil((bytes * 8) / 5)

/**
 * Encodes bytes as lower-case hexadecimal.
 *
 * ```ts
 * import { toBase16 } from 'nix-wire/types'
 *
 * toBase16(Uint8Array.of(0x15, 0xe3)) // => '15e3'
 * ```
 *
 * Source: serialization spec, HashDigest.
 */
export const toBase16 = (bytes: Uint8Array): string => hexOf(bytes)

/** Decodes hexadecimal, upper or lower case. Issues: another character, an odd number of digits. */
export const fromBase16 = (text: string): Either<TextIssue, Uint8Array> => {
  expectText('base16', text)
  const bytes = new Uint8Array(text.length >> 1)
  for (let i = 0; i < text.length; i++) {
    const digit = digitAt(base16Digits, text, i)
    if (digit === none) return bad(text, i, 'a base16 digit (0-9 a-f)')
    if (i >> 1 < bytes.length) bytes[i >> 1] = ((bytes[i >> 1] ?? 0) << 4) | digit
  }
  return text.length % 2 === 0 ? right(bytes) : bad(text, text.length, 'a base16 digit (0-9 a-f)')
}

/**
 * Encodes bytes in Nix's own base 32. The bytes are taken from the last to the first, their bits from the most
 * significant down; the first symbol has the bits that are left over.
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
  expectBytes('what toNix32 takes', bytes)
  let text = ''
  for (let symbol = nix32Length(bytes.length) - 1; symbol >= 0; symbol--) {
    const byte = Math.floor((symbol * 5) / 8)
    const bits = ((bytes[byte] ?? 0) | ((bytes[byte + 1] ?? 0) << 8)) >> ((symbol * 5) % 8)
    text += nix32Alphabet.charAt(bits & 31)
  }
  return text
}

/**
 * Decodes nix32. Issues: another character (upper case included), a number of symbols that no number of bytes gives,
 * unused bits of the first symbol that are not zero.
 */
export const fromNix32 = (text: string): Either<TextIssue, Uint8Array> => {
  expectText('nix32', text)
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
  // Only the first symbol has unused bits, and they are checked after all symbols are.
  return unused === 0 ? right(bytes) : bad(text, 0, 'unused high bits to be zero')
}

/**
 * Encodes bytes in base64, with padding.
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
  expectBytes('what toBase64 takes', bytes)
  return encodeBase64(bytes)
}

/**
 * Decodes base64 as leniently as the reference implementation: newlines are skipped, everything from the first `=` on
 * is ignored, and so are bits that do not fill a byte. So several texts stand for the same bytes.
 *
 * Issues: a character that is neither in the alphabet nor a newline.
 */
export const fromBase64 = (text: string): Either<TextIssue, Uint8Array> => {
  expectText('base64', text)
  const issue = (index: number) => issueAtIndex(text, index, 'a base64 character (A-Z a-z 0-9 + /)')
  return mapLeft(issue)(decodeBase64(text))
}
