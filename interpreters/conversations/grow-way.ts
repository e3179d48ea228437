import { isOffered } from '../../conversation/machine/offered.js'
import { valueAt } from '../../conversation/machine/scope.js'
import type { BranchNode, GatedNode, Label } from '../../conversation/node.js'
import type { Grown } from './grown.js'
import { Disagreement, type Growth, type Stand } from './stand.js'

/** The case that was decided before. */
export const growBranch = (growth: Growth, node: BranchNode, old: Grown | null, stand: Stand): Grown => {
  const { on, cases, otherwise } = node
  const label = valueAt(stand.words.get(on[0]).value, on) as Label
  const found = cases.get(label)
  const flow = found === undefined ? otherwise : found.flow
  const isLacking = found !== undefined && !isOffered(found.gate, growth.plans.protocol)
  if (flow === null || isLacking) {
    throw new Disagreement(`no value was found for ${on.join('.')} that is one of its cases`, [on[0]])
  }
  const way = growth.grow(flow, old?._tag === 'way' ? old.way : null, stand)
  return { _tag: 'way', node, name: found?.name ?? null, way, leave: way.leave }
}

export const growGated = (growth: Growth, node: GatedNode, old: Grown | null, stand: Stand): Grown => {
  const flow = isOffered(node.gate, growth.plans.protocol) ? node.flow : node.otherwise
  const way = growth.grow(flow, old?._tag === 'way' ? old.way : null, stand)
  return { _tag: 'way', node, name: null, way, leave: way.leave }
}
