import { nodeName, type ResolvedNode, type UntilNode } from '../../../combinators/node.js'
import * as words from '../../../combinators/words.js'
import { refuse, refuseLimit, show } from '../fault.js'
import type { Input } from '../input.js'
import type { Builder, Plan } from '../plan.js'
import { uncountedPlan } from './uncounted.js'

/** Items with a mark before each, and another mark after the last. */
export const untilPlan = (node: UntilNode<ResolvedNode>, { settings, inner: planOf }: Builder): Plan => {
  const { next, end } = node
  const mark = planOf(node.mark)
  const limit = settings.limits.collection
  const goesOn = (input: Input, count: number): boolean => {
    const offset = input.base + input.pos
    const read = mark.read(input)
    if (read === end) {
      return false
    }
    if (read !== next) {
      refuse(input, 'UnknownTag', offset, words.oneMoreOrEnd(node), show(read))
    }
    if (count >= limit) {
      refuseLimit(input, 'collection', limit, offset, words.oneMoreItem)
    }
    return true
  }
  return uncountedPlan(
    planOf(node.item),
    {
      name: nodeName(node),
      min: mark.min,
      wire: mark.wire,
      goesOn,
      goesOnWritten: (input) => mark.read(input) === next,
      writeNext: (output) => mark.write(output, next),
      writeEnd: (output) => mark.write(output, end),
    },
    limit,
  )
}
