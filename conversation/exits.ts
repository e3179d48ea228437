import type { FlowNode } from './node.js'
import { flowsOf } from './parts.js'

const known = new WeakMap<FlowNode, ReadonlySet<string | null>>()

/** The loops that a flow always leaves or repeats; null: it ends the conversation. */
export const unaskedExits = (node: FlowNode): ReadonlySet<string | null> => {
  const found = known.get(node)
  if (found !== undefined) {
    return found
  }
  const made = make(node)
  known.set(node, made)
  return made
}

const make = (node: FlowNode): ReadonlySet<string | null> => {
  switch (node._tag) {
    case 'again':
      return new Set([node.loop])
    case 'ends':
      return new Set([null])
    case 'branch':
      return new Set()
    default: {
      const exits = new Set(flowsOf(node).flatMap((each) => [...unaskedExits(each)]))
      if (node._tag === 'loop') {
        exits.delete(node.name)
      }
      return exits
    }
  }
}
