import { isRight } from 'fp-ts/lib/Either.js'
import { none, type Option, some } from 'fp-ts/lib/Option.js'
import { equalValues } from '../../bytes/equal.js'
import { greatestOf } from '../../combinators/greatest.js'
import type {
  BytesNode,
  ChoiceNode,
  ImapNode,
  IntNode,
  ResolvedNode,
  StructNode,
  TextNode,
} from '../../combinators/node.js'
import { caseOfTag, caseOfValue } from '../../combinators/order.js'
import type { Protocol } from '../../combinators/protocol.js'
import { isText } from '../../combinators/structures/choice.js'
import { viewOf } from '../../combinators/view.js'
import { writtenBytes } from '../../combinators/written.js'
import { examplesOf } from './text-edits.js'

type Values = ReadonlyArray<unknown>

/** Other values of a node, most of them near a given one: a few, not all. */
export const variants = (node: ResolvedNode, value: unknown, protocol: Protocol): Values => {
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
      return structs(node, value as Fields, protocol)
    case 'sequence':
    case 'until':
      return collections(value as ReadonlyArray<unknown> | ReadonlyMap<unknown, unknown>)
    case 'choice':
      return choices(node, value, protocol)
    case 'pure':
    case 'lazy':
      return []
    case 'imap':
      return mapped(node, value, protocol)
    case 'framed':
      return variants(node.inner, value, protocol)
    case 'span':
      return variants(node.inner, (value as Fields).value, protocol).map((each) => ({
        value: each,
        bytes: writtenBytes(node.inner, protocol, each),
      }))
  }
}

type Fields = { readonly [key: string | number]: unknown }

const integers = (node: IntNode, value: number | bigint): Values => {
  const most = greatestOf(node)
  const own = BigInt(value)
  return [...new Set([own + 1n, own - 1n, 0n, 1n, most])]
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
    return ['', 'x', 'y', `${String(value).slice(0, 64)}x`].filter(
      (each) => each !== value && isText(node, each),
    )
  }
  return node.format.value === 'text'
    ? examplesOf(node.format, protocol).filter((each) => each !== value && isText(node, each))
    : []
}

const structs = (node: StructNode<ResolvedNode>, value: Fields, protocol: Protocol): Values =>
  node.fields
    .filter(({ fixed }) => fixed === undefined)
    .flatMap(({ key, node: each }) =>
      variants(each, value[key], protocol).map((other) =>
        node.shape === 'tuple' && Array.isArray(value)
          ? value.with(Number(key), other)
          : { ...value, [key]: other },
      ),
    )

const collections = (value: ReadonlyArray<unknown> | ReadonlyMap<unknown, unknown>): Values => {
  if (value instanceof Map) {
    return value.size === 0 ? [] : [new Map(), new Map([...value].slice(1))]
  }
  const items = value as ReadonlyArray<unknown>
  return items.length === 0 ? [] : [[], items.slice(1)]
}

const choices = (node: ChoiceNode<ResolvedNode>, value: unknown, protocol: Protocol): Values => {
  switch (node.shape._tag) {
    case 'enum':
      return node.cases.map(({ name }) => name).filter((name) => name !== value)
    case 'option': {
      const { value: present } = value as { readonly value?: unknown }
      const body = node.cases.find((each) => each.body !== undefined)?.body
      return present === undefined
        ? []
        : [none, ...(body === undefined ? [] : variants(body, present, protocol).map(some))]
    }
    case 'tagged': {
      const { tag, body } = caseOfValue(node, value)
      const { rest } = node
      const others =
        typeof rest === 'object' && body === rest.body
          ? otherTags(node, tag, protocol).map((each) => ({ ...(value as Fields), [rest.key]: each }))
          : []
      return [...others, ...(body === undefined ? [] : variants(body, value, protocol))]
    }
  }
}

/** Tags that are no case's. */
const otherTags = (node: ChoiceNode<ResolvedNode>, own: bigint | string, protocol: Protocol): Values => {
  const { tag } = node
  const value = tag._tag === 'int' && tag.value === 'number' ? Number(own) : own
  return variants(tag, value, protocol).filter((other) => caseOfTag(node, other) === undefined)
}

const mapped = (node: ImapNode<ResolvedNode>, value: unknown, protocol: Protocol): Values => {
  const { from, to } = viewOf(node)
  const inner = to(value)
  return isRight(inner)
    ? variants(node.inner, inner.right, protocol).flatMap((each) => {
        const outer = from(each)
        return isRight(outer) && isRight(to(outer.right)) ? [outer.right] : []
      })
    : []
}
