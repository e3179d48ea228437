import { paddingOf } from '../../bytes/padding.js'
import { Input } from './input.js'
import type { Output } from './output.js'
import type { Plan } from './plan.js'
import { Pool } from './pool.js'

/**
 * The order of values that have been written. It compares bytes, not values: inner sets and maps are sorted already, no
 * value is read twice, and only equal beginnings are compared.
 */

/** Compares the content, not the length in front. The padding is zero, so whole words may be compared. */
export const comparePadded = (x: Input, y: Input): number => {
  const [a, b] = [x.view.getUint32(x.pos, true), y.view.getUint32(y.pos, true)]
  const [from, other] = [x.pos + 8, y.pos + 8]
  const shorter = Math.min(a, b)
  for (let i = 0; i < shorter; i += 4) {
    const word = x.view.getUint32(from + i)
    const otherWord = y.view.getUint32(other + i)
    if (word !== otherWord) {
      return word - otherWord
    }
  }
  x.pos = from + a + paddingOf(a)
  y.pos = other + b + paddingOf(b)
  return a - b
}

/** Compares the integers: the high half first. */
export const compareWords = (x: Input, y: Input): number => {
  const [at, other] = [x.pos, y.pos]
  x.pos = at + 8
  y.pos = other + 8
  return (
    x.view.getUint32(at + 4, true) - y.view.getUint32(other + 4, true) ||
    x.view.getUint32(at, true) - y.view.getUint32(other, true)
  )
}

/** Whether padded bytes written at `at` are after those written at `before`. */
export const ascendsOnWire = ({ view }: Output, before: number, at: number): boolean => {
  const lengthBefore = view.getUint32(before, true)
  const length = view.getUint32(at, true)
  const shorter = Math.min(lengthBefore, length)
  for (let i = 8; i < 8 + shorter; i += 4) {
    const x = view.getUint32(before + i)
    const y = view.getUint32(at + i)
    if (x !== y) {
      return x < y
    }
  }
  return lengthBefore < length
}

const cursors = new Pool(() => [new Input(), new Input()] as const)

const aim = (input: Input, { bytes, view, pos }: Output, at: number): void => {
  input.bytes = bytes
  input.view = view
  input.end = pos
  input.pos = at
}

/** Whether the value written at `at` is after the one written at `before`. */
export const ascendsByPlan = (plan: Plan, output: Output, before: number, at: number): boolean => {
  const pair = cursors.take()
  const [x, y] = pair
  aim(x, output, before)
  aim(y, output, at)
  const order = plan.compareWritten(x, y)
  cursors.give(pair)
  return order < 0
}

/**
 * Sorts the entries that were written from `start` on by their keys, and moves their bytes. If a key occurs twice it
 * moves nothing, and returns the index of the second.
 */
export const sortWritten = (
  output: Output,
  key: Plan,
  skipEntry: Plan['skip'],
  start: number,
  count: number,
): number | null => {
  const [x, y] = [new Input(), new Input()]
  aim(x, output, start)
  aim(y, output, start)
  const starts = [start]
  const order: Array<number> = []
  for (let i = 0; i < count; i++) {
    skipEntry(x)
    starts.push(x.pos)
    order.push(i)
  }
  const compare = (a: number, b: number): number => {
    x.pos = starts[a]!
    y.pos = starts[b]!
    return key.compareWritten(x, y)
  }
  order.sort(compare)
  for (let i = 1; i < count; i++) {
    if (compare(order[i - 1]!, order[i]!) === 0) {
      return order[i]!
    }
  }
  const before = Uint8Array.prototype.slice.call(output.bytes, start, output.pos)
  let at = start
  for (const i of order) {
    const part = before.subarray(starts[i]! - start, starts[i + 1]! - start)
    output.bytes.set(part, at)
    at += part.length
  }
  return null
}
