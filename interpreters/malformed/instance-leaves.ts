import { isRight } from 'fp-ts/lib/Either.js'
import { none, some } from 'fp-ts/lib/Option.js'
import { equalValues } from '../../bytes/equal.js'
import { encodeEscaped } from '../../bytes/escaped.js'
import { greatestOf } from '../../combinators/greatest.js'
import type { BytesNode, IntNode, TextNode } from '../../combinators/node.js'
import type { Protocol } from '../../combinators/protocol.js'
import { quoted } from '../../combinators/show.js'
import { isText } from '../../combinators/structures/choice.js'
import type { TextFormat } from '../../combinators/text-format.js'
import { generator } from './random.js'
import { examplesOf, judge, patternExample } from './text-examples.js'
import { type TextTree, textOf, textTree } from './text-tree.js'

/** A value of a primitive, and its description. */
export interface Leaf {
  readonly value: unknown
  readonly what: string
  /** The classes of mistakes that it shows. */
  readonly shows: ReadonlyArray<Shown>
}

/** Classes of mistakes that a decoder of valid messages can make. */
export type Shown =
  | 'byte-order'
  | 'above-32-bits'
  | 'above-53-bits'
  | 'above-63-bits'
  | 'no-padding'
  | 'nul'
  | 'byte-order-mark'
  | 'not-utf-8'
  | 'beyond-ascii'
  | 'absent'
  | 'empty'
  | 'order-kept'

/** Every byte is different, so that a decoder with the wrong byte order reads another number. */
const ordered = 0x0102_0304_0506_0708n

const edges = [8n, 16n, 31n, 32n, 53n, 63n].flatMap((bits) => [2n ** bits - 1n, 2n ** bits, 2n ** bits + 1n])

/** The usual integer, 0, the greatest, one whose bytes all differ; and the bounds of other integer types. */
export const integers = (node: IntNode, isWhole: boolean): ReadonlyArray<Leaf> => {
  const greatest = greatestOf(node)
  const mask = 2n ** BigInt(greatest.toString(2).length - 1) - 1n
  const all = [1n, 0n, ordered & mask, greatest, ...(isWhole ? edges : [2n ** 32n])]
  return [...new Set(all)]
    .filter((each) => each >= 0n && each <= greatest)
    .map((each) => ({
      value: node.value === 'bigint' ? each : Number(each),
      what: each < 256n ? `${each}` : `0x${each.toString(16)}`,
      shows: shownBy(each, each === (ordered & mask) && mask > 0xffffn),
    }))
}

const shownBy = (value: bigint, isOrdered: boolean): ReadonlyArray<Shown> => [
  ...(isOrdered ? (['byte-order'] as const) : []),
  ...(value >= 2n ** 32n ? (['above-32-bits'] as const) : []),
  ...(value > 2n ** 53n ? (['above-53-bits'] as const) : []),
  ...(value >= 2n ** 63n ? (['above-63-bits'] as const) : []),
]

export const bools: ReadonlyArray<Leaf> = [
  { value: true, what: 'true', shows: [] },
  { value: false, what: 'false', shows: [] },
]

const filled = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => 0x61 + (i % 26))

/** Bytes of all lengths modulo 8, and bytes that are not a text. */
export const byteStrings = (
  { length, limit = Number.POSITIVE_INFINITY }: BytesNode,
  isWhole: boolean,
): ReadonlyArray<Leaf> => {
  if (typeof length === 'number') {
    return [filled(length), new Uint8Array(length), new Uint8Array(length).fill(0xff)].map((value, i) => ({
      value,
      what: ['letters', 'zeros', 'bytes 0xff'][i]!,
      shows: [],
    }))
  }
  const lengths = isWhole ? [3, 0, 1, 2, 4, 5, 6, 7, 8, 9, 15, 16, 17, 255, 256] : [3, 0, 8]
  return [
    ...lengths.map((each): Leaf & { readonly value: Uint8Array } => ({
      value: filled(each),
      what: `${each} bytes`,
      shows: each === 0 ? ['empty'] : each % 8 === 0 ? ['no-padding'] : [],
    })),
    {
      value: Uint8Array.of(0, 0xff, 0x80, 0),
      what: 'bytes that are no text',
      shows: ['nul', 'not-utf-8'] as const,
    },
  ].filter(({ value }) => value.length <= limit)
}

const plain = ['tea', '', 'é🦊']
const plainWhole = [
  'a',
  'ab',
  'abcd',
  'abcde',
  'abcdef',
  'abcdefg',
  'abcdefgh',
  'abcdefghi',
  '\0',
  'a\0b',
  '\ufeffx',
  ' ',
  '\n',
  '\u{10ffff}',
  'a'.repeat(256),
]
const notUtf8 = ['\udcff', 'a\udcc3']

/**
 * Texts: if any is allowed, of all lengths modulo 8 and all widths of UTF-8; otherwise examples of the format.
 */
export const texts = (node: TextNode, protocol: Protocol, isWhole: boolean): ReadonlyArray<Leaf> => {
  if (node.optional) {
    const [first, ...others] = texts({ ...node, optional: false }, protocol, isWhole)
    const present = ({ value, ...leaf }: Leaf): Leaf => ({ ...leaf, value: some(value) })
    const absent: Leaf = { value: none, what: 'absent', shows: ['absent'] }
    return first === undefined ? [absent] : [present(first), absent, ...others.map(present)]
  }
  const { format, encoding } = node
  if (format === null) {
    return [...plain, ...(isWhole ? plainWhole : []), ...(encoding === 'escaped' ? notUtf8 : [])]
      .filter((text) => isText(node, text))
      .map((text) => ({
        value: text,
        what: text.length > 20 ? `${text.length} letters` : quoted(text),
        shows: shownIn(text),
      }))
  }
  const most = node.limit ?? Number.POSITIVE_INFINITY
  const found: Array<Leaf> = []
  for (const text of formatted(format, protocol, isWhole ? 12 : 3)) {
    const parsed = format.parse(text, protocol)
    const isNew = (value: unknown): boolean => found.every((each) => !equalValues(each.value, value))
    if (isRight(parsed) && encodeEscaped(text).length <= most && isNew(parsed.right)) {
      found.push({ value: parsed.right, what: quoted(text, 80), shows: [] })
    }
  }
  return found
}

const shownIn = (text: string): ReadonlyArray<Shown> => [
  ...(text === '' ? (['empty'] as const) : []),
  ...(text.includes('\0') ? (['nul'] as const) : []),
  ...(text.startsWith('\ufeff') ? (['byte-order-mark'] as const) : []),
  ...(!text.isWellFormed()
    ? (['not-utf-8'] as const)
    : /[^\0-~]/.test(text)
      ? (['beyond-ascii'] as const)
      : []),
  ...(text !== '' && encodeEscaped(text).length % 8 === 0 ? (['no-padding'] as const) : []),
]

/** The number of texts made of a format, to choose from, and the most characters of one. */
const manyTexts = 48
const longestText = 400

const known = new WeakMap<TextFormat<unknown>, Map<string, ReadonlyArray<string>>>()

/** The same texts for the same format: making them takes longer than all else. */
const formatted = (format: TextFormat<unknown>, protocol: Protocol, most: number): ReadonlyArray<string> => {
  const ofFormat = known.get(format) ?? new Map<string, ReadonlyArray<string>>()
  known.set(format, ofFormat)
  // Once the protocol is decided, a format depends only on the store directory.
  const key = `${most} ${protocol.storeDir}`
  const found = ofFormat.get(key) ?? made(format, protocol, most)
  ofFormat.set(key, found)
  return found
}

/** Texts of a format as its printer writes them, short ones first, in as many forms as there are. */
const made = (format: TextFormat<unknown>, protocol: Protocol, most: number): ReadonlyArray<string> => {
  const { pattern, texts: forms } = format
  const tree: TextTree | null =
    forms !== undefined
      ? textTree(forms, protocol)
      : pattern !== undefined
        ? { _tag: 'pattern', pieces: pattern }
        : null
  const many =
    tree === null ? [] : Array.from({ length: manyTexts }, (_, i) => textOf(tree, protocol, generator(i)))
  const longest = pattern === undefined ? [] : [patternExample(pattern, protocol, longestText)]
  const all = [...new Set([...examplesOf(format, protocol), ...many, ...longest])]
    .filter((text) => text.length <= longestText && judge(format, text, protocol) === 'canonical')
    .sort((a, b) => a.length - b.length || (a < b ? -1 : 1))
  const step = Math.max(1, (all.length - 1) / Math.max(1, most - 1))
  const chosen = Array.from({ length: Math.min(most, all.length) }, (_, i) => all[Math.floor(i * step)]!)
  return [...new Set(chosen)]
}
