import type { FlowNode } from '../node.js'
import { flowsOf } from '../parts.js'
import { carriedFacts } from './carried.js'
import type { Facts } from './facts.js'
import { loopFacts } from './loop.js'
import { atOnceFacts, sequenceFacts } from './sequence.js'
import { againFacts, agreeFacts, blobFacts, endsFacts, saysFacts, unlessFacts } from './single.js'
import { branchFacts, waysFacts } from './ways.js'

const known = new WeakMap<object, Facts>()

/** @throws TypeError for an invalid flow. */
export const factsOf = (node: FlowNode): Facts => {
  const found = known.get(node)
  if (found !== undefined) {
    return found
  }
  const made = make(node)
  known.set(node, made)
  return made
}

const make = (node: FlowNode): Facts => {
  switch (node._tag) {
    case 'says':
      return saysFacts(node)
    case 'sequence':
      return sequenceFacts(node.parts.map(factsOf))
    case 'branch':
      return branchFacts(node, flowsOf(node).map(factsOf))
    case 'gated':
      return waysFacts(flowsOf(node).map(factsOf))
    case 'agree':
      return agreeFacts(node)
    case 'loop':
      return loopFacts(node, factsOf(node.body))
    case 'again':
      return againFacts(node.loop)
    case 'atOnce':
      return atOnceFacts(node.parts.map(factsOf))
    case 'blob':
      return blobFacts(node)
    case 'carried':
      return carriedFacts(
        node,
        factsOf(node.inner),
        node.way._tag === 'pieces' ? factsOf(node.way.over) : null,
      )
    case 'unless':
      return unlessFacts(node, factsOf(node.departs), factsOf(node.flow))
    case 'ends':
      return endsFacts
  }
}
