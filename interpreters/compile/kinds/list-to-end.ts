import * as words from '../../../combinators/words.js'
import { refuseLimit } from '../fault.js'
import { type Input, isAtEnd } from '../input.js'
import type { Settings } from '../options.js'
import type { Plan, Resume, Write } from '../plan.js'
import { stopReading, stopWriting } from '../stops.js'
import { compareItems, expectCount, expectItems, refuseChanged } from './collections.js'

interface Kept {
  readonly items: Array<unknown>
  /** Whether it stopped in an item, and not before one that may come or not. */
  readonly inItem: boolean
}

/** Items without a count, up to the end of the message or of the frames around them. */
export const listToEndPlan = (item: Plan, name: string, { limits }: Settings): Plan => {
  if (item.min === 0) {
    throw new TypeError(`the items of ${name} take no bytes: there would be no end to them`)
  }
  const limit = limits.collection
  const resume: Resume = (input, kept, given) => {
    const { items, inItem: isGiven } = (kept ?? { items: [], inItem: false }) as Kept
    if (isGiven) {
      items.push(given)
    }
    let inItem = false
    try {
      while (!isAtEnd(input)) {
        if (items.length >= limit) {
          refuseLimit(input, 'collection', limit, input.base + input.pos, words.oneMoreItem)
        }
        inItem = true
        items.push(item.read(input))
        inItem = false
      }
    } catch (error) {
      throw stopReading(input, error, plan, inItem ? item : null, [items.length], { items, inItem })
    }
    return items
  }
  const write: Write = (output, value) => {
    const items = expectItems(output, value)
    const count: number = items.length
    expectCount(output, count, limit)
    const start = output.pos
    let i = 0
    let inItem = false
    try {
      for (; i < count; i++) {
        inItem = false
        const each = items[i]
        inItem = true
        item.write(output, each)
      }
    } catch (error) {
      throw stopWriting(output, error, plan, inItem ? item : null, [i])
    }
    if (items.length !== count) {
      refuseChanged(output, start, value)
    }
  }
  const goesOn = (input: Input): boolean => input.pos < input.end
  const plan: Plan = {
    name,
    min: 0,
    wire: item.wire,
    next: item,
    read: resume,
    resume,
    write,
    compare: (a, b) => compareItems(item, a, b),
    compareWritten: (x, y) => {
      for (;;) {
        const [a, b] = [goesOn(x), goesOn(y)]
        const order = a && b ? item.compareWritten(x, y) : Number(a) - Number(b)
        if (order !== 0 || !a) {
          return order
        }
      }
    },
    skip: (input) => {
      input.pos = input.end
    },
  }
  return plan
}
