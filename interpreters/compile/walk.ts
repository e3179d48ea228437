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
      return yield* retry(input, plan.read)
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

/** Runs a fast reader; where it refuses, nothing has been read. */
const attempt = <A>(input: Input, read: (input: Input) => A): A | typeof refused => {
  const { pos, depth } = input
  try {
    return read(input)
  } catch (error) {
    if (error !== faultMarker) {
      throw error
    }
    input.pos = pos
    input.depth = depth
    return refused
  }
}

const refused = Symbol('refused')

/** One primitive: read again from its start when it lacked bytes. */
function* retry<A>(input: Input, read: (input: Input) => A): Generator<number, A, void> {
  for (;;) {
    const value = attempt(input, read)
    if (value !== refused) {
      return value
    }
    if (input.fault.tag !== 'UnexpectedEnd') {
      throw faultMarker
    }
    yield input.fault.missing
  }
}

/** A part, fast where all of it is there and good. */
function* walkPart(plan: Plan, input: Input, trail: Trail): Walk {
  const value = attempt(input, plan.read)
  return value === refused ? yield* walk(plan, input, trail) : value
}

function* walkStep(plan: Plan, input: Input, trail: Trail, step: string | number): Walk {
  trail.steps.push(step)
  const value = yield* walkPart(plan, input, trail)
  trail.steps.pop()
  return value
}

function* walkStruct({ shape, constant, fields }: StructPlan, input: Input, trail: Trail): Walk {
  const values: Array<readonly [string | number, unknown]> =
    constant === null ? [] : [[constant.key, constant.value]]
  for (const { key, plan, fixed } of fields) {
    trail.steps.push(key)
    const offset = input.base + input.pos
    const value = yield* walkPart(plan, input, trail)
    if (fixed === null) {
      values.push([key, value])
    } else {
      checkFixed(input, fixed, value, offset)
    }
    trail.steps.pop()
  }
  return shape === 'tuple' ? values.map(([, value]) => value) : Object.fromEntries(values)
}

function* walkList({ count, ordered, item }: ListPlan, input: Input, trail: Trail): Walk {
  const length = yield* retry(input, (from) => readAnyCount(from, count))
  const items: Array<unknown> = []
  for (let i = 0; i < length; i++) {
    trail.steps.push(i)
    const offset = input.base + input.pos
    const value = attempt(input, item.read)
    items.push(value === refused ? yield* walk(item, input, trail) : value)
    if (ordered && i > 0) {
      checkOrder(input, item, items[i - 1], items[i], offset)
    }
    trail.steps.pop()
  }
  return items
}

function* walkMap({ count, ordered, key, item, duplicates }: MapPlan, input: Input, trail: Trail): Walk {
  const length = yield* retry(input, (from) => readAnyCount(from, count))
  const entries = new Entries(key, hasPrimitiveValues(key), duplicates)
  let before: unknown
  for (let i = 0; i < length; i++) {
    trail.steps.push(i, 'key')
    const offset = input.base + input.pos
    const k = yield* walkPart(key, input, trail)
    if (ordered && i > 0) {
      checkOrder(input, key, before, k, offset)
    }
    before = k
    trail.steps.pop()
    entries.add(k, yield* walkStep(item, input, trail, 'value'))
    trail.steps.pop()
  }
  return entries.map
}

function* walkChoice(plan: ChoicePlan, input: Input, trail: Trail): Walk {
  const tagged = plan.shape === 'tagged'
  if (tagged) {
    trail.steps.push(plan.key)
  }
  const offset = input.base + input.pos
  const tag = yield* retry(input, plan.tag.read)
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
  const offset = input.base + input.pos
  const inner = yield* walkPart(plan.inner, input, trail)
  return applyFrom(input, plan, inner, offset)
}

function* walkUntil(plan: UntilPlan, input: Input, trail: Trail): Walk {
  const items: Array<unknown> = []
  for (;;) {
    trail.steps.push(items.length)
    const offset = input.base + input.pos
    const mark = yield* retry(input, plan.mark.read)
    if (isLast(input, plan, items.length, mark, offset)) {
      trail.steps.pop()
      return items
    }
    items.push(yield* walkPart(plan.item, input, trail))
    trail.steps.pop()
  }
}

/** Frames come one by one; the value is read once the last is there, so it never has to pause. */
function* walkFramed(plan: FramedPlan, input: Input, trail: Trail): Walk {
  const frames = new Frames()
  while (yield* retry(input, (from) => frames.read(from, plan))) {
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
