import { type AnyGrammar, type Node, nodeName } from '../../combinators/node.js'
import { type AnyOperation, One, UnknownForm } from '../../grammar/operations/operation.js'
import { type OperationTable, operations } from '../../grammar/operations/table.js'
import { serveCommand, serveCommandOf, serveGreeting } from '../serve/commands.js'

/** How the words of a protocol are called in the headers of packets. */
export interface MessageNames {
  /** The operation or the command of a number; empty for one that is not known. */
  readonly operationName: (id: unknown) => string
  /** The type of a message by its key, as `nix-wire decode` takes it; empty where it is not known. */
  readonly typeOf: (key: string, operation: string) => string
}

/** What is said under the keys of the conversation with a daemon. The magic is an integer like others. */
const types: ReadonlyMap<string, string> = new Map([
  ['magic', 'Int'],
  ['version', 'ProtocolVersion'],
  ['hello', 'ServerHello'],
  ['features', 'FeatureList'],
  ['daemonFeatures', 'FeatureList'],
  ['cpuFlag', 'CpuAffinityFlag'],
  ['cpu', 'CpuAffinity'],
  ['reserve', 'ReserveSpace'],
  ['info', 'ClientHandshakeInfo'],
  ['log', 'LogMessage'],
  ['operation', 'Int'],
  ['answer', 'Bytes'],
])

/** The types that have no operation. */
export const handshakeTypes: ReadonlySet<string> = new Set(types.values())

const known = new WeakMap<OperationTable, MessageNames>()

/** The names of what a daemon with these operations and its clients say; made once for each table. */
export const workerNames = (table: OperationTable): MessageNames => {
  const names = known.get(table) ?? namesOf(table)
  known.set(table, names)
  return names
}

const namesOf = (table: OperationTable): MessageNames => {
  // Clients may also send operations of Nix that the daemon lacks. Of two with one id, the table's counts.
  const all = [...Object.entries<AnyOperation>(table), ...Object.entries<AnyOperation>(operations)].reverse()
  const byId = new Map<unknown, AnyOperation>(all.map(([, operation]) => [operation.id, operation]))
  const byKey = new Map(all)
  return {
    operationName: (id) => byId.get(id)?.name ?? '',
    typeOf: (key, name) => {
      const found = byKey.get(name)
      return found !== undefined && (key === 'request' || key === 'reply')
        ? typeName(found[key])
        : (types.get(key) ?? '')
    },
  }
}

/** The names of what is said in the serve protocol. */
export const serveNames: MessageNames = {
  operationName: (number) => serveCommandOf(Number(number))?.name ?? '',
  typeOf: (key, name) => {
    const grammar = serveCommand(name)?.words.get(key) ?? serveGreeting.get(key)
    // The magic is an ordinary integer.
    return grammar === undefined ? '' : key === 'magic' ? 'Int' : typeName(grammar)
  },
}

const typeName = (grammar: AnyGrammar): string => (grammar === One ? 'Int' : expressionOf(grammar.node))

const expressionOf = (node: Node): string => {
  if (node === UnknownForm.node) {
    return ''
  }
  if (node.name !== undefined || node._tag !== 'sequence') {
    return nodeName(node)
  }
  switch (node.kind) {
    case 'list':
      return `List<${expressionOf(node.item)}>`
    case 'set':
      return `Set<${expressionOf(node.item)}>`
    case 'map':
      return `Map<${expressionOf(node.key)},${expressionOf(node.item)}>`
  }
}
