import { type Either, isLeft, map, right } from 'fp-ts/lib/Either.js'
import { isNone, type Option } from 'fp-ts/lib/Option.js'
import { holds } from '../../combinators/gate.js'
import type { Issue } from '../../combinators/issue.js'
import type {
  ChoiceNode,
  Grammar,
  ImapNode,
  MapNode,
  Node,
  StructNode,
  TextNode,
} from '../../combinators/node.js'
import { type Protocol, protocol } from '../../combinators/protocol.js'
import { toBase64 } from './base64.js'
import { mayBeNull, showsAsString } from './form.js'
import { deeper, inside, invalid, invalidText, type Place } from './report.js'
import { type Json, objectOf, parseJson } from './text.js'

type Shown = Either<Issue, Json>

/**
 * The JSON view of a value.
 *
 * | value | JSON |
 * | --- | --- |
 * | integer of any size | integer |
 * | `Option` | the value, or null; where the value itself may be null, an array of it |
 * | list, set, tuple | array |
 * | map | object where its keys are strings, else an array of pairs |
 * | bytes | base64 |
 * | union | object with its tag |
 * | structured text | its text; a realisation, whose text is JSON, as that JSON |
 *
 * ```ts
 * import { protocol } from 'nix-wire'
 * import { OptMicroseconds } from 'nix-wire/grammar'
 * import { toJson } from 'nix-wire/interpreters'
 * import { option as O } from 'fp-ts'
 *
 * toJson(OptMicroseconds, protocol(), O.some(7n)) // => { _tag: 'Right', right: 7n }
 * toJson(OptMicroseconds, protocol(), O.none) // => { _tag: 'Right', right: null }
 * ```
 *
 * Issues: `Unrepresentable` where a value has no form under this protocol.
 */
export const toJson = <A>(grammar: Grammar<A>, given: Partial<Protocol>, value: A): Shown =>
  show(grammar.node, value, { protocol: protocol(given), path: [], depth: 0 })

const show = (node: Node, value: unknown, place: Place): Shown => {
  switch (node._tag) {
    case 'int':
      return right(BigInt(value as bigint | number))
    case 'bool':
      return right(value as boolean)
    case 'bytes':
      return right(toBase64(value as Uint8Array))
    case 'text':
      return showText(node, value, place)
    case 'struct':
      return showStruct(node, value, place)
    case 'sequence':
      return node.kind === 'map'
        ? showMap(node, value as ReadonlyMap<unknown, unknown>, place)
        : showItems(node.item, value as ReadonlyArray<unknown>, place)
    case 'choice':
      return showChoice(node, value, place)
    case 'gated':
      return show(
        node.arms.find(({ gate }) => holds(gate, place.protocol))?.node ?? node.otherwise,
        value,
        place,
      )
    case 'pure':
      return right(plain(value))
    case 'lazy': {
      const below = deeper(place, node)
      return isLeft(below) ? below : show(node.get(), value, below.right)
    }
    case 'imap':
      return showImap(node, value, place)
    case 'until':
      return showItems(node.item, value as ReadonlyArray<unknown>, place)
    case 'framed':
      return show(node.inner, value, place)
  }
}

const showText = (node: TextNode, value: unknown, place: Place): Shown => {
  if (node.optional) {
    const option = value as Option<unknown>
    return isNone(option) ? right(null) : showText({ ...node, optional: false }, option.value, place)
  }
  if (node.format === null) {
    return right(value as string)
  }
  const printed = node.format.print(value, place.protocol)
  if (isLeft(printed)) {
    return invalidText(place, node, printed.left)
  }
  return node.format.json === true ? parseJson(printed.right, 'last') : right(printed.right)
}

type Fields = { readonly [key: string | number]: unknown }

const showFields = (
  node: StructNode,
  value: unknown,
  place: Place,
): Either<Issue, ReadonlyArray<readonly [string, Json]>> => {
  const entries: Array<readonly [string, Json]> = []
  for (const { key, node: field, fixed } of node.fields) {
    if (fixed === undefined) {
      const shown = show(field, (value as Fields)[key], inside(place, key))
      if (isLeft(shown)) {
        return shown
      }
      entries.push([String(key), shown.right])
    }
  }
  return right(entries)
}

const showStruct = (node: StructNode, value: unknown, place: Place): Shown =>
  map(
    (entries: ReadonlyArray<readonly [string, Json]>): Json =>
      node.shape === 'tuple' ? entries.map(([, json]) => json) : objectOf(entries),
  )(showFields(node, value, place))

const showItems = (
  item: Node,
  items: ReadonlyArray<unknown>,
  place: Place,
): Either<Issue, ReadonlyArray<Json>> => {
  const shown: Array<Json> = []
  for (let i = 0; i < items.length; i++) {
    const json = show(item, items[i], inside(place, i))
    if (isLeft(json)) {
      return json
    }
    shown.push(json.right)
  }
  return right(shown)
}

const showMap = (node: MapNode, entries: ReadonlyMap<unknown, unknown>, place: Place): Shown => {
  const pairs: Array<readonly [Json, Json]> = []
  for (const [key, item] of entries) {
    const k = show(node.key, key, inside(place, pairs.length, 'key'))
    const v = isLeft(k) ? k : show(node.item, item, inside(place, pairs.length, 'value'))
    if (isLeft(k) || isLeft(v)) {
      return isLeft(k) ? k : v
    }
    pairs.push([k.right, v.right])
  }
  return right(
    showsAsString(node.key, place.protocol)
      ? objectOf(pairs.map(([key, item]) => [String(key), item]))
      : pairs.map(([key, item]) => [key, item]),
  )
}

const showChoice = (node: ChoiceNode, value: unknown, place: Place): Shown => {
  switch (node.shape._tag) {
    case 'enum':
      return right(typeof value === 'string' ? value : BigInt(value as bigint | number))
    case 'option': {
      const option = value as Option<unknown>
      const body = node.cases.find((each) => each.body !== undefined)?.body
      if (isNone(option)) {
        return right(null)
      }
      if (body === undefined) {
        return right(option.value as string)
      }
      const shown = show(body, option.value, place)
      return mayBeNull(body, place.protocol) ? map((json: Json): Json => [json])(shown) : shown
    }
    case 'tagged': {
      const { key } = node.shape
      const name = (value as Fields)[key]
      const found = node.cases.find((each) => each.name === name)
      if (found?.body?._tag !== 'struct') {
        return invalid('Unrepresentable', place, node, `a known ${key}`, String(name))
      }
      return map(
        (entries: ReadonlyArray<readonly [string, Json]>): Json => objectOf([[key, found.name], ...entries]),
      )(showFields(found.body, value, place))
    }
  }
}

const showImap = (node: ImapNode, value: unknown, place: Place): Shown => {
  if (node.json !== undefined) {
    return right(value as string | boolean)
  }
  const inner = (node.to as (outer: unknown) => Either<string, unknown>)(value)
  return isLeft(inner)
    ? invalid('Unrepresentable', place, node, inner.left, 'another value')
    : show(node.inner, inner.right, place)
}

/** The view of a constant, which no node describes. */
export const plain = (value: unknown): Json => {
  if (typeof value === 'number') {
    return BigInt(value)
  }
  if (Array.isArray(value)) {
    return value.map(plain)
  }
  if (value instanceof Uint8Array) {
    return toBase64(value)
  }
  if (value instanceof Map) {
    return plainMap(value)
  }
  if (typeof value === 'object' && value !== null) {
    return plainObject(value as { readonly [key: string]: unknown })
  }
  return (value ?? null) as Json
}

const plainMap = (entries: ReadonlyMap<unknown, unknown>): Json => {
  const pairs = [...entries].map(([key, item]) => [plain(key), plain(item)] as const)
  return pairs.every(([key]) => typeof key === 'string')
    ? objectOf(pairs.map(([key, item]) => [String(key), item]))
    : pairs.map(([key, item]) => [key, item])
}

const plainObject = (value: { readonly [key: string]: unknown }): Json => {
  if (value._tag === 'None') {
    return null
  }
  return value._tag === 'Some'
    ? plain(value.value)
    : objectOf(Object.entries(value).map(([key, item]) => [key, plain(item)]))
}
