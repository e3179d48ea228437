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
  readAnyCount,
} from './checks.js'
import { faultMarker } from './fault.js'
import { Frames } from './frames.js'
import type { Input } from './input.js'
import { type KeptEntries, type KeptItems, type KeptMarked, mayResume, takeKept } from './kept.js'
import type {
  ChoicePlan,
  FramedPlan,
  ImapPlan,
  LazyPlan,
  ListPlan,
  MapPlan,
  Plan,
  StructPlan,
  UntilPlan,
} from './plan.js'
import type { Wire } from './wire.js'

/** Where a walk is: the steps from the top, and the name of the innermost grammar. */
export class Trail {
  readonly steps: Array<string | number> = []
  grammar: string

  constructor(grammar: string) {
    this.grammar = grammar
  }
}

/**
 * A reading that may pause: it yields how many bytes it lacks at least, and goes on where it was when more have
 * come. When it throws, the trail says where.
 */
export type Walk = Generator<number, unknown, void>

/**
 * The slow twin of the decoder. It decides nothing by itself: leaves and checks are those of the fast readers, and
 * what a fast reader can read whole it hands over. It holds the state that a fast reader has no place for: the path
 * of an issue, and the frames of a value whose bytes are not all there.
 */
export function* walk(plan: Plan, input: Input, trail: Trail): Walk {
  const outer = trail.grammar
  trail.grammar = plan.name
  const value = yield* walkNode(plan, input, trail)
  trail.grammar = outer
  return value
}

function* walkNode(plan: Plan, input: Input, trail: Trail): Walk {
  switch (plan._tag) {
    case 'leaf':
      return yield* retry(input, plan.leaf.wire, plan.read)
    case 'struct':
      return yield* walkStruct(plan, input, trail)
    case 'list':
      return yield* walkList(plan, input, trail)
    case 'map':
      return yield* walkMap(plan, input, trail)
    case 'choice':
      return yield* walkChoice(plan, input, trail)
    case 'pure':
      return plan.value
    case 'lazy':
      return yield* walkLazy(plan, input, trail)
    case 'imap':
      return yield* walkImap(plan, input, trail)
    case 'until':
      return yield* walkUntil(plan, input, trail)
    case 'framed':
      return yield* walkFramed(plan, input, trail)
  }
}

/**
 * Runs a fast reader. Where it refuses, nothing has been read; where it lacks bytes that may still come, what it has
 * read is kept, and the walk goes on from there.
 */
export const attempt = <A>(input: Input, read: (input: Input) => A): A | typeof refused => {
  const { pos, depth } = input
  try {
    return read(input)
  } catch (error) {
    giveUp(input, error, pos, depth)
    return refused
  }
}

export const refused = Symbol('refused')

const giveUp = (input: Input, error: unknown, pos: number, depth: number): void => {
  if (error !== faultMarker) {
    throw error
  }
  if (!mayResume(input, error)) {
    input.pos = pos
  }
  input.depth = depth
}

/** One primitive: read again from its start when it lacked bytes. */
function* retry<A>(input: Input, wire: Wire, read: (input: Input) => A): Generator<number, A, void> {
  for (;;) {
    const value = attempt(input, read)
    if (value !== refused) {
      return value
    }
    if (input.fault.tag !== 'UnexpectedEnd') {
      throw faultMarker
    }
    input.wanted = wire
    yield input.fault.missing
  }
}

/** A part, fast where all of it is there and good. */
function* walkPart(plan: Plan, input: Input, trail: Trail): Walk {
  const value = attempt(input, plan.read)
  return value === refused ? yield* walk(plan, input, trail) : value
}

function* walkStruct({ shape, constant, fields }: StructPlan, input: Input, trail: Trail): Walk {
  const kept = takeKept(input, 'struct')
  const values = kept?.values ?? []
  for (let i = kept?.index ?? 0; i < fields.length; i++) {
    const { key, plan, fixed } = fields[i]!
    const resumed = i === kept?.index
    const started = resumed && fixed !== null ? takeKept(input, 'fixed') : undefined
    const offset = started?.offset ?? input.base + input.pos
    trail.steps.push(key)
    values[i] = resumed ? yield* walk(plan, input, trail) : yield* walkPart(plan, input, trail)
    if (fixed !== null) {
      checkFixed(input, fixed, values[i], offset)
    }
    trail.steps.pop()
  }
  const entries = fields.flatMap(({ key, fixed }, i) => (fixed === null ? [[key, values[i]] as const] : []))
  return shape === 'tuple'
    ? entries.map(([, value]) => value)
    : Object.fromEntries(constant === null ? entries : [[constant.key, constant.value], ...entries])
}

/** Item by item; what is kept says which is being read. */
function* walkList(plan: ListPlan, input: Input, trail: Trail): Walk {
  const { count, ordered, item } = plan
  let kept: KeptItems | undefined = takeKept(input, 'list')
  const items = kept?.items ?? []
  const length = kept?.length ?? (yield* retry(input, 'number', (from) => readAnyCount(from, count)))
  kept ??= readItems(plan, input, items, length, 0)
  while (kept !== undefined) {
    const { index, offset }: KeptItems = kept
    trail.steps.push(index)
    items[index] = yield* walk(item, input, trail)
    if (ordered && index > 0) {
      checkOrder(input, item, items[index - 1], items[index], offset)
    }
    trail.steps.pop()
    kept = readItems(plan, input, items, length, index + 1)
  }
  return items
}

/** Reads fast as far as that goes; none where that is the end. */
const readItems = (
  { item, ordered }: ListPlan,
  input: Input,
  items: Array<unknown>,
  length: number,
  from: number,
): KeptItems | undefined => {
  const { read } = item
  const { base, depth } = input
  let index = from
  let pos = input.pos
  try {
    for (; index < length; index++) {
      pos = input.pos
      const value = read(input)
      if (ordered && index > 0) {
        checkOrder(input, item, items[index - 1], value, base + pos)
      }
      items[index] = value
    }
    return undefined
  } catch (error) {
    giveUp(input, error, pos, depth)
    return { _tag: 'list', items, length, index, offset: base + pos }
  }
}

/** Entry by entry; what is kept says which is being read. */
function* walkMap(plan: MapPlan, input: Input, trail: Trail): Walk {
  const { count, ordered, key, item, duplicates } = plan
  let kept: KeptEntries | undefined = takeKept(input, 'map')
  const entries = kept?.entries ?? new Entries(key, hasPrimitiveValues(key), duplicates)
  const length = kept?.length ?? (yield* retry(input, 'number', (from) => readAnyCount(from, count)))
  kept ??= readEntries(plan, input, entries, length, 0, undefined)
  while (kept !== undefined) {
    const { index, offset, before, inValue }: KeptEntries = kept
    trail.steps.push(index, 'key')
    const k = inValue ? before : yield* walk(key, input, trail)
    if (!inValue && ordered && index > 0) {
      checkOrder(input, key, before, k, offset)
    }
    trail.steps.pop()
    trail.steps.push('value')
    entries.add(k, inValue ? yield* walk(item, input, trail) : yield* walkPart(item, input, trail))
    trail.steps.length -= 2
    kept = readEntries(plan, input, entries, length, index + 1, k)
  }
  return entries.map
}

/** Reads fast as far as that goes; none where that is the end. */
const readEntries = (
  { key, item, ordered }: MapPlan,
  input: Input,
  entries: Entries,
  length: number,
  from: number,
  last: unknown,
): KeptEntries | undefined => {
  const { base, depth } = input
  let index = from
  let before = last
  let latest = last
  let inValue = false
  let pos = input.pos
  try {
    for (; index < length; index++) {
      inValue = false
      before = latest
      pos = input.pos
      latest = key.read(input)
      if (ordered && index > 0) {
        checkOrder(input, key, before, latest, base + pos)
      }
      inValue = true
      entries.add(latest, item.read(input))
    }
    return undefined
  } catch (error) {
    giveUp(input, error, pos, depth)
    const resumed = inValue && mayResume(input, error)
    const offset = base + pos
    return {
      _tag: 'map',
      entries,
      length,
      index,
      offset,
      before: resumed ? latest : before,
      inValue: resumed,
    }
  }
}

function* walkChoice(plan: ChoicePlan, input: Input, trail: Trail): Walk {
  const kept = takeKept(input, 'choice')
  if (kept !== undefined) {
    const body = kept.found.body === null ? undefined : yield* walk(kept.found.body, input, trail)
    return choiceValue(plan, kept.found, kept.tag, body)
  }
  const tagged = plan.shape === 'tagged'
  if (tagged) {
    trail.steps.push(plan.key)
  }
  const offset = input.base + input.pos
  const tag = yield* retry(input, plan.tag.leaf.wire, plan.tag.read)
  const found = caseOf(input, plan, tag, offset)
  if (tagged) {
    trail.steps.pop()
  }
  const body = found === null || found.body === null ? undefined : yield* walkPart(found.body, input, trail)
  return choiceValue(plan, found, tag, body)
}

function* walkLazy({ limit, target }: LazyPlan, input: Input, trail: Trail): Walk {
  enter(input, limit, input.base + input.pos)
  const value = yield* walk(target(), input, trail)
  input.depth--
  return value
}

function* walkImap(plan: ImapPlan, input: Input, trail: Trail): Walk {
  const kept = takeKept(input, 'imap')
  const offset = kept?.offset ?? input.base + input.pos
  const inner =
    kept === undefined ? yield* walkPart(plan.inner, input, trail) : yield* walk(plan.inner, input, trail)
  return applyFrom(input, plan, inner, offset)
}

/** Mark by mark; what is kept says whether an item is being read. */
function* walkUntil(plan: UntilPlan, input: Input, trail: Trail): Walk {
  let kept: KeptMarked | undefined = takeKept(input, 'until')
  const items = kept?.items ?? []
  kept ??= readMarked(plan, input, items)
  while (kept !== undefined) {
    trail.steps.push(items.length)
    if (kept.inItem) {
      items.push(yield* walk(plan.item, input, trail))
    } else {
      const offset = input.base + input.pos
      const mark = yield* retry(input, plan.mark.leaf.wire, plan.mark.read)
      if (isLast(input, plan, items.length, mark, offset)) {
        trail.steps.pop()
        return items
      }
      items.push(yield* walkPart(plan.item, input, trail))
    }
    trail.steps.pop()
    kept = readMarked(plan, input, items)
  }
  return items
}

/** Reads fast as far as that goes; none where that is the end. */
const readMarked = (plan: UntilPlan, input: Input, items: Array<unknown>): KeptMarked | undefined => {
  const { base, depth } = input
  let inItem = false
  let pos = input.pos
  try {
    for (;;) {
      inItem = false
      pos = input.pos
      if (isLast(input, plan, items.length, plan.mark.read(input), base + pos)) {
        return undefined
      }
      inItem = true
      items.push(plan.item.read(input))
    }
  } catch (error) {
    giveUp(input, error, pos, depth)
    return { _tag: 'until', items, inItem: inItem && mayResume(input, error) }
  }
}

/** Frames come one by one; the value is read once the last is there, so it never has to pause. */
function* walkFramed(plan: FramedPlan, input: Input, trail: Trail): Walk {
  const frames = takeKept(input, 'framed')?.frames ?? new Frames()
  while (yield* retry(input, 'frame', (from) => frames.read(from, plan))) {
    // Each turn takes one frame.
  }
  const inner = frames.open(input.depth)
  const step = runInside(plan, input, inner, frames, trail)
  frames.checkRest(input, inner, plan)
  return step
}

const runInside = (plan: FramedPlan, input: Input, inner: Input, frames: Frames, trail: Trail): unknown => {
  try {
    const step = walkPart(plan.inner, inner, trail).next()
    if (step.done === true) {
      return step.value
    }
  } catch (error) {
    if (error !== faultMarker) {
      throw error
    }
  }
  return frames.passOn(input, inner)
}
