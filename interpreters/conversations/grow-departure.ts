import type { SaysNode } from '../../conversation/node.js'
import { leavesBy } from './grow-unless.js'
import type { Grown, GrownDeparture } from './grown.js'
import { laid } from './laid.js'
import { outcomeOf } from './reading.js'
import type { Growth, Stand } from './stand.js'

/** Sometimes a side that may break off does so in place of its message; null if it sends the message. */
export const departureInstead = (
  growth: Growth,
  node: SaysNode,
  old: Grown | null,
  stand: Stand,
): GrownDeparture | null => {
  const { draw, maker, edit, plans } = growth
  const guard = stand.guards[node.side]
  const before = old?._tag === 'departure' ? old : null
  const isLeft = edit !== null && edit.of === before && edit.departs === false
  const departs =
    old === null
      ? edit === null && guard !== null && maker.options.departs !== false && draw.oneIn(24)
      : before !== null && !isLeft
  if (guard === null || !departs) {
    return null
  }
  const words = growth.grow(guard.node.departs, before?.words ?? null, {
    ...guard.stand,
    isDeparture: true,
  })
  const { bytes } = laid(words)[node.side]
  const reads = { _tag: 'word', node, plans, most: null, branch: null, decides: true } as const
  const outcome = outcomeOf(reads, bytes)
  // A departure must be invalid as the message from its first byte on; a branch would recognise it too late.
  return bytes.length > 0 && outcome._tag === 'refused' && outcome.issue.offset === 0
    ? { _tag: 'departure', node, unless: guard.node, words, leave: leavesBy(guard.node) }
    : null
}
