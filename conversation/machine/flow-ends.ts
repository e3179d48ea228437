import type { Protocol } from '../../combinators/protocol.js'
import type { Delimiting, FlowNode, Side } from '../node.js'

/** Starts the search for the end of a flow. */
export type OpensFlowEnd = (
  node: FlowNode,
  side: Side,
  offset: number,
  agreed: Partial<Protocol>,
) => Delimiting

let opens: OpensFlowEnd | null = null

/**
 * Sets how that is done. Modules that follow flows call it when they are loaded: flows alone load no code that reads
 * bytes.
 */
export const setFlowEnds = (given: OpensFlowEnd): void => {
  opens = given
}

/** @throws Error if no module that follows flows, such as `nix-wire/conversation`, has been loaded. */
export const openFlowEnd: OpensFlowEnd = (...given) => {
  if (opens === null) {
    throw new Error('the end of a flow is found by nix-wire/conversation, which must be imported')
  }
  return opens(...given)
}
