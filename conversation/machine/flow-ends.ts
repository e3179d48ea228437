import type { Protocol } from '../../combinators/protocol.js'
import type { Delimiting, FlowNode, Side } from '../node.js'

/** Opens what looks for the end of a flow. */
export type OpensFlowEnd = (
  node: FlowNode,
  side: Side,
  offset: number,
  agreed: Partial<Protocol>,
) => Delimiting

let opens: OpensFlowEnd | null = null

/** Says how that is done. What follows flows does so when it is loaded: flows alone load nothing that reads bytes. */
export const setFlowEnds = (given: OpensFlowEnd): void => {
  opens = given
}

/** @throws Error if nothing has been loaded that follows flows, such as `nix-wire/conversation`. */
export const openFlowEnd: OpensFlowEnd = (...given) => {
  if (opens === null) {
    throw new Error('the end of a flow is found by nix-wire/conversation, which must be imported')
  }
  return opens(...given)
}
