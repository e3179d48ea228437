import { holds } from './gate.js'
import type { GatedNode, Node } from './node.js'
import type { Protocol } from './protocol.js'

/** The node that a gated one stands for under a protocol; a name of its own goes with it. */
export const chosenArm = (node: GatedNode, given: Protocol): Node => {
  const arm = node.arms.find(({ gate }) => holds(gate, given))
  const chosen = arm === undefined ? node.otherwise : arm.node
  return node.name === undefined ? chosen : { ...chosen, name: node.name }
}
