import type { TextPiece } from '../../../combinators/text-format.js'
import { bytesOutside, codesOf, pairsOutside } from './byte-tables.js'

/** A piece whose text is known. */
export type KnownPiece = Exclude<TextPiece, { readonly _tag: 'storeDir' }>

/** The end of a piece that begins at `at`, or −1 if it does not fit. `view` shows the same bytes. */
export type Step = (bytes: Uint8Array, view: DataView, at: number, end: number) => number

export const stepOf = (piece: KnownPiece): Step => {
  switch (piece._tag) {
    case 'literal':
      return literal(codesOf(piece.text))
    case 'chars':
      return chars(bytesOutside(piece.alphabet), piece.min, piece.max)
    case 'unless':
      return unless(piece.whole.map(codesOf), piece.starts.map(codesOf))
    case 'oneOf':
      return oneOf([...piece.texts].sort((a, b) => b.length - a.length).map(codesOf))
    case 'base64':
      return base64()
  }
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
  (bytes, _, at, end) =>
    startsWith(bytes, at, end, text) ? at + text.length : -1

const chars =
  (outside: Uint8Array, min: number, max: number): Step =>
  (bytes, _, at, end) => {
    const stop = end - at > max ? at + max : end
    let pos = at
    while (pos < stop && outside[bytes[pos]!] === 0) {
      pos++
    }
    return pos - at < min ? -1 : pos
  }

const unless =
  (whole: ReadonlyArray<Uint8Array>, starts: ReadonlyArray<Uint8Array>): Step =>
  (bytes, _, at, end) =>
    whole.some((text) => end - at === text.length && startsWith(bytes, at, end, text)) ||
    starts.some((text) => startsWith(bytes, at, end, text))
      ? -1
      : at

const oneOf =
  (texts: ReadonlyArray<Uint8Array>): Step =>
  (bytes, _, at, end) => {
    for (const text of texts) {
      if (startsWith(bytes, at, end, text)) {
        return at + text.length
      }
    }
    return -1
  }

const base64Digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
// In the last digit only some bits count; the others are zero.
const lastOfTwo = bytesOutside('AQgw')
const lastOfThree = bytesOutside('AEIMQUYcgkosw048')
const outsideBase64 = bytesOutside(base64Digits)
const equals = 0x3d

/** Groups of four; in the last one the padding, with its unused bits zero. */
const base64 = (): Step => {
  const pairsOutsideBase64 = pairsOutside(base64Digits)
  return (bytes, view, at, end) => {
    const length = end - at
    if (length === 0 || length % 4 !== 0) {
      return -1
    }
    let bad = 0
    for (let pos = at; pos < end - 4; pos += 2) {
      bad |= pairsOutsideBase64[view.getUint16(pos, true)]!
    }
    const [second, third, fourth] = [bytes[end - 3]!, bytes[end - 2]!, bytes[end - 1]!]
    bad |= outsideBase64[bytes[end - 4]!]!
    if (fourth !== equals) {
      bad |= outsideBase64[second]! | outsideBase64[third]! | outsideBase64[fourth]!
    } else {
      bad |= third === equals ? lastOfTwo[second]! : outsideBase64[second]! | lastOfThree[third]!
    }
    return bad === 0 ? end : -1
  }
}
