import type { AnyGrammar } from '../../combinators/node.js'
import { flowsIn } from '../../conversation/parts.js'
import { grammarNamed } from '../../grammar/inner.js'
import { determinateOperations } from '../../grammar/operations/dialects.js'
import { Nothing, UnknownForm } from '../../grammar/operations/operation.js'
import { type OperationTable, operations } from '../../grammar/operations/table.js'
import type { WiresharkMessage } from '../../interpreters/wireshark/index.js'
import { serveFlow } from '../serve/commands.js'
import { handshakeTypes, serveNames, workerNames } from './message-types.js'

// The major versions.
const worker = 1
const serve = 2

/**
 * The requests and replies of a daemon: `QueryPathInfo.path` in the request, `QueryPathInfo.reply.narSize` in the
 * reply.
 */
const operationMessages = (table: OperationTable): ReadonlyArray<WiresharkMessage> => {
  const names = workerNames(table)
  return Object.values(table)
    .flatMap(({ name, request, reply }) => [
      { side: 'client', key: 'request', name, filter: name, grammar: request },
      { side: 'server', key: 'reply', name, filter: `${name}.reply`, grammar: reply },
    ])
    .filter(({ grammar }) => grammar !== Nothing && grammar !== UnknownForm)
    .map(({ side, key, name, filter, grammar }) => ({
      type: names.typeOf(key, name),
      operation: name,
      major: worker,
      side,
      filter,
      grammar,
    }))
}

/** The same for `nix-store --serve`: `serve.QueryClosure.paths`. */
const serveMessages: ReadonlyArray<WiresharkMessage> = [...flowsIn(serveFlow.node)].flatMap((node) =>
  node._tag === 'branch' && node.on[0] === 'command'
    ? [...node.cases.values()].flatMap(({ name, flow }) =>
        [...flowsIn(flow)].flatMap((each) =>
          each._tag === 'says'
            ? [
                {
                  type: serveNames.typeOf(each.key, name),
                  operation: name,
                  major: serve,
                  side: each.side,
                  filter: each.key === 'request' ? `serve.${name}` : `serve.${name}.${each.key}`,
                  grammar: each.grammar,
                },
              ]
            : [],
        ),
      )
    : [],
)

const typeMessages = (types: Iterable<readonly [name: string, grammar: AnyGrammar]>) =>
  Array.from(types, ([type, grammar]): WiresharkMessage => ({ type, filter: type, grammar }))

/** The types of messages that do not depend on the operation. */
const common = [...handshakeTypes, 'ServeServerHello'].flatMap((name) => {
  const grammar = grammarNamed(name)
  return grammar === undefined ? [] : [[name, grammar] as const]
})

/**
 * All types that the headers of packets name, with their grammars and filters. The user's own are added: types by name,
 * and the requests and replies of operations.
 */
export const dissectedMessages = (
  ownTypes: ReadonlyMap<string, AnyGrammar>,
  ownOperations: OperationTable | null,
): ReadonlyArray<WiresharkMessage> => {
  const tables = [operations, determinateOperations, ...(ownOperations === null ? [] : [ownOperations])]
  const all = [
    ...tables.flatMap(operationMessages),
    ...serveMessages,
    ...typeMessages(common),
    ...typeMessages(ownTypes),
  ]
  const found = new Map<string, WiresharkMessage>()
  for (const message of all) {
    const { type, operation = '', major = '', side = '' } = message
    found.set([type, operation, major, side].join('\n'), message)
  }
  return [...found.values()]
}
