import type { IntNode, ListNode, MapNode, ResolvedNode, SetNode, UntilNode } from '../../combinators/node.js'
import { compareValues } from '../../combinators/order.js'
import type { Protocol } from '../../combinators/protocol.js'
import { show } from '../../combinators/show.js'
import * as words from '../../combinators/words.js'
import { intReader } from './leaves.js'
import { done, type Reader, reader, refuse, refuseLimit, type Settings, type State, within } from './state.js'

/** Reads a count, and returns it. */
const countReader = (node: IntNode, grammar: string, settings: Settings): Reader => {
  const { collection: limit } = settings.limits
  const integer = intReader({ ...node, value: 'bigint' }, grammar, settings)
  return reader((state) => {
    const read = integer.p(state)
    if (read.isError) {
      return read
    }
    const count = read.result as bigint
    if (count > BigInt(limit)) {
      const place = { grammar, offset: state.index, actual: words.tooMany(count) }
      return refuseLimit(state, 'collection', limit, place)
    }
    return done(state, Number(count), read.index)
  })
}

/**
 * The issue of an item that is not after the one before it; null if it is. `state` is the state before the item.
 */
const disorder = (
  state: State,
  item: ResolvedNode,
  grammar: string,
  { protocol }: Settings,
  [before, value]: readonly [unknown, unknown],
): State | null => {
  const order = compareValues(item, protocol, before, value)
  const place = { grammar, offset: state.index, actual: show(value) }
  if (order === 0) {
    return refuse(state, 'DuplicateKey', { ...place, expected: words.eachOnce })
  }
  return order > 0 ? refuse(state, 'NotCanonical', { ...place, expected: words.itemAfter(before) }) : null
}

/** One loop, since arcsecond's own repetitions recurse for every item, or do not accept a count of 0. */
export const listReader = (
  node: ListNode<ResolvedNode> | SetNode<ResolvedNode>,
  item: Reader,
  grammar: string,
  settings: Settings,
): Reader => {
  const ordered = settings.canonical && node.kind === 'set'
  const { count: counted } = node
  if (counted === 'toEnd') {
    return toEndReader(item, grammar, settings)
  }
  const counting = countReader(counted, grammar, settings)
  return reader((start) => {
    let state = counting.p(start)
    if (state.isError) {
      return state
    }
    const count = state.result as number
    const items: Array<unknown> = []
    for (let i = 0; i < count; i++) {
      const next = item.p(state)
      if (next.isError) {
        return within(next, i)
      }
      const pair = [items[i - 1], next.result] as const
      const wrong = ordered && i > 0 ? disorder(state, node.item, grammar, settings, pair) : null
      if (wrong !== null) {
        return within(wrong, i)
      }
      items.push(next.result)
      state = next
    }
    return done(state, items, state.index)
  })
}

/** Reads items until the bytes end. */
const toEndReader = (item: Reader, grammar: string, { limits }: Settings): Reader =>
  reader((start) => {
    const items: Array<unknown> = []
    let state = start
    while (state.index < state.dataView.byteLength) {
      const i = items.length
      if (i >= limits.collection) {
        const place = { grammar, offset: state.index, path: [i], actual: words.oneMoreItem }
        return refuseLimit(state, 'collection', limits.collection, place)
      }
      const next = item.p(state)
      if (next.isError) {
        return within(next, i)
      }
      if (next.index === state.index) {
        throw new TypeError(`the items of ${grammar} take no bytes, so there would be no end to them`)
      }
      items.push(next.result)
      state = next
    }
    return done(state, items, state.index)
  })

export const mapReader = (
  node: MapNode<ResolvedNode>,
  key: Reader,
  item: Reader,
  grammar: string,
  settings: Settings,
): Reader => {
  const counting = countReader(node.count, grammar, settings)
  return reader((start) => {
    let state = counting.p(start)
    if (state.isError) {
      return state
    }
    const count = state.result as number
    const entries: Array<Entry> = []
    for (let i = 0; i < count; i++) {
      const afterKey = key.p(state)
      if (afterKey.isError) {
        return within(afterKey, i, 'key')
      }
      const pair = [entries[i - 1]?.[0], afterKey.result] as const
      const wrong = settings.canonical && i > 0 ? disorder(state, node.key, grammar, settings, pair) : null
      if (wrong !== null) {
        return within(wrong, i, 'key')
      }
      const afterItem = item.p(afterKey)
      if (afterItem.isError) {
        return within(afterItem, i, 'value')
      }
      entries.push([afterKey.result, afterItem.result])
      state = afterItem
    }
    return done(state, mapOfEntries(node, settings.protocol, entries), state.index)
  })
}

type Entry = readonly [key: unknown, value: unknown]

/**
 * A map: of entries with one key, the first or the last counts, in the place of the first. Sorting brings them
 * together, since keys that are objects are never identical.
 */
const mapOfEntries = (
  node: MapNode<ResolvedNode>,
  given: Protocol,
  entries: ReadonlyArray<Entry>,
): ReadonlyMap<unknown, unknown> => {
  const order = entries
    .map((_, i) => i)
    .sort((i, j) => compareValues(node.key, given, entries[i]![0], entries[j]![0]) || i - j)
  const firsts: Array<number> = []
  const values = new Map<number, unknown>()
  for (const i of order) {
    const [key, value] = entries[i]!
    const first = firsts.at(-1)
    if (first === undefined || compareValues(node.key, given, entries[first]![0], key) !== 0) {
      firsts.push(i)
      values.set(i, value)
    } else if (node.duplicates === 'last') {
      values.set(first, value)
    }
  }
  return new Map(firsts.sort((i, j) => i - j).map((i) => [entries[i]![0], values.get(i)]))
}

export const untilReader = (
  node: UntilNode<ResolvedNode>,
  mark: Reader,
  item: Reader,
  grammar: string,
  { limits }: Settings,
): Reader =>
  reader((start) => {
    const items: Array<unknown> = []
    let state = start
    for (;;) {
      const i = items.length
      const afterMark = mark.p(state)
      if (afterMark.isError) {
        return within(afterMark, i)
      }
      if (afterMark.result === node.end) {
        return done(afterMark, items, afterMark.index)
      }
      const place = { grammar, offset: state.index, path: [i] }
      if (afterMark.result !== node.next) {
        const expected = words.oneMoreOrEnd(node)
        return refuse(state, 'UnknownTag', { ...place, expected, actual: show(afterMark.result) })
      }
      if (i >= limits.collection) {
        return refuseLimit(state, 'collection', limits.collection, { ...place, actual: words.oneMoreItem })
      }
      const next = item.p(afterMark)
      if (next.isError) {
        return within(next, i)
      }
      items.push(next.result)
      state = next
    }
  })
