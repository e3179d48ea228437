import { type AnyGrammar, type Node, nodeName } from '../../combinators/node.js'
import { type AnyOperation, One, UnknownForm } from '../../grammar/operations/operation.js'
import { type OperationTable, operations } from '../../grammar/operations/table.js'
import { serveCommand, serveCommandOf, serveGreeting } from '../serve/commands.js'

/** The names of a protocol's messages in the headers of packets. */
export interface MessageNames {
  /** The name of the operation or command with a number; empty if it is unknown. */
  readonly operationName: (id: unknown) => string
  /** The type of a message by its key, in the notation of `nix-wire decode`; empty if it is unknown. */
  readonly typeOf: (key: string, operation: string) => string
}

/** The types of the messages of a conversation with a daemon, by key. The magic is an ordinary integer. */
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

/** The types of messages outside of operations. */
export const handshakeTypes: ReadonlySet<string> = new Set(types.values())

const known = new WeakMap<OperationTable, MessageNames>()

/**
 * The names of the messages between a daemon with these operations and its clients; made once for each table.
 */
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

/** The names of the messages of the serve protocol. */
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
