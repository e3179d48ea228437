import type { UnlessNode } from '../../conversation/node.js'
import type { Departs, Grown, Leave } from './grown.js'
import { laid } from './laid.js'
import type { Growth, Stand } from './stand.js'

const departed: Departs = { _tag: 'departs', from: null }

/** A flow that may be broken off inside, or at its end. */
export const growUnless = (growth: Growth, node: UnlessNode, old: Grown | null, stand: Stand): Grown => {
  const before = old?._tag === 'unless' ? old : null
  const { side } = node
  const flow = growth.grow(node.flow, before?.flow ?? null, {
    ...stand,
    guards: { ...stand.guards, [side]: { node, stand } },
  })
  const { leave } = flow
  const { plans } = growth
  if (typeof leave === 'object' && leave?._tag === 'departs' && leave.from === node) {
    return { _tag: 'unless', node, flow, departs: null, plans, leave: departed }
  }
  const departs = leave === null ? departureAt(growth, node, before, stand) : null
  return { _tag: 'unless', node, flow, departs, plans, leave: departs === null ? leave : departed }
}

/** Sometimes a departure at the end. */
const departureAt = (
  growth: Growth,
  node: UnlessNode,
  before: Extract<Grown, { readonly _tag: 'unless' }> | null,
  stand: Stand,
): Grown | null => {
  const { draw, edit, maker } = growth
  const isLeft = edit !== null && edit.of === before && edit.departs === false
  const departs =
    before === null
      ? edit === null && maker.options.departs !== false && draw.oneIn(8)
      : before.departs !== null && !isLeft
  if (!departs) {
    return null
  }
  const words = growth.grow(node.departs, before?.departs ?? null, { ...stand, isDeparture: true })
  // Without a message, a departure could not be told from the end.
  return laid(words)[node.side].size === 0 ? null : words
}

export const leavesBy = (unless: UnlessNode): Leave => ({ _tag: 'departs', from: unless })
