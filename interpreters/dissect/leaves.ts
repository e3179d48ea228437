import { isLeft, right } from 'fp-ts/lib/Either.js'
import { none, some } from 'fp-ts/lib/Option.js'
import { decodeEscaped } from '../../bytes/escaped.js'
import { decodeUtf8 } from '../../bytes/utf8.js'
import type { Issue } from '../../combinators/issue.js'
import type { BoolNode, BytesNode, IntNode, TextNode } from '../../combinators/node.js'
import type { Protocol } from '../../combinators/protocol.js'
import { show } from '../../combinators/show.js'
import { parserOf, type TextFormat } from '../../combinators/text-format.js'
import * as words from '../../combinators/words.js'
import { type Place, Refusal, type Source } from './source.js'

/** The context of a leaf besides its node. */
export interface LeafSettings {
  readonly protocol: Protocol
  readonly canonical: boolean
  readonly stringLimit: number
}

/** The purpose of a primitive. */
export interface LeafPlace extends Place {
  /** Whether an invalid value ends the reading, since what follows depends on it. */
  readonly decides: boolean
  /** Called with the end of the primitive before its content is checked. */
  readonly ends: (pos: number) => void
  /** Reports an issue of a primitive whose bytes are complete. */
  readonly note: (issue: Issue) => void
}

type Flaw = (issue: Issue) => void

/** The consequence of an invalid value with complete bytes. */
const flawOf = ({ decides, note }: LeafPlace): Flaw =>
  decides
    ? (issue) => {
        throw new Refusal(issue)
      }
    : note

const placeOf = ({ path, grammar }: LeafPlace): Place => ({ path, grammar })

/** The integer on the wire: a number as long as that is exact. */
const integerAs = (value: bigint, wanted: IntNode['value']): number | bigint =>
  wanted === 'bigint' || value > Number.MAX_SAFE_INTEGER ? value : Number(value)

export const readInt = (
  node: IntNode,
  { canonical }: LeafSettings,
  source: Source,
  at: LeafPlace,
): number | bigint => {
  const place = placeOf(at)
  const { pos } = source
  const value = source.integer(place)
  at.ends(pos + 8)
  if (value > node.max) {
    const expected = words.integerUpTo(node.max)
    flawOf(at)(source.issue('OutOfRange', pos, place, expected, String(value)))
    source.pos = pos + 8
    return integerAs(value, node.value)
  }
  source.pos = pos + 8
  if (node.keepBits === undefined) {
    return integerAs(value, node.value)
  }
  const kept = value % 2n ** BigInt(node.keepBits)
  if (canonical && kept !== value) {
    const expected = words.onlyLowBits(node.keepBits)
    at.note(source.issue('NotCanonical', pos, place, expected, String(value)))
  }
  return Number(kept)
}

/** A bool, or the integer if it is invalid. */
export const readBool = (
  node: BoolNode,
  { canonical }: LeafSettings,
  source: Source,
  at: LeafPlace,
): boolean | bigint => {
  const place = placeOf(at)
  const { pos } = source
  const value = source.integer(place)
  at.ends(pos + 8)
  source.pos = pos + 8
  if (value > node.max) {
    at.note(source.issue('OutOfRange', pos, place, words.integerUpTo(node.max), String(value)))
    return value
  }
  if (canonical && value > 1n) {
    at.note(source.issue('NotCanonical', pos, place, words.zeroOrOne, String(value)))
  }
  return value !== 0n
}

/** Reads a length, that many bytes and the zeros after them; returns the bytes. */
const readPadded = (limit: number, source: Source, at: LeafPlace): Uint8Array => {
  const place = placeOf(at)
  const { pos } = source
  const announced = source.integer(place)
  at.ends(pos + 8)
  if (announced > BigInt(limit)) {
    source.refuseLimit('string', limit, pos, place, words.tooLong(announced))
  }
  const length = Number(announced)
  const contentEnd = pos + 8 + length
  const next = pos + 8 + Math.ceil(length / 8) * 8
  at.ends(Math.min(next, source.end))
  source.need(next - pos, place)
  const content = source.view(pos + 8, contentEnd)
  const padding = source.view(contentEnd, next)
  const wrong = padding.findIndex((byte) => byte !== 0)
  source.pos = next
  if (wrong >= 0) {
    const actual = words.byteInHex(padding[wrong]!)
    at.note(source.issue('NonZeroPadding', contentEnd + wrong, place, words.zeroByte, actual))
  }
  return content
}

export const readBytes = (
  node: BytesNode,
  { stringLimit }: LeafSettings,
  source: Source,
  at: LeafPlace,
): Uint8Array => {
  const limit = Math.min(node.limit ?? stringLimit, stringLimit)
  if (node.length === 'padded') {
    return readPadded(limit, source, at).slice()
  }
  if (node.length === 'toEnd') {
    at.ends(source.end)
    return source.rest(limit, placeOf(at)).slice()
  }
  const { pos } = source
  at.ends(Math.min(pos + node.length, source.end))
  source.need(node.length, placeOf(at))
  source.pos = pos + node.length
  return source.view(pos, source.pos).slice()
}

/** A text in its format, or the text on the wire if it is invalid. */
export const readText = (node: TextNode, settings: LeafSettings, source: Source, at: LeafPlace): unknown => {
  const { stringLimit } = settings
  const start = source.pos + 8
  const content = readPadded(Math.min(node.limit ?? stringLimit, stringLimit), source, at)
  if (node.optional && content.length === 0) {
    return none
  }
  const value = readContent(node, settings, content, source, start, at)
  return node.optional ? some(value) : value
}

const readContent = (
  { encoding, format }: TextNode,
  settings: LeafSettings,
  content: Uint8Array,
  source: Source,
  start: number,
  at: LeafPlace,
): unknown => {
  const text = encoding === 'escaped' ? right(decodeEscaped(content)) : decodeUtf8(content)
  if (isLeft(text)) {
    const position = text.left
    const what = { position, expected: words.utf8, actual: words.byteInHex(content[position]!) }
    flawOf(at)(source.textIssue('NotUtf8', start, placeOf(at), what))
    return decodeEscaped(content)
  }
  return format === null ? text.right : readFormat(format, settings, text.right, source, start, at)
}

const readFormat = (
  format: TextFormat<unknown>,
  { protocol, canonical }: LeafSettings,
  text: string,
  source: Source,
  start: number,
  at: LeafPlace,
): unknown => {
  const place = placeOf(at)
  const parsed = parserOf(format, canonical)(text, protocol)
  if (isLeft(parsed)) {
    flawOf(at)(source.textIssue('InvalidText', start, place, parsed.left))
    return text
  }
  if (canonical) {
    const printed = format.print(parsed.right, protocol)
    if (isLeft(printed) || printed.right !== text) {
      const expected = isLeft(printed) ? printed.left.expected : show(printed.right)
      at.note(source.issue('NotCanonical', start, place, expected, show(text)))
    }
  }
  return parsed.right
}
