import { gatesIn } from './asked.js'
import { type GateLeaf, holds, leavesOf } from './gate.js'
import type { Node } from './node.js'
import type { Protocol } from './protocol.js'
import { protocolFor, type Taker } from './protocol-for.js'
import { type ProtocolVersion, versionBits, versionFromBits } from './version.js'

const leavesIn = (node: Node): ReadonlyArray<GateLeaf> => gatesIn(node).flatMap(leavesOf)

/**
 * The versions at which a grammar changes: each that it names, and the one before it in the same protocol.
 */
export const versionsOf = (node: Node): ReadonlyArray<ProtocolVersion> => {
  const leaves = leavesIn(node)
  const lowest = leaves.reduce((least, { of }) => Math.max(least, (of?.major ?? 0) << 8), 0)
  const asked = leaves.flatMap((leaf) => (leaf._tag === 'feature' ? [] : [versionBits(leaf.version)]))
  const around = asked.flatMap((bits) => [bits - 1, bits]).filter((bits) => bits >= lowest)
  return [...new Set(around)].sort((a, b) => a - b).map(versionFromBits)
}

/** The feature sets that change a grammar: none, each feature that it names alone, and all of them. */
export const featureSetsOf = (node: Node): ReadonlyArray<ReadonlyArray<string>> => {
  const asked = leavesIn(node).flatMap((leaf) => (leaf._tag === 'feature' ? [leaf.feature] : []))
  const features = [...new Set(asked)].sort()
  const alone = features.map((each) => [each])
  return features.length < 2 ? [[], ...alone] : [[], ...alone, features]
}

/**
 * The protocols to test a grammar under; without a version if it names none. If every condition has the same outcome in
 * several protocols, the grammar has the same bytes in all of them, so only the first is kept.
 *
 * @throws TypeError for a grammar that needs a store directory, if none is given and it has no default.
 */
export const protocolsOf = (
  node: Node,
  versions: ReadonlyArray<ProtocolVersion>,
  featureSets: ReadonlyArray<ReadonlyArray<string>>,
  storeDir: string | undefined,
  of: string | Taker,
): ReadonlyArray<Protocol> => {
  const gates = gatesIn(node)
  const found = new Map<string, Protocol>()
  for (const features of featureSets) {
    for (const version of versions.length === 0 ? [undefined] : versions) {
      const given = protocolFor(of, node, {
        ...(version === undefined ? {} : { version }),
        features,
        ...(storeDir === undefined ? {} : { storeDir }),
      })
      const outcome = gates.map((gate) => (holds(gate, given) ? '1' : '0')).join('')
      if (!found.has(outcome)) {
        found.set(outcome, given)
      }
    }
  }
  return [...found.values()]
}
