import { expectGrammar } from '../../combinators/expect.js'
import { type AnyGrammar, type Node, nodeName } from '../../combinators/node.js'
import type { Protocol } from '../../combinators/protocol.js'
import { protocolFor } from '../../combinators/protocol-for.js'
import { resolved } from '../../combinators/resolved.js'
import { TypesFile } from './file.js'
import { Ids, snake } from './ids.js'

const wholeOf = (grammar: AnyGrammar, given: Partial<Protocol> | undefined): Node =>
  given === undefined ? grammar.node : resolved(grammar, protocolFor('toKaitai', grammar.node, given)).node

export const toKaitai = (grammar: AnyGrammar, protocol?: Partial<Protocol>, name?: string): string => {
  expectGrammar('what toKaitai takes', grammar)
  const title = name ?? nodeName(grammar.node)
  const id = new Ids('type').take(title)
  return new TypesFile(id, wholeOf(grammar, protocol), new Map(), new Map()).print(title, 'Written from a grammar.')
}
export { snake }
