import { isObject } from '../../combinators/expect.js'
import { isMistake } from '../../combinators/mistake.js'
import { type AnyGrammar, grammarOf } from '../../combinators/node.js'
import { nodesIn } from '../../combinators/parts.js'
import type { Protocol } from '../../combinators/protocol.js'
import { factsOf } from '../../conversation/checks/facts-of.js'
import { expectOneFamily } from '../../conversation/checks/families.js'
import { expectWhole } from '../../conversation/checks/whole.js'
import { type AnyFlow, flowOf } from '../../conversation/flow.js'
import type { FlowNode } from '../../conversation/node.js'
import { flowsIn } from '../../conversation/parts.js'
import { type AnyOperation, Nothing, One, UnknownForm } from '../../grammar/operations/operation.js'
import type { OperationTable } from '../../grammar/operations/table.js'
import { operationTable } from '../../grammar/operations/table-option.js'

// The kind of an export is found by its form: it may come from another copy or another version of this package.

type Tags<N extends { readonly _tag: string }> = { readonly [T in N['_tag']]: true }

const grammarTags: Tags<AnyGrammar['node']> = {
  int: true,
  bool: true,
  bytes: true,
  text: true,
  struct: true,
  sequence: true,
  choice: true,
  gated: true,
  pure: true,
  lazy: true,
  imap: true,
  until: true,
  framed: true,
  span: true,
}

const flowTags: Tags<FlowNode> = {
  says: true,
  sequence: true,
  branch: true,
  gated: true,
  agree: true,
  loop: true,
  again: true,
  atOnce: true,
  blob: true,
  carried: true,
  unless: true,
  ends: true,
}

const tagOf = (node: unknown): string =>
  isObject(node) && '_tag' in node && typeof node._tag === 'string' ? node._tag : ''

/** Grammars and flows both have sequences and gates, but of different parts. */
const isFlowNode = (node: unknown): boolean => {
  const tag = tagOf(node)
  return (
    Object.hasOwn(flowTags, tag) &&
    (tag !== 'sequence' || 'parts' in (node as object)) &&
    (tag !== 'gated' || 'flow' in (node as object))
  )
}

const isGrammarNode = (node: unknown): boolean => Object.hasOwn(grammarTags, tagOf(node)) && !isFlowNode(node)

/** Whether a value has the form of a grammar. A literal is a field, and not a grammar. */
const isGrammarLike = (value: unknown): value is AnyGrammar =>
  isObject(value) && 'node' in value && !('fixed' in value) && isGrammarNode(value.node)

const isFlowLike = (value: unknown): value is AnyFlow =>
  isObject(value) && 'node' in value && isFlowNode(value.node)

const isOperationLike = (value: unknown): value is AnyOperation =>
  isObject(value) &&
  'id' in value &&
  'name' in value &&
  'request' in value &&
  'reply' in value &&
  isGrammarLike(value.request) &&
  isGrammarLike(value.reply)

/** A grammar, and the arbitrary for its values under a protocol, as `supply` of `nix-wire/laws` makes it. */
export interface OwnValues {
  readonly grammar: AnyGrammar
  readonly values: (given: Protocol) => unknown
}

export const isValuesLike = (value: unknown): value is OwnValues =>
  isObject(value) && isGrammarLike(value.grammar) && typeof value.values === 'function'

const isTableLike = (value: unknown): value is OperationTable =>
  isObject(value) &&
  !Array.isArray(value) &&
  Object.keys(value).length > 0 &&
  Object.values(value).every(isOperationLike)

const otherVersion = (what: string): TypeError =>
  new TypeError(`${what} has parts that are not known here: another version of nix-wire has made it`)

/** A named export; null for all that do not belong to a protocol. */
export type Export =
  | { readonly is: 'grammar'; readonly grammar: AnyGrammar }
  | { readonly is: 'flow'; readonly flow: AnyFlow }
  | { readonly is: 'operations'; readonly table: OperationTable }

/** @throws TypeError for exports made by another version, and for a table that no connection can carry. */
export const exportOf = (name: string, value: unknown): Export | null => {
  if (isFlowLike(value)) {
    return { is: 'flow', flow: flowFrom(name, value) }
  }
  if (isGrammarLike(value)) {
    return { is: 'grammar', grammar: grammarFrom(name, value) }
  }
  return isTableLike(value) ? { is: 'operations', table: tableFrom(name, value) } : null
}

const expectKnown = <N>(name: string, parts: () => Iterable<N>, isKnown: (node: N) => boolean): void => {
  let all: ReadonlyArray<N>
  try {
    all = [...parts()]
  } catch (error) {
    // The parts of an unknown node cannot be found.
    throw isMistake(error) ? new TypeError(`${name}: ${error.message}`) : otherVersion(name)
  }
  if (!all.every(isKnown)) {
    throw otherVersion(name)
  }
}

const grammarFrom = (name: string, { node }: AnyGrammar): AnyGrammar => {
  expectKnown(name, () => nodesIn(node), isGrammarNode)
  return grammarOf(node)
}

const flowFrom = (name: string, { node }: AnyFlow): AnyFlow => {
  expectKnown(name, () => flowsIn(node), isFlowNode)
  return flowOf(node)
}

/** Whether a flow is a whole conversation, which can be followed by itself. */
export const isWhole = ({ node }: AnyFlow): boolean => {
  factsOf(node)
  try {
    expectWhole(node)
    expectOneFamily(node)
    return true
  } catch {
    return false
  }
}

/** This package's own grammars with those names: they are compared by identity. */
const ownForms = new Map(
  [Nothing, One, UnknownForm].map((grammar: AnyGrammar) => [grammar.node.name, grammar]),
)

const formOf = (name: string, grammar: AnyGrammar): AnyGrammar => {
  const found = ownForms.get(grammar.node.name)
  return found !== undefined && found.node._tag === grammar.node._tag ? found : grammarFrom(name, grammar)
}

const tableFrom = (name: string, given: OperationTable): OperationTable => {
  const table = Object.fromEntries(
    Object.entries(given).map(([key, operation]) => [
      key,
      {
        ...operation,
        request: formOf(`${name}.${key}`, operation.request),
        reply: formOf(`${name}.${key}`, operation.reply),
      },
    ]),
  )
  operationTable(name, table)
  return table
}
