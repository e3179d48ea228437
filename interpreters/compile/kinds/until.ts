import { nodeName, type ResolvedNode, type UntilNode } from '../../../combinators/node.js'
import * as words from '../../../combinators/words.js'
import { refuse, refuseLimit, show } from '../fault.js'
import type { Input } from '../input.js'
import type { Builder, Plan, Resume, Write } from '../plan.js'
import { stopReading, stopWriting } from '../stops.js'
import { compareItems, expectCount, expectItems, refuseChanged } from './collections.js'

interface Kept {
  readonly items: Array<unknown>
  /** Whether the mark before the item being read has been read. */
  readonly inItem: boolean
}

/** Items with a mark before each, and another behind the last. */
export const untilPlan = (node: UntilNode<ResolvedNode>, { settings, inner: planOf }: Builder): Plan => {
  const { next, end } = node
  const mark = planOf(node.mark)
  const item = planOf(node.item)
  const limit = settings.limits.collection
  const resume: Resume = (input, kept, given) => {
    const { items, inItem: isGiven } = (kept ?? { items: [], inItem: false }) as Kept
    if (isGiven) {
      items.push(given)
    }
    let inItem = false
    try {
      for (;;) {
        inItem = false
        const offset = input.base + input.pos
        if (isLast(input, node, limit, items.length, mark.read(input), offset)) {
          return items
        }
        inItem = true
        items.push(item.read(input))
      }
    } catch (error) {
      throw stopReading(input, error, plan, inItem ? item : null, [items.length], { items, inItem })
    }
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
        mark.write(output, next)
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
      mark.write(output, end)
    } catch (error) {
      throw stopWriting(output, error, plan, null, [count])
    }
  }
  const goesOn = (input: Input): boolean => mark.read(input) === next
  const plan: Plan = {
    name: nodeName(node),
    min: mark.min,
    wire: mark.wire,
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
      while (goesOn(input)) {
        item.skip(input)
      }
    },
  }
  return plan
}

/** Whether the mark before the `i`th item says that there is none. */
const isLast = (
  input: Input,
  marks: Pick<UntilNode, 'next' | 'end'>,
  limit: number,
  i: number,
  mark: unknown,
  offset: number,
): boolean => {
  const { next, end } = marks
  if (mark === end) {
    return true
  }
  if (mark !== next) {
    refuse(input, 'UnknownTag', offset, words.oneMoreOrEnd(marks), show(mark))
  }
  if (i >= limit) {
    refuseLimit(input, 'collection', limit, offset, words.oneMoreItem)
  }
  return false
}
