import { factsOf } from '../checks/facts-of.js'
import type { FlowNode, SequenceNode } from '../node.js'
import type { Scope } from './scope.js'

/** Whether a sending side has any messages in a flow. */
export const speaks = (node: FlowNode, { voices }: Pick<Scope, 'voices'>): boolean => {
  const { sides } = factsOf(node)
  return (voices.client !== null && sides.has('client')) || (voices.server !== null && sides.has('server'))
}

/** The part with its last messages; -1 if it has none. */
export const lastSpeaking = ({ parts }: SequenceNode, scope: Pick<Scope, 'voices'>): number =>
  parts.findLastIndex((part) => speaks(part, scope))
