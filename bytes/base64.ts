import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { strings } from './strings.js'

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const none = 0xff

const values = new Uint8Array(128).fill(none)
for (let value = 0; value < alphabet.length; value++) {
  values[alphabet.charCodeAt(value)] = value
}

const valueAt = (text: string, index: number): number => values[text.charCodeAt(index)] ?? none

/** The number of symbols for that many bytes. */
export const base64Length = (bytes: number): number => Math.ceil(bytes / 3) * 4

/** Base64 with padding. */
export const encodeBase64 = (bytes: Uint8Array): string => btoa(strings.fromLatin1(bytes))

const newline = 10

/**
 * The bytes of base64, read leniently: newlines are skipped, everything from the first `=` on is ignored, and so are
 * bits that do not fill a byte. Left: the index of an invalid symbol.
 */
export const decodeBase64 = (text: string): Either<number, Uint8Array> => {
  const padding = text.indexOf('=')
  const end = padding < 0 ? text.length : padding
  const bytes = new Uint8Array((end * 6) >> 3)
  let length = 0
  let bits = 0
  let count = 0
  for (let i = 0; i < end; i++) {
    const value = valueAt(text, i)
    if (value === none) {
      if (text.charCodeAt(i) === newline) {
        continue
      }
      return left(i)
    }
    bits = ((bits << 6) | value) & 0xfff
    count += 6
    if (count >= 8) {
      count -= 8
      bytes[length++] = (bits >> count) & 0xff
    }
  }
  return right(bytes.slice(0, length))
}

/** Whether {@link encodeBase64} would write this text for some bytes. */
export const isCanonicalBase64 = (text: string): boolean => {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0
  const length = text.length - padding
  if (text.length % 4 !== 0) {
    return false
  }
  for (let i = 0; i < length; i++) {
    if (valueAt(text, i) === none) {
      return false
    }
  }
  const stray = padding === 0 ? 0 : padding === 1 ? 3 : 15
  return (valueAt(text, length - 1) & stray) === 0
}
