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
 * Orders texts by their bytes, which is not the order of JavaScript's `<`: surrogates stand for what is above U+FFFF,
 * and a lone one of U+DC80 to U+DCFF for a byte that is not UTF-8.
 */
export const compareTexts = (a: string, b: string): number => {
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

// One character has at most 4 bytes, and so many bytes come of at most 8 units.
const mostUnits = 8
const mostBytes = 4

/** Compares from the first unit that differs: a byte that is not UTF-8 may begin as a character does. */
const compareFrom = (at: number, a: string, b: string): number => {
  const before = at === 0 ? 0 : a.charCodeAt(at - 1)
  const start = before >= 0xd800 && before <= 0xdbff ? at - 1 : at
  const first = (text: string): Uint8Array =>
    encodeEscaped(text.slice(start, start + mostUnits)).subarray(0, mostBytes)
  return compareBytes(first(a), first(b)) || compareBytes(encodeEscaped(a), encodeEscaped(b))
}
