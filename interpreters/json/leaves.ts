import { type Either, isLeft, right } from 'fp-ts/lib/Either.js'
import { encodeBase64 } from '../../bytes/base64.js'
import { isBytes, lengthOf } from '../../bytes/byte-array.js'
import { escapedBytes } from '../../bytes/escaped.js'
import type { Fields } from '../../combinators/expect.js'
import { greatestOf } from '../../combinators/greatest.js'
import type { Issue } from '../../combinators/issue.js'
import type { BytesNode, IntNode, ResolvedNode, TextNode } from '../../combinators/node.js'
import { show } from '../../combinators/show.js'
import { printText, type TextFormat } from '../../combinators/text-format.js'
import * as words from '../../combinators/words.js'
import { invalid, invalidText, type Place } from './report.js'
import { type Json, parseJson, printSortedJson } from './text.js'

/** The JSON form of a value, or why it has none. */
export type Shown = Either<Issue, Json>

/** The tag of an object with one. */
export const tagOf = (value: unknown): unknown =>
  typeof value === 'object' && value !== null ? (value as Fields)._tag : undefined

/** The value does not belong to the node. */
export const unlike = (
  place: Place,
  node: ResolvedNode,
  expected: string,
  value: unknown,
): Either<Issue, never> => invalid('Unrepresentable', place, node, expected, show(value))

/** The JSON form of an integer: a bigint. */
export const showInt = (node: IntNode, value: unknown, place: Place): Shown => {
  const max = greatestOf(node)
  const expected = words.integerIn(max, node.value)
  if (typeof value !== node.value || (typeof value === 'number' && !Number.isInteger(value))) {
    return unlike(place, node, expected, value)
  }
  const integer = BigInt(value as bigint | number)
  return integer < 0n || integer > max
    ? invalid('OutOfRange', place, node, expected, show(value))
    : right(integer)
}

/** A copy; throws if the buffer of the bytes has shrunk or is detached. */
const copyOf = (bytes: Uint8Array): Uint8Array => {
  const copy = new Uint8Array(lengthOf(bytes))
  copy.set(bytes)
  return copy
}

/** The JSON form of bytes: base64. */
export const showBytes = (node: BytesNode, value: unknown, place: Place): Shown =>
  isBytes(value) && (typeof node.length !== 'number' || lengthOf(value) === node.length)
    ? right(encodeBase64(copyOf(value)))
    : unlike(
        place,
        node,
        typeof node.length === 'number' ? words.bytesCount(node.length) : words.someBytes,
        value,
      )

/** The JSON form of a text: a string, or JSON for a text that is JSON; null for an absent optional one. */
export const showText = (node: TextNode, value: unknown, place: Place): Shown => {
  const { format, encoding } = node
  if (node.optional) {
    const tag = tagOf(value)
    if (tag === 'None') {
      return right(null)
    }
    return tag === 'Some'
      ? showText({ ...node, optional: false }, (value as { readonly value: unknown }).value, place)
      : unlike(place, node, words.anOption, value)
  }
  if (format !== null && format.value === 'structure') {
    return typeof value === 'object' && value !== null
      ? showFormat(node, format, value, place)
      : unlike(place, node, format.summary, value)
  }
  if (typeof value !== 'string') {
    return unlike(place, node, words.aString, value)
  }
  if (format !== null) {
    return showFormat(node, format, value, place)
  }
  const readsBack = value.isWellFormed() || (encoding !== 'utf8' && escapedBytes(value) !== null)
  return readsBack ? right(value) : unlike(place, node, 'a string that can be written', value)
}

const showFormat = (node: TextNode, format: TextFormat<unknown>, value: unknown, place: Place): Shown => {
  const printed = printText(format, value, place.protocol)
  if (isLeft(printed)) {
    return invalidText(place, node, printed.left)
  }
  return right(format.json === true ? jsonOfText(printed.right) : printed.right)
}

/**
 * The JSON form of a text that is JSON: the JSON itself if the text can be made from it again, otherwise the text as a
 * string. A text that is a JSON string is also shown as text, so that every string in the JSON form is a text.
 */
const jsonOfText = (text: string): Json => {
  const json = parseJson(text, 'last')
  return isLeft(json) || typeof json.right === 'string' || printSortedJson(json.right) !== text
    ? text
    : json.right
}
