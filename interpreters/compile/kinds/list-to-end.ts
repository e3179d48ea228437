import * as words from '../../../combinators/words.js'
import { refuseLimit } from '../fault.js'
import { type Input, isAtEnd } from '../input.js'
import type { Settings } from '../options.js'
import type { Plan } from '../plan.js'
import { uncountedPlan } from './uncounted.js'

/** Items up to the end of the message or of the frames around them. */
export const listToEndPlan = (item: Plan, name: string, { limits }: Settings): Plan => {
  if (item.min === 0) {
    throw new TypeError(`the items of ${name} take no bytes, so there would be no end to them`)
  }
  const limit = limits.collection
  const ends = {
    name,
    min: 0,
    wire: item.wire,
    next: item,
    goesOn: (input: Input, count: number): boolean => {
      if (isAtEnd(input)) {
        return false
      }
      if (count >= limit) {
        refuseLimit(input, 'collection', limit, input.base + input.pos, words.oneMoreItem)
      }
      return true
    },
    goesOnWritten: (input: Input): boolean => input.pos < input.end,
    writeNext: nothing,
    writeEnd: nothing,
  }
  return uncountedPlan(item, ends, limit)
}

const nothing = (): void => {}
