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
  PurePlan,
  StructPlan,
  UntilPlan,
} from './plan.js'
import type { Wire } from './wire.js'

/** Where a walk is: the steps from the top, and the name of the innermost grammar. */
export class Trail {
  readonly steps: Array<string | number> = []
  grammar: string
  /** An offset whose place is looked for; none where it is negative. */
  sought = -1
  /** The place of the last part that does not begin after the offset that is sought. */
  nearest: ReadonlyArray<string | number> = []
  nearestGrammar: string

  constructor(grammar: string) {
    this.grammar = grammar
    this.nearestGrammar = grammar
  }

  /** A part begins at this offset. */
  enter(offset: number): void {
    if (offset <= this.sought) {
      this.nearest = [...this.steps]
      this.nearestGrammar = this.grammar
    }
  }
}

/** What a step of a walk may answer: the value, or how many bytes are missing at least. */
export type WalkStep =
  | { readonly done: true; readonly value: unknown }
  | { readonly done: false; readonly value: number }

/**
 * The walk of one node: it yields how many bytes it lacks, and goes on where it was when more have come; or a part
 * to be walked, and is given its value.
 */
type Stage = Generator<number | Plan, unknown, unknown>

/**
 * The slow twin of the decoder, a reading that may pause. It decides nothing by itself: leaves and checks are those
 * of the fast readers, and what a fast reader can read whole it hands over. It holds the state that a fast reader
 * has no place for: the path of an issue, and the frames of a value whose bytes are not all there.
 *
 * The frames are a list and not calls inside calls: nesting cannot overflow the stack, and to go on costs the same at
 * any depth.
 */
export class Walk {
  readonly #input: Input
  readonly #trail: Trail
  readonly #stages: Array<Stage> = []
  /** The names of the grammars around the stages. */
  readonly #around: Array<string> = []

  constructor(plan: Plan, input: Input, trail: Trail) {
    this.#input = input
    this.#trail = trail
    this.#enter(plan)
  }

  /** Goes on. When it throws, the trail says where. */
  next(): WalkStep {
    let sent: unknown
    for (;;) {
      const stage = this.#stages[this.#stages.length - 1]!
      const { done, value } = stage.next(sent)
      sent = undefined
      if (done === true) {
        this.#stages.pop()
        this.#trail.grammar = this.#around.pop()!
        if (this.#stages.length === 0) {
          return { done: true, value }
        }
        sent = value
      } else if (typeof value === 'number') {
        return { done: false, value }
      } else {
        this.#enter(value)
      }
    }
  }

  #enter(plan: Plan): void {
    this.#around.push(this.#trail.grammar)
    this.#trail.grammar = plan.name
    this.#stages.push(walkNode(plan, this.#input, this.#trail))
  }
}

const walkNode = (plan: Plan, input: Input, trail: Trail): Stage => {
  switch (plan._tag) {
    case 'leaf':
      return retry(input, plan.leaf.wire, plan.read)
    case 'struct':
      return walkStruct(plan, input, trail)
    case 'list':
      return walkList(plan, input, trail)
    case 'map':
      return walkMap(plan, input, trail)
    case 'choice':
      return walkChoice(plan, input, trail)
    case 'pure':
      return walkPure(plan)
    case 'lazy':
      return walkLazy(plan, input)
    case 'imap':
      return walkImap(plan, input)
    case 'until':
      return walkUntil(plan, input, trail)
    case 'framed':
      return walkFramed(plan, input, trail)
  }
}

// biome-ignore lint/correctness/useYield: it is over at once
function* walkPure({ value }: PurePlan): Stage {
  return value
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

// An attempt that fails is read again one level down, and so on: deep in recursion that would be quadratic. Where
// bytes may still come nothing is read twice.
const attemptedDepth = 4

/** Runs the fast reader of a part; deep in recursion leaves it to the walk to go through it. */
const attemptPart = (input: Input, plan: Plan): unknown =>
  input.depth > attemptedDepth && !input.resumable && plan._tag !== 'leaf'
    ? refused
    : attempt(input, plan.read)

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
function* retry<A>(input: Input, wire: Wire, read: (input: Input) => A): Generator<number, A, unknown> {
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

function* walkStruct({ fields, build }: StructPlan, input: Input, trail: Trail): Stage {
  const kept = takeKept(input, 'struct')
  const values = kept?.values ?? []
  for (let i = kept?.index ?? 0; i < fields.length; i++) {
    const { key, plan, fixed } = fields[i]!
    const resumed = i === kept?.index
    const started = resumed && fixed !== null ? takeKept(input, 'fixed') : undefined
    const offset = started?.offset ?? input.base + input.pos
    trail.steps.push(key)
    const value = resumed ? refused : attemptPart(input, plan)
    values[i] = value === refused ? yield plan : value
    if (fixed !== null) {
      checkFixed(input, fixed, values[i], offset)
    }
    trail.steps.pop()
  }
  return build(values)
}

/** Item by item; what is kept says which is being read. */
function* walkList(plan: ListPlan, input: Input, trail: Trail): Stage {
  const { count, ordered, item } = plan
  let kept: KeptItems | undefined = takeKept(input, 'list')
  const items = kept?.items ?? []
  const length = kept?.length ?? (yield* retry(input, 'number', (from) => readAnyCount(from, count)))
  kept ??= readItems(plan, input, items, length, 0)
  while (kept !== undefined) {
    const { index, offset }: KeptItems = kept
    trail.steps.push(index)
    items[index] = yield item
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
function* walkMap(plan: MapPlan, input: Input, trail: Trail): Stage {
  const { count, ordered, key, item, duplicates } = plan
  let kept: KeptEntries | undefined = takeKept(input, 'map')
  const entries = kept?.entries ?? new Entries(key, hasPrimitiveValues(key), duplicates)
  const length = kept?.length ?? (yield* retry(input, 'number', (from) => readAnyCount(from, count)))
  kept ??= readEntries(plan, input, entries, length, 0, undefined)
  while (kept !== undefined) {
    const { index, offset, before, inValue }: KeptEntries = kept
    trail.steps.push(index, 'key')
    const k = inValue ? before : yield key
    if (!inValue && ordered && index > 0) {
      checkOrder(input, key, before, k, offset)
    }
    trail.steps.pop()
    trail.steps.push('value')
    const value = inValue ? refused : attemptPart(input, item)
    entries.add(k, value === refused ? yield item : value)
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

function* walkChoice(plan: ChoicePlan, input: Input, trail: Trail): Stage {
  const kept = takeKept(input, 'choice')
  if (kept !== undefined) {
    return choiceValue(plan, kept.found, kept.tag, yield kept.body)
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
  if (found === null || found.body === null) {
    return choiceValue(plan, found, tag, undefined)
  }
  const body = attemptPart(input, found.body)
  return choiceValue(plan, found, tag, body === refused ? yield found.body : body)
}

function* walkLazy({ limit, target }: LazyPlan, input: Input): Stage {
  enter(input, limit, input.base + input.pos)
  const value = yield target()
  input.depth--
  return value
}

function* walkImap(plan: ImapPlan, input: Input): Stage {
  const kept = takeKept(input, 'imap')
  const offset = kept?.offset ?? input.base + input.pos
  const inner = kept === undefined ? attemptPart(input, plan.inner) : refused
  return applyFrom(input, plan, inner === refused ? yield plan.inner : inner, offset)
}

/** Mark by mark; what is kept says whether an item is being read. */
function* walkUntil(plan: UntilPlan, input: Input, trail: Trail): Stage {
  let kept: KeptMarked | undefined = takeKept(input, 'until')
  const items = kept?.items ?? []
  kept ??= readMarked(plan, input, items)
  while (kept !== undefined) {
    trail.steps.push(items.length)
    if (kept.inItem) {
      items.push(yield plan.item)
    } else {
      const offset = input.base + input.pos
      const mark = yield* retry(input, plan.mark.leaf.wire, plan.mark.read)
      if (isLast(input, plan, items.length, mark, offset)) {
        trail.steps.pop()
        return items
      }
      const item = attemptPart(input, plan.item)
      items.push(item === refused ? yield plan.item : item)
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
function* walkFramed(plan: FramedPlan, input: Input, trail: Trail): Stage {
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
    const value = attempt(inner, plan.inner.read)
    const step = value === refused ? new Walk(plan.inner, inner, trail).next() : { done: true, value }
    if (step.done) {
      return step.value
    }
  } catch (error) {
    if (error !== faultMarker) {
      throw error
    }
  }
  return frames.passOn(input, inner)
}
