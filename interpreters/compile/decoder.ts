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
import { faultMarker } from './fault.js'
import { Frames } from './frames.js'
import { structReader } from './generate.js'
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

/** The fast reader of a plan whose parts have theirs. */
export const readerOf = (plan: Plan, evaluate: boolean): Read => {
  switch (plan._tag) {
    case 'leaf':
      return plan.leaf.read
    case 'struct':
      return readStruct(plan, evaluate)
    case 'list':
      return plan.ordered ? readOrderedList(plan) : readList(plan)
    case 'map':
      return readMap(plan)
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

const readStruct = ({ shape, constant, fields }: StructPlan, evaluate: boolean): Read =>
  structReader(
    { shape, constant, fields: fields.map(({ key, fixed }) => ({ key, fixed: fixed !== null })) },
    fields.map(readField),
    evaluate,
  )

const readField = ({ plan: { read }, fixed }: FieldPlan): Read =>
  fixed === null
    ? read
    : (input) => {
        const offset = input.base + input.pos
        checkFixed(input, fixed, read(input), offset)
      }

// An array of known length is not grown item by item; a length this large would make it a dictionary.
const preallocated = 2 ** 25

const readList = ({ count, item }: ListPlan): Read => {
  const { read } = item
  return (input) => {
    const length = readCount(input, count)
    if (length > preallocated) {
      return readLongList(read, length, input)
    }
    const items = new Array<unknown>(length)
    for (let i = 0; i < length; i++) {
      items[i] = read(input)
    }
    return items
  }
}

const readLongList = (read: Read, length: number, input: Parameters<Read>[0]): ReadonlyArray<unknown> => {
  const items: Array<unknown> = []
  for (let i = 0; i < length; i++) {
    items.push(read(input))
  }
  return items
}

const readOrderedList =
  ({ count, item }: ListPlan): Read =>
  (input) => {
    const length = readCount(input, count)
    const items: Array<unknown> = []
    for (let i = 0; i < length; i++) {
      const offset = input.base + input.pos
      const value = item.read(input)
      if (i > 0) {
        checkOrder(input, item, items[i - 1], value, offset)
      }
      items.push(value)
    }
    return items
  }

const readMap = ({ count, key, item, ordered, duplicates }: MapPlan): Read => {
  const primitive = hasPrimitiveValues(key)
  return (input) => {
    const length = readCount(input, count)
    const entries = new Entries(key, primitive, duplicates)
    let before: unknown
    for (let i = 0; i < length; i++) {
      const offset = input.base + input.pos
      const k = key.read(input)
      if (ordered && i > 0) {
        checkOrder(input, key, before, k, offset)
      }
      before = k
      entries.add(k, item.read(input))
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
    const body = found === null || found.body === null ? undefined : found.body.read(input)
    return choiceValue(plan, found, tag, body)
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
    return applyFrom(input, plan, plan.inner.read(input), offset)
  }

const readUntil =
  (plan: UntilPlan): Read =>
  (input) => {
    const items: Array<unknown> = []
    for (;;) {
      const offset = input.base + input.pos
      if (isLast(input, plan, items.length, plan.mark.read(input), offset)) {
        return items
      }
      items.push(plan.item.read(input))
    }
  }

const readFramed =
  (plan: FramedPlan): Read =>
  (input) => {
    const frames = new Frames()
    while (frames.read(input, plan)) {
      // Each turn takes one frame.
    }
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
