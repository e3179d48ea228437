import { gatesIn } from '../../combinators/asked.js'
import { allFamilies, type FamiliesAsked, familiesOf, oneFamily } from '../../combinators/family.js'
import type { Gate } from '../../combinators/gate.js'
import type { AnyGrammar } from '../../combinators/node.js'
import type { FlowNode } from '../node.js'
import { flowsOf } from '../parts.js'

const known = new WeakMap<object, FamiliesAsked>()

/** @throws TypeError for a flow with gates of two protocols, in its messages or between them. */
export const expectOneFamily = (node: FlowNode): void => {
  oneFamily(node.part === undefined ? 'this flow' : `the flow ${node.part}`, familiesIn(node))
}

const familiesIn = (node: FlowNode): FamiliesAsked => {
  const found = known.get(node)
  if (found !== undefined) {
    return found
  }
  const made = allFamilies([
    familiesOf(gatesOf(node)),
    ...grammarsOf(node).map(familiesOfGrammar),
    ...flowsOf(node).map(familiesIn),
  ])
  known.set(node, made)
  return made
}

const familiesOfGrammar = ({ node }: AnyGrammar): FamiliesAsked => {
  const found = known.get(node) ?? familiesOf(gatesSoFar(node))
  known.set(node, found)
  return found
}

/** The content of a lazy grammar may not be defined yet; reading it reports the error. */
const gatesSoFar = (node: AnyGrammar['node']): ReadonlyArray<Gate> => {
  try {
    return gatesIn(node)
  } catch {
    return []
  }
}

const gatesOf = (node: FlowNode): ReadonlyArray<Gate> => {
  switch (node._tag) {
    case 'gated':
      return [node.gate]
    case 'branch':
      return [...node.cases.values()].flatMap(({ gate }) => (gate === null ? [] : [gate]))
    default:
      return []
  }
}

const grammarsOf = (node: FlowNode): ReadonlyArray<AnyGrammar> => {
  switch (node._tag) {
    case 'says':
      return [node.grammar]
    case 'agree':
      return node.from.flatMap(({ grammar }) => (grammar === 'size' ? [] : [grammar]))
    case 'carried':
      return node.way._tag === 'frames' ? [node.way.length] : []
    default:
      return []
  }
}
