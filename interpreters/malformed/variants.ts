import { isRight } from 'fp-ts/lib/Either.js'
import { none, type Option, some } from 'fp-ts/lib/Option.js'
import { equalValues } from '../../bytes/equal.js'
import { encodeEscaped } from '../../bytes/escaped.js'
import { greatestOf } from '../../combinators/greatest.js'
import type {
  BytesNode,
  ChoiceNode,
  ImapNode,
  IntNode,
  ListNode,
  ResolvedNode,
  StructNode,
  TextNode,
  UntilNode,
} from '../../combinators/node.js'
import { caseOfTag, caseOfValue } from '../../combinators/order.js'
import type { Protocol } from '../../combinators/protocol.js'
import { isText } from '../../combinators/structures/choice.js'
import { viewOf } from '../../combinators/view.js'
import { writtenBytes } from '../../combinators/written.js'
import { below, oneOf, type Random } from './random.js'
import { examplesOf } from './text-examples.js'

type Values = ReadonlyArray<unknown>

/**
 * Other values of a node, most of them near a given one: a few, not all. The items of a collection to change are chosen
 * at random.
 */
export const variants = (node: ResolvedNode, value: unknown, protocol: Protocol, random: Random): Values => {
  switch (node._tag) {
    case 'int':
      return integers(node, value as number | bigint)
    case 'bool':
      return [value !== true]
    case 'bytes':
      return byteStrings(node, value as Uint8Array)
    case 'text':
      return texts(node, value, protocol)
    case 'struct':
      return structs(node, value as Fields, protocol, random)
    case 'sequence':
      return node.kind === 'list'
        ? lists(node, value as Values, protocol, random)
        : sorted(value as Values | ReadonlyMap<unknown, unknown>, random)
    case 'until':
      return lists(node, value as Values, protocol, random)
    case 'choice':
      return choices(node, value, protocol, random)
    case 'pure':
    case 'lazy':
      return []
    case 'imap':
      return mapped(node, value, protocol, random)
    case 'framed':
      return variants(node.inner, value, protocol, random)
    case 'span':
      return variants(node.inner, (value as Fields).value, protocol, random).map((each) => ({
        value: each,
        bytes: writtenBytes(node.inner, protocol, each),
      }))
  }
}

type Fields = { readonly [key: string | number]: unknown }

const integers = (node: IntNode, value: number | bigint): Values => {
  const most = greatestOf(node)
  const own = BigInt(value)
  return [...new Set([own + 1n, own - 1n, 0n, 1n, own + 2n ** 32n, most])]
    .filter((each) => each !== own && each >= 0n && each <= most)
    .map((each) => (node.value === 'bigint' ? each : Number(each)))
}

const byteStrings = ({ length, limit = Number.POSITIVE_INFINITY }: BytesNode, value: Uint8Array): Values =>
  (typeof length === 'number'
    ? [value.map((byte) => byte ^ 1)]
    : [new Uint8Array(0), Uint8Array.of(...value.subarray(0, 64), 1), Uint8Array.of(0)]
  ).filter((each) => each.length <= limit && !equalValues(each, value))

const texts = (node: TextNode, value: unknown, protocol: Protocol): Values => {
  if (node.optional) {
    const inner = { ...node, optional: false }
    const option = value as Option<unknown>
    const present =
      option._tag === 'Some' ? texts(inner, option.value, protocol) : texts(inner, null, protocol)
    return [...(option._tag === 'Some' ? [none] : []), ...present.map(some)]
  }
  if (node.format === null) {
    const own = String(value).slice(0, 64)
    const near = ['x', '/', '\0'].map((each) => `${own}${each}`)
    return [...new Set(['', 'x', 'y', 'x/y', '.', '..', '/', '\0', ...near])].filter(
      (each) => each !== value && isText(node, each),
    )
  }
  const { format } = node
  return examplesOf(format, protocol).flatMap((text) => {
    const parsed = format.parse(text, protocol)
    const fits = encodeEscaped(text).length <= (node.limit ?? Number.POSITIVE_INFINITY)
    return isRight(parsed) && fits && !equalValues(parsed.right, value) ? [parsed.right] : []
  })
}

const structs = (node: StructNode<ResolvedNode>, value: Fields, protocol: Protocol, random: Random): Values =>
  node.fields
    .filter(({ fixed }) => fixed === undefined)
    .flatMap(({ key, node: each }) =>
      variants(each, value[key], protocol, random).map((other) =>
        node.shape === 'tuple' && Array.isArray(value)
          ? value.with(Number(key), other)
          : { ...value, [key]: other },
      ),
    )

/** Empty, without an item, with a duplicate, with two neighbours exchanged, with another item. */
const lists = (
  node: ListNode<ResolvedNode> | UntilNode<ResolvedNode>,
  items: Values,
  protocol: Protocol,
  random: Random,
): Values => {
  const { item } = node
  const most =
    node._tag === 'until' || node.count === 'toEnd' ? Number.POSITIVE_INFINITY : greatestOf(node.count)
  if (items.length === 0) {
    return []
  }
  const at = below(items.length, random)
  const [before, behind] = [items.slice(0, at), items.slice(at + 1)]
  const others = variants(item, items[at], protocol, random)
  return [
    [],
    ...(items.length === 1 ? [] : [[...before, ...behind]]),
    ...(items.length < most ? [[...before, items[at], ...items.slice(at)]] : []),
    ...(behind.length === 0 ? [] : [[...before, behind[0], items[at], ...behind.slice(1)]]),
    ...(others.length === 0 ? [] : [[...before, oneOf(others, random), ...behind]]),
  ]
}

const sorted = (value: Values | ReadonlyMap<unknown, unknown>, random: Random): Values => {
  const items = [...value]
  const at = below(items.length, random)
  const fewer = items.filter((_, i) => i !== at)
  if (items.length === 0) {
    return []
  }
  return value instanceof Map
    ? [new Map(), new Map(fewer as ReadonlyArray<readonly [unknown, unknown]>)]
    : [[], fewer]
}

const choices = (
  node: ChoiceNode<ResolvedNode>,
  value: unknown,
  protocol: Protocol,
  random: Random,
): Values => {
  switch (node.shape._tag) {
    case 'enum':
      return node.cases.map(({ name }) => name).filter((name) => name !== value)
    case 'option': {
      const { value: present } = value as { readonly value?: unknown }
      const body = node.cases.find((each) => each.body !== undefined)?.body
      return present === undefined
        ? []
        : [none, ...(body === undefined ? [] : variants(body, present, protocol, random).map(some))]
    }
    case 'tagged': {
      const { tag, body } = caseOfValue(node, value)
      const { rest } = node
      const others =
        typeof rest === 'object' && body === rest.body
          ? otherTags(node, tag, protocol, random).map((each) => ({ ...(value as Fields), [rest.key]: each }))
          : []
      return [...others, ...(body === undefined ? [] : variants(body, value, protocol, random))]
    }
  }
}

/** Tags that no case has. */
const otherTags = (
  node: ChoiceNode<ResolvedNode>,
  own: bigint | string,
  protocol: Protocol,
  random: Random,
): Values => {
  const { tag } = node
  const value = tag._tag === 'int' && tag.value === 'number' ? Number(own) : own
  return variants(tag, value, protocol, random).filter((other) => caseOfTag(node, other) === undefined)
}

const mapped = (node: ImapNode<ResolvedNode>, value: unknown, protocol: Protocol, random: Random): Values => {
  const { from, to } = viewOf(node)
  const inner = to(value)
  return isRight(inner)
    ? variants(node.inner, inner.right, protocol, random).flatMap((each) => {
        const outer = from(each)
        return isRight(outer) && isRight(to(outer.right)) ? [outer.right] : []
      })
    : []
}
