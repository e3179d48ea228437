import type { IntNode, MapNode, ResolvedNode, SequenceNode, UntilNode } from '../../combinators/node.js'
import { compareValues } from '../../combinators/order.js'
import { show } from '../../combinators/show.js'
import * as words from '../../combinators/words.js'
import { MapEntries } from './map-entries.js'
import type { Place, Source } from './source.js'
import { announcement, type Reading, type Stage } from './spot.js'
import type { OpenPart } from './tree.js'

function* readCount(reading: Reading, node: IntNode, source: Source, around: OpenPart): Stage<number> {
  const { pos } = source
  const max = reading.settings.limits.collection
  const counted = { ...node, value: 'bigint' } as const
  const count = (yield announcement(counted, 'count', source, around, around.path, true)) as bigint
  if (count > BigInt(max)) {
    around.parts.at(-1)?.reject()
    source.pos = pos
    source.refuseLimit('collection', max, pos, around.place, words.tooMany(count))
  }
  return Number(count)
}

/** Reads a count, and that many items; or items until the bytes end. */
export function* readSequence(
  reading: Reading,
  node: SequenceNode<ResolvedNode>,
  source: Source,
  around: OpenPart,
): Stage {
  if (node.count === 'toEnd') {
    return yield* readToEnd(reading, node.item, source, around)
  }
  const count = yield* readCount(reading, node.count, source, around)
  return node.kind === 'map'
    ? yield* readMap(reading, node, count, source, around)
    : yield* readItems(reading, node.item, node.kind === 'set', count, source, around)
}

/** The items or keys so far, with which the next is compared. */
class Ascending {
  readonly #reading: Reading
  readonly #node: ResolvedNode
  /** None if the one before is invalid: then the order is unknown. */
  #before: { readonly value: unknown } | null = null

  constructor(reading: Reading, node: ResolvedNode) {
    this.#reading = reading
    this.#node = node
  }

  /** Reports an item of a part that is not after the one before it. */
  add(
    value: unknown,
    isSound: boolean,
    part: OpenPart | undefined,
    source: Source,
    pos: number,
    place: Place,
  ): void {
    const { settings } = this.#reading
    const before = this.#before
    this.#before = isSound ? { value } : null
    if (before === null || !isSound || !settings.canonical) {
      return
    }
    const order = compareValues(this.#node, settings.protocol, before.value, value)
    if (order === 0) {
      this.#reading.note(part, source.issue('DuplicateKey', pos, place, words.eachOnce, show(value)))
    } else if (order > 0) {
      const expected = words.itemAfter(before.value)
      this.#reading.note(part, source.issue('NotCanonical', pos, place, expected, show(value)))
    }
  }
}

function* readItems(
  reading: Reading,
  item: ResolvedNode,
  isSet: boolean,
  count: number,
  source: Source,
  around: OpenPart,
): Stage {
  const items: Array<unknown> = []
  const ascending = new Ascending(reading, item)
  for (let i = 0; i < count; i++) {
    const { pos } = source
    const { strangers } = reading
    const path = [...around.path, i]
    const value = yield { node: item, spot: { source, path, role: 'value', siblings: around.parts } }
    refuseEmptyItem(source, pos, around.own)
    if (isSet) {
      const place = { path, grammar: around.own }
      ascending.add(value, reading.strangers === strangers, around.parts.at(-1), source, pos, place)
    }
    items.push(value)
  }
  return items
}

function* readMap(
  reading: Reading,
  node: MapNode<ResolvedNode>,
  count: number,
  source: Source,
  around: OpenPart,
): Stage {
  const entries = new MapEntries(node, reading.settings.protocol)
  const ascending = new Ascending(reading, node.key)
  for (let i = 0; i < count; i++) {
    const { pos } = source
    const { strangers } = reading
    const path = [...around.path, i, 'key']
    const key = yield { node: node.key, spot: { source, path, role: 'key', siblings: around.parts } }
    refuseEmptyItem(source, pos, around.own)
    const isSound = reading.strangers === strangers
    ascending.add(key, isSound, around.parts.at(-1), source, pos, { path, grammar: around.own })
    const valuePath = [...around.path, i, 'value']
    const spot = { source, path: valuePath, role: 'value', siblings: around.parts } as const
    entries.add(key, yield { node: node.item, spot }, isSound)
  }
  return entries.toMap()
}

function* readToEnd(reading: Reading, item: ResolvedNode, source: Source, around: OpenPart): Stage {
  const items: Array<unknown> = []
  for (;;) {
    while (source.left === 0 && source.open) {
      yield 1
    }
    const { pos } = source
    if (source.left === 0) {
      return items
    }
    const path = [...around.path, items.length]
    const limit = reading.settings.limits.collection
    if (items.length >= limit) {
      source.refuseLimit('collection', limit, pos, { path, grammar: around.own }, words.oneMoreItem)
    }
    items.push(yield { node: item, spot: { source, path, role: 'value', siblings: around.parts } })
    refuseEmptyItem(source, pos, around.own)
  }
}

/** Reads items up to the end mark. */
export function* readUntil(
  reading: Reading,
  node: UntilNode<ResolvedNode>,
  source: Source,
  around: OpenPart,
): Stage {
  const items: Array<unknown> = []
  for (;;) {
    const { pos } = source
    const path = [...around.path, items.length]
    const place = { path, grammar: around.own }
    const mark = yield announcement(node.mark, 'mark', source, around, path, true)
    if (mark === node.end) {
      return items
    }
    if (mark !== node.next) {
      const expected = words.oneMoreOrEnd(node)
      around.parts.at(-1)?.reject()
      source.pos = pos
      source.refuse('UnknownTag', pos, place, expected, show(mark))
    }
    const limit = reading.settings.limits.collection
    if (items.length >= limit) {
      source.pos = pos
      source.refuseLimit('collection', limit, pos, place, words.oneMoreItem)
    }
    items.push(yield { node: node.item, spot: { source, path, role: 'value', siblings: around.parts } })
  }
}

const refuseEmptyItem = (source: Source, before: number, grammar: string): void => {
  if (source.pos === before) {
    throw new TypeError(
      `the items of ${grammar} take no bytes: a few bytes could announce any number of them`,
    )
  }
}
