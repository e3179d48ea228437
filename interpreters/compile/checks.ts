import { isLeft } from 'fp-ts/lib/Either.js'
import { none, some } from 'fp-ts/lib/Option.js'
import { equalValues } from '../../bytes/equal.js'
import { oneOf, refuse, refuseEarly, refuseLimit, show } from './fault.js'
import { type Input, integerAt, underflow } from './input.js'
import { compareValues } from './order.js'
import type { Output } from './output.js'
import type { CasePlan, ChoicePlan, Count, FixedPlan, ImapPlan, Plan, UntilPlan } from './plan.js'
import { writtenForm } from './written-form.js'

/** What the fast decoder and its slow twin decide in the same way. */

/** Reads a count and holds it against the limit. */
export const readAnyCount = (input: Input, { node, limit }: Count): number => {
  const pos = input.pos
  if (input.end - pos < 8) {
    underflow(input, 8)
  }
  const count = input.view.getUint32(pos, true) + input.view.getUint32(pos + 4, true) * 4294967296
  if (count > limit || count > Number(node.max)) {
    const announced = integerAt(input, pos)
    if (announced > node.max) {
      refuse(input, 'OutOfRange', input.base + pos, `an integer from 0 to ${node.max}`, String(announced))
    }
    refuseLimit(input, 'collection', limit, input.base + pos, `a count of ${announced}`)
  }
  input.pos = pos + 8
  return count
}

/** Reads a count that the bytes that are there can hold, so that it may size an array. */
export const readCount = (input: Input, count: Count): number => {
  const announced = readAnyCount(input, count)
  const missing = announced * count.each - (input.end - input.pos)
  if (missing > 0) {
    input.pos -= 8
    refuseEarly(input, input.base + input.pos, announced, missing)
  }
  return announced
}

/** Refuses an item that does not come after the one before it. */
export const checkOrder = (
  input: Input,
  plan: Plan,
  before: unknown,
  item: unknown,
  offset: number,
): void => {
  const order = compareValues(plan, before, item)
  if (order === 0) {
    refuse(input, 'DuplicateKey', offset, 'each item once', show(item))
  } else if (order > 0) {
    refuse(input, 'NotCanonical', offset, `an item after ${show(before)}`, show(item))
  }
}

/** Keeps a map's entries; of two with one key the first or the last. */
export class Entries {
  readonly map = new Map<unknown, unknown>()
  readonly #keyPlan: Plan
  readonly #first: boolean
  /** For keys that are objects: the key that was there first, by its bytes. */
  readonly #known: Map<string, unknown> | null

  constructor(keyPlan: Plan, primitive: boolean, duplicates: 'first' | 'last') {
    this.#keyPlan = keyPlan
    this.#first = duplicates === 'first'
    this.#known = primitive ? null : new Map()
  }

  add(key: unknown, value: unknown): void {
    const kept = this.#known === null ? key : this.#same(this.#known, key)
    if (!this.#first || !this.map.has(kept)) {
      this.map.set(kept, value)
    }
  }

  #same(known: Map<string, unknown>, key: unknown): unknown {
    const id = writtenForm(this.#keyPlan, key)
    if (id === null) {
      return key
    }
    const kept = known.get(id) ?? key
    known.set(id, kept)
    return kept
  }
}

export const checkFixed = (
  input: Input,
  { value, ignored }: FixedPlan,
  found: unknown,
  offset: number,
): void => {
  if (!ignored && found !== value && !equalValues(found, value)) {
    refuse(input, 'UnexpectedValue', offset, show(value), show(found))
  }
}

/** The case of a tag; null for an unknown one in an open choice. */
export const caseOf = (input: Input, plan: ChoicePlan, tag: unknown, offset: number): CasePlan | null => {
  const found = plan.byTag.get(tag)
  return found ?? (plan.open ? null : refuseTag(input, plan, tag, offset))
}

const refuseTag = (input: Input, plan: ChoicePlan, tag: unknown, offset: number): never => {
  const expected = oneOf(plan.byName.values(), (each) => `${show(each.tag)} (${each.name})`)
  return refuse(input, 'UnknownTag', offset, expected, show(tag))
}

/** The value of a choice whose body, where there is one, has been read. */
export const choiceValue = (
  plan: ChoicePlan,
  found: CasePlan | null,
  tag: unknown,
  body: unknown,
): unknown => {
  if (found === null) {
    return tag
  }
  switch (plan.shape) {
    case 'enum':
      return found.name
    case 'tagged':
      return body
    case 'option':
      return found.absent ? none : some(found.body === null ? found.name : body)
  }
}

export const enter = (at: Input | Output, limit: number, offset: number): void => {
  if (++at.depth > limit) {
    refuseLimit(at, 'depth', limit, offset, `a depth of ${at.depth}`)
  }
}

export const applyFrom = (input: Input, plan: ImapPlan, inner: unknown, offset: number): unknown => {
  const outer = plan.from(inner)
  if (isLeft(outer)) {
    return refuse(input, 'InvalidValue', offset, outer.left, show(inner))
  }
  if (plan.exact) {
    const back = plan.to(outer.right)
    if (isLeft(back) || !equalValues(back.right, inner)) {
      const expected = isLeft(back) ? back.left : 'the form that the encoder writes'
      refuse(input, 'NotCanonical', offset, expected, show(inner))
    }
  }
  return outer.right
}

/** Whether two equal values of a plan are always identical, as strings and numbers are and objects are not. */
export const hasPrimitiveValues = (plan: Plan): boolean => {
  switch (plan._tag) {
    case 'leaf':
      return plan.leaf.primitive
    case 'choice':
      return plan.shape === 'enum'
    case 'struct':
    case 'list':
    case 'map':
    case 'pure':
    case 'lazy':
    case 'imap':
    case 'until':
    case 'framed':
      return false
  }
}

/** Whether the mark before the `i`th item says that there is none. */
export const isLast = (input: Input, plan: UntilPlan, i: number, mark: unknown, offset: number): boolean => {
  if (mark === plan.end) {
    return true
  }
  if (mark !== plan.next) {
    const expected = `${show(plan.next)} (one more) or ${show(plan.end)} (the end)`
    refuse(input, 'UnknownTag', offset, expected, show(mark))
  }
  if (i >= plan.limit) {
    refuseLimit(input, 'collection', plan.limit, offset, 'one more item')
  }
  return false
}
