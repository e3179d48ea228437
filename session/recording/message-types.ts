import { type Node, nodeName } from '../../combinators/node.js'
import { type AnyOperation, One, UnknownForm } from '../../grammar/operations/operation.js'
import { type OperationTable, operations } from '../../grammar/operations/table.js'

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

const table: OperationTable = operations

/** The operation of a number; empty for one that is not known. */
export const operationName = (id: unknown): string =>
  Object.values(table).find((each) => each.id === id)?.name ?? ''

/** The type of a message by its key, as `nix-wire decode` takes it; empty where it is not known. */
export const typeOf = (key: string, operation: string): string => {
  const found: AnyOperation | undefined = Object.hasOwn(table, operation) ? table[operation] : undefined
  if (found !== undefined && key === 'request') {
    return expressionOf(found.request.node)
  }
  if (found !== undefined && key === 'reply') {
    return found.reply === One ? 'Int' : expressionOf(found.reply.node)
  }
  return types.get(key) ?? ''
}

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
