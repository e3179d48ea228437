import { type Gate, leavesOf, showGate } from '../../combinators/gate.js'
import type { Protocol } from '../../combinators/protocol.js'
import { quoted } from '../../combinators/show.js'
import { turnsIn } from '../../conversation/line/shape.js'
import { isOffered } from '../../conversation/machine/offered.js'
import type { FlowNode } from '../../conversation/node.js'
import type { MadeSessionOptions } from './options.js'

/** A turn that is wanted, and the gate that does not hold. */
export interface Lacking {
  readonly name: string
  readonly gate: Gate
}

/** The gates of each wanted turn: it may be a case of several branches. */
export type WantedTurns = ReadonlyMap<string, ReadonlyArray<Gate | null>>

export const wantedTurns = (flow: FlowNode, turns: ReadonlyArray<string> = []): WantedTurns => {
  const cases = turns.length === 0 ? [] : turnsIn(flow).flatMap(({ branch }) => [...branch.cases.values()])
  return new Map(
    turns.map((name) => [name, cases.flatMap((each) => (each.name === name ? [each.gate] : []))] as const),
  )
}

/** The first of these turns that the protocol certainly lacks; null if it may have them all. */
export const lackingTurn = (turns: WantedTurns, protocol: Partial<Protocol>): Lacking | null => {
  for (const [name, gates] of turns) {
    const [gate = null] = gates
    if (gate !== null && !gates.some((each) => mayHold(each, protocol))) {
      return { name, gate }
    }
  }
  return null
}

/** Whether a gate holds, or may hold once both sides have agreed on what is still unknown. */
const mayHold = (gate: Gate | null, protocol: Partial<Protocol>): boolean => {
  const leaves = gate === null ? [] : leavesOf(gate)
  if (protocol.version === undefined && leaves.some(({ _tag }) => _tag !== 'feature')) {
    return true
  }
  const features = leaves.flatMap((leaf) => (leaf._tag === 'feature' ? [leaf.feature] : []))
  return (
    isOffered(gate, protocol) ||
    (protocol.features === undefined && isOffered(gate, { ...protocol, features }))
  )
}

export const showLacking = ({ name, gate }: Lacking): string => `${name} needs ${showGate(gate)}`

/** @throws TypeError for wanted turns that the flow or the wanted protocol lacks. */
export const expectTurns = (
  flow: FlowNode,
  { turns, protocol, agreed }: Pick<MadeSessionOptions, 'turns' | 'protocol' | 'agreed'>,
): void => {
  const wanted = wantedTurns(flow, turns)
  for (const [name, gates] of wanted) {
    if (gates.length === 0) {
      throw new TypeError(`the option turns has ${quoted(name)}, which is not a case of turns of this flow`)
    }
  }
  const lacking = lackingTurn(wanted, { ...protocol, ...agreed })
  if (lacking !== null) {
    throw new TypeError(`${showLacking(lacking)}, which the options protocol and agreed do not have`)
  }
}
