import { type Gate, holds } from '../combinators/gate.js'
import type { Node } from '../combinators/node.js'
import { type Protocol, protocol } from '../combinators/protocol.js'
import type { ProtocolVersion } from '../combinators/version.js'

/** Every version of the daemon's protocol from 1.10 to the newest. */
export const allVersions: ReadonlyArray<ProtocolVersion> = Array.from(
  { length: 29 },
  (_, i): ProtocolVersion => `1.${10 + i}`,
)

/** A protocol the laws are run under. */
export interface Case {
  readonly protocol: Protocol
  /** A full run, or a short one where another protocol opens and shuts the same gates. */
  readonly full: boolean
}

interface Asked {
  readonly gates: ReadonlyArray<Gate>
  /** Whether a text format may ask for the version; one that has its canonical form as data does not. */
  readonly byFormat: boolean
}

/** A node and all that are inside it, each once. */
export const nodesIn = (node: Node): ReadonlySet<Node> => {
  const seen = new Set<Node>()
  const visit = (each: Node): void => {
    if (!seen.has(each)) {
      seen.add(each)
      partsOf(each).forEach(visit)
    }
  }
  visit(node)
  return seen
}

/** What in a grammar may make a difference between protocols. */
const asked = (node: Node): Asked => {
  const nodes = [...nodesIn(node)]
  return {
    gates: nodes.flatMap((each) => (each._tag === 'gated' ? each.arms.map(({ gate }) => gate) : [])),
    byFormat: nodes.some(
      (each) => each._tag === 'text' && each.format !== null && each.format.pattern === undefined,
    ),
  }
}

const partsOf = (node: Node): ReadonlyArray<Node> => {
  switch (node._tag) {
    case 'int':
    case 'bool':
    case 'bytes':
    case 'text':
    case 'pure':
      return []
    case 'struct':
      return node.fields.map((field) => field.node)
    case 'sequence':
      return node.kind === 'map' ? [node.key, node.item] : [node.item]
    case 'choice':
      return [node.tag, ...node.cases.flatMap(({ body }) => (body === undefined ? [] : [body]))]
    case 'gated':
      return [...node.arms.map((arm) => arm.node), node.otherwise]
    case 'lazy':
      return [node.get()]
    case 'imap':
    case 'framed':
      return [node.inner]
    case 'until':
      return [node.mark, node.item]
  }
}

/** The feature sets that make a difference to a grammar: none, each that it asks for alone, and all of them. */
export const featureSetsOf = (node: Node): ReadonlyArray<ReadonlyArray<string>> => {
  const features = [...new Set(asked(node).gates.flatMap(featuresIn))].sort()
  return features.length < 2
    ? [[], ...features.map((each) => [each])]
    : [[], ...features.map((each) => [each]), features]
}

const featuresIn = (gate: Gate): ReadonlyArray<string> => {
  switch (gate._tag) {
    case 'since':
    case 'before':
      return []
    case 'feature':
      return [gate.feature]
    case 'allOf':
    case 'anyOf':
      return gate.gates.flatMap(featuresIn)
    case 'not':
      return featuresIn(gate.gate)
  }
}

/**
 * The protocols to run under. Only gates and text formats may ask the protocol, so those under which every gate of
 * the grammar has the same outcome read and write the same bytes: the first of them gets a full run, and the others
 * none; or, where a text format may look at the version, a short one.
 */
export const casesOf = (
  node: Node,
  versions: ReadonlyArray<ProtocolVersion>,
  featureSets: ReadonlyArray<ReadonlyArray<string>>,
  storeDir: string,
): ReadonlyArray<Case> => {
  const { gates, byFormat } = asked(node)
  const known = new Set<string>()
  const cases: Array<Case> = []
  for (const features of featureSets) {
    for (const version of versions) {
      const given = protocol({ version, features, storeDir })
      const outcome = gates.map((gate) => (holds(gate, given) ? '1' : '0')).join('')
      const full = !known.has(outcome)
      known.add(outcome)
      if (full || byFormat) {
        cases.push({ protocol: given, full })
      }
    }
  }
  return cases
}
