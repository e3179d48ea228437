import type { Protocol } from '../../combinators/protocol.js'
import type { TextFormat, TextPiece } from '../../combinators/text-format.js'
import { lettersNear } from './letters.js'
import { pieceEdits } from './pieces.js'
import { below, oneOf, type Random } from './random.js'
import { breakable, brokenTextOf, type TextTree, textOf, textTree } from './text-tree.js'

/** A change that should make a text invalid in its format; null if there is nothing to change. */
export interface TextEdit {
  readonly name: string
  /** The rule that it should break, as a sentence. */
  readonly rule: string
  /** What is then wrong with the text, as a sentence. */
  readonly wrong: string
  readonly kind: 'text' | 'letter'
  readonly change: (text: string, random: Random) => string | null
}

const whole = (name: string, rule: string, wrong: string, change: TextEdit['change']): TextEdit => ({
  name,
  rule,
  wrong,
  kind: 'text',
  change,
})
const letter = (name: string, rule: string, wrong: string, change: TextEdit['change']): TextEdit => ({
  name,
  rule,
  wrong,
  kind: 'letter',
  change,
})

/** Inserts something into a text after one of its slashes. */
const behindSlash = (text: string, what: string, random: Random): string | null => {
  const slashes = [...text].flatMap((each, i) => (each === '/' ? [i + 1] : []))
  const at = oneOf(slashes, random)
  return at === undefined ? null : text.slice(0, at) + what + text.slice(at)
}

/** Changes that need no knowledge of the format. */
const anyFormat: ReadonlyArray<TextEdit> = [
  whole('not empty', 'it is not empty', 'it is empty', () => ''),
  whole('no space in front', 'no space is in front of it', 'a space is in front of it', (text) => ` ${text}`),
  whole('no line break behind', 'no line break follows it', 'a line break follows it', (text) => `${text}\n`),
  whole('no NUL behind', 'no NUL follows it', 'a NUL follows it', (text) => `${text}\0`),
  whole('no BOM in front', 'no BOM is in front of it', 'a BOM is in front of it', (text) => `\ufeff${text}`),
  whole(
    'not ü for its last character',
    'its last character is not ü',
    'its last character is ü',
    (text) => `${text.slice(0, -1)}ü`,
  ),
  whole(
    'not without its first character',
    'its first character is not left out',
    'its first character is missing',
    (text) => (text === '' ? null : text.slice(1)),
  ),
  whole(
    'not without its last character',
    'its last character is not left out',
    'its last character is missing',
    (text) => (text === '' ? null : text.slice(0, -1)),
  ),
  whole('not in upper case', 'it is not in upper case', 'it is in upper case', (text) => text.toUpperCase()),
  whole('no slash behind', 'no slash follows it', 'a slash follows it', (text) => `${text}/`),
  whole('no doubled slash', 'no slash is doubled', 'a slash is doubled', (text, random) =>
    behindSlash(text, '/', random),
  ),
  whole('no dot as a directory', './ follows no slash', 'it has ./ behind a slash', (text, random) =>
    behindSlash(text, './', random),
  ),
  whole('no way down and up again', 'x/../ follows no slash', 'it has x/../ behind a slash', (text, random) =>
    behindSlash(text, 'x/../', random),
  ),
  whole('nothing below', '/x does not follow it', '/x follows it', (text) => `${text}/x`),
  letter(
    'not with another letter',
    'no letter is replaced by another',
    'one letter is another',
    (text, random) => {
      const at = below(text.length, random)
      const near = oneOf(lettersNear(text.charAt(at)), random)
      return near === undefined ? null : text.slice(0, at) + near + text.slice(at + 1)
    },
  ),
  letter('not with a letter left out', 'no letter is left out', 'one letter is missing', (text, random) => {
    const at = below(text.length, random)
    return text === '' ? null : text.slice(0, at) + text.slice(at + 1)
  }),
  letter('not with a letter twice', 'no letter is doubled', 'one letter is doubled', (text, random) => {
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
    pieceEdits(piece, protocol).map(({ name, rule, wrong, kind, change, toEnd }) => ({
      name: pattern.length === 1 ? name : `part ${n + 1}: ${name}`,
      rule: pattern.length === 1 ? rule : `part ${n + 1}: ${rule}`,
      wrong: pattern.length === 1 ? wrong : `in part ${n + 1}, ${wrong}`,
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
  const brokenOnes = (
    of: TextTree,
    what: string,
    wrong: string,
    [part, count, letters]: readonly [part: string, count: string, letters: string],
  ): ReadonlyArray<TextEdit> => [
    whole(what, part, `${wrong}a part of it is wrong`, (_, random) =>
      brokenTextOf(of, 'part', protocol, random),
    ),
    ...(breakable(of, 'count').length === 0
      ? []
      : [
          whole(`${what}, no more of them`, count, `${wrong}it has too many parts`, (_, random) =>
            brokenTextOf(of, 'count', protocol, random),
          ),
        ]),
    letter(
      `${what}, not with another letter`,
      letters,
      `${wrong}one letter of a part is another`,
      (_, random) => brokenTextOf(of, 'letter', protocol, random),
    ),
  ]
  return [
    ...(tree === null || tree === undefined
      ? []
      : brokenOnes(tree, 'each of its parts', '', [
          'each of its parts is valid',
          'it does not have too many parts',
          'no letter of its parts is replaced by another',
        ])),
    ...(others === null || others === undefined
      ? []
      : [
          ...brokenOnes(others, 'each part of another form', 'it is in another form, and ', [
            'it is not in another form that has a wrong part',
            'it is not in another form that has too many parts',
            'it is not in another form that has a letter replaced by another',
          ]),
          whole('not in another form', 'it is not in another form', 'it is in another form', (_, random) =>
            textOf(others, protocol, random),
          ),
        ]),
  ]
}

/** The changes from a format's own pattern or texts, and those for any format. */
export const textEdits = (format: TextFormat<unknown>, protocol: Protocol): ReadonlyArray<TextEdit> => [
  ...patternEdits(format.pattern ?? [], protocol),
  ...madeTexts(format, protocol),
  ...anyFormat,
]
