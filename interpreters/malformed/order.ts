import { joined } from '../../bytes/joined.js'
import { greatestOf } from '../../combinators/greatest.js'
import type { MapNode, ResolvedNode, SequenceNode, SetNode } from '../../combinators/node.js'
import type { Protocol } from '../../combinators/protocol.js'
import { integerBytes } from '../../combinators/wire-bytes.js'
import { writtenBytes } from '../../combinators/written.js'
import type { Written } from './layout.js'
import type { Message } from './message.js'
import { below, oneOf, type Random } from './random.js'
import type { Break, Context, Rule } from './rule.js'
import { variants } from './variants.js'

type Sorted = SetNode<ResolvedNode> | MapNode<ResolvedNode>

/** Rules of a set or a map: ascending, no duplicates. */
export const orderRules = (
  node: SequenceNode<ResolvedNode>,
  limit: number,
  { protocol }: Context,
): ReadonlyArray<Rule> =>
  node.kind === 'list'
    ? []
    : [
        {
          text: 'in ascending order',
          wrong: 'two neighbours are in the wrong order',
          tag: 'NotCanonical',
          profile: 'canonical',
          break: (part, message, random) => disordered(node, part, message, random),
        },
        {
          text: node.kind === 'map' ? 'each key once' : 'each item once',
          wrong: node.kind === 'map' ? 'a key comes twice' : 'an item comes twice',
          tag: 'DuplicateKey',
          profile: 'canonical',
          break: (part, message, random) => doubled(node, part, message, limit, protocol, random),
        },
      ]

/** The entries: a mark before each if there is one, and the value, or a key and a value. */
const entriesOf = (node: Sorted, { parts }: Written): ReadonlyArray<ReadonlyArray<Written>> => {
  const width = node.kind === 'map' ? 2 : 1
  return Array.from({ length: (parts.length - 1) / width }, (_, i) =>
    parts.slice(1 + i * width, 1 + (i + 1) * width),
  )
}

const entryOf = (parts: ReadonlyArray<Written>, message: Message): Entry => ({
  bytes: joined(parts.map((part) => message.bytesOf(part, null))),
  values: parts.map(({ value }) => value),
})

interface Entry {
  readonly bytes: Uint8Array
  /** The item, or the key and the value. */
  readonly values: ReadonlyArray<unknown>
}

/** Other entries in place of those of a collection; the issue is at the one with this number. */
const collection = (node: Sorted, part: Written, entries: ReadonlyArray<Entry>, wrong: number): Break => ({
  _tag: 'edit',
  bytes: joined([integerBytes(BigInt(entries.length)), ...entries.map(({ bytes }) => bytes)]),
  at: entries.slice(0, wrong).reduce((sum, { bytes }) => sum + bytes.length, 8),
  path: [...part.path, wrong, ...(node.kind === 'map' ? ['key'] : [])],
  reads: { value: readOf(node, entries) },
})

/** Of two neighbouring entries with one key, the first or the last counts. */
const readOf = (node: Sorted, entries: ReadonlyArray<Entry>): unknown => {
  if (node.kind === 'set') {
    return entries.map(({ values: [item] }) => item)
  }
  const read = new Map<unknown, unknown>()
  for (const {
    values: [key, value],
  } of entries) {
    if (node.duplicates === 'last' || !read.has(key)) {
      read.set(key, value)
    }
  }
  return read
}

/** Exchanges two neighbours. */
const disordered = (node: Sorted, part: Written, message: Message, random: Random): Break | null => {
  const entries = entriesOf(node, part).map((entry) => entryOf(entry, message))
  if (entries.length < 2) {
    return null
  }
  const at = below(entries.length - 1, random)
  const swapped = [...entries.slice(0, at), entries[at + 1]!, entries[at]!, ...entries.slice(at + 2)]
  return collection(node, part, swapped, at + 1)
}

/**
 * An entry comes twice: in a map with another value if there is one, so that it shows which of them counts.
 */
const doubled = (
  node: Sorted,
  part: Written,
  message: Message,
  limit: number,
  protocol: Protocol,
  random: Random,
): Break | null => {
  const entries = entriesOf(node, part)
  const at = below(entries.length, random)
  const entry = entries[at]
  if (entry === undefined || BigInt(entries.length) >= greatestOf(node.count) || entries.length >= limit) {
    return null
  }
  const all = entries.map((each) => entryOf(each, message))
  const again = node.kind === 'set' ? all[at]! : sameKey(node, entry, entries, message, protocol, random)
  return collection(node, part, [...all.slice(0, at + 1), again, ...all.slice(at + 1)], at + 1)
}

/** The key of an entry with the value of another, or with one near its own. */
const sameKey = (
  node: MapNode<ResolvedNode>,
  entry: ReadonlyArray<Written>,
  entries: ReadonlyArray<ReadonlyArray<Written>>,
  message: Message,
  protocol: Protocol,
  random: Random,
): Entry => {
  const [key, value] = entry as readonly [Written, Written]
  const others = entries.length > 1 ? [] : variants(node.item, value.value, protocol, random)
  const other = oneOf(
    entries.filter((each) => each !== entry),
    random,
  )?.[1]
  const variant = oneOf(others, random)
  if (other !== undefined || variant === undefined) {
    return entryOf([key, other ?? value], message)
  }
  const bytes = joined([message.bytesOf(key, null), writtenBytes(node.item, protocol, variant)])
  return { bytes, values: [key.value, variant] }
}
