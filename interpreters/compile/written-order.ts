import { paddingOf } from '../../bytes/padding.js'
import { Frames } from './frames.js'
import { Input } from './input.js'
import type { Output } from './output.js'
import type { ChoicePlan, FramedPlan, ListPlan, MapPlan, Plan, UntilPlan } from './plan.js'
import { Pool } from './pool.js'

/**
 * The order of values that have been written, as sets and maps have it: primitives by their own order, structures
 * field by field, collections item by item. It looks at bytes and not at values: what is inside is in order already,
 * nothing is asked of a value twice, and equal beginnings are all that is gone over.
 */
const compareWritten = (plan: Plan, x: Input, y: Input): number => {
  switch (plan._tag) {
    case 'leaf':
      return plan.leaf.bytewise === true
        ? comparePadded(x, y)
        : plan.leaf.compare(plan.leaf.read(x), plan.leaf.read(y))
    case 'struct':
      return compareFields(plan.fields, x, y)
    case 'list':
    case 'map':
      return compareCounted(plan, x, y)
    case 'choice': {
      const [a, b] = [plan.tag.read(x), plan.tag.read(y)]
      const body = plan.byTag.get(a)?.body ?? null
      return plan.tag.leaf.compare(a, b) || (body === null ? 0 : compareWritten(body, x, y))
    }
    case 'pure':
      return 0
    case 'lazy':
      return compareWritten(plan.target(), x, y)
    case 'imap':
      return compareWritten(plan.inner, x, y)
    case 'until':
      return compareMarked(plan, x, y)
    case 'framed':
      return compareWritten(plan.inner, contentOf(plan, x), contentOf(plan, y))
  }
}

/** By the bytes, and not by the length in front. The padding is zero, so that words may be compared. */
const comparePadded = (x: Input, y: Input): number => {
  const [a, b] = [lengthAt(x), lengthAt(y)]
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

const lengthAt = ({ view, pos }: Input): number => view.getUint32(pos, true)

const compareFields = (fields: ReadonlyArray<{ readonly plan: Plan }>, x: Input, y: Input): number => {
  for (const { plan } of fields) {
    // Of a fixed field the bytes are the same.
    const order = compareWritten(plan, x, y)
    if (order !== 0) {
      return order
    }
  }
  return 0
}

const compareCounted = (plan: ListPlan | MapPlan, x: Input, y: Input): number => {
  const [a, b] = [countAt(x), countAt(y)]
  const shorter = Math.min(a, b)
  for (let i = 0; i < shorter; i++) {
    const order = (plan._tag === 'map' && compareWritten(plan.key, x, y)) || compareWritten(plan.item, x, y)
    if (order !== 0) {
      return order
    }
  }
  return a - b
}

const countAt = (input: Input): number => {
  const count = lengthAt(input) + input.view.getUint32(input.pos + 4, true) * 4294967296
  input.pos += 8
  return count
}

const compareMarked = (plan: UntilPlan, x: Input, y: Input): number => {
  for (;;) {
    const [a, b] = [plan.mark.read(x) === plan.next, plan.mark.read(y) === plan.next]
    const order = a && b ? compareWritten(plan.item, x, y) : Number(a) - Number(b)
    if (order !== 0 || !a) {
      return order
    }
  }
}

const contentOf = (plan: FramedPlan, input: Input): Input => {
  const frames = new Frames()
  while (frames.read(input, plan)) {
    // Each turn takes one frame.
  }
  return frames.open(0)
}

/** Goes past a value that has been written. */
const skip = (plan: Plan, input: Input): void => {
  switch (plan._tag) {
    case 'leaf': {
      const { wire, min } = plan.leaf
      const padded = wire === 'text' || wire === 'bytes'
      const length = padded ? lengthAt(input) : 0
      input.pos += padded ? 8 + length + paddingOf(length) : min
      return
    }
    case 'struct':
      for (const field of plan.fields) {
        skip(field.plan, input)
      }
      return
    case 'list':
    case 'map':
      for (let left = countAt(input); left > 0; left--) {
        skipEntry(plan, input)
      }
      return
    case 'choice':
      skipBody(plan, input)
      return
    case 'pure':
      return
    case 'lazy':
      skip(plan.target(), input)
      return
    case 'imap':
      skip(plan.inner, input)
      return
    case 'until':
      while (plan.mark.read(input) === plan.next) {
        skip(plan.item, input)
      }
      return
    case 'framed':
      for (let length = lengthAt(input); ; length = lengthAt(input)) {
        input.pos += 8 + length
        if (length === 0) {
          return
        }
      }
  }
}

const skipEntry = (plan: ListPlan | MapPlan, input: Input): void => {
  if (plan._tag === 'map') {
    skip(plan.key, input)
  }
  skip(plan.item, input)
}

const skipBody = (plan: ChoicePlan, input: Input): void => {
  const body = plan.byTag.get(plan.tag.read(input))?.body ?? null
  if (body !== null) {
    skip(body, input)
  }
}

const cursors = new Pool(() => [new Input(), new Input()] as const)

const aim = (input: Input, { bytes, view, pos }: Output, at: number): void => {
  input.bytes = bytes
  input.view = view
  input.end = pos
  input.pos = at
}

/** Whether what was written at `at` comes after what was written at `before`. */
export const ascendsByPlan = (plan: Plan, output: Output, before: number, at: number): boolean => {
  const pair = cursors.take()
  const [x, y] = pair
  aim(x, output, before)
  aim(y, output, at)
  const order = compareWritten(plan, x, y)
  cursors.give(pair)
  return order < 0
}

/**
 * Puts the items that were written from `start` on into order, and moves their bytes. Where one is there twice it
 * moves nothing, and returns the index of the second.
 */
export const sortWritten = (
  output: Output,
  plan: ListPlan | MapPlan,
  start: number,
  count: number,
): number | null => {
  const key = plan._tag === 'map' ? plan.key : plan.item
  const [x, y] = [new Input(), new Input()]
  aim(x, output, start)
  aim(y, output, start)
  const starts = [start]
  const order: Array<number> = []
  for (let i = 0; i < count; i++) {
    skipEntry(plan, x)
    starts.push(x.pos)
    order.push(i)
  }
  const compare = (a: number, b: number): number => {
    x.pos = starts[a]!
    y.pos = starts[b]!
    return compareWritten(key, x, y)
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
