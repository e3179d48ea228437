import type { Protocol } from './protocol.js'
import type { TextFormat, TextPiece } from './text-format.js'

const literal = (text: string): string =>
  text.replace(/[\\^$.*+?()[\]{}|/-]/g, (character) => `\\${character}`)

/** The characters of an alphabet as a class; control characters as numbers. */
const classOf = (alphabet: string): string =>
  `[${[...alphabet]
    .map((character) =>
      /[A-Za-z0-9 ]/.test(character)
        ? character
        : `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
    )
    .join('')}]`

const piece = (each: TextPiece, { storeDir }: Protocol): string => {
  switch (each._tag) {
    case 'literal':
      return unicode(each.text)
    case 'storeDir':
      return unicode(storeDir)
    case 'chars':
      return `${classOf(each.alphabet)}{${each.min},${each.max < 65536 ? each.max : ''}}`
    case 'unless':
      return `(?!(?:${each.whole.map(unicode).join('|')})$)(?!${each.starts.map(unicode).join('|')})`
    case 'oneOf':
      return `(?:${[...each.texts]
        .sort((a, b) => b.length - a.length)
        .map(unicode)
        .join('|')})`
    case 'base64':
      return '(?!$)(?:[A-Za-z0-9+\\/]{4})*(?:[A-Za-z0-9+\\/]{3}=|[A-Za-z0-9+\\/]{2}==)?'
  }
}

/** Escapes only what a regular expression with the u flag allows to be escaped. */
const unicode = (text: string): string => literal(text).replaceAll('\\-', '\\x2d')

/** The pattern of a text as a regular expression of JSON Schema. */
export const regexOf = (pattern: ReadonlyArray<TextPiece>, protocol: Protocol): string =>
  `^${pattern.map((each) => piece(each, protocol)).join('')}$`

/** The JSON Schema of a text. The pattern is left out if the format accepts texts that do not match it. */
export const textSchema = (
  format: Pick<TextFormat<never>, 'pattern' | 'strict'> | null,
  protocol: Protocol,
): { readonly type: 'string'; readonly pattern?: string } =>
  format?.pattern === undefined || format.strict !== undefined
    ? { type: 'string' }
    : { type: 'string', pattern: regexOf(format.pattern, protocol) }
