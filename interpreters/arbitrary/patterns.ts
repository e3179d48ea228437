import fc from 'fast-check'
import { encodeBase64 } from '../../bytes/base64.js'
import type { Protocol } from '../../combinators/protocol.js'
import type { TextPiece } from '../../combinators/text-format.js'
import { edged, textsOf } from './edged.js'
import { type Growth, growing } from './growth.js'
import { longBase64, longTexts } from './lengths.js'

/** The most characters of one piece, whatever the pattern allows. */
const mostCharacters = 300
/** Pieces that allow fewer characters than this are never large. */
const longest = 100

/** One character of an alphabet; shrinks towards the first. */
const characterIn = (alphabet: string): fc.Arbitrary<string> =>
  fc.nat(alphabet.length - 1).map(
    (index) => alphabet[index]!,
    (character) => indexIn(alphabet, character),
  )

const indexIn = (alphabet: string, character: unknown): number => {
  const index = typeof character === 'string' && character.length === 1 ? alphabet.indexOf(character) : -1
  if (index < 0) {
    throw new TypeError('not a character of the alphabet')
  }
  return index
}

/** `min` to `max` characters of an alphabet; sometimes as many as allowed. */
const charactersIn = (alphabet: string, min: number, max: number, growth: Growth): fc.Arbitrary<string> => {
  const most = Math.max(min, Math.min(max, mostCharacters))
  const texts = textsOf(characterIn(alphabet), { minLength: min, maxLength: most })
  const edges = [alphabet[0]!.repeat(most), alphabet.at(-1)!.repeat(most), alphabet.at(-1)!.repeat(min)]
  const usual = edged(texts, edges, 12)
  return max < longest ? usual : growing(growth, 'text', usual, () => longTexts(alphabet[0]!, max, min))
}

const base64 = fc.uint8Array({ minLength: 1, maxLength: 70 }).map(encodeBase64)

const pieceTexts = (piece: TextPiece, { storeDir }: Protocol, growth: Growth): fc.Arbitrary<string> => {
  switch (piece._tag) {
    case 'literal':
      return fc.constant(piece.text)
    case 'storeDir':
      return fc.constant(storeDir)
    case 'chars':
      return charactersIn(piece.alphabet, piece.min, piece.max, growth)
    case 'unless':
      return fc.constant('')
    case 'oneOf':
      return fc.constantFrom(...piece.texts)
    case 'base64':
      return growing(growth, 'text', base64, () => longBase64)
  }
}

type Unless = Extract<TextPiece, { readonly _tag: 'unless' }>

const isForbidden = ({ whole, starts }: Unless, rest: string): boolean =>
  whole.includes(rest) || starts.some((start) => rest.startsWith(start))

/**
 * Texts of a pattern. A text that an `unless` forbids is not dropped: the first character after it is changed to others
 * of its alphabet until the text is allowed.
 */
export const patternTexts = (
  pattern: ReadonlyArray<TextPiece>,
  given: Protocol,
  growth: Growth,
): fc.Arbitrary<string> =>
  fc
    .tuple(...pattern.map((piece) => pieceTexts(piece, given, growth)))
    .map((parts) => allowed(pattern, parts))

const allowed = (pattern: ReadonlyArray<TextPiece>, parts: ReadonlyArray<string>): string => {
  const texts = [...parts]
  pattern.forEach((piece, i) => {
    const next = pattern[i + 1]
    if (piece._tag !== 'unless' || next?._tag !== 'chars') {
      return
    }
    const rest = () => texts.slice(i).join('')
    for (const character of next.alphabet) {
      if (!isForbidden(piece, rest())) {
        return
      }
      texts[i + 1] = character + texts[i + 1]!.slice(1)
    }
  })
  return texts.join('')
}
