import { type Grammar, grammarOf, type ResolvedNode } from '../../combinators/node.js'
import type { Protocol } from '../../combinators/protocol.js'
import { quoted } from '../../combinators/show.js'
import { brief } from '../../interpreters/dissect/brief.js'
import type { Part } from '../../interpreters/dissect/index.js'
import { view } from '../../interpreters/dissect/json.js'
import { toJsonAsItIs } from '../../interpreters/json/as-it-is.js'
import { jsonStart } from '../../interpreters/json/start.js'
import { type Json, printJson } from '../../interpreters/json/text.js'
import { longestInRow } from './plain-text.js'

/** How a part is read. */
export interface ReadBy {
  /** Null for framing, such as a count. */
  readonly node: ResolvedNode | null
  readonly protocol: Partial<Protocol>
}

/** A number with separators. */
export const grouped = (value: number | bigint): string => value.toLocaleString('en')

/** A number of things, with their name in singular or plural. */
export const countOf = (count: number, one: string, many = `${one}s`): string =>
  `${grouped(count)} ${count === 1 ? one : many}`

// The last second of the year 9999.
const lastDate = 253_402_300_799n

/**
 * The date of a number of seconds since 1970; null for 0, which means unknown, and for a number out of range.
 */
export const dateOf = (seconds: bigint): string | null =>
  seconds > 0n && seconds <= lastDate
    ? new Date(Number(seconds) * 1000).toISOString().replace('.000', '')
    : null

const timeValue = (seconds: bigint): string =>
  [grouped(seconds), dateOf(seconds)].filter((part) => part !== null).join(' · ')

/** The value of a part as JSON, as the command prints it. */
const jsonOf = ({ value }: Part, { node, protocol }: ReadBy): Json =>
  node === null ? (view(value) as Json) : toJsonAsItIs(grammarOf(node) as Grammar<unknown>, protocol, value)

/** The value of a part on one line; empty if its parts show it. */
export const valueInRow = (part: Part, by: ReadBy): string => {
  const { complete, value, grammar, parts } = part
  return complete ? shown(part, by, value, parts.length > 0, grammar) : ''
}

const shown = (part: Part, by: ReadBy, value: unknown, hasParts: boolean, grammar: string): string => {
  switch (typeof value) {
    case 'undefined':
      return ''
    case 'bigint':
      return grammar === 'Time' ? timeValue(value) : grouped(value)
    case 'number':
      return grouped(value)
    case 'string':
      return by.node === null ? quoted(value, longestInRow) : jsonStart(jsonOf(part, by), longestInRow)
    case 'object':
      return objectInRow(part, by, value, hasParts)
    default:
      return String(value)
  }
}

const objectInRow = (part: Part, by: ReadBy, value: object | null, hasParts: boolean): string => {
  if (value instanceof Uint8Array) {
    return countOf(value.length, 'byte')
  }
  if (hasParts && Array.isArray(value)) {
    return countOf(value.length, 'item')
  }
  if (hasParts && value instanceof Map) {
    return countOf(value.size, 'entry', 'entries')
  }
  if (value !== null && '_tag' in value && value._tag === 'Some' && 'value' in value && hasParts) {
    return shown(part, by, value.value, hasParts, part.grammar)
  }
  const isNone = value !== null && '_tag' in value && value._tag === 'None'
  if (hasParts && !isNone) {
    return ''
  }
  return by.node === null ? brief(value) : jsonStart(jsonOf(part, by), longestInRow)
}

/** The whole value of a part as JSON on several lines. */
export const wholeValue = (part: Part, by: ReadBy): string =>
  part.value === undefined ? '' : printJson(jsonOf(part, by), 2)
