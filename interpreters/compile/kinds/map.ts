import { type MapNode, nodeName, type ResolvedNode } from '../../../combinators/node.js'
import * as words from '../../../combinators/words.js'
import { Code, type Making } from '../code.js'
import type { Input } from '../input.js'
import type { Output } from '../output.js'
import type { Builder, Plan, Read, Resume, Write } from '../plan.js'
import { stopReading, stopWriting } from '../stops.js'
import {
  type Ascends,
  ascendsOf,
  type CheckOrder,
  type Count,
  checkOrder,
  compareCounted,
  countOf,
  putInOrder,
  readCount,
  refuseChanged,
  skipCounted,
  unrepresentable,
  writeCount,
} from './collections.js'
import { Entries } from './entries.js'

/** A Map, whose entries are written in the order of their keys. */
export const mapPlan = (node: MapNode<ResolvedNode>, { settings, inner: planOf }: Builder): Plan => {
  const key = planOf(node.key)
  const item = planOf(node.item)
  const name = nodeName(node)
  const { canonical, evaluate } = settings
  const count = countOf(node.count, settings, key.min + item.min, name)
  const entriesOf = (): Entries => new Entries(key, node.duplicates)
  const stop: StopEntries = (input, error, kept) => {
    const [child, step] = kept.inValue ? [item, 'value'] : [key, 'key']
    return stopReading(input, error, plan, child, [kept.index, step], kept)
  }
  const check: CheckOrder = (input, before, value, offset) =>
    checkOrder(input, plan, key, before, value, offset)
  const resume =
    evaluate && key.primitive && !canonical && node.duplicates === 'last'
      ? generatedReader(name, count, entriesOf, key.read, item.read, stop, settings)
      : reader(count, entriesOf, key.read, item.read, canonical ? check : null, stop)
  const writeEntries = entriesWriter(
    name,
    key.write,
    item.write,
    ascendsOf(key),
    (output, error, index, part) => {
      const [child, steps] =
        part === 0 ? [null, []] : part === 1 ? [key, [index, 'key']] : [item, [index, 'value']]
      return stopWriting(output, error, plan, child, steps)
    },
    settings,
  )
  const skipEntry = (input: Input): void => {
    key.skip(input)
    item.skip(input)
  }
  const write: Write = (output, value) => {
    const entries = value instanceof Map ? value : unrepresentable(output, words.aMap, value)
    const size: number = entries.size
    const start = output.pos
    writeCount(output, count, size)
    const ascending = writeEntries(output, entries, size)
    if (ascending === null) {
      refuseChanged(output, start, value)
    } else if (!ascending) {
      putInOrder(output, plan, key, skipEntry, start + 8, size, (i) => keyAt(entries, i))
    }
  }
  const compareEntry = (x: Input, y: Input): number => key.compareWritten(x, y) || item.compareWritten(x, y)
  const plan: Plan = {
    name,
    min: 8,
    wire: 'number',
    read: resume,
    resume,
    write,
    compare: (a, b) =>
      compareEntries(key, item, a as ReadonlyMap<unknown, unknown>, b as ReadonlyMap<unknown, unknown>),
    compareWritten: (x, y) => compareCounted(compareEntry, x, y),
    skip: (input) => skipCounted(skipEntry, input),
  }
  return plan
}

const compareEntries = (
  key: Plan,
  item: Plan,
  a: ReadonlyMap<unknown, unknown>,
  b: ReadonlyMap<unknown, unknown>,
): number => {
  const others = b.entries()
  for (const [k, value] of a) {
    const other = others.next()
    const order = other.done ? 1 : key.compare(k, other.value[0]) || item.compare(value, other.value[1])
    if (order !== 0) {
      return order
    }
  }
  return a.size - b.size
}

const keyAt = (entries: ReadonlyMap<unknown, unknown>, index: number): unknown => {
  let left = index
  for (const key of entries.keys()) {
    if (left-- === 0) {
      return key
    }
  }
  return undefined
}

interface Kept {
  readonly entries: Entries
  readonly length: number
  /** The index of the current entry, and its offset. */
  readonly index: number
  readonly offset: number
  /** The key of the entry before. */
  readonly before: unknown
  /** The key of the current entry, while its value is read. */
  readonly key: unknown
  readonly inValue: boolean
}

type StopEntries = (input: Input, error: unknown, kept: Kept) => unknown

const reader =
  (
    count: Count,
    entriesOf: () => Entries,
    readKey: Read,
    readItem: Read,
    check: CheckOrder,
    stop: StopEntries,
  ): Resume =>
  (input, kept, given) => {
    const started = kept as Kept | undefined
    const length = started?.length ?? readCount(input, count)
    const entries = started?.entries ?? entriesOf()
    let index = started?.index ?? 0
    let offset = started?.offset ?? 0
    let before = started?.before
    let k = started?.key
    let inValue = started?.inValue ?? false
    let isGiven = started !== undefined
    try {
      for (; index < length; index++) {
        if (!inValue) {
          offset = isGiven ? offset : input.base + input.pos
          k = isGiven ? given : readKey(input)
          isGiven = false
          if (check !== null && index > 0) {
            check(input, before, k, offset)
          }
          inValue = true
        }
        entries.add(k, isGiven ? given : readItem(input))
        isGiven = false
        inValue = false
        before = k
      }
    } catch (error) {
      throw stop(input, error, { entries, length, index, offset, before, key: k, inValue })
    }
    return entries.map
  }

/** For maps with primitive keys in which the last entry of a key counts. */
const generatedReader = (
  name: string,
  count: Count,
  entriesOf: () => Entries,
  key: Read,
  item: Read,
  stop: StopEntries,
  making: Making,
): Resume => {
  const code = new Code(`reads ${name}`, 'input, kept, given')
  const readKey = code.use(key, 'key')
  const readItem = code.use(item, 'item')
  code.add(
    'let entries, length = 0, index = 0, key, inValue = false',
    'if (kept === undefined) {',
    `length = ${code.use(readCount, 'readCount')}(input, ${code.use(count, 'count')})`,
    `entries = ${code.use(entriesOf, 'entriesOf')}()`,
    '} else {',
    'entries = kept.entries',
    'length = kept.length',
    'index = kept.index',
    '}',
    'const map = entries.map',
    'try {',
    'if (kept !== undefined) {',
    'key = kept.inValue ? kept.key : given',
    'inValue = true',
    `map.set(key, kept.inValue ? given : ${readItem}(input))`,
    'index++',
    '}',
    'for (; index < length; index++) {',
    'inValue = false',
    `key = ${readKey}(input)`,
    'inValue = true',
    `map.set(key, ${readItem}(input))`,
    '}',
    '} catch (error) {',
    `throw ${code.use(stop, 'stop')}(input, error, { entries, length, index, offset: 0, before: undefined, key, inValue })`,
    '}',
    'return map',
  )
  return code.make(making)
}

/** Writes the entries in the given order, as for items of a list. Null if there are not `count` of them. */
type WriteEntries = (output: Output, entries: ReadonlyMap<unknown, unknown>, count: number) => boolean | null

/** `part` is 0 when the map is accessed, 1 in a key and 2 in a value. */
type StopEntry = (output: Output, error: unknown, index: number, part: number) => unknown

const entriesWriter = (
  name: string,
  writeKey: Write,
  writeItem: Write,
  ascends: Ascends,
  stop: StopEntry,
  making: Making,
): WriteEntries => {
  if (!making.evaluate) {
    return (output, entries, count) => {
      let ascending = true
      let before = 0
      let i = 0
      let part = 0
      try {
        for (const [key, item] of entries) {
          if (i === count) {
            return null
          }
          const at = output.pos
          part = 1
          writeKey(output, key)
          ascending &&= i === 0 || ascends(output, before, at)
          part = 2
          writeItem(output, item)
          part = 0
          before = at
          i++
        }
      } catch (error) {
        throw stop(output, error, i, part)
      }
      return i === count ? ascending : null
    }
  }
  const code = new Code(`writes the entries of ${name}`, 'output, entries, count')
  code.add(
    'let ascending = true, before = 0, i = 0, part = 0',
    'try {',
    'for (const [key, item] of entries) {',
    'if (i === count) return null',
    'const at = output.pos',
    'part = 1',
    `${code.use(writeKey, 'writeKey')}(output, key)`,
    `if (ascending && i > 0) ascending = ${code.use(ascends, 'ascends')}(output, before, at)`,
    'part = 2',
    `${code.use(writeItem, 'writeItem')}(output, item)`,
    'part = 0',
    'before = at',
    'i++',
    '}',
    '} catch (error) {',
    `throw ${code.use(stop, 'stop')}(output, error, i, part)`,
    '}',
    'return i === count ? ascending : null',
  )
  return code.make(making)
}
