import { isLeft, right } from 'fp-ts/lib/Either.js'
import { none, some } from 'fp-ts/lib/Option.js'
import type { BoolNode, BytesNode, IntNode, TextNode } from '../../combinators/node.js'
import type { Protocol } from '../../combinators/protocol.js'
import { parserOf, type TextFormat } from '../../combinators/text-format.js'
import { decodeEscaped, decodeUtf8 } from '../../combinators/utf8.js'
import { showByte, showValue } from './show.js'
import type { Place, Source } from './source.js'

/** What a leaf needs to know besides its node. */
export interface LeafSettings {
  readonly protocol: Protocol
  readonly canonical: boolean
  readonly stringLimit: number
}

/** Reads the primitive at `source.pos`; `ends` learns where it ends before its content is judged. */
export type Ends = (pos: number) => void

export const readInt = (
  node: IntNode,
  { canonical }: LeafSettings,
  source: Source,
  place: Place,
  ends: Ends,
): number | bigint => {
  const { pos } = source
  const value = source.integer(place)
  ends(pos + 8)
  if (value > node.max) {
    source.refuse('OutOfRange', pos, place, `an integer from 0 to ${node.max}`, String(value))
  }
  source.pos = pos + 8
  if (node.keepBits === undefined) {
    return node.value === 'bigint' ? value : Number(value)
  }
  const kept = value % 2n ** BigInt(node.keepBits)
  if (canonical && kept !== value) {
    source.refuse('NotCanonical', pos, place, `only the low ${node.keepBits} bits in use`, String(value))
  }
  return Number(kept)
}

export const readBool = (
  node: BoolNode,
  { canonical }: LeafSettings,
  source: Source,
  place: Place,
  ends: Ends,
): boolean => {
  const { pos } = source
  const value = source.integer(place)
  ends(pos + 8)
  if (value > node.max) {
    source.refuse('OutOfRange', pos, place, `an integer from 0 to ${node.max}`, String(value))
  }
  if (canonical && value > 1n) {
    source.refuse('NotCanonical', pos, place, '0 or 1', String(value))
  }
  source.pos = pos + 8
  return value !== 0n
}

/** Reads a length, that many bytes and the zeros behind them; returns the bytes. */
const readPadded = (limit: number, source: Source, place: Place, ends: Ends): Uint8Array => {
  const { pos } = source
  const announced = source.integer(place)
  ends(pos + 8)
  if (announced > BigInt(limit)) {
    source.refuseLimit('string', limit, pos, place, `a length of ${announced}`)
  }
  const length = Number(announced)
  const contentEnd = pos + 8 + length
  const next = pos + 8 + Math.ceil(length / 8) * 8
  ends(Math.min(next, source.bytes.length))
  source.need(next - pos, place)
  const padding = source.bytes.subarray(contentEnd, next)
  const wrong = padding.findIndex((byte) => byte !== 0)
  if (wrong >= 0) {
    source.refuse('NonZeroPadding', contentEnd + wrong, place, 'a zero byte', showByte(padding[wrong]!))
  }
  source.pos = next
  return source.bytes.subarray(pos + 8, contentEnd)
}

export const readBytes = (
  node: BytesNode,
  { stringLimit }: LeafSettings,
  source: Source,
  place: Place,
  ends: Ends,
): Uint8Array => {
  if (node.length === 'padded') {
    return readPadded(Math.min(node.limit ?? stringLimit, stringLimit), source, place, ends).slice()
  }
  const { pos } = source
  ends(Math.min(pos + node.length, source.bytes.length))
  source.need(node.length, place)
  source.pos = pos + node.length
  return source.bytes.slice(pos, source.pos)
}

export const readText = (
  node: TextNode,
  settings: LeafSettings,
  source: Source,
  place: Place,
  ends: Ends,
): unknown => {
  const { stringLimit } = settings
  const at = source.pos + 8
  const content = readPadded(Math.min(node.limit ?? stringLimit, stringLimit), source, place, ends)
  if (node.optional && content.length === 0) {
    return none
  }
  const value = readContent(node, settings, content, source, at, place)
  return node.optional ? some(value) : value
}

const readContent = (
  { encoding, format }: TextNode,
  settings: LeafSettings,
  content: Uint8Array,
  source: Source,
  at: number,
  place: Place,
): unknown => {
  const text = encoding === 'escaped' ? right(decodeEscaped(content)) : decodeUtf8(content)
  if (isLeft(text)) {
    const position = text.left
    const actual = showByte(content[position]!)
    return source.refuseText('NotUtf8', at, place, { position, expected: 'UTF-8', actual })
  }
  return format === null ? text.right : readFormat(format, settings, text.right, source, at, place)
}

const readFormat = (
  format: TextFormat<unknown>,
  { protocol, canonical }: LeafSettings,
  text: string,
  source: Source,
  at: number,
  place: Place,
): unknown => {
  const parsed = parserOf(format, canonical)(text, protocol)
  if (isLeft(parsed)) {
    return source.refuseText('InvalidText', at, place, parsed.left)
  }
  if (canonical) {
    const printed = format.print(parsed.right, protocol)
    if (isLeft(printed) || printed.right !== text) {
      const expected = isLeft(printed) ? printed.left.expected : showValue(printed.right)
      source.refuse('NotCanonical', at, place, expected, showValue(text))
    }
  }
  return parsed.right
}
