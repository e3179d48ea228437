import { encodeEscaped } from './escaped.js'

/** Orders bytes as numbers; a prefix comes first. */
export const compareBytes = (a: Uint8Array, b: Uint8Array): number => {
  const shorter = Math.min(a.length, b.length)
  for (let i = 0; i < shorter; i++) {
    if (a[i] !== b[i]) {
      return a[i]! - b[i]!
    }
  }
  return a.length - b.length
}

/**
 * Orders texts by their bytes. JavaScript's `<` orders differently: surrogates encode characters above U+FFFF, and a
 * lone one of U+DC80 to U+DCFF a byte that is not UTF-8.
 */
export const compareTexts = (a: string, b: string): number => {
  if (a === b) {
    return 0
  }
  return surrogates.test(a) || surrogates.test(b) ? compareUnits(a, b) : a < b ? -1 : 1
}

// V8 looks for none in a text of one byte a character. `charCodeAt` is slow where many kinds of strings have passed.
const surrogates = /[\ud800-\udfff]/

const compareUnits = (a: string, b: string): number => {
  const shorter = Math.min(a.length, b.length)
  for (let i = 0; i < shorter; i++) {
    const x = a.charCodeAt(i)
    const y = b.charCodeAt(i)
    if (x !== y) {
      return isSurrogate(x) || isSurrogate(y) ? compareFrom(i, a, b) : x - y
    }
  }
  return a.length - b.length
}

const isSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdfff

// A character has at most 4 bytes, and that many escaped bytes take at most 8 units.
const mostUnits = 8
const mostBytes = 4

/**
 * Compares from the first unit that differs: a byte that is not UTF-8 may be the first byte of a character.
 */
const compareFrom = (at: number, a: string, b: string): number => {
  const before = at === 0 ? 0 : a.charCodeAt(at - 1)
  const start = before >= 0xd800 && before <= 0xdbff ? at - 1 : at
  const first = (text: string): Uint8Array =>
    encodeEscaped(text.slice(start, start + mostUnits)).subarray(0, mostBytes)
  return compareBytes(first(a), first(b)) || compareBytes(encodeEscaped(a), encodeEscaped(b))
}
