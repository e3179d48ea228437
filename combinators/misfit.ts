import { isLeft } from 'fp-ts/lib/Either.js'
import { isBytes, lengthOf } from '../bytes/byte-array.js'
import { isObject } from './expect.js'
import { greatestOf } from './greatest.js'
import type { BytesNode, ChoiceNode, ImapNode, IntNode, Node, StructNode, TextNode } from './node.js'
import { caseOfTag } from './order.js'
import { isText } from './structures/choice.js'
import { viewOf } from './view.js'
import * as words from './words.js'

/**
 * What was expected in place of a value that no protocol can write; null if some protocol may. It only checks what
 * holds in all protocols, not gates, recursion and texts with a format.
 */
export const misfit = (node: Node, value: unknown): string | null => {
  switch (node._tag) {
    case 'int':
      return integer(node, value)
    case 'bool':
      return typeof value === 'boolean' ? null : words.trueOrFalse
    case 'bytes':
      return bytes(node, value)
    case 'text':
      return node.format === null ? text(node, value) : null
    case 'struct':
      return struct(node, value)
    case 'choice':
      return choice(node, value)
    case 'imap':
      return view(node, value)
    case 'framed':
      return misfit(node.inner, value)
    case 'sequence':
    case 'until':
    case 'gated':
    case 'pure':
    case 'lazy':
    case 'span':
      return null
  }
}

const integer = (node: IntNode, value: unknown): string | null => {
  const most = greatestOf(node)
  const isInteger = typeof value === node.value && (typeof value === 'bigint' || Number.isInteger(value))
  return isInteger && (value as number | bigint) >= 0 && (value as number | bigint) <= most
    ? null
    : words.integerIn(most, node.value)
}

const bytes = ({ length, limit }: BytesNode, value: unknown): string | null => {
  if (typeof length === 'number') {
    return isBytes(value) && lengthOf(value) === length ? null : words.someBytesOf(length)
  }
  if (!isBytes(value)) {
    return words.someBytes
  }
  return limit === undefined || lengthOf(value) <= limit ? null : words.atMost(limit, 'string')
}

const text = (node: TextNode, value: unknown): string | null => {
  if (typeof value !== 'string') {
    return words.aString
  }
  if (!isText({ ...node, limit: Number.POSITIVE_INFINITY }, value)) {
    return node.encoding === 'utf8' ? words.wellFormed : words.escapedText
  }
  return node.limit === undefined || isText(node, value) ? null : words.atMost(node.limit, 'string')
}

const struct = ({ fields }: StructNode, value: unknown): string | null => {
  if (!isObject(value)) {
    return words.anObject
  }
  for (const { key, node, fixed } of fields) {
    const expected = fixed === undefined ? misfit(node, value[key]) : null
    if (expected !== null) {
      return `${expected} as ${key}`
    }
  }
  return null
}

/** Only for enumerations; a union or an option is hardly ever a constant. */
const choice = (node: ChoiceNode, value: unknown): string | null => {
  if (node.shape._tag !== 'enum') {
    return null
  }
  if (node.rest === 'tag' && typeof value === 'number') {
    const named = caseOfTag(node, value)
    return named === undefined ? misfit(node.tag, value) : words.theName(named.name)
  }
  const names = node.cases.map(({ name }) => name)
  return names.some((name) => name === value) ? null : words.oneOfNames(names, node.rest === 'tag')
}

const view = (node: ImapNode, value: unknown): string | null => {
  const inner = viewOf(node).to(value)
  return isLeft(inner) ? inner.left : misfit(node.inner, inner.right)
}
