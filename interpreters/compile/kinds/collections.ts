import { greatestOf } from '../../../combinators/greatest.js'
import type { IntNode } from '../../../combinators/node.js'
import * as words from '../../../combinators/words.js'
import { refuse, refuseLimit, show } from '../fault.js'
import { type Input, integerAt, underflow } from '../input.js'
import type { Settings } from '../options.js'
import type { Output } from '../output.js'
import type { Plan } from '../plan.js'
import { refuseRead, stopWriting } from '../stops.js'
import { ascendsByPlan, ascendsOnWire, sortWritten } from '../written-order.js'

/** The common part of lists, sets and maps. */

export interface Count {
  readonly node: IntNode
  readonly limit: number
  /** The most items, by the limit and by the count. */
  readonly most: number
  /** The fewest bytes of an item. */
  readonly each: number
  readonly canonical: boolean
}

/** @throws TypeError for items that take no bytes. */
export const countOf = (
  node: IntNode,
  { limits: { collection: limit }, canonical }: Settings,
  each: number,
  name: string,
): Count => {
  if (each === 0) {
    throw new TypeError(`the items of ${name} take no bytes: a few bytes could announce any number of them`)
  }
  return { node, limit, most: Math.min(limit, Number(greatestOf(node))), each, canonical }
}

/** Reads a count and checks the limit. */
export const readCount = (input: Input, count: Count): number => {
  const pos = input.pos
  if (input.end - pos < 8) {
    underflow(input, 8)
  }
  const announced = input.view.getUint32(pos, true) + input.view.getUint32(pos + 4, true) * 4294967296
  const items = announced > count.most ? itemsBeyond(input, count) : announced
  input.pos = pos + 8
  return items
}

/** How many items a large count announces: perhaps only its low bits count. */
const itemsBeyond = (input: Input, { node, limit, canonical }: Count): number => {
  const offset = input.base + input.pos
  const announced = integerAt(input, input.pos)
  if (announced > node.max) {
    refuse(input, 'OutOfRange', offset, words.integerUpTo(node.max), String(announced))
  }
  const { keepBits = 64 } = node
  const kept = BigInt.asUintN(keepBits, announced)
  if (canonical && kept !== announced) {
    refuse(input, 'NotCanonical', offset, words.onlyLowBits(keepBits), String(announced))
  }
  if (kept > limit) {
    refuseLimit(input, 'collection', limit, offset, words.tooMany(kept))
  }
  return Number(kept)
}

/** `count` is the size that the value reports, and may be wrong for a proxy or a subclass. */
export const writeCount = (output: Output, { most }: Count, count: number): void => {
  expectCount(output, count, most)
  output.reserve(8)
  output.view.setUint32(output.pos, count, true)
  output.view.setUint32(output.pos + 4, count / 4294967296, true)
  output.pos += 8
}

/** Rejects an invalid count, and more items than a reader would accept. */
export const expectCount = (output: Output, count: number, limit: number): void => {
  if (!Number.isInteger(count) || count < 0) {
    unrepresentable(output, words.aCollection, count)
  }
  if (count > limit) {
    refuseLimit(output, 'collection', limit, output.pos - output.start, words.itemsCount(count))
  }
}

export const unrepresentable = (output: Output, expected: string, value: unknown): never =>
  refuse(output, 'Unrepresentable', output.pos - output.start, expected, show(value))

/** The items of a list or set, in the given order. */
export const expectItems = (output: Output, value: unknown): ReadonlyArray<unknown> =>
  Array.isArray(value) ? value : unrepresentable(output, words.anArray, value)

/** Rejects a collection whose number of items, written from `start` on, differs from the announced one. */
export const refuseChanged = (output: Output, start: number, value: unknown): never => {
  return refuse(output, 'Unrepresentable', start - output.start, words.unchanging, show(value))
}

/** Rejects an item, or a key, that is not after the one before it. */
export const checkOrder = (
  input: Input,
  collection: Plan,
  { compare }: Plan,
  before: unknown,
  item: unknown,
  offset: number,
): void => {
  const order = compare(before, item)
  if (order === 0) {
    refuseRead(input, collection, 'DuplicateKey', offset, words.eachOnce, show(item))
  } else if (order > 0) {
    refuseRead(input, collection, 'NotCanonical', offset, words.itemAfter(before), show(item))
  }
}

/** {@link checkOrder} for one collection; null if the order does not matter. */
export type CheckOrder = ((input: Input, before: unknown, item: unknown, offset: number) => void) | null

/** Whether the item written at `at` is after the one written at `before`. */
export type Ascends = (output: Output, before: number, at: number) => boolean

export const ascendsOf = (plan: Plan): Ascends =>
  plan.bytewise ? ascendsOnWire : (output, before, at) => ascendsByPlan(plan, output, before, at)

/** Sorts the `count` entries that were written from `start` on by their keys; rejects a duplicate key. */
export const putInOrder = (
  output: Output,
  plan: Plan,
  key: Plan,
  skipEntry: Plan['skip'],
  start: number,
  count: number,
  keyAt: (index: number) => unknown,
): void => {
  const twice = sortWritten(output, key, skipEntry, start, count)
  if (twice !== null) {
    try {
      refuse(output, 'DuplicateKey', start - output.start, words.eachOnce, show(keyAt(twice)))
    } catch (error) {
      throw stopWriting(output, error, plan, null, [twice])
    }
  }
}

/** Compares item by item; if one list is the beginning of the other, the shorter is first. */
export const compareItems = (item: Plan, a: unknown, b: unknown): number => {
  const [x, y] = [a as ReadonlyArray<unknown>, b as ReadonlyArray<unknown>]
  const shorter = Math.min(x.length, y.length)
  for (let i = 0; i < shorter; i++) {
    const order = item.compare(x[i], y[i])
    if (order !== 0) {
      return order
    }
  }
  return x.length - y.length
}

/** The same for two collections that have been written, by their entries. */
export const compareCounted = (compareEntry: Plan['compareWritten'], x: Input, y: Input): number => {
  const [a, b] = [countAt(x), countAt(y)]
  const shorter = Math.min(a, b)
  for (let i = 0; i < shorter; i++) {
    const order = compareEntry(x, y)
    if (order !== 0) {
      return order
    }
  }
  return a - b
}

export const skipCounted = (skipEntry: Plan['skip'], input: Input): void => {
  for (let left = countAt(input); left > 0; left--) {
    skipEntry(input)
  }
}

const countAt = (input: Input): number => {
  const count = input.view.getUint32(input.pos, true) + input.view.getUint32(input.pos + 4, true) * 4294967296
  input.pos += 8
  return count
}
