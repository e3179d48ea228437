import { limitsOf } from '../../combinators/limits.js'
import type { BytesNode, TextNode } from '../../combinators/node.js'
import type { TextFormat, TextPiece } from '../../combinators/text-format.js'
import { textLiteral } from './literals.js'
import type { Definition, Field, Reading, Types } from './types.js'
import type { Yaml } from './yaml.js'

const limits = limitsOf()

/** A length, that many bytes, and zeros. */
const padded = (valid: Yaml, content: Reading, types: Types): ReadonlyArray<Field> => [
  { id: 'len', type: 'u8', valid },
  { id: 'value', size: 'len', ...content },
  {
    id: 'padding',
    type: types.helper('zero byte', 'zero_byte', null, () => zeroDefinition),
    repeat: 'expr',
    'repeat-expr': '(8 - len % 8) % 8',
  },
]

const zeroDefinition: Definition = {
  doc: ['a byte of padding'],
  fields: [{ id: 'zero', contents: [0] }],
}

export const bytesDefinition = ({ length, limit, summary = '' }: BytesNode, types: Types): Definition => {
  const most = Math.min(limit ?? limits.string, limits.string)
  switch (length) {
    case 'padded':
      return {
        doc: [summary, 'bytes behind their length, and zeros up to a multiple of eight'],
        fields: padded({ max: most }, {}, types),
      }
    case 'toEnd':
      return {
        doc: [summary, 'all bytes that are left'],
        fields: [{ id: 'value', 'size-eos': true, valid: { expr: `_.length <= ${most}` } }],
      }
    default:
      return { doc: [summary, `${length} bytes, without a length`], fields: [{ id: 'value', size: length }] }
  }
}

/** The least and most bytes of a text of a pattern. */
interface Room {
  readonly min: number
  readonly max: number
}

const roomOf = (piece: TextPiece): Room => {
  switch (piece._tag) {
    case 'literal':
      return { min: bytesIn(piece.text), max: bytesIn(piece.text) }
    case 'chars':
      return { min: piece.min, max: piece.max }
    case 'unless':
      return { min: 0, max: 0 }
    case 'oneOf': {
      const sizes = piece.texts.map(bytesIn)
      return {
        min: sizes.reduce((least, size) => Math.min(least, size), Number.POSITIVE_INFINITY),
        max: sizes.reduce((most, size) => Math.max(most, size), 0),
      }
    }
    case 'base64':
      return { min: 4, max: Number.POSITIVE_INFINITY }
    case 'storeDir':
      return { min: 1, max: Number.POSITIVE_INFINITY }
  }
}

const bytesIn = (text: string): number => new TextEncoder().encode(text).length

/**
 * The pattern of a format that reads nothing else. Other formats have `otherTexts` or `strict`, and paths in the store
 * directory are normalised.
 */
const exactPattern = (format: TextFormat<unknown> | null): ReadonlyArray<TextPiece> => {
  const { pattern = [], strict, otherTexts } = format ?? {}
  const isExact =
    strict === undefined && otherTexts === undefined && !pattern.some(({ _tag }) => _tag === 'storeDir')
  return isExact ? pattern : []
}

const prefixOf = (pattern: ReadonlyArray<TextPiece>): string => {
  const end = pattern.findIndex(({ _tag }) => _tag !== 'literal')
  return pattern
    .slice(0, end < 0 ? pattern.length : end)
    .map((piece) => (piece._tag === 'literal' ? piece.text : ''))
    .join('')
}

/** The check of the length. */
const lengthCheck = (pattern: ReadonlyArray<TextPiece>, most: number, optional: boolean): Yaml => {
  const rooms = pattern.map(roomOf)
  const min = rooms.reduce((sum, room) => sum + room.min, 0)
  const max = Math.min(most, pattern.length === 0 ? most : rooms.reduce((sum, room) => sum + room.max, 0))
  if (min === 0) {
    return { max }
  }
  if (min === max) {
    return optional ? { 'any-of': [0, min] } : { eq: min }
  }
  return optional ? { expr: `_ == 0 or (_ >= ${min} and _ <= ${max})` } : { min, max }
}

/** The check of the text: one of some, or one with this beginning. */
const textCheck = (pattern: ReadonlyArray<TextPiece>, optional: boolean): Yaml | undefined => {
  const [first] = pattern
  const unlessEmpty = optional ? '_.length == 0 or ' : ''
  if (pattern.length === 1 && first?._tag === 'oneOf') {
    return { 'any-of': [...(optional ? [''] : []), ...first.texts].map(textLiteral) }
  }
  const prefix = prefixOf(pattern)
  return prefix === ''
    ? undefined
    : { expr: `${unlessEmpty}_.substring(0, ${prefix.length}) == ${textLiteral(prefix)}` }
}

/** The facts about a format that no check here expresses. */
const formatWords = (format: TextFormat<unknown> | null, isChecked: boolean): ReadonlyArray<string> =>
  format === null
    ? []
    : [
        format.summary,
        ...(isChecked ? [] : ['its characters are not checked']),
        ...(format.syntax ?? []).flatMap(({ rules, note = '' }) => [...rules, note]),
      ]

export const textDefinition = (node: TextNode, types: Types): Definition => {
  const { encoding, format, optional, limit, summary = '' } = node
  const pattern = exactPattern(format)
  const most = Math.min(limit ?? limits.string, limits.string)
  const isOneOf = pattern.length === 1 && pattern[0]?._tag === 'oneOf'
  const said = summary === format?.summary ? '' : summary
  const empty = optional ? 'Empty if it is absent' : ''
  const length = lengthCheck(pattern, most, optional)
  return encoding === 'escaped'
    ? {
        doc: [said, ...formatWords(format, false), empty, 'Mostly UTF-8, which is not certain: bytes'],
        fields: padded(length, {}, types),
      }
    : {
        doc: [said, ...formatWords(format, isOneOf), empty],
        fields: padded(
          length,
          { type: 'str', encoding: 'UTF-8', valid: textCheck(pattern, optional) },
          types,
        ),
        shown: '{value}',
      }
}
