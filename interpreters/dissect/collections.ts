import type { MapNode, Node, SequenceNode, UntilNode } from '../../combinators/node.js'
import { compareValues } from '../../combinators/order.js'
import { MapEntries } from './map-entries.js'
import { showValue } from './show.js'
import type { Place, Source } from './source.js'
import { type NodeReader, readAnnouncement } from './spot.js'
import type { OpenPart } from './tree.js'

const readCount = (reader: NodeReader, node: SequenceNode, source: Source, around: OpenPart): number => {
  const { pos } = source
  const max = reader.settings.limits.collection
  const count = readAnnouncement(
    reader,
    { ...node.count, value: 'bigint' },
    'count',
    source,
    around,
    around.path,
  ) as bigint
  if (count > BigInt(max)) {
    around.parts.at(-1)?.reject()
    source.refuseLimit('collection', max, pos, around.place, `a count of ${count}`)
  }
  return Number(count)
}

/** Reads a count, and that many items. */
export const readSequence = (
  reader: NodeReader,
  node: SequenceNode,
  source: Source,
  around: OpenPart,
): unknown => {
  const count = readCount(reader, node, source, around)
  return node.kind === 'map'
    ? readMap(reader, node, count, source, around)
    : readItems(reader, node.item, node.kind === 'set', count, source, around)
}

const readItems = (
  reader: NodeReader,
  item: Node,
  isSet: boolean,
  count: number,
  source: Source,
  around: OpenPart,
): unknown => {
  const items: Array<unknown> = []
  for (let i = 0; i < count; i++) {
    const { pos } = source
    const path = [...around.path, i]
    const value = reader.read(item, { source, path, role: 'value', siblings: around.parts })
    refuseEmptyItem(source, pos, around.own)
    if (isSet && i > 0) {
      checkOrder(reader, item, items[i - 1], value, source, pos, { path, grammar: around.own })
    }
    items.push(value)
  }
  return items
}

const readMap = (
  reader: NodeReader,
  node: MapNode,
  count: number,
  source: Source,
  around: OpenPart,
): unknown => {
  const entries = new MapEntries(node, reader.settings.protocol)
  let before: unknown
  for (let i = 0; i < count; i++) {
    const { pos } = source
    const path = [...around.path, i, 'key']
    const key = reader.read(node.key, { source, path, role: 'key', siblings: around.parts })
    refuseEmptyItem(source, pos, around.own)
    if (i > 0) {
      checkOrder(reader, node.key, before, key, source, pos, { path, grammar: around.own })
    }
    before = key
    const valuePath = [...around.path, i, 'value']
    entries.add(
      key,
      reader.read(node.item, { source, path: valuePath, role: 'value', siblings: around.parts }),
    )
  }
  return entries.toMap()
}

const checkOrder = (
  reader: NodeReader,
  node: Node,
  before: unknown,
  value: unknown,
  source: Source,
  pos: number,
  place: Place,
): void => {
  if (!reader.settings.canonical) {
    return
  }
  const order = compareValues(node, reader.settings.protocol, before, value)
  if (order === 0) {
    source.refuse('DuplicateKey', pos, place, 'each item once', showValue(value))
  } else if (order > 0) {
    source.refuse('NotCanonical', pos, place, `an item after ${showValue(before)}`, showValue(value))
  }
}

/** Reads items up to the mark that says there is none. */
export const readUntil = (reader: NodeReader, node: UntilNode, source: Source, around: OpenPart): unknown => {
  const items: Array<unknown> = []
  for (;;) {
    const { pos } = source
    const path = [...around.path, items.length]
    const place = { path, grammar: around.own }
    const mark = readAnnouncement(reader, node.mark, 'mark', source, around, path)
    if (mark === node.end) {
      return items
    }
    if (mark !== node.next) {
      const expected = `${showValue(node.next)} (one more) or ${showValue(node.end)} (the end)`
      source.refuse('UnknownTag', pos, place, expected, showValue(mark))
    }
    const limit = reader.settings.limits.collection
    if (items.length >= limit) {
      source.refuseLimit('collection', limit, pos, place, 'one more item')
    }
    items.push(reader.read(node.item, { source, path, role: 'value', siblings: around.parts }))
  }
}

const refuseEmptyItem = (source: Source, before: number, grammar: string): void => {
  if (source.pos === before) {
    throw new TypeError(
      `the items of ${grammar} take no bytes: a few bytes could announce any number of them`,
    )
  }
}
