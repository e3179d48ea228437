import { type Either, isLeft, map, right } from 'fp-ts/lib/Either.js'
import type { Fields } from '../../combinators/expect.js'
import type { Issue } from '../../combinators/issue.js'
import type {
  ChoiceNode,
  Grammar,
  ImapNode,
  IntNode,
  MapNode,
  PureNode,
  ResolvedNode,
  StructNode,
} from '../../combinators/node.js'
import { grammarFor } from '../../combinators/node.js'
import { caseOfTag } from '../../combinators/order.js'
import type { Protocol } from '../../combinators/protocol.js'
import { protocolFor } from '../../combinators/protocol-for.js'
import { resolved } from '../../combinators/resolved.js'
import { oneOf, quoted, show as showValue } from '../../combinators/show.js'
import { viewOf } from '../../combinators/view.js'
import * as words from '../../combinators/words.js'
import { isConstant } from '../../combinators/written.js'
import { isWrapped, namesIn, showsAsString, structOf } from './form.js'
import { type Shown, showBytes, showInt, showText, tagOf, unlike } from './leaves.js'
import { plain } from './plain.js'
import { deeper, inside, type Place, thrown } from './report.js'
import { type Json, objectOf } from './text.js'

/**
 * The JSON form of a value.
 *
 * | value | JSON |
 * | --- | --- |
 * | integer of any size | integer |
 * | `Option` | the value, or null; an array with the value if that may itself be null, or an integer beside other tags |
 * | list, set, tuple | array |
 * | map | an object if its keys are strings, else an array of pairs |
 * | bytes | base64 |
 * | union | object with its tag |
 * | structured text | its text; a text that is JSON is shown as that JSON if the encoder would write it the same, else as a string |
 *
 * ```ts
 * import { optionalByTag, u64, u8 } from 'nix-wire'
 * import { toJson } from 'nix-wire/interpreters'
 * import { option as O } from 'fp-ts'
 *
 * const Steeped = optionalByTag(u8, u64)
 * toJson(Steeped, {}, O.some(7n)) // => { _tag: 'Right', right: 7n }
 * toJson(Steeped, {}, O.none) // => { _tag: 'Right', right: null }
 * ```
 *
 * Issues, with their path: `Unrepresentable`, `OutOfRange` and `InvalidText` for a value that this protocol cannot
 * carry, as from `encode`; `LimitExceeded` for a value nested more than 1000 levels. It never throws for a value.
 */
export const toJson = <A>(grammar: Grammar<A>, given: Partial<Protocol>, value: A): Either<Issue, Json> =>
  jsonOf(grammar, given)(value)

/** @internal {@link toJson} for many values: the protocol is resolved for the grammar once. */
export const jsonOf = <A>(
  grammar: Grammar<A>,
  given: Partial<Protocol>,
): ((value: A) => Either<Issue, Json>) => {
  const protocol = protocolFor('toJson', grammarFor('toJson', grammar).node, given)
  const { node } = resolved(grammar, protocol)
  return (value) => show(node, value, { protocol, path: [], depth: 0 })
}

/** @internal A value of another type, or one that throws when it is read, is an issue like any other. */
export const show = (node: ResolvedNode, value: unknown, place: Place): Shown => {
  try {
    return showNode(node, value, place)
  } catch (error) {
    return thrown(place, node, error)
  }
}

const showNode = (node: ResolvedNode, value: unknown, place: Place): Shown => {
  switch (node._tag) {
    case 'int':
      return showInt(node, value, place)
    case 'bool':
      return typeof value === 'boolean' ? right(value) : unlike(place, node, words.trueOrFalse, value)
    case 'bytes':
      return showBytes(node, value, place)
    case 'text':
      return showText(node, value, place)
    case 'struct':
      return showStruct(node, value, place)
    case 'sequence':
      return node.kind === 'map' ? showMap(node, value, place) : showItems(node, node.item, value, place)
    case 'choice':
      return showChoice(node, value, place)
    case 'pure':
      return showPure(node, value, place)
    case 'lazy': {
      const below = deeper(place, node)
      return isLeft(below) ? below : show(node.get(), value, below.right)
    }
    case 'imap':
      return showImap(node, value, place)
    case 'until':
      return showItems(node, node.item, value, place)
    case 'framed':
      return show(node.inner, value, place)
    case 'span':
      return typeof value === 'object' && value !== null
        ? show(node.inner, (value as Fields).value, place)
        : unlike(place, node, words.valueAndBytes, value)
  }
}

const showPure = (node: PureNode<ResolvedNode>, value: unknown, place: Place): Shown =>
  isConstant(node, place.protocol, value)
    ? right(constantJson(node, place.protocol))
    : unlike(place, node, words.notSent(showValue(node.value)), value)

/** The JSON form of a constant: that of its grammar, if it has one. */
export const constantJson = ({ value, like }: PureNode<ResolvedNode>, protocol: Protocol): Json => {
  const shown = like === undefined ? null : show(like, value, { protocol, path: [], depth: 0 })
  return shown === null || isLeft(shown) ? plain(value) : shown.right
}

const showFields = (
  node: StructNode<ResolvedNode>,
  value: unknown,
  place: Place,
): Either<Issue, ReadonlyArray<readonly [string, Json]>> => {
  const entries: Array<readonly [string, Json]> = []
  for (const { key, node: field, fixed } of node.fields) {
    if (fixed === undefined) {
      const shown = showField(field, value as Fields, key, inside(place, key))
      if (isLeft(shown)) {
        return shown
      }
      entries.push([String(key), shown.right])
    }
  }
  return right(entries)
}

const showField = (node: ResolvedNode, value: Fields, key: string | number, place: Place): Shown => {
  let field: unknown
  try {
    field = value[key]
  } catch (error) {
    return thrown(place, node, error)
  }
  return show(node, field, place)
}

const showStruct = (node: StructNode<ResolvedNode>, value: unknown, place: Place): Shown => {
  if (node.shape === 'record') {
    return typeof value === 'object' && value !== null
      ? map(objectOf<Json>)(showFields(node, value, place))
      : unlike(place, node, words.anObject, value)
  }
  const length = node.fields.reduce((sum, { fixed }) => sum + (fixed === undefined ? 1 : 0), 0)
  return Array.isArray(value) && value.length === length
    ? map((entries: ReadonlyArray<readonly [string, Json]>): Json => entries.map(([, json]) => json))(
        showFields(node, value, place),
      )
    : unlike(place, node, words.anArrayOf(length), value)
}

const showItems = (node: ResolvedNode, item: ResolvedNode, value: unknown, place: Place): Shown => {
  if (!Array.isArray(value)) {
    return unlike(place, node, words.anArray, value)
  }
  const shown: Array<Json> = []
  const count: number = value.length
  if (!Number.isInteger(count) || count < 0) {
    return unlike(place, node, words.unchanging, count)
  }
  for (let i = 0; i < count; i++) {
    const json = showField(item, value as unknown as Fields, i, inside(place, i))
    if (isLeft(json)) {
      return json
    }
    shown.push(json.right)
  }
  return value.length === count ? right(shown) : unlike(place, node, words.unchanging, value)
}

const showMap = (node: MapNode<ResolvedNode>, value: unknown, place: Place): Shown => {
  if (!(value instanceof Map)) {
    return unlike(place, node, words.aMap, value)
  }
  const pairs: Array<readonly [Json, Json]> = []
  const count: number = value.size
  for (const [key, item] of value as ReadonlyMap<unknown, unknown>) {
    if (pairs.length === count) {
      return unlike(place, node, words.unchanging, value)
    }
    const k = show(node.key, key, inside(place, pairs.length, 'key'))
    const v = isLeft(k) ? k : show(node.item, item, inside(place, pairs.length, 'value'))
    if (isLeft(k) || isLeft(v)) {
      return isLeft(k) ? k : v
    }
    pairs.push([k.right, v.right])
  }
  if (pairs.length !== count) {
    return unlike(place, node, words.unchanging, value)
  }
  return right(
    showsAsString(node.key)
      ? objectOf(pairs.map(([key, item]) => [String(key), item]))
      : pairs.map(([key, item]) => [key, item]),
  )
}

const showChoice = (node: ChoiceNode<ResolvedNode>, value: unknown, place: Place): Shown => {
  const { shape, tag } = node
  if (node.rest === 'tag' && tag._tag === 'int' && typeof value === 'number') {
    return showNumber(node, tag, value, place)
  }
  switch (shape._tag) {
    case 'enum':
      return showName(node, node.cases, value, place)
    case 'option':
      return showOption(node, value, place)
    case 'tagged': {
      const { key } = shape
      const name = typeof value === 'object' && value !== null ? (value as Fields)[key] : undefined
      const struct = structOf(node, name)
      if (struct === undefined) {
        const expected = words.oneOfNames(namesIn(node), false)
        return unlike(inside(place, key), node, expected, name ?? value)
      }
      const shown = showFields(struct, value, place)
      return isLeft(shown) ? shown : showCase(node, key, String(name), shown.right, place)
    }
  }
}

/** The tag of a named case cannot occur in the case for every other tag. */
const showCase = (
  node: ChoiceNode<ResolvedNode>,
  key: string,
  name: string,
  fields: ReadonlyArray<readonly [string, Json]>,
  place: Place,
): Shown => {
  const { rest } = node
  const [, tag] = fields[0] ?? []
  const taken = typeof rest === 'object' && rest.name === name ? caseOfTag(node, tag) : undefined
  return taken === undefined || typeof rest !== 'object'
    ? right(objectOf([[key, name], ...fields]))
    : unlike(inside(place, rest.key), node, words.tagOfNoCase(tag, taken.name), tag)
}

/** A number without a name; one with a name would be read back as the name. */
const showNumber = (node: ChoiceNode<ResolvedNode>, tag: IntNode, value: number, place: Place): Shown => {
  const named = caseOfTag(node, value)
  return named === undefined
    ? showInt({ ...tag, value: 'number' }, value, place)
    : unlike(place, node, words.theName(named.name), value)
}

const showName = (
  node: ChoiceNode<ResolvedNode>,
  cases: ChoiceNode['cases'],
  value: unknown,
  place: Place,
): Either<Issue, string> => {
  const found = cases.find(({ name }) => name === value)
  return found === undefined
    ? unlike(
        place,
        node,
        oneOf(cases, ({ name }) => quoted(name)),
        value,
      )
    : right(found.name)
}

const showOption = (node: ChoiceNode<ResolvedNode>, value: unknown, place: Place): Shown => {
  const optional = tagOf(value)
  if (optional === 'None') {
    return right(null)
  }
  if (optional !== 'Some') {
    return unlike(place, node, words.anOption, value)
  }
  const inner = (value as { readonly value: unknown }).value
  const body = node.cases.find((each) => each.body !== undefined)?.body
  if (body === undefined) {
    return showName(node, node.cases.slice(1), inner, place)
  }
  const shown = show(body, inner, place)
  return isWrapped(node, body) ? map((json: Json): Json => [json])(shown) : shown
}

const showImap = (node: ImapNode<ResolvedNode>, value: unknown, place: Place): Shown => {
  const inner = viewOf(node).to(value)
  if (isLeft(inner)) {
    return unlike(place, node, inner.left, value)
  }
  const shown = show(node.inner, inner.right, place)
  if (node.json === undefined || isLeft(shown)) {
    return shown
  }
  return typeof node.json === 'string' ? right(plain(value)) : show(node.json, value, place)
}
