import type { Protocol } from '../../combinators/protocol.js'
import { isOffered } from '../machine/offered.js'
import type { FlowNode, SaysNode } from '../node.js'

const known = new WeakMap<FlowNode, WeakMap<Partial<Protocol>, ReadonlyArray<SaysNode>>>()

/** The messages of a server that are always due in a flow, under the negotiated protocol. */
export const duesOf = (flow: FlowNode, agreed: Partial<Protocol>): ReadonlyArray<SaysNode> => {
  let ofFlow = known.get(flow)
  if (ofFlow === undefined) {
    ofFlow = new WeakMap()
    known.set(flow, ofFlow)
  }
  let dues = ofFlow.get(agreed)
  if (dues === undefined) {
    dues = find(flow, agreed)
    ofFlow.set(agreed, dues)
  }
  return dues
}

const find = (flow: FlowNode, agreed: Partial<Protocol>): ReadonlyArray<SaysNode> => {
  switch (flow._tag) {
    case 'says':
      return flow.side === 'server' ? [flow] : []
    case 'sequence':
    case 'atOnce':
      return flow.parts.flatMap((part) => find(part, agreed))
    case 'gated':
      return find(isOffered(flow.gate, agreed) ? flow.flow : flow.otherwise, agreed)
    default:
      return []
  }
}
