import { gatesIn } from '../../combinators/asked.js'
import { type Gate, leavesOf } from '../../combinators/gate.js'
import type { AnyGrammar } from '../../combinators/node.js'
import { nodesIn } from '../../combinators/parts.js'
import { asksForDir } from '../../combinators/text-format.js'
import { ordVersion, type ProtocolVersion } from '../../combinators/version.js'
import { expectProtocol } from '../../conversation/checks/protocol.js'
import { turnsIn } from '../../conversation/line/shape.js'
import type { FlowNode } from '../../conversation/node.js'
import { flowsIn } from '../../conversation/parts.js'
import { operations } from '../../grammar/operations/table.js'
import type { OwnProtocol } from '../../session/own/own-protocol.js'

const unique = <A>(items: Iterable<A>): ReadonlyArray<A> => [...new Set(items)]

const grammarsIn = (flow: FlowNode): ReadonlyArray<AnyGrammar> =>
  [...flowsIn(flow)].flatMap((node) => (node._tag === 'says' ? [node.grammar] : []))

const gatesBetween = (flow: FlowNode): ReadonlyArray<Gate> =>
  [...flowsIn(flow)]
    .flatMap((node): ReadonlyArray<Gate | null> => {
      switch (node._tag) {
        case 'gated':
          return [node.gate]
        case 'branch':
          return [...node.cases.values()].map(({ gate }) => gate)
        default:
          return []
      }
    })
    .filter((gate) => gate !== null)

const works = (check: () => unknown): boolean => {
  try {
    check()
    return true
  } catch {
    return false
  }
}

/** The versions and features of a module's protocol, and its defaults. */
const options = ({
  types,
  conversation,
  operations: table,
  protocol,
}: OwnProtocol): ReadonlyArray<string> => {
  const flow = conversation?.flow.node
  const grammars = [...types.values(), ...(flow === undefined ? [] : grammarsIn(flow))]
  const leaves = [
    ...grammars.flatMap(({ node }) => gatesIn(node)),
    ...(flow === undefined ? [] : gatesBetween(flow)),
    ...Object.values(table ?? {}).flatMap(({ name, gate }) =>
      Object.hasOwn(operations, name) ? [] : [gate],
    ),
  ].flatMap(leavesOf)
  const versions = unique(
    leaves.flatMap((leaf): ReadonlyArray<ProtocolVersion> => (leaf._tag === 'feature' ? [] : [leaf.version])),
  )
  const features = unique(leaves.flatMap((leaf) => (leaf._tag === 'feature' ? [leaf.feature] : [])))
  const hasDir = grammars.some(({ node }) =>
    [...nodesIn(node)].some(
      (each) => each._tag === 'text' && each.format !== null && asksForDir(each.format),
    ),
  )
  const { version, features: usual, storeDir } = protocol
  const asked = [...types.values()].flatMap(({ node }) => gatesIn(node)).flatMap(leavesOf)
  const agrees = flow !== undefined && works(() => expectProtocol('the command', flow, protocol))
  /** Types need what is given; both sides of a conversation may agree on the rest. */
  const ifNotGiven = (isFeature: boolean, otherwise: string): string =>
    agrees && !asked.some(({ _tag }) => (_tag === 'feature') === isFeature)
      ? `both sides of ${conversation?.name} agree on it`
      : otherwise
  return [
    ...(versions.length === 0
      ? []
      : [
          `--protocol: ${version === undefined ? ifNotGiven(false, 'must be given') : `${version} if it is not given`}; ` +
            `something changes with ${[...versions].sort(ordVersion.compare).join(', ')}`,
        ]),
    ...(features.length === 0
      ? []
      : [
          `--feature: ${features.join(', ')}; ` +
            (usual === undefined
              ? ifNotGiven(true, 'none if none is given')
              : `${usual.join(', ') || 'none'} if none is given`),
        ]),
    ...(hasDir ? [`--store-dir: ${storeDir ?? '/nix/store'} if it is not given`] : []),
  ]
}

/** The other exports of a module and its protocol, a line each. */
export const aboutOwn = (own: OwnProtocol): ReadonlyArray<string> => {
  const { conversation, operations: table } = own
  const turns = conversation === null ? [] : turnsIn(conversation.flow.node)
  const cases = turns.flatMap(({ branch }) => [...branch.cases.values()].map(({ name }) => name))
  const others = Object.values(table ?? {}).filter(({ name }) => !Object.hasOwn(operations, name))
  return [
    ...(conversation === null
      ? []
      : [
          `conversation ${conversation.name}${cases.length === 0 ? '' : `: ${cases.join(', ')}`}`,
          `  \`nix-wire grammar ${conversation.name} --module ${own.of}\` prints its page`,
        ]),
    ...(table === null
      ? []
      : [
          `operations: ${others.map(({ name, id }) => `${name} (${id})`).join(', ') || 'those of Nix, or some of them'}`,
        ]),
    ...options(own),
  ]
}
