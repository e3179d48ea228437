import { isCanonicalBase64 } from '../bytes/base64.js'
import type { Protocol } from '../combinators/protocol.js'
import type { TextPiece } from '../combinators/text-format.js'

/** The end of the part of a text that a piece matches from a place on; -1 if it does not fit. */
type Piece = (text: string, at: number, protocol: Protocol) => number

const literalPiece =
  (expected: string): Piece =>
  (text, at) =>
    text.startsWith(expected, at) ? at + expected.length : -1

const charsPiece = (alphabet: string, min: number, max: number): Piece => {
  const allowed = new Uint8Array(128)
  for (const character of alphabet) allowed[character.charCodeAt(0)] = 1
  return (text, at) => {
    const limit = Math.min(text.length, at + max)
    let next = at
    while (next < limit && allowed[text.charCodeAt(next)] === 1) next++
    return next - at < min ? -1 : next
  }
}

const compilePiece = (piece: TextPiece): Piece => {
  switch (piece._tag) {
    case 'literal':
      return literalPiece(piece.text)
    case 'storeDir':
      return (text, at, { storeDir }) => (text.startsWith(storeDir, at) ? at + storeDir.length : -1)
    case 'chars':
      return charsPiece(piece.alphabet, piece.min, piece.max)
    case 'unless':
      return (text, at) =>
        piece.whole.some((whole) => text.length - at === whole.length && text.startsWith(whole, at)) ||
        piece.starts.some((start) => text.startsWith(start, at))
          ? -1
          : at
    case 'oneOf': {
      const longestFirst = [...piece.texts].sort((a, b) => b.length - a.length).map(literalPiece)
      return (text, at, protocol) => {
        for (const one of longestFirst) {
          const next = one(text, at, protocol)
          if (next >= 0) return next
        }
        return -1
      }
    }
    case 'base64':
      return (text, at) => (at < text.length && isCanonicalBase64(text.slice(at)) ? text.length : -1)
  }
}

/**
 * Whether a text has a canonical form, given as data. Much cheaper than the text grammar, which decides about all texts
 * and explains the issues.
 */
export const recogniser = (
  pattern: ReadonlyArray<TextPiece>,
): ((text: string, protocol: Protocol) => boolean) => {
  const pieces = pattern.map(compilePiece)
  return (text, protocol) => {
    let at = 0
    for (const piece of pieces) {
      at = piece(text, at, protocol)
      if (at < 0) return false
    }
    return at === text.length
  }
}
