import { isLeft, isRight } from 'fp-ts/lib/Either.js'
import { type Fields, isObject } from '../../combinators/expect.js'
import type {
  ChoiceNode,
  Grammar,
  ImapNode,
  MapNode,
  ResolvedNode,
  StructNode,
} from '../../combinators/node.js'
import { grammarFor } from '../../combinators/node.js'
import type { Protocol } from '../../combinators/protocol.js'
import { protocolFor } from '../../combinators/protocol-for.js'
import { resolved } from '../../combinators/resolved.js'
import { viewOf } from '../../combinators/view.js'
import { isConstant } from '../../combinators/written.js'
import { isWrapped, showsAsString, structOf } from './form.js'
import { plain } from './plain.js'
import { type Json, objectOf } from './text.js'
import { constantJson, show } from './to-json.js'

/**
 * The JSON form of a value that may have invalid parts, as a {@link Dissection} of an invalid message does. An
 * invalid part is shown as what it is (a text, an integer, bytes), everything else as by {@link toJson}.
 */
export const toJsonAsItIs = <A>(grammar: Grammar<A>, given: Partial<Protocol>, value: A): Json =>
  asItIs(grammar, value, protocolFor('toJsonAsItIs', grammarFor('toJsonAsItIs', grammar).node, given))

const asItIs = <A>(grammar: Grammar<A>, value: A, agreed: Protocol): Json =>
  view(resolved(grammar, agreed).node, value, agreed)

const view = (node: ResolvedNode, value: unknown, given: Protocol): Json => {
  switch (node._tag) {
    case 'int':
    case 'bool':
      return plain(value)
    case 'pure':
      return isConstant(node, given, value) ? constantJson(node, given) : plain(value)
    case 'bytes':
    case 'text':
      return leaf(node, value, given)
    case 'struct':
      return isObject(value) ? viewStruct(node, value, given) : plain(value)
    case 'sequence':
      if (node.kind === 'map') {
        return value instanceof Map ? viewMap(node, value, given) : plain(value)
      }
      return viewItems(node.item, value, given)
    case 'until':
      return viewItems(node.item, value, given)
    case 'choice':
      return isObject(value) ? viewChoice(node, value, given) : plain(value)
    case 'lazy':
      return view(node.get(), value, given)
    case 'imap':
      return viewImap(node, value, given)
    case 'span':
      return view(node.inner, isObject(value) ? value.value : value, given)
    case 'framed':
      return value instanceof Uint8Array ? plain(value) : view(node.inner, value, given)
  }
}

/** A primitive; an invalid one, or one without a text, as it was read. */
const leaf = (node: ResolvedNode, value: unknown, given: Protocol): Json => {
  const shown = show(node, value, { protocol: given, path: [], depth: 0 })
  return isRight(shown) ? shown.right : plain(value)
}

const viewFields = (
  { fields }: StructNode<ResolvedNode>,
  value: Fields,
  given: Protocol,
): ReadonlyArray<readonly [string, Json]> =>
  fields
    .filter(({ fixed }) => fixed === undefined)
    .map(({ key, node }) => [String(key), view(node, value[key], given)])

const viewStruct = (node: StructNode<ResolvedNode>, value: Fields, given: Protocol): Json => {
  const entries = viewFields(node, value, given)
  return node.shape === 'tuple' ? entries.map(([, json]) => json) : objectOf(entries)
}

const viewItems = (item: ResolvedNode, items: unknown, given: Protocol): Json =>
  Array.isArray(items) ? items.map((each) => view(item, each, given)) : plain(items)

const viewMap = (
  node: MapNode<ResolvedNode>,
  entries: ReadonlyMap<unknown, unknown>,
  given: Protocol,
): Json => {
  const pairs = [...entries].map(
    ([key, item]) => [view(node.key, key, given), view(node.item, item, given)] as const,
  )
  return showsAsString(node.key)
    ? objectOf(pairs.map(([key, item]) => [String(key), item]))
    : pairs.map(([key, item]) => [key, item])
}

const viewChoice = (node: ChoiceNode<ResolvedNode>, value: Fields, given: Protocol): Json => {
  const { shape, cases } = node
  switch (shape._tag) {
    case 'enum':
      return plain(value)
    case 'option': {
      const body = cases.find((each) => each.body !== undefined)?.body
      if (value._tag !== 'Some' || body === undefined) {
        return plain(value)
      }
      const shown = view(body, value.value, given)
      return isWrapped(node, body) ? [shown] : shown
    }
    case 'tagged': {
      const name = value[shape.key]
      const struct = structOf(node, name)
      return struct === undefined
        ? plain(value)
        : objectOf([[shape.key, String(name)], ...viewFields(struct, value, given)])
    }
  }
}

/** A value that an imap rejected is a value of the node inside. */
const viewImap = (node: ImapNode<ResolvedNode>, value: unknown, given: Protocol): Json => {
  if (typeof node.json === 'object') {
    return view(accepts(node, value) ? node.json : node.inner, value, given)
  }
  return node.json !== undefined && typeof value === node.json
    ? plain(value)
    : view(node.inner, node.json === undefined ? innerOf(node, value) : value, given)
}

const accepts = (node: ImapNode<ResolvedNode>, value: unknown): boolean => {
  try {
    return isRight(viewOf(node).to(value))
  } catch {
    return false
  }
}

const innerOf = (node: ImapNode<ResolvedNode>, value: unknown): unknown => {
  try {
    const inner = viewOf(node).to(value)
    return isLeft(inner) ? value : inner.right
  } catch {
    // The function may throw for a value of another type.
    return value
  }
}
