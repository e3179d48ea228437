import fc from 'fast-check'
import type { Protocol } from '../../combinators/protocol.js'
import type { TextPiece } from '../../combinators/text-format.js'
import { anyText } from '../support/any-text.js'

/** The interpreters of patterns the tests compare with: nothing is shared with those of the library. */

const escaped = (text: string): string =>
  [...text].map((c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')

const any = '[\\s\\S]'
const sextet = '[A-Za-z0-9+/]'

const pieceSource = (piece: TextPiece, { storeDir }: Protocol): string => {
  switch (piece._tag) {
    case 'literal':
      return escaped(piece.text)
    case 'storeDir':
      return escaped(storeDir)
    case 'chars':
      return `[${escaped(piece.alphabet)}]{${piece.min},${piece.max}}`
    case 'unless':
      return `${piece.whole.map((t) => `(?!${escaped(t)}$)`).join('')}${piece.starts.map((t) => `(?!${escaped(t)})`).join('')}`
    case 'oneOf':
      return `(?:${piece.texts.map(escaped).join('|')})`
    case 'base64':
      return `(?=${any})(?:${sextet}{4})*(?:${sextet}[AQgw]==|${sextet}{2}[AEIMQUYcgkosw048]=)?`
  }
}

/** The same language as a pattern's, as a regular expression. Goes back where a pattern would not. */
export const regexpOf = (pattern: ReadonlyArray<TextPiece>, protocol: Protocol): RegExp =>
  new RegExp(`^${pattern.map((piece) => pieceSource(piece, protocol)).join('')}$`)

const pieceArbitrary = (piece: TextPiece, { storeDir }: Protocol): fc.Arbitrary<string> => {
  switch (piece._tag) {
    case 'literal':
      return fc.constant(piece.text)
    case 'storeDir':
      return fc.constant(storeDir)
    case 'chars':
      return fc.string({
        unit: fc.constantFrom(...piece.alphabet),
        minLength: piece.min,
        maxLength: Math.min(piece.max, 300),
      })
    case 'unless':
      return fc.constant('')
    case 'oneOf':
      return fc.constantFrom(...piece.texts)
    case 'base64':
      return fc
        .uint8Array({ minLength: 1, maxLength: 70 })
        .map((bytes) => Buffer.from(bytes).toString('base64'))
  }
}

/** Texts of a pattern. */
export const arbitraryOf = (pattern: ReadonlyArray<TextPiece>, protocol: Protocol): fc.Arbitrary<string> => {
  const whole = regexpOf(pattern, protocol)
  return fc
    .tuple(...pattern.map((piece) => pieceArbitrary(piece, protocol)))
    .map((parts) => parts.join(''))
    .filter((text) => whole.test(text))
}

/** Texts that are a step or two away from those of a pattern, and other ones. */
export const nearTexts = (pattern: ReadonlyArray<TextPiece>, protocol: Protocol): fc.Arbitrary<string> => {
  const character = fc.oneof(
    fc.constantFrom(...'.-/:=+!*,eotu09azAZ\n\0'),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
  )
  const edited = fc
    .tuple(arbitraryOf(pattern, protocol), fc.nat(), fc.nat(2), fc.array(character, { maxLength: 2 }))
    .map(([text, place, removed, added]) => {
      const at = place % (text.length + 1)
      return text.slice(0, at) + added.join('') + text.slice(at + removed)
    })
  return fc.oneof({ weight: 4, arbitrary: edited }, { weight: 1, arbitrary: anyText() })
}
