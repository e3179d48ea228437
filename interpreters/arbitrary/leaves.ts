import fc from 'fast-check'
import { decodeEscaped, encodeEscaped } from '../../bytes/escaped.js'
import { greatestOf } from '../../combinators/greatest.js'
import type { BytesNode, IntNode, TextNode } from '../../combinators/node.js'
import { edged, textsOf } from './edged.js'
import { type Growth, growing } from './growth.js'
import { longBytes, longTexts } from './lengths.js'

const powers = [7n, 8n, 16n, 31n, 32n, 53n, 63n].flatMap((bits) => {
  const power = 2n ** bits
  return [power - 1n, power, power + 1n]
})

/** Integers up to the bound; often 0, the bound, and the bounds of other integer types. */
export const integers = (node: IntNode): fc.Arbitrary<number | bigint> => {
  const highest = greatestOf(node)
  const edges = [0n, 1n, ...powers, highest - 1n, highest].filter((edge) => edge >= 0n && edge <= highest)
  return node.value === 'bigint'
    ? edged(fc.bigInt({ min: 0n, max: highest }), edges)
    : edged(fc.integer({ min: 0, max: Number(highest) }), edges.map(Number))
}

const longest = 40

export const byteStrings = (
  { length, limit = 2 ** 53 }: BytesNode,
  growth: Growth,
): fc.Arbitrary<Uint8Array> => {
  if (typeof length === 'number') {
    return fc.uint8Array({ minLength: length, maxLength: length })
  }
  const edges = [0, 1, 7, 8, 9, 16, 255, 4096].filter((size) => size <= limit)
  const usual = edged(
    fc.uint8Array({ maxLength: Math.min(limit, longest) }),
    edges.map((size) => new Uint8Array(size).fill(0xa5)),
    12,
  )
  return limit <= longest ? usual : growing(growth, 'text', usual, () => longBytes(limit))
}

/** Code points without surrogates, `a` first, so that texts shrink to readable ones; then the escapes of bytes. */
const scalars = 0x110000 - 0x800
const escapes = 0x80
const first = 'a'.charCodeAt(0)

const characterOf = (rank: number): string => {
  if (rank >= scalars) {
    return String.fromCharCode(0xdc80 + rank - scalars)
  }
  const scalar = (rank + first) % scalars
  return String.fromCodePoint(scalar < 0xd800 ? scalar : scalar + 0x800)
}

const rankOf = (character: unknown): number => {
  const code = typeof character === 'string' ? character.codePointAt(0) : undefined
  if (code === undefined || character !== String.fromCodePoint(code)) {
    throw new TypeError('not a character')
  }
  if (code >= 0xd800 && code < 0xe000) {
    if (code < 0xdc80 || code > 0xdcff) {
      throw new TypeError('not the escape of a byte')
    }
    return scalars + code - 0xdc80
  }
  return ((code < 0xd800 ? code : code - 0x800) - first + scalars) % scalars
}

const ascii = Array.from({ length: 0x80 }, (_, code) => String.fromCharCode(code))
const oddities = ['\u00e9', '\u2028', '\ufeff', '\ufffd', '\uffff', '\u{10000}', '\u{1f4a9}', '\u{10ffff}']
const printable = ascii.slice(0x20, 0x7f)

const characters = (escaped: boolean): fc.Arbitrary<string> => {
  const all = fc.integer({ min: 0, max: scalars - 1 + (escaped ? escapes : 0) }).map(characterOf, rankOf)
  const bytes = escaped ? ['\udc80', '\udcbf', '\udcc3', '\udce2', '\udcff'].flatMap((c) => [c, c, c]) : []
  // Three of four are edge cases, most of them printable.
  return edged(edged(all, [...ascii, ...oddities, ...bytes], 2), printable, 2)
}

const utf8Edges = [
  '',
  '\0',
  '\ufeff',
  '\ufeffx',
  '\ufffd',
  '\uffff',
  '\u{10000}',
  '__proto__',
  'constructor',
  '7',
  'abcdefg',
  'abcdefgh',
  'abcdefghi',
  'a'.repeat(131),
  '\u00e9'.repeat(70),
]

const escapedEdges = [
  '\udcff',
  '\udc80',
  'A\udcffB',
  '\udcc3\udcc3',
  '\udce2\udc82',
  '\udced\udca0\udc80',
  `${'\u00e9'.repeat(70)}\udcff`,
]

const length = (text: string): number => encodeEscaped(text).length

/**
 * The text that is read from the bytes of this one: escapes that make up a character become that character.
 */
const readBack = (text: string): string => decodeEscaped(encodeEscaped(text))

/** Text without a format, of at most `limit` bytes. */
export const plainTexts = (
  { encoding, limit = 2 ** 53 }: TextNode,
  growth: Growth | null,
): fc.Arbitrary<string> => {
  const escaped = encoding === 'escaped'
  const unit = limit < 4 ? fc.constantFrom(...printable) : characters(escaped)
  const maxLength = Math.min(limit < 4 ? limit : Math.floor(limit / 4), longest)
  const edges = [...utf8Edges, ...(escaped ? escapedEdges : [])]
  const filled = limit <= 4096 ? ['a'.repeat(limit)] : []
  const texts = textsOf(unit, { maxLength })
  const usual = edged(
    escaped ? texts.map(readBack, (text) => String(text)) : texts,
    [...edges, ...filled].filter((text) => length(text) <= limit),
    6,
  )
  return growth === null || limit <= longest
    ? usual
    : growing(growth, 'text', usual, () => longTexts('a', limit))
}
