import { type Gate, holds, leavesOf } from '../../combinators/gate.js'
import type { Agreed, Protocol } from '../../combinators/protocol.js'

// Each turn has the same gates, and comparing versions takes longer than reading a short message.
const answers = new WeakMap<Partial<Protocol>, Map<Gate, boolean>>()

/** Whether the negotiated protocol has this; features that neither side has named do not hold. */
export const isOffered = (gate: Gate | null, agreed: Partial<Protocol>): boolean => {
  if (gate === null) {
    return true
  }
  let known = answers.get(agreed)
  if (known === undefined) {
    known = new Map()
    answers.set(agreed, known)
  }
  let answer = known.get(gate)
  if (answer === undefined) {
    answer = holds(gate, (agreed.features === undefined ? { ...agreed, features: [] } : agreed) as Agreed)
    known.set(gate, answer)
  }
  return answer
}

/** The agreed version and features, as far as a gate depends on them. */
export const showAgreed = (gate: Gate, { version, features = [] }: Partial<Protocol>): string => {
  const leaves = leavesOf(gate)
  const asked = leaves.flatMap((leaf) => (leaf._tag === 'feature' ? [leaf.feature] : []))
  const known = version !== undefined && leaves.some(({ _tag }) => _tag !== 'feature')
  return [
    ...(known ? [`version ${version}`] : []),
    ...asked.map((name) => `${features.includes(name) ? '' : 'no '}feature ${name}`),
  ].join(' and ')
}
