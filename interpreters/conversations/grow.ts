import { factsOf } from '../../conversation/checks/facts-of.js'
import type { AtOnceNode, FlowNode, SequenceNode } from '../../conversation/node.js'
import { growAgreement } from './grow-agreement.js'
import { growBlob, growFrames, growPieces } from './grow-carried.js'
import { growLoop } from './grow-loop.js'
import { growUnless } from './grow-unless.js'
import { growBranch, growGated } from './grow-way.js'
import { growWord } from './grow-word.js'
import { closes, type Grown, type GrownParts, type Leave } from './grown.js'
import { Disagreement, type Growth, type Stand } from './stand.js'

/** Follows a flow, and generates its messages. `old` is what was generated for the same part before. */
export const grow = (growth: Growth, node: FlowNode, old: Grown | null, stand: Stand): Grown => {
  const before = old !== null && old.node === node ? old : null
  switch (node._tag) {
    case 'says':
      return growWord(growth, node, before, stand)
    case 'sequence':
      return growSequence(growth, node, before, stand)
    case 'branch':
      return growBranch(growth, node, before, stand)
    case 'gated':
      return growGated(growth, node, before, stand)
    case 'agree':
      return growAgreement(growth, node, stand)
    case 'loop':
      return growLoop(growth, node, before, stand)
    case 'again':
      return { _tag: 'silent', node, from: new Map(), leave: node.loop }
    case 'atOnce':
      return growAtOnce(growth, node, before, stand)
    case 'blob':
      return growBlob(growth, node, before, stand)
    case 'carried':
      return node.way._tag === 'frames'
        ? growFrames(growth, node, before, stand)
        : growPieces(growth, node, node.way, before, stand)
    case 'unless':
      return growUnless(growth, node, before, stand)
    case 'ends':
      return { _tag: 'silent', node, from: new Map(), leave: closes }
  }
}

const mostTries = 3000

const growSequence = (growth: Growth, node: SequenceNode, old: Grown | null, stand: Stand): Grown => {
  const before = old?._tag === 'parts' ? old.parts : []
  const plans: Growth['plans'][] = []
  let parts: Grown[] = []
  let fresh = 0
  let leave: Leave = null
  for (let tries = 0; parts.length < node.parts.length && leave === null; ) {
    const at = parts.length
    plans[at] = growth.plans
    const after = { flows: node.parts, from: at + 1, outer: stand.after }
    try {
      const part = growth.grow(node.parts[at]!, at < fresh || tries === 0 ? (before[at] ?? null) : null, {
        ...stand,
        after,
      })
      parts.push(part)
      leave = part.leave
    } catch (error) {
      // While shrinking, a session must not turn into another one.
      const isAgain = error instanceof Disagreement && growth.edit === null
      const from = isAgain ? againFrom(node, at, error) : -1
      if (from < 0 || tries++ > mostTries) {
        throw error
      }
      growth.plans = plans[from]!
      fresh = from
      parts = parts.slice(0, from)
    }
  }
  return { _tag: 'parts', node, parts, leave }
}

/** The first part with one of the messages that have to change. */
const againFrom = ({ parts }: SequenceNode, at: number, { keys }: Disagreement): number =>
  parts.findIndex((part, i) => i < at && keys.some((key) => factsOf(part).said.has(key)))

/** Part by part: their order does not change the bytes of either side. */
const growAtOnce = (growth: Growth, node: AtOnceNode, old: Grown | null, stand: Stand): GrownParts => {
  const before = old?._tag === 'parts' ? old.parts : []
  const parts = node.parts.map((part, i) => growth.grow(part, before[i] ?? null, stand))
  const departs = parts.find(({ leave }) => typeof leave === 'object' && leave?._tag === 'departs')
  return {
    _tag: 'parts',
    node,
    parts,
    leave: (departs ?? parts.find(({ leave }) => leave !== null))?.leave ?? null,
  }
}
