import { isRight } from 'fp-ts/lib/Either.js'
import type { Protocol } from '../../combinators/protocol.js'
import { parserOf, type TextFormat, type TextPiece } from '../../combinators/text-format.js'

/** A change to a text of a format that is meant to break it; null where there is nothing to change. */
export interface TextEdit {
  readonly name: string
  readonly change: (text: string) => string | null
}

/** Changes that need no knowledge of the format. */
const anyFormat: ReadonlyArray<TextEdit> = [
  { name: 'not empty', change: () => '' },
  { name: 'no space in front', change: (text) => ` ${text}` },
  { name: 'no line break behind', change: (text) => `${text}\n` },
  { name: 'no NUL behind', change: (text) => `${text}\0` },
  { name: 'no BOM in front', change: (text) => `\ufeff${text}` },
  { name: 'not ü for its last character', change: (text) => `${text.slice(0, -1)}ü` },
  { name: 'not without its first character', change: (text) => (text === '' ? null : text.slice(1)) },
  { name: 'not without its last character', change: (text) => (text === '' ? null : text.slice(0, -1)) },
  { name: 'not in upper case', change: (text) => text.toUpperCase() },
  { name: 'no slash behind', change: (text) => `${text}/` },
  { name: 'no doubled slash', change: (text) => (text.includes('/') ? text.replace('/', '//') : null) },
]

/** The character that no piece of a pattern takes. */
const never = '\u0001'

const pieceEdits = (piece: TextPiece, protocol: Protocol): ReadonlyArray<PieceEdit> => {
  switch (piece._tag) {
    case 'literal':
      return [
        { name: `${JSON.stringify(piece.text)} there`, change: () => '' },
        { name: `${JSON.stringify(piece.text)}, not another`, change: (part) => never + part.slice(1) },
      ]
    case 'storeDir':
      return [
        { name: 'the store directory', change: () => '/other/store' },
        { name: 'the whole store directory', change: () => protocol.storeDir.slice(0, -1) },
      ]
    case 'chars':
      return charsEdits(piece)
    case 'unless':
      return [
        ...piece.whole.map((text) => ({
          name: `not ${JSON.stringify(text)}`,
          change: () => text,
          toEnd: true,
        })),
        ...piece.starts.map((text) => ({
          name: `not begun with ${JSON.stringify(text)}`,
          change: (part: string) => text + part.slice(text.length),
          toEnd: true,
        })),
      ]
    case 'oneOf':
      return [{ name: 'one of the words', change: (part) => `${part}x` }]
    case 'base64':
      return [
        { name: 'whole groups of base64', change: (part) => part.slice(0, -1) },
        { name: 'characters of base64', change: (part) => `!${part.slice(1)}` },
        { name: 'some base64', change: () => '' },
        { name: 'no stray bits in base64', change: strayBits },
      ]
  }
}

interface PieceEdit {
  readonly name: string
  readonly change: (part: string) => string | null
  /** Whether the part is all of the text from the piece on. */
  readonly toEnd?: boolean
}

const charsEdits = ({ alphabet, min, max }: TextPiece & { _tag: 'chars' }): ReadonlyArray<PieceEdit> => {
  const shown = alphabet.length > 20 ? `${alphabet.slice(0, 18)}…` : alphabet
  const wrong = `characters of ${JSON.stringify(shown)}`
  return [
    { name: `${wrong}, the first`, change: (part) => (part === '' ? null : never + part.slice(1)) },
    { name: `${wrong}, the last`, change: (part) => (part === '' ? null : part.slice(0, -1) + never) },
    ...(min > 0
      ? [{ name: `at least ${min} ${wrong}`, change: (part: string) => part.slice(0, min - 1) }]
      : []),
    ...(max < 65536
      ? [{ name: `at most ${max} ${wrong}`, change: (part: string) => part.padEnd(max + 1, alphabet) }]
      : []),
  ]
}

const strayBits = (part: string): string | null => {
  const padding = part.length - part.replace(/=+$/, '').length
  const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
  const last = part.length - padding - 1
  const value = digits.indexOf(part[last] ?? '')
  return padding === 0 || value < 0 ? null : part.slice(0, last) + digits[value + 1] + part.slice(last + 1)
}

/** How far a piece of a pattern takes a text from a place on; null where it does not fit. */
const endOf = (piece: TextPiece, text: string, at: number, protocol: Protocol): number | null => {
  switch (piece._tag) {
    case 'literal':
      return text.startsWith(piece.text, at) ? at + piece.text.length : null
    case 'storeDir':
      return text.startsWith(protocol.storeDir, at) ? at + protocol.storeDir.length : null
    case 'chars': {
      let end = at
      while (end < text.length && end - at < piece.max && piece.alphabet.includes(text[end]!)) {
        end++
      }
      return end - at < piece.min ? null : end
    }
    case 'unless':
      return at
    case 'oneOf': {
      const found = [...piece.texts]
        .sort((a, b) => b.length - a.length)
        .find((each) => text.startsWith(each, at))
      return found === undefined ? null : at + found.length
    }
    case 'base64':
      return text.length
  }
}

/** The range that the `n`th piece of a pattern takes of a text. */
const rangeOf = (
  pattern: ReadonlyArray<TextPiece>,
  n: number,
  text: string,
  protocol: Protocol,
): readonly [number, number] | null => {
  let start = 0
  for (const [i, piece] of pattern.entries()) {
    const end = endOf(piece, text, start, protocol)
    if (end === null) {
      return null
    }
    if (i === n) {
      return [start, end]
    }
    start = end
  }
  return null
}

/** The changes that a format's own pattern gives, and those that any format has. */
export const textEdits = (format: TextFormat<unknown>, protocol: Protocol): ReadonlyArray<TextEdit> => {
  const pattern = format.pattern ?? []
  const own = pattern.flatMap((piece, n) =>
    pieceEdits(piece, protocol).map(({ name, change, toEnd }) => ({
      name: pattern.length === 1 ? name : `part ${n + 1}: ${name}`,
      change: (text: string) => {
        const range = rangeOf(pattern, n, text, protocol)
        if (range === null) {
          return null
        }
        const [start, end] = [range[0], toEnd === true ? text.length : range[1]]
        const part = change(text.slice(start, end))
        return part === null ? null : text.slice(0, start) + part + text.slice(end)
      },
    })),
  )
  return [...own, ...anyFormat]
}

/**
 * What a decoder makes of a text: it reads it, it reads and would write it otherwise, it reads what is not strict, or it
 * refuses it.
 */
export const judge = (
  format: TextFormat<unknown>,
  text: string,
  protocol: Protocol,
): 'canonical' | 'normalised' | 'lax' | 'refused' => {
  const parsed = format.parse(text, protocol)
  if (!isRight(parsed)) {
    return 'refused'
  }
  if (!isRight(parserOf(format, true)(text, protocol))) {
    return 'lax'
  }
  const printed = format.print(parsed.right, protocol)
  return isRight(printed) && printed.right === text ? 'canonical' : 'normalised'
}

const pieceExample = (piece: TextPiece, protocol: Protocol, length: number): string => {
  switch (piece._tag) {
    case 'literal':
      return piece.text
    case 'storeDir':
      return protocol.storeDir
    case 'chars':
      return piece.alphabet[0]!.repeat(Math.max(piece.min, Math.min(length, piece.max)))
    case 'unless':
      return ''
    case 'oneOf':
      return piece.texts[0] ?? ''
    case 'base64':
      return 'AA=='
  }
}

/** Texts of a format, a short and a longer one, made from its pattern; none where it has no pattern. */
export const examplesOf = (format: TextFormat<unknown>, protocol: Protocol): ReadonlyArray<string> => {
  const { pattern } = format
  return pattern === undefined
    ? []
    : [1, 8]
        .map((length) => pattern.map((piece) => pieceExample(piece, protocol, length)).join(''))
        .filter((text) => judge(format, text, protocol) === 'canonical')
}
