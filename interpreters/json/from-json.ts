import { type Either, isLeft, isRight, left, map, right } from 'fp-ts/lib/Either.js'
import { none, some } from 'fp-ts/lib/Option.js'
import { decodeBase64, isCanonicalBase64 } from '../../bytes/base64.js'
import { type Issue, longestStep } from '../../combinators/issue.js'
import type {
  AnyGrammar,
  ChoiceNode,
  Grammar,
  ImapNode,
  IntNode,
  MapNode,
  PureNode,
  ResolvedNode,
  StructNode,
  TextNode,
} from '../../combinators/node.js'
import { grammarFor } from '../../combinators/node.js'
import { caseOfTag } from '../../combinators/order.js'
import type { Protocol } from '../../combinators/protocol.js'
import { protocolFor } from '../../combinators/protocol-for.js'
import { resolved } from '../../combinators/resolved.js'
import { clip, show } from '../../combinators/show.js'
import { viewOf } from '../../combinators/view.js'
import * as words from '../../combinators/words.js'
import { writtenBytes } from '../../combinators/written.js'
import { brief } from './brief.js'
import { innermost, isWrapped, namesIn, showsAsString, structOf } from './form.js'
import { deeper, inside, invalid, invalidText, isOverflow, type Place, tooDeep } from './report.js'
import { isObject, type Json, printJson, printSortedJson } from './text.js'
import { constantJson } from './to-json.js'

type Found = Either<Issue, unknown>

/**
 * The value of a JSON form: the inverse of {@link toJson}. Texts are normalised as in the compatible profile. Not
 * every rule of the grammar is checked: `encode` of a codec rejects the rest. A field that the protocol does not send
 * may be left out.
 *
 * ```ts
 * import { struct, u64, utf8 } from 'nix-wire'
 * import { fromJson } from 'nix-wire/interpreters'
 *
 * const Tea = struct('Tea', { name: utf8, grams: u64 })
 * fromJson(Tea, {}, { name: 'mint', grams: 7n }) // => { _tag: 'Right', right: { name: 'mint', grams: 7n } }
 * ```
 *
 * Issues, with their path: `InvalidJson`, `OutOfRange`, `InvalidText`, `InvalidValue`, `Unrepresentable`.
 */
export const fromJson = <A>(grammar: Grammar<A>, given: Partial<Protocol>, json: Json): Either<Issue, A> =>
  readUnder(protocolFor('fromJson', grammarFor('fromJson', grammar).node, given), grammar, json) as Either<
    Issue,
    A
  >

const readUnder = (agreed: Protocol, grammar: AnyGrammar, json: Json): Found =>
  read(resolved(grammar, agreed).node, json, { protocol: agreed, path: [], depth: 0 })

const read = (node: ResolvedNode, json: Json, place: Place): Found => {
  try {
    return readNode(node, json, place)
  } catch (error) {
    if (isOverflow(error)) {
      return tooDeep(place, node)
    }
    throw error
  }
}

const readNode = (node: ResolvedNode, json: Json, place: Place): Found => {
  switch (node._tag) {
    case 'int':
      return readInt(node, json, place)
    case 'bool':
      return typeof json === 'boolean' ? right(json) : unlike(node, words.trueOrFalse, json, place)
    case 'bytes': {
      const bytes = typeof json === 'string' && isCanonicalBase64(json) ? decodeBase64(json) : left(0)
      return isLeft(bytes) ? unlike(node, 'bytes in base64', json, place) : bytes
    }
    case 'text':
      return readText(node, json, place)
    case 'struct':
      return node.shape === 'tuple' ? readTuple(node, json, place) : readRecord(node, json, place, null)
    case 'sequence':
      return node.kind === 'map' ? readMap(node, json, place) : readItems(node, node.item, json, place)
    case 'choice':
      return readChoice(node, json, place)
    case 'pure':
      return readPure(node, json, place)
    case 'lazy': {
      const below = deeper(place, node)
      return isLeft(below) ? below : read(node.get(), json, below.right)
    }
    case 'imap':
      return readImap(node, json, place)
    case 'until':
      return readItems(node, node.item, json, place)
    case 'framed':
      return read(node.inner, json, place)
    case 'span':
      return map((value) => ({ value, bytes: bytesOfValue(node.inner, place.protocol, value) }))(
        read(node.inner, json, place),
      )
  }
}

/** The encoding of a value; nothing for a value that the encoder rejects. */
const bytesOfValue = (node: ResolvedNode, given: Protocol, value: unknown): Uint8Array => {
  try {
    return writtenBytes(node, given, value)
  } catch (error) {
    if (error instanceof RangeError && !isOverflow(error)) {
      return new Uint8Array(0)
    }
    throw error
  }
}

const unlike = (node: ResolvedNode, expected: string, json: Json | undefined, place: Place): Found =>
  invalid('InvalidJson', place, node, expected, brief(json))

const readInt = (node: IntNode, json: Json, place: Place): Found => {
  if (typeof json !== 'bigint') {
    return unlike(node, 'an integer', json, place)
  }
  if (json < 0n || json > node.max) {
    return invalid('OutOfRange', place, node, words.integerUpTo(node.max), brief(json))
  }
  return right(node.value === 'number' ? Number(json) : json)
}

const readText = (node: TextNode, json: Json, place: Place): Found => {
  if (node.optional) {
    return json === null ? right(none) : map(some)(readText({ ...node, optional: false }, json, place))
  }
  const { format } = node
  // A string is the text itself; the printer would format it differently.
  const text = format?.json === true && typeof json !== 'string' ? printSortedJson(json) : json
  if (typeof text !== 'string') {
    return unlike(node, format?.summary ?? words.aString, json, place)
  }
  if (format === null) {
    return right(text)
  }
  if (format.value === 'text' && isRight(format.print(text, place.protocol))) {
    // The text is canonical: printing only checks it, which is far cheaper than parsing.
    return right(text)
  }
  const parsed = format.parse(text, place.protocol)
  return isLeft(parsed) ? invalidText(place, node, parsed.left) : parsed
}

/** The fields of an object, and before them those that the tag of a union adds. */
const readRecord = (
  node: StructNode<ResolvedNode>,
  json: Json,
  place: Place,
  tag: { readonly key: string; readonly name: string } | null,
): Found => {
  if (!isObject(json)) {
    return unlike(node, words.anObject, json, place)
  }
  const record: { [key: string]: unknown } = tag === null ? {} : { [tag.key]: tag.name }
  const known = new Set(Object.keys(record))
  for (const { key, node: field, fixed } of node.fields) {
    if (fixed === undefined) {
      known.add(String(key))
      const found = readField(field, json, String(key), inside(place, key))
      if (isLeft(found)) {
        return found
      }
      record[key] = found.right
    }
  }
  const unknown = Object.keys(json).find((key) => !known.has(key))
  return unknown === undefined
    ? right(record)
    : unlike(
        node,
        `no field but ${[...known].join(', ')}`,
        unknown,
        inside(place, clip(unknown, longestStep)),
      )
}

const readField = (
  node: ResolvedNode,
  json: { readonly [key: string]: Json },
  key: string,
  place: Place,
): Found => {
  const value = Object.hasOwn(json, key) ? json[key] : undefined
  if (value !== undefined) {
    return read(node, value, place)
  }
  const inner = innermost(node)
  return inner._tag === 'pure' ? right(inner.value) : unlike(node, 'a field of this name', undefined, place)
}

const readTuple = (node: StructNode<ResolvedNode>, json: Json, place: Place): Found => {
  const fields = node.fields.filter(({ fixed }) => fixed === undefined)
  if (!Array.isArray(json) || json.length !== fields.length) {
    return unlike(node, words.anArrayOf(fields.length), json, place)
  }
  const items: Array<unknown> = []
  for (const [i, { node: field }] of fields.entries()) {
    const found = read(field, (json as ReadonlyArray<Json>)[i] ?? null, inside(place, i))
    if (isLeft(found)) {
      return found
    }
    items.push(found.right)
  }
  return right(items)
}

const readItems = (node: ResolvedNode, item: ResolvedNode, json: Json, place: Place): Found => {
  if (!Array.isArray(json)) {
    return unlike(node, words.anArray, json, place)
  }
  const items: Array<unknown> = []
  for (const each of json as ReadonlyArray<Json>) {
    const found = read(item, each, inside(place, items.length))
    if (isLeft(found)) {
      return found
    }
    items.push(found.right)
  }
  return right(items)
}

const readMap = (node: MapNode<ResolvedNode>, json: Json, place: Place): Found => {
  const pairs = showsAsString(node.key)
    ? isObject(json)
      ? Object.entries(json)
      : null
    : Array.isArray(json)
      ? (json as ReadonlyArray<Json>)
      : null
  if (pairs === null) {
    return unlike(node, 'an object, or where the keys are no strings an array of pairs', json, place)
  }
  const entries = new Map<unknown, unknown>()
  for (const [i, pair] of pairs.entries()) {
    if (!Array.isArray(pair) || pair.length !== 2) {
      return unlike(node, 'a pair of key and value', pair as Json, inside(place, i))
    }
    const [k, v] = pair as unknown as readonly [Json, Json]
    const key = read(node.key, k, inside(place, i, 'key'))
    const item = isLeft(key) ? key : read(node.item, v, inside(place, i, 'value'))
    if (isLeft(key) || isLeft(item)) {
      return isLeft(key) ? key : item
    }
    entries.set(key.right, item.right)
  }
  return right(entries)
}

const readChoice = (node: ChoiceNode<ResolvedNode>, json: Json, place: Place): Found => {
  if (typeof json === 'bigint' && node.rest === 'tag' && node.tag._tag === 'int') {
    return readNumber(node, node.tag, json, place)
  }
  switch (node.shape._tag) {
    case 'enum':
      return readEnum(node, json, place)
    case 'option':
      return json === null ? right(none) : map(some)(readSome(node, json, place))
    case 'tagged': {
      const { key } = node.shape
      const name = isObject(json) && Object.hasOwn(json, key) ? json[key] : undefined
      const struct = structOf(node, name)
      if (struct === undefined) {
        return unlike(node, names(node), name, inside(place, key))
      }
      const fields = readRecord(struct, json, place, { key, name: String(name) })
      return isRight(fields) ? readOther(node, name, fields.right as Fields, place) : fields
    }
  }
}

type Fields = { readonly [key: string]: unknown }

/** Rejects the tag of a named case in the case for every other tag. */
const readOther = (node: ChoiceNode<ResolvedNode>, name: unknown, fields: Fields, place: Place): Found => {
  const { rest } = node
  if (typeof rest !== 'object' || rest.name !== name) {
    return right(fields)
  }
  const tag = fields[rest.key] as bigint | string
  const taken = caseOfTag(node, tag)
  return taken === undefined
    ? right(fields)
    : invalid('Unrepresentable', inside(place, rest.key), node, words.tagOfNoCase(tag, taken.name), show(tag))
}

const names = (node: ChoiceNode<ResolvedNode>): string => words.oneOfNames(namesIn(node), false)

const readEnum = (node: ChoiceNode<ResolvedNode>, json: Json, place: Place): Found => {
  return node.cases.some(({ name }) => name === json)
    ? right(json)
    : unlike(node, `${names(node)}${node.rest === 'tag' ? ' or another integer' : ''}`, json, place)
}

/** A number without a name; one with a name would be read back as the name. */
const readNumber = (node: ChoiceNode<ResolvedNode>, tag: IntNode, json: bigint, place: Place): Found => {
  const named = caseOfTag(node, json)
  return named === undefined
    ? readInt(tag, json, place)
    : invalid('Unrepresentable', place, node, words.theName(named.name), show(json))
}

const readSome = (node: ChoiceNode<ResolvedNode>, json: Json, place: Place): Found => {
  const body = node.cases.find((each) => each.body !== undefined)?.body
  if (body === undefined) {
    const named = node.cases.slice(1).some(({ name }) => name === json)
    return named ? right(json) : unlike(node, `null or ${names(node)}`, json, place)
  }
  if (!isWrapped(node, body)) {
    return read(body, json, place)
  }
  return Array.isArray(json) && json.length === 1
    ? read(body, (json as ReadonlyArray<Json>)[0] ?? null, place)
    : unlike(node, 'null or an array of one', json, place)
}

const readPure = (node: PureNode<ResolvedNode>, json: Json, place: Place): Found => {
  const constant = printJson(constantJson(node, place.protocol))
  return printJson(json) === constant
    ? right(node.value)
    : invalid('Unrepresentable', place, node, words.notSent(constant), brief(json))
}

const readImap = (node: ImapNode<ResolvedNode>, json: Json, place: Place): Found => {
  if (node.json !== undefined) {
    const shown =
      typeof node.json === 'string' ? readPlain(node, node.json, json, place) : read(node.json, json, place)
    if (isLeft(shown)) {
      return shown
    }
    const inner = viewOf(node).to(shown.right)
    return isLeft(inner) ? unlike(node, inner.left, json, place) : shown
  }
  const inner = read(node.inner, json, place)
  if (isLeft(inner)) {
    return inner
  }
  const outer = viewOf(node).from(inner.right)
  return isLeft(outer) ? invalid('InvalidValue', place, node, outer.left, brief(json)) : outer
}

const readPlain = (
  node: ImapNode<ResolvedNode>,
  type: 'string' | 'boolean' | 'number' | 'bigint',
  json: Json,
  place: Place,
): Found => {
  const integer = type === 'number' || type === 'bigint'
  if (typeof json !== (integer ? 'bigint' : type)) {
    return unlike(node, integer ? 'an integer' : `a ${type}`, json, place)
  }
  const value = type === 'number' ? Number(json) : json
  return type !== 'number' || BigInt(value as number) === json
    ? right(value)
    : unlike(node, 'an integer of at most 2^53−1', json, place)
}
