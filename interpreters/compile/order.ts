import { isLeft } from 'fp-ts/lib/Either.js'
import type { CasePlan, ChoicePlan, Plan, StructPlan } from './plan.js'

/**
 * The order of two values that the canonical profile has read, as sets and maps have it: primitives by their own order,
 * structures field by field, collections item by item. The sets and maps in them are in order already.
 */
export const compareValues = (plan: Plan, a: unknown, b: unknown): number => {
  switch (plan._tag) {
    case 'leaf':
      return plan.leaf.compare(a, b)
    case 'struct':
      return compareFields(plan, a as Fields, b as Fields)
    case 'list':
      return compareItems(plan.item, a as Items, b as Items)
    case 'map':
      return compareEntries(plan.key, plan.item, a as Entries, b as Entries)
    case 'choice':
      return compareCases(plan, a, b)
    case 'pure':
      return 0
    case 'lazy':
      return compareValues(plan.target(), a, b)
    case 'until':
      return compareItems(plan.item, a as Items, b as Items)
    case 'framed':
      return compareValues(plan.inner, a, b)
    case 'imap': {
      const x = plan.to(a)
      const y = plan.to(b)
      return isLeft(x) || isLeft(y) ? 0 : compareValues(plan.inner, x.right, y.right)
    }
  }
}

type Fields = { readonly [key: string | number]: unknown }
type Items = ReadonlyArray<unknown>
type Entries = ReadonlyMap<unknown, unknown>

const compareFields = (plan: StructPlan, a: Fields, b: Fields): number => {
  for (const { key, plan: field, fixed } of plan.fields) {
    const order = fixed === null ? compareValues(field, a[key], b[key]) : 0
    if (order !== 0) {
      return order
    }
  }
  return 0
}

const compareItems = (item: Plan, a: Items, b: Items): number => {
  const shorter = Math.min(a.length, b.length)
  for (let i = 0; i < shorter; i++) {
    const order = compareValues(item, a[i], b[i])
    if (order !== 0) {
      return order
    }
  }
  return a.length - b.length
}

const compareEntries = (key: Plan, item: Plan, a: Entries, b: Entries): number => {
  const others = b.entries()
  for (const [k, value] of a) {
    const other = others.next()
    const order = other.done
      ? 1
      : compareValues(key, k, other.value[0]) || compareValues(item, value, other.value[1])
    if (order !== 0) {
      return order
    }
  }
  return a.size - b.size
}

const compareCases = (plan: ChoicePlan, a: unknown, b: unknown): number => {
  const x = caseOfValue(plan, a)
  const y = caseOfValue(plan, b)
  const order = plan.tag.leaf.compare(x.tag, y.tag)
  if (order !== 0) {
    return order
  }
  return x.body === null || y.body === null ? 0 : compareValues(x.body, x.value, y.value)
}

/** The tag, the body's plan and the body's value of a value that a choice read. */
const caseOfValue = (
  plan: ChoicePlan,
  value: unknown,
): { readonly tag: unknown; readonly body: Plan | null; readonly value: unknown } => {
  const found = knownCase(plan, value)
  return found === undefined
    ? { tag: value, body: null, value: undefined }
    : { tag: found.tag, body: found.body, value: bodyOf(plan, value) }
}

/** The case that a value belongs to; undefined for a number that has no name, and for what is no value at all. */
export const knownCase = (plan: ChoicePlan, value: unknown): CasePlan | undefined => {
  if (plan.shape === 'enum') {
    return plan.byName.get(value)
  }
  if (typeof value !== 'object' || value === null) {
    return undefined
  }
  const fields = value as Fields
  return plan.shape === 'tagged' ? plan.byName.get(fields[plan.key]) : optionCase(plan, fields)
}

const optionCase = ({ byName }: ChoicePlan, option: Fields): CasePlan | undefined => {
  if (option._tag !== 'Some') {
    return option._tag === 'None' ? byName.get('None') : undefined
  }
  const some = byName.get('Some')
  // Without a body the name is the value, and `Some` may be a name like any other.
  const found = some !== undefined && some.body !== null ? some : byName.get(option.value)
  return found?.absent === true ? undefined : found
}

export const bodyOf = (plan: ChoicePlan, value: unknown): unknown =>
  plan.shape === 'option' ? (value as { readonly value: unknown }).value : value
