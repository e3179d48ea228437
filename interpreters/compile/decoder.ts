import {
  applyFrom,
  caseOf,
  checkFixed,
  checkOrder,
  choiceValue,
  Entries,
  enter,
  hasPrimitiveValues,
  isLast,
  readCount,
} from './checks.js'
import type { Making } from './code.js'
import { faultMarker } from './fault.js'
import { Frames } from './frames.js'
import type { Input } from './input.js'
import { keep } from './kept.js'
import type {
  ChoicePlan,
  FieldPlan,
  FramedPlan,
  ImapPlan,
  LazyPlan,
  ListPlan,
  MapPlan,
  Plan,
  Read,
  StructPlan,
  UntilPlan,
} from './plan.js'
import { generateListReader, generateMapReader, keepEntries, keepItems } from './sequence-code.js'
import { partsOf, structReader } from './struct-code.js'

/** The fast reader of a plan whose parts have theirs. */
export const readerOf = (plan: Plan, making: Making): Read => {
  switch (plan._tag) {
    case 'leaf':
      return plan.leaf.read
    case 'struct':
      return readStruct(plan, making)
    case 'list':
      return plan.ordered ? readOrderedList(plan) : readList(plan, making)
    case 'map':
      return readMap(plan, making)
    case 'choice':
      return readChoice(plan)
    case 'pure': {
      const { value } = plan
      return () => value
    }
    case 'lazy':
      return readLazy(plan)
    case 'imap':
      return readImap(plan)
    case 'until':
      return readUntil(plan)
    case 'framed':
      return readFramed(plan)
  }
}

const readStruct = (plan: StructPlan, making: Making): Read =>
  structReader(partsOf(plan), plan.fields.map(readField), making)

const readField = ({ plan: { read }, fixed }: FieldPlan): Read =>
  fixed === null
    ? read
    : (input) => {
        const offset = input.base + input.pos
        let value: unknown
        try {
          value = read(input)
        } catch (error) {
          keep(input, error, { _tag: 'fixed', offset })
          throw error
        }
        checkFixed(input, fixed, value, offset)
      }

// An array of known length is not grown item by item; a length this large would make it a dictionary.
const preallocated = 2 ** 25

const readList = ({ name, count, item: { read } }: ListPlan, making: Making): Read => {
  const readLong = readLongList(read)
  if (making.evaluate) {
    return generateListReader(name, count, read, readLong, preallocated, making)
  }
  return (input) => {
    const length = readCount(input, count)
    if (length > preallocated) {
      return readLong(input, length)
    }
    const items = new Array<unknown>(length)
    let index = 0
    let pos = input.pos
    try {
      for (; index < length; index++) {
        pos = input.pos
        items[index] = read(input)
      }
    } catch (error) {
      keepItems(input, error, items, length, index, pos)
      throw error
    }
    return items
  }
}

const readLongList =
  (read: Read) =>
  (input: Input, length: number): ReadonlyArray<unknown> => {
    const items: Array<unknown> = []
    let pos = input.pos
    try {
      while (items.length < length) {
        pos = input.pos
        items.push(read(input))
      }
    } catch (error) {
      keepItems(input, error, items, length, items.length, pos)
      throw error
    }
    return items
  }

const readOrderedList =
  ({ count, item }: ListPlan): Read =>
  (input) => {
    const length = readCount(input, count)
    const items: Array<unknown> = []
    let offset = 0
    try {
      while (items.length < length) {
        offset = input.base + input.pos
        const value = item.read(input)
        if (items.length > 0) {
          checkOrder(input, item, items[items.length - 1], value, offset)
        }
        items.push(value)
      }
    } catch (error) {
      keep(input, error, { _tag: 'list', items, length, index: items.length, offset })
      throw error
    }
    return items
  }

const readMap = (plan: MapPlan, making: Making): Read => {
  const { name, count, key, item, ordered, duplicates } = plan
  const primitive = hasPrimitiveValues(key)
  if (making.evaluate && primitive && !ordered && duplicates === 'last') {
    const entriesOf = () => new Entries(key, primitive, duplicates)
    return generateMapReader(name, count, entriesOf, key.read, item.read, making)
  }
  return (input) => {
    const length = readCount(input, count)
    const entries = new Entries(key, primitive, duplicates)
    let before: unknown
    let index = 0
    let pos = 0
    let inValue = false
    try {
      for (; index < length; index++) {
        inValue = false
        pos = input.pos
        const k = key.read(input)
        if (ordered && index > 0) {
          checkOrder(input, key, before, k, input.base + pos)
        }
        before = k
        inValue = true
        entries.add(k, item.read(input))
      }
    } catch (error) {
      keepEntries(input, error, entries, length, index, pos, before, inValue)
      throw error
    }
    return entries.map
  }
}

const readChoice = (plan: ChoicePlan): Read => {
  const { read } = plan.tag
  return (input) => {
    const offset = input.base + input.pos
    const tag = read(input)
    const found = caseOf(input, plan, tag, offset)
    if (found === null || found.body === null) {
      return choiceValue(plan, found, tag, undefined)
    }
    try {
      return choiceValue(plan, found, tag, found.body.read(input))
    } catch (error) {
      keep(input, error, { _tag: 'choice', found, tag, body: found.body })
      throw error
    }
  }
}

const readLazy = ({ limit, target }: LazyPlan): Read => {
  let read: Read | undefined
  return (input) => {
    read ??= target().read
    enter(input, limit, input.base + input.pos)
    const value = read(input)
    input.depth--
    return value
  }
}

const readImap =
  (plan: ImapPlan): Read =>
  (input) => {
    const offset = input.base + input.pos
    let inner: unknown
    try {
      inner = plan.inner.read(input)
    } catch (error) {
      keep(input, error, { _tag: 'imap', offset })
      throw error
    }
    return applyFrom(input, plan, inner, offset)
  }

const readUntil =
  (plan: UntilPlan): Read =>
  (input) => {
    const items: Array<unknown> = []
    let inItem = false
    try {
      for (;;) {
        inItem = false
        const offset = input.base + input.pos
        if (isLast(input, plan, items.length, plan.mark.read(input), offset)) {
          return items
        }
        inItem = true
        items.push(plan.item.read(input))
      }
    } catch (error) {
      keep(input, error, { _tag: 'until', items, inItem })
      throw error
    }
  }

const readFramed =
  (plan: FramedPlan): Read =>
  (input) => {
    const frames = new Frames()
    readFrames(input, plan, frames)
    const inner = frames.open(input.depth)
    let value: unknown
    try {
      value = plan.inner.read(inner)
    } catch (error) {
      if (error !== faultMarker) {
        throw error
      }
      frames.passOn(input, inner)
    }
    frames.checkRest(input, inner, plan)
    return value
  }

const readFrames = (input: Input, plan: FramedPlan, frames: Frames): void => {
  try {
    while (frames.read(input, plan)) {
      // Each turn takes one frame.
    }
  } catch (error) {
    keep(input, error, { _tag: 'framed', frames })
    throw error
  }
}
