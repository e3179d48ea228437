import type { Protocol } from '../../combinators/protocol.js'
import type { TextFormat, TextPiece } from '../../combinators/text-format.js'
import { lettersNear } from './letters.js'
import { pieceEdits } from './pieces.js'
import { below, oneOf, type Random } from './random.js'
import { breakable, brokenTextOf, type TextTree, textOf, textTree } from './text-tree.js'

/** A change that should make a text invalid in its format; null if there is nothing to change. */
export interface TextEdit {
  readonly name: string
  readonly kind: 'text' | 'letter'
  readonly change: (text: string, random: Random) => string | null
}

const whole = (name: string, change: TextEdit['change']): TextEdit => ({ name, kind: 'text', change })
const letter = (name: string, change: TextEdit['change']): TextEdit => ({ name, kind: 'letter', change })

/** Inserts something into a text after one of its slashes. */
const behindSlash = (text: string, what: string, random: Random): string | null => {
  const slashes = [...text].flatMap((each, i) => (each === '/' ? [i + 1] : []))
  const at = oneOf(slashes, random)
  return at === undefined ? null : text.slice(0, at) + what + text.slice(at)
}

/** Changes that need no knowledge of the format. */
const anyFormat: ReadonlyArray<TextEdit> = [
  whole('not empty', () => ''),
  whole('no space in front', (text) => ` ${text}`),
  whole('no line break behind', (text) => `${text}\n`),
  whole('no NUL behind', (text) => `${text}\0`),
  whole('no BOM in front', (text) => `\ufeff${text}`),
  whole('not ü for its last character', (text) => `${text.slice(0, -1)}ü`),
  whole('not without its first character', (text) => (text === '' ? null : text.slice(1))),
  whole('not without its last character', (text) => (text === '' ? null : text.slice(0, -1))),
  whole('not in upper case', (text) => text.toUpperCase()),
  whole('no slash behind', (text) => `${text}/`),
  whole('no doubled slash', (text, random) => behindSlash(text, '/', random)),
  whole('no dot as a directory', (text, random) => behindSlash(text, './', random)),
  whole('no way down and up again', (text, random) => behindSlash(text, 'x/../', random)),
  whole('nothing below', (text) => `${text}/x`),
  letter('not with another letter', (text, random) => {
    const at = below(text.length, random)
    const near = oneOf(lettersNear(text.charAt(at)), random)
    return near === undefined ? null : text.slice(0, at) + near + text.slice(at + 1)
  }),
  letter('not with a letter left out', (text, random) => {
    const at = below(text.length, random)
    return text === '' ? null : text.slice(0, at) + text.slice(at + 1)
  }),
  letter('not with a letter twice', (text, random) => {
    const at = below(text.length, random)
    return text === '' ? null : text.slice(0, at + 1) + text.slice(at)
  }),
]

/**
 * The end of the part of a text that a piece of a pattern matches from a place on; null if it does not fit.
 */
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

/** The range of a text that the `n`th piece of a pattern matches. */
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

/** The changes from a format's own pattern. */
const patternEdits = (pattern: ReadonlyArray<TextPiece>, protocol: Protocol): ReadonlyArray<TextEdit> =>
  pattern.flatMap((piece, n) =>
    pieceEdits(piece, protocol).map(({ name, kind, change, toEnd }) => ({
      name: pattern.length === 1 ? name : `part ${n + 1}: ${name}`,
      kind,
      change: (text: string, random: Random) => {
        const range = rangeOf(pattern, n, text, protocol)
        if (range === null) {
          return null
        }
        const [start, end] = [range[0], toEnd === true ? text.length : range[1]]
        const part = change(text.slice(start, end), random)
        return part === null ? null : text.slice(0, start) + part + text.slice(end)
      },
    })),
  )

/** Other texts, made by the format's own generators: one with an invalid part, and one in another form. */
const madeTexts = (
  { texts, otherTexts }: TextFormat<unknown>,
  protocol: Protocol,
): ReadonlyArray<TextEdit> => {
  const [tree, others] = [texts, otherTexts].map((each) =>
    each === undefined ? null : textTree(each, protocol),
  )
  const brokenOnes = (of: TextTree, what: string): ReadonlyArray<TextEdit> => [
    whole(what, (_, random) => brokenTextOf(of, 'part', protocol, random)),
    ...(breakable(of, 'count').length === 0
      ? []
      : [whole(`${what}, no more of them`, (_, random) => brokenTextOf(of, 'count', protocol, random))]),
    letter(`${what}, not with another letter`, (_, random) => brokenTextOf(of, 'letter', protocol, random)),
  ]
  return [
    ...(tree === null || tree === undefined ? [] : brokenOnes(tree, 'each of its parts')),
    ...(others === null || others === undefined
      ? []
      : [
          ...brokenOnes(others, 'each part of another form'),
          whole('not in another form', (_, random) => textOf(others, protocol, random)),
        ]),
  ]
}

/** The changes from a format's own pattern or texts, and those for any format. */
export const textEdits = (format: TextFormat<unknown>, protocol: Protocol): ReadonlyArray<TextEdit> => [
  ...patternEdits(format.pattern ?? [], protocol),
  ...madeTexts(format, protocol),
  ...anyFormat,
]
