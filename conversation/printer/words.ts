import { before, type Gate, not, showGate, since } from '../../combinators/gate.js'
import { show } from '../../combinators/show.js'
import { showPlace } from '../checks/places.js'
import type { BranchNode, Case, FlowNode, LoopNode } from '../node.js'

/** The cases of a branch with one flow and one gate, and their condition. */
export interface Way {
  readonly when: string
  readonly gate: Gate | null
  readonly flow: FlowNode
}

/** What can follow a branch. `place` marks the place in the words around it. */
export const waysOf = (
  { on, cases, otherwise }: BranchNode,
  place: (text: string) => string,
): ReadonlyArray<Way> => {
  const where = place(showPlace(on))
  const groups: Array<Array<Case>> = []
  for (const each of cases.values()) {
    const group = groups.find(([first]) => first?.flow === each.flow && first.gate === each.gate)
    if (group === undefined) {
      groups.push([each])
    } else {
      group.push(each)
    }
  }
  const ways = groups.flatMap((group) =>
    group
      .slice(0, 1)
      .map(({ flow, gate }): Way => ({ when: `${where} is ${group.map(caseName).join(', ')}`, gate, flow })),
  )
  return otherwise === null
    ? ways
    : [...ways, { when: `${where} is anything else`, gate: null, flow: otherwise }]
}

/** The name of a case, and its label if that differs. */
const caseName = ({ name, label }: Case): string => (label === name ? name : `${name} (${show(label)})`)

/** The condition that a gate does not hold. */
export const elsewhere = (gate: Gate): string => {
  switch (gate._tag) {
    case 'since':
      return showGate(before(gate.version))
    case 'before':
      return showGate(since(gate.version))
    default:
      return showGate(not(gate))
  }
}

/** How often a loop repeats. */
export const roundsOf = (
  { until }: LoopNode,
  side: (side: 'client' | 'server') => string,
  place: (text: string) => string,
): string =>
  until === null
    ? 'repeated at each “again”'
    : 'end' in until
      ? `turn by turn, until the ${side(until.end)} closes`
      : `${place(showPlace(until.times))} times`

/** Whether a flow has nothing to print. */
export const isSilent = (node: FlowNode): boolean => node._tag === 'sequence' && node.parts.length === 0
