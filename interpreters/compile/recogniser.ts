import type { Protocol } from '../../combinators/protocol.js'
import type { TextPiece } from '../../combinators/text-format.js'

/**
 * Whether `bytes[start, end)` is a text of the pattern. What it takes is ASCII, so that no further check is needed
 * before the string is made.
 */
export type Recogniser = (bytes: Uint8Array, start: number, end: number) => boolean

/** One step of a recogniser: where the piece ends, or −1 where it does not fit. */
type Step = (bytes: Uint8Array, at: number, end: number) => number

/** Makes a recogniser from a pattern. */
export const recogniser = (pattern: ReadonlyArray<TextPiece>, protocol: Protocol): Recogniser => {
  const steps = pattern.map((piece) => step(piece, protocol))
  return (bytes, start, end) => {
    let at = start
    for (let i = 0; i < steps.length && at >= 0; i++) {
      at = steps[i]!(bytes, at, end)
    }
    return at === end
  }
}

const step = (piece: TextPiece, protocol: Protocol): Step => {
  switch (piece._tag) {
    case 'literal':
      return literal(codes(piece.text))
    case 'storeDir':
      return literal(codes(protocol.storeDir))
    case 'chars':
      return chars(classOf(piece.alphabet), piece.min, piece.max)
    case 'unless':
      return unless(piece.whole.map(codes), piece.starts.map(codes))
    case 'oneOf':
      return oneOf([...piece.texts].sort((a, b) => b.length - a.length).map(codes))
    case 'base64':
      return base64
  }
}

const codes = (text: string): Uint8Array => new TextEncoder().encode(text)

/** A table with a 1 for each byte of the alphabet. */
const classOf = (alphabet: string): Uint8Array => {
  const table = new Uint8Array(256)
  for (const code of codes(alphabet)) {
    table[code] = 1
  }
  return table
}

const startsWith = (bytes: Uint8Array, at: number, end: number, text: Uint8Array): boolean => {
  if (end - at < text.length) {
    return false
  }
  for (let i = 0; i < text.length; i++) {
    if (bytes[at + i] !== text[i]) {
      return false
    }
  }
  return true
}

const literal =
  (text: Uint8Array): Step =>
  (bytes, at, end) =>
    startsWith(bytes, at, end, text) ? at + text.length : -1

const chars =
  (table: Uint8Array, min: number, max: number): Step =>
  (bytes, at, end) => {
    const stop = end - at > max ? at + max : end
    let pos = at
    while (pos < stop && table[bytes[pos]!] === 1) {
      pos++
    }
    return pos - at < min ? -1 : pos
  }

const unless =
  (whole: ReadonlyArray<Uint8Array>, starts: ReadonlyArray<Uint8Array>): Step =>
  (bytes, at, end) =>
    whole.some((text) => end - at === text.length && startsWith(bytes, at, end, text)) ||
    starts.some((text) => startsWith(bytes, at, end, text))
      ? -1
      : at

const oneOf =
  (texts: ReadonlyArray<Uint8Array>): Step =>
  (bytes, at, end) => {
    for (const text of texts) {
      if (startsWith(bytes, at, end, text)) {
        return at + text.length
      }
    }
    return -1
  }

const base64Values = new Uint8Array(256).fill(64)
codes('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/').forEach((code, value) => {
  base64Values[code] = value
})
const equals = 0x3d

/** Groups of four; in the last one the padding, and no bits set that stand for nothing. */
const base64: Step = (bytes, at, end) => {
  const length = end - at
  if (length === 0 || length % 4 !== 0) {
    return -1
  }
  const padding = bytes[end - 1] !== equals ? 0 : bytes[end - 2] !== equals ? 1 : 2
  const last = end - padding
  for (let pos = at; pos < last; pos++) {
    if (base64Values[bytes[pos]!] === 64) {
      return -1
    }
  }
  const stray = padding === 0 ? 0 : padding === 1 ? 3 : 15
  return (base64Values[bytes[last - 1]!]! & stray) === 0 ? end : -1
}
