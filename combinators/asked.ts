import type { Gate } from './gate.js'
import type { Node } from './node.js'
import { nodesIn } from './parts.js'

const gatesOf = (node: Node): ReadonlyArray<Gate> => {
  switch (node._tag) {
    case 'gated':
      return node.arms.map(({ gate }) => gate)
    case 'text':
      return node.format?.gates ?? []
    default:
      return []
  }
}

/**
 * Every condition under which a grammar has another form: those of its gates, and those of its text formats.
 */
export const gatesIn = (node: Node): ReadonlyArray<Gate> => [...nodesIn(node)].flatMap(gatesOf)
