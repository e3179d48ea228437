import { factsOf } from '../../conversation/checks/facts-of.js'
import type { AgreeNode, BranchNode, FlowNode, LoopNode, SaysNode } from '../../conversation/node.js'
import { flowsOf } from '../../conversation/parts.js'

/** What follows a part: its neighbours, and then those of the part around it. */
export interface After {
  readonly flows: ReadonlyArray<FlowNode>
  readonly from: number
  readonly outer: After | null
}

/** What is asked of a word that is said now. */
export interface Asked {
  /** The branch that is decided first. */
  readonly branch: BranchNode | null
  readonly loops: ReadonlyArray<LoopNode>
  readonly bounds: ReadonlyArray<SaysNode>
  readonly agreements: ReadonlyArray<AgreeNode>
}

/** Looks for all that refers to a key, until another message has that key. */
export const askedOf = (key: string, after: After | null): Asked => {
  const asked = {
    branches: [] as BranchNode[],
    loops: [] as LoopNode[],
    bounds: [] as SaysNode[],
    agreements: [] as AgreeNode[],
  }
  const visit = (node: FlowNode): void => {
    if (!factsOf(node).needs.some((need) => need.key === key)) {
      return
    }
    if (node._tag === 'branch' && node.on[0] === key) {
      asked.branches.push(node)
    } else if (node._tag === 'says' && node.atMost?.[0] === key) {
      asked.bounds.push(node)
    } else if (node._tag === 'agree') {
      asked.agreements.push(node)
    } else if (
      node._tag === 'loop' &&
      node.until !== null &&
      'times' in node.until &&
      node.until.times[0] === key
    ) {
      asked.loops.push(node)
    }
    flowsOf(node).forEach(visit)
  }
  for (let each = after; each !== null; each = each.outer) {
    for (let i = each.from; i < each.flows.length; i++) {
      const flow = each.flows[i]!
      visit(flow)
      if (factsOf(flow).said.has(key)) {
        return resultOf(asked)
      }
    }
  }
  return resultOf(asked)
}

const resultOf = ({
  branches,
  ...others
}: Omit<Asked, 'branch'> & { readonly branches: ReadonlyArray<BranchNode> }): Asked => ({
  ...others,
  branch: branches[0] ?? null,
})
