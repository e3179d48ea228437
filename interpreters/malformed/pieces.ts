import type { Protocol } from '../../combinators/protocol.js'
import type { TextPiece } from '../../combinators/text-format.js'
import { alphabetText } from './alphabet-text.js'
import { lettersNear } from './letters.js'
import { below, oneOf, type Random } from './random.js'

/** A change to the part of a text that one piece of a pattern matches; null if there is nothing to change. */
export interface PieceEdit {
  readonly name: string
  /** The rule that it should break, as a sentence about the part. */
  readonly rule: string
  /** What is then wrong with the part, as a sentence. */
  readonly wrong: string
  readonly change: (part: string, random: Random) => string | null
  /** Whether the part is the whole text from the piece on. */
  readonly toEnd?: boolean
  readonly kind: 'text' | 'letter'
}

const mostWords = 6

/** Some words to choose from, in a sentence. */
const choiceOf = (words: ReadonlyArray<string>): string => {
  const more = words.length > mostWords ? ' …' : ''
  return `one of ${words
    .slice(0, mostWords)
    .map((word) => JSON.stringify(word))
    .join(' ')}${more}`
}

/** A character that no piece of a pattern accepts. */
const never = '\u0001'

const base64Letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** The changes that break a piece, or make it one that is read but written differently. */
export const pieceEdits = (piece: TextPiece, protocol: Protocol): ReadonlyArray<PieceEdit> => {
  switch (piece._tag) {
    case 'literal':
      return [
        text(
          `${JSON.stringify(piece.text)} there`,
          `it is not left out: ${JSON.stringify(piece.text)}`,
          `${JSON.stringify(piece.text)} is missing`,
          () => '',
        ),
        text(
          `${JSON.stringify(piece.text)}, not another`,
          `it is ${JSON.stringify(piece.text)} and no other text`,
          `${JSON.stringify(piece.text)} is another text`,
          (part) => never + part.slice(1),
        ),
      ]
    case 'storeDir':
      return [
        text(
          'the store directory',
          'it is the store directory, not another one',
          'the store directory is /other/store',
          () => '/other/store',
        ),
        text(
          'the whole store directory',
          'it is the whole store directory',
          'the store directory lacks its last letter',
          () => protocol.storeDir.slice(0, -1),
        ),
      ]
    case 'chars':
      return charsEdits(piece)
    case 'unless':
      return [
        ...piece.whole.map((whole) => ({
          ...text(
            `not ${JSON.stringify(whole)}`,
            `it is not ${JSON.stringify(whole)}`,
            `it is ${JSON.stringify(whole)}`,
            () => whole,
          ),
          toEnd: true,
        })),
        ...piece.starts.map((start) => ({
          ...text(
            `not begun with ${JSON.stringify(start)}`,
            `it does not begin with ${JSON.stringify(start)}`,
            `it begins with ${JSON.stringify(start)}`,
            (part) => start + part.slice(start.length),
          ),
          toEnd: true,
        })),
      ]
    case 'oneOf':
      return [
        text(
          'one of the words',
          `it is ${choiceOf(piece.texts)}`,
          'the word has one more letter',
          (part) => `${part}x`,
        ),
      ]
    case 'base64':
      return [
        text(
          'whole groups of base64',
          'it is base64 in whole groups of four characters',
          'the last character of base64 is missing',
          (part) => part.slice(0, -1),
        ),
        text(
          'characters of base64',
          'its first character is one of base64',
          'the base64 begins with !',
          (part) => `!${part.slice(1)}`,
        ),
        text('some base64', 'it is not empty', 'the base64 is empty', () => ''),
        text(
          'no stray bits in base64',
          'the last bits of its base64 are zero',
          'the last bits of the base64 are not zero',
          strayBits,
        ),
        letter(
          'characters of base64, anywhere',
          'each of its characters is one of base64',
          'a character is not of base64',
          base64Letters,
        ),
      ]
  }
}

const text = (name: string, rule: string, wrong: string, change: PieceEdit['change']): PieceEdit => ({
  name,
  rule,
  wrong,
  change,
  kind: 'text',
})

/** One character becomes another that is almost in the alphabet. */
const letter = (name: string, rule: string, wrong: string, alphabet: string): PieceEdit => ({
  name,
  rule,
  wrong,
  kind: 'letter',
  change: (part, random) => {
    const at = below(part.length, random)
    const near = oneOf(lettersNear(alphabet), random)
    return part === '' || near === undefined ? null : `${part.slice(0, at)}${near}${part.slice(at + 1)}`
  },
})

const charsEdits = ({ alphabet, min, max }: TextPiece & { _tag: 'chars' }): ReadonlyArray<PieceEdit> => {
  const shown = alphabet.length > 20 ? `${alphabet.slice(0, 18)}…` : alphabet
  const characters = `characters of ${JSON.stringify(shown)}`
  const of = `one of ${alphabetText(alphabet)}`
  const several = (n: number): string => (n === 1 ? '1 character' : `${n} characters`)
  return [
    text(
      `${characters}, the first`,
      `its first character is ${of}`,
      `the first character is not ${of}`,
      (part) => (part === '' ? null : never + part.slice(1)),
    ),
    text(
      `${characters}, the last`,
      `its last character is ${of}`,
      `the last character is not ${of}`,
      (part) => (part === '' ? null : part.slice(0, -1) + never),
    ),
    ...(min > 0
      ? [
          text(
            `at least ${min} ${characters}`,
            `it has at least ${several(min)}`,
            `it has ${several(min - 1)}`,
            (part) => part.slice(0, min - 1),
          ),
        ]
      : []),
    ...(max < 65536
      ? [
          text(
            `at most ${max} ${characters}`,
            `it has at most ${several(max)}`,
            `it has ${several(max + 1)}`,
            (part) => part.padEnd(max + 1, alphabet),
          ),
        ]
      : []),
    letter(
      `${characters}, anywhere`,
      `each of its characters is ${of}`,
      `a character is not ${of}`,
      alphabet,
    ),
  ]
}

const strayBits = (part: string): string | null => {
  const padding = part.length - part.replace(/=+$/, '').length
  const last = part.length - padding - 1
  const value = base64Letters.indexOf(part[last] ?? '')
  return padding === 0 || value < 0
    ? null
    : part.slice(0, last) + base64Letters[value + 1] + part.slice(last + 1)
}
