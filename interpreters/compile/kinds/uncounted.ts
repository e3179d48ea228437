import type { Input } from '../input.js'
import type { Output } from '../output.js'
import type { Plan, Resume, Write } from '../plan.js'
import { stopReading, stopWriting } from '../stops.js'
import { compareItems, expectCount, expectItems, refuseChanged } from './collections.js'

/** How the end of items without a count is recognised. */
export interface Ends extends Pick<Plan, 'name' | 'min' | 'wire' | 'next'> {
  /** Whether another item follows after that many. */
  readonly goesOn: (input: Input, count: number) => boolean
  /** The same in bytes that were written. */
  readonly goesOnWritten: (input: Input) => boolean
  /** Writes the mark before an item. */
  readonly writeNext: (output: Output) => void
  /** Writes the mark after the last item. */
  readonly writeEnd: (output: Output) => void
}

interface Kept {
  readonly items: Array<unknown>
  /** Whether it stopped in an item, and not in the mark before one. */
  readonly inItem: boolean
}

/** Items without a count, up to `limit` of them. */
export const uncountedPlan = (item: Plan, ends: Ends, limit: number): Plan => {
  const { goesOn, goesOnWritten, writeNext, writeEnd, ...own } = ends
  const resume: Resume = (input, kept, given) => {
    const { items, inItem: isGiven } = (kept ?? { items: [], inItem: false }) as Kept
    if (isGiven) {
      items.push(given)
    }
    let inItem = false
    try {
      while (goesOn(input, items.length)) {
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
        writeNext(output)
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
    try {
      writeEnd(output)
    } catch (error) {
      throw stopWriting(output, error, plan, null, [count])
    }
  }
  const plan: Plan = {
    ...own,
    read: resume,
    resume,
    write,
    compare: (a, b) => compareItems(item, a, b),
    compareWritten: (x, y) => {
      for (;;) {
        const [a, b] = [goesOnWritten(x), goesOnWritten(y)]
        const order = a && b ? item.compareWritten(x, y) : Number(a) - Number(b)
        if (order !== 0 || !a) {
          return order
        }
      }
    },
    skip: (input) => {
      while (goesOnWritten(input)) {
        item.skip(input)
      }
    },
  }
  return plan
}
