import type { FlowNode } from './node.js'

/** The flows that a flow consists of, in order. */
export const flowsOf = (node: FlowNode): ReadonlyArray<FlowNode> => {
  switch (node._tag) {
    case 'says':
    case 'agree':
    case 'again':
    case 'blob':
    case 'ends':
      return []
    case 'sequence':
    case 'atOnce':
      return node.parts
    case 'branch': {
      const cases = [...node.cases.values()].map(({ flow }) => flow)
      return node.otherwise === null ? cases : [...cases, node.otherwise]
    }
    case 'gated':
      return [node.flow, node.otherwise]
    case 'loop':
      return [node.body]
    case 'carried':
      return node.way._tag === 'pieces' ? [node.inner, node.way.over] : [node.inner]
    case 'unless':
      return [node.flow, node.departs]
  }
}

/** A flow and all that are inside it, each once and before its parts. */
export const flowsIn = (node: FlowNode): ReadonlySet<FlowNode> => {
  const seen = new Set<FlowNode>()
  const visit = (each: FlowNode): void => {
    if (!seen.has(each)) {
      seen.add(each)
      flowsOf(each).forEach(visit)
    }
  }
  visit(node)
  return seen
}

/** A part that pages print once. */
export type NamedFlow = FlowNode & { readonly part: string }

export const isNamed = (node: FlowNode): node is NamedFlow => node.part !== undefined

/** The named parts inside a flow, in the order in which they occur, without the flow itself. */
export const partsIn = (node: FlowNode): ReadonlyArray<NamedFlow> =>
  [...flowsIn(node)].filter((each) => each !== node).filter(isNamed)
