import type { Gate } from '../../combinators/gate.js'
import type { AnyGrammar } from '../../combinators/node.js'
import type { FlowNode } from '../../conversation/node.js'
import { flowsIn } from '../../conversation/parts.js'
import { serveOf } from '../../grammar/serve/serve.js'
import { narDelimiter } from '../../stream/nar/delimiter.js'
import type { Side } from '../events.js'

/** The conversation that a recording of the serve protocol is read by. */
export const serveFlow = serveOf({ archive: narDelimiter })

/** The facts about a command in the flow. */
export interface ServeCommand {
  readonly number: number
  readonly name: string
  /** The versions that have it; null for all. */
  readonly gate: Gate | null
  /** The grammars of its messages, by key. */
  readonly words: ReadonlyMap<string, AnyGrammar>
  /** The side that sends an archive or an export. */
  readonly sends: ReadonlySet<Side>
}

const wordsIn = (node: FlowNode): ServeCommand['words'] =>
  new Map(
    [...flowsIn(node)].flatMap((each) => (each._tag === 'says' ? [[each.key, each.grammar] as const] : [])),
  )

const sendersIn = (node: FlowNode): ServeCommand['sends'] =>
  new Set([...flowsIn(node)].flatMap((each) => (each._tag === 'blob' ? [each.side] : [])))

const commands: ReadonlyArray<ServeCommand> = [...flowsIn(serveFlow.node)].flatMap((node) =>
  node._tag === 'branch' && node.on[0] === 'command'
    ? [...node.cases.values()].map(({ label, name, gate, flow }) => ({
        number: Number(label),
        name,
        gate,
        words: wordsIn(flow),
        sends: sendersIn(flow),
      }))
    : [],
)

const byName = new Map(commands.map((command) => [command.name, command]))
const byNumber = new Map(commands.map((command) => [command.number, command]))

/** Undefined for a name that no command has. */
export const serveCommand = (name: string | null): ServeCommand | undefined => byName.get(name ?? '')

/** Undefined for a number that no command has. */
export const serveCommandOf = (number: number): ServeCommand | undefined => byNumber.get(number)

/** The grammars of the messages before the first command, by key. */
export const serveGreeting: ReadonlyMap<string, AnyGrammar> = new Map(
  [...wordsIn(serveFlow.node)].filter(([key]) => ['magic', 'version', 'hello', 'command'].includes(key)),
)
