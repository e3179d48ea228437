import type { Issue } from '../../combinators/issue.js'
import { Fault } from './fault.js'
import type { Plan } from './plan.js'

/** What was recorded, before a second pass records over it. */
export const copyOf = (fault: Fault): Fault => Object.assign(new Fault(), fault)

/** Whether recursion within the depth limit took all of the stack: how much each level takes is up to the grammar. */
export const overflowed = ({ depth }: { readonly depth: number }, error: unknown): boolean =>
  depth > 0 && error instanceof RangeError && error.message.includes('call stack')

export const tooDeep = (plan: Plan, { depth }: { readonly depth: number }, offset: number): Issue => ({
  _tag: 'LimitExceeded',
  offset,
  path: [],
  expected: 'a depth that the stack can hold',
  actual: `a depth of ${depth}`,
  grammar: plan.name,
  limit: 'depth',
  maximum: depth - 1,
})
