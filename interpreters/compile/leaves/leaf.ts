import type { Input } from '../input.js'
import type { Plan } from '../plan.js'
import { comparePadded, compareWords } from '../written-order.js'
import { skipPadded } from './padded.js'

/** A primitive: read and written in one step, or not at all. */
export interface Leaf extends Omit<Plan, 'name' | 'resume' | 'compareWritten' | 'skip'> {
  /** How to skip it, if its form does not say that. */
  readonly skip?: Plan['skip']
}

export const leafPlan = (name: string, leaf: Leaf): Plan => {
  const { wire, min, read, compare, bytewise } = leaf
  return {
    ...leaf,
    name,
    resume: (input) => read(input),
    compareWritten:
      wire === 'number' ? compareWords : bytewise ? comparePadded : (x, y) => compare(read(x), read(y)),
    skip: leaf.skip ?? (wire === 'text' || wire === 'bytes' ? skipPadded : skipBytes(min)),
  }
}

const skipBytes =
  (count: number) =>
  (input: Input): void => {
    input.pos += count
  }
