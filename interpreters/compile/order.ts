import { isLeft } from 'fp-ts/lib/Either.js'
import type { Option } from 'fp-ts/lib/Option.js'
import type { ChoicePlan, Plan, StructPlan } from './plan.js'

/**
 * The order of two values of a plan, as sets and maps have it: primitives by their own order, structures field by
 * field, collections item by item.
 */
export const compareValues = (plan: Plan, a: unknown, b: unknown): number => {
  switch (plan._tag) {
    case 'leaf':
      return plan.leaf.compare(a, b)
    case 'struct':
      return compareFields(plan, a as Fields, b as Fields)
    case 'list':
      return compareItems(plan.item, a as ReadonlyArray<unknown>, b as ReadonlyArray<unknown>)
    case 'map':
      return compareEntries(plan.key, plan.item, a as Entries, b as Entries)
    case 'choice':
      return compareCases(plan, a, b)
    case 'pure':
      return 0
    case 'lazy':
      return compareValues(plan.target(), a, b)
    case 'until':
      return compareItems(plan.item, a as ReadonlyArray<unknown>, b as ReadonlyArray<unknown>)
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

const compareItems = (item: Plan, a: ReadonlyArray<unknown>, b: ReadonlyArray<unknown>): number => {
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
  const ascending = (entries: Entries): ReadonlyArray<readonly [unknown, unknown]> =>
    [...entries].sort((x, y) => compareValues(key, x[0], y[0]))
  const x = ascending(a)
  const y = ascending(b)
  const shorter = Math.min(x.length, y.length)
  for (let i = 0; i < shorter; i++) {
    const order = compareValues(key, x[i]![0], y[i]![0]) || compareValues(item, x[i]![1], y[i]![1])
    if (order !== 0) {
      return order
    }
  }
  return x.length - y.length
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
  const named = (name: unknown, body: unknown) => {
    const found = plan.byName.get(name)
    return { tag: found?.tag ?? name, body: found?.body ?? null, value: body }
  }
  switch (plan.shape) {
    case 'enum':
      return named(value, undefined)
    case 'tagged':
      return named((value as Fields)[plan.key], value)
    case 'option': {
      const option = value as Option<unknown>
      if (option._tag === 'None') {
        return named('None', undefined)
      }
      return plan.byName.has('Some') ? named('Some', option.value) : named(option.value, undefined)
    }
  }
}
