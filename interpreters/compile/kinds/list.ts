import { type ListNode, nodeName, type ResolvedNode, type SetNode } from '../../../combinators/node.js'
import { Code, type Making } from '../code.js'
import type { Input } from '../input.js'
import type { Output } from '../output.js'
import type { Builder, Plan, Read, Resume, Word, Write } from '../plan.js'
import { stopReading, stopWriting } from '../stops.js'
import {
  type Ascends,
  ascendsOf,
  type CheckOrder,
  type Count,
  checkOrder,
  compareCounted,
  compareItems,
  countOf,
  expectItems,
  putInOrder,
  readCount,
  refuseChanged,
  skipCounted,
  writeCount,
} from './collections.js'
import { listToEndPlan } from './list-to-end.js'
import { isWord, wordReading, wordWriting } from './word-code.js'

/**
 * A list, or a set: an array whose items are written in ascending order, which the canonical profile requires.
 */
export const listPlan = (node: ListNode<ResolvedNode> | SetNode<ResolvedNode>, builder: Builder): Plan => {
  const { settings } = builder
  const item = builder.inner(node.item)
  const name = nodeName(node)
  if (node.count === 'toEnd') {
    return listToEndPlan(item, name, settings)
  }
  const count = countOf(node.count, settings, item.min, name)
  const set = node.kind === 'set'
  const ordered = set && settings.canonical
  const stop: StopItems = (input, error, kept) => stopReading(input, error, plan, item, [kept.index], kept)
  const check: CheckOrder = (input, before, value, offset) =>
    checkOrder(input, plan, item, before, value, offset)
  const inOrder = ordered ? check : null
  const resume = settings.evaluate
    ? generatedReader(name, count, item, inOrder, stop, settings)
    : reader(count, item.read, inOrder, stop)
  const writeItems = itemsWriter(
    name,
    item,
    set ? ascendsOf(item) : null,
    (output, error, index, inItem) => stopWriting(output, error, plan, inItem ? item : null, [index]),
    settings,
  )
  const write: Write = (output, value) => {
    const items = expectItems(output, value)
    const length: number = items.length
    const start = output.pos
    writeCount(output, count, length)
    // Written in the given order, which also checks each item; if that is not ascending, the bytes are moved.
    const ascending = writeItems(output, items, length)
    if (items.length !== length) {
      refuseChanged(output, start, value)
    }
    if (!ascending) {
      putInOrder(output, plan, item, item.skip, start + 8, length, (i) => items[i])
    }
  }
  const plan: Plan = {
    name,
    min: 8,
    wire: 'number',
    read: resume,
    resume,
    write,
    compare: (a, b) => compareItems(item, a, b),
    compareWritten: (x, y) => compareCounted(item.compareWritten, x, y),
    skip: (input) => skipCounted(item.skip, input),
  }
  return plan
}

interface Kept {
  readonly items: Array<unknown>
  readonly length: number
  /** The index of the current item, and its offset, which is needed in ordered lists only. */
  readonly index: number
  readonly offset: number
}

type StopItems = (input: Input, error: unknown, kept: Kept) => unknown

// Preallocation avoids growing the array item by item; V8 would make an array of this length a dictionary.
const preallocated = 2 ** 25

/**
 * Whether the available bytes could contain that many items, so that room may be reserved for all of them.
 */
const isRoomFor = (input: Input, length: number, { each }: Count): boolean =>
  length <= preallocated && length * each <= input.end - input.pos

const reader =
  (count: Count, read: Read, check: CheckOrder, stop: StopItems): Resume =>
  (input, kept, given) => {
    const started = kept as Kept | undefined
    const length = started?.length ?? readCount(input, count)
    const items = started?.items ?? (isRoomFor(input, length, count) ? new Array<unknown>(length) : [])
    let index = started?.index ?? 0
    let offset = started?.offset ?? 0
    let isGiven = started !== undefined
    try {
      for (; index < length; index++) {
        offset = isGiven ? offset : input.base + input.pos
        const value = isGiven ? given : read(input)
        isGiven = false
        if (check !== null && index > 0) {
          check(input, items[index - 1], value, offset)
        }
        items[index] = value
      }
    } catch (error) {
      throw stop(input, error, { items, length, index, offset })
    }
    return items
  }

/** The loops are separate functions, so that each always calls the same reader or writer. */
const generatedReader = (
  name: string,
  count: Count,
  { read, word, compare }: Plan,
  check: CheckOrder,
  stop: StopItems,
  making: Making,
): Resume => {
  const code = new Code(`reads ${name}`, 'input, kept, given')
  const counted = code.use(count, 'count')
  const oneMore = `${code.use(read, 'read')}(input)`
  code.add(
    'let items, length = 0, index = 0, offset = 0',
    'if (kept === undefined) {',
    `length = ${code.use(readCount, 'readCount')}(input, ${counted})`,
    `items = ${code.use(isRoomFor, 'isRoomFor')}(input, length, ${counted}) ? new Array(length) : []`,
    '} else {',
    'items = kept.items',
    'length = kept.length',
    'index = kept.index',
  )
  if (check === null) {
    code.add(
      'items[index++] = given',
      '}',
      ...(word === undefined ? [] : wordsRead(word)),
      'try {',
      `for (; index < length; index++) items[index] = ${oneMore}`,
    )
  } else {
    const [compared, checked] = [code.use(compare, 'compare'), code.use(check, 'check')]
    const expectAfter = (item: string): string =>
      `if (index > 0 && !(${compared}(items[index - 1], ${item}) < 0)) ${checked}(input, items[index - 1], ${item}, offset)`
    code.add(
      'offset = kept.offset',
      '}',
      'try {',
      'if (kept !== undefined) {',
      expectAfter('given'),
      'items[index++] = given',
      '}',
      'for (; index < length; index++) {',
      'offset = input.base + input.pos',
      `const item = ${oneMore}`,
      expectAfter('item'),
      'items[index] = item',
      '}',
    )
  }
  code.add(
    '} catch (error) {',
    `throw ${code.use(stop, 'stop')}(input, error, { items, length, index, offset })`,
    '}',
    'return items',
  )
  return code.make(making)
}

/** Reads words that have arrived in place. The first that is invalid or missing is left to its own reader. */
const wordsRead = (word: Word): ReadonlyArray<string> => {
  const { first, isNone, value } = wordReading(word, 'pos', 'pos + 4', 'low')
  return [
    'const view = input.view, whole = Math.min(length, index + Math.floor((input.end - input.pos) / 8))',
    'let pos = input.pos',
    'for (; index < whole; index++) {',
    ...(first === null ? [] : [first]),
    ...(isNone === null ? [] : [`if (${isNone}) break`]),
    `items[index] = ${value}`,
    'pos += 8',
    '}',
    'input.pos = pos',
  ]
}

/**
 * Writes `count` items, even if the array changes meanwhile; true if `ascends` held for each and the one before it.
 */
type WriteItems = (output: Output, items: ReadonlyArray<unknown>, count: number) => boolean

/** `inItem` distinguishes an item being written from one being looked up. */
type StopItem = (output: Output, error: unknown, index: number, inItem: boolean) => unknown

const itemsWriter = (
  name: string,
  { write, word }: Plan,
  ascends: Ascends | null,
  stop: StopItem,
  making: Making,
): WriteItems => {
  if (!making.evaluate) {
    return (output, items, count) => {
      let ascending = true
      let before = 0
      let i = 0
      let inItem = false
      try {
        for (; i < count; i++) {
          const at = output.pos
          inItem = false
          const item = items[i]
          inItem = true
          write(output, item)
          ascending &&= i === 0 || ascends === null || ascends(output, before, at)
          before = at
        }
      } catch (error) {
        throw stop(output, error, i, inItem)
      }
      return ascending
    }
  }
  const code = new Code(`writes the items of ${name}`, 'output, items, count')
  const one = [
    'inItem = false',
    'const item = items[i]',
    'inItem = true',
    `${code.use(write, 'write')}(output, item)`,
  ]
  code.add(
    'let ascending = true, before = 0, i = 0, inItem = false',
    'try {',
    ...(word === undefined || ascends !== null ? [] : wordsWritten(word)),
    'for (; i < count; i++) {',
  )
  if (ascends === null) {
    code.add(...one)
  } else {
    code.add(
      'const at = output.pos',
      ...one,
      `if (i > 0 && ascending) ascending = ${code.use(ascends, 'ascends')}(output, before, at)`,
      'before = at',
    )
  }
  code.add('}', '} catch (error) {', `throw ${code.use(stop, 'stop')}(output, error, i, inItem)`, '}')
  code.add('return ascending')
  return code.make(making)
}

/** The number of words for which room is made together. */
const wordsAtOnce = 1024

/**
 * Consecutive words. The first that is invalid, or has no room, is left to its own writer, which rejects it.
 */
const wordsWritten = (word: Word): ReadonlyArray<string> => [
  'words: while (i < count) {',
  `const end = Math.min(count, i + ${wordsAtOnce})`,
  'if (!output.fits(8 * (end - i))) break',
  'output.reserve(8 * (end - i))',
  'const view = output.view',
  'for (; i < end; i++) {',
  'const item = items[i]',
  `if (!(${isWord(word, 'item')})) break words`,
  ...wordWriting(word, 'item'),
  '}',
  '}',
]
