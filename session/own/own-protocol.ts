import type { AnyGrammar } from '../../combinators/node.js'
import { type Protocol, protocol } from '../../combinators/protocol.js'
import { show } from '../../combinators/show.js'
import { defaults } from '../../combinators/structures/defaults.js'
import type { AnyFlow } from '../../conversation/flow.js'
import { flowsIn } from '../../conversation/parts.js'
import { replies, requests } from '../../grammar/operations/messages.js'
import { takesNoArguments } from '../../grammar/operations/operation.js'
import { type OperationTable, operations } from '../../grammar/operations/table.js'
import { isTypeName } from '../../grammar/type-expression.js'
import { type Export, exportOf, isValuesLike, isWhole, type OwnValues } from './exports.js'

/** A protocol of the user's own, as a module exports it. */
export interface OwnProtocol {
  /** The name of the module in messages. */
  readonly of: string
  /** Each exported grammar by name, and the requests and replies of the module's operations. */
  readonly types: ReadonlyMap<string, AnyGrammar>
  /** The conversation to follow. */
  readonly conversation: OwnConversation | null
  readonly operations: OperationTable | null
  /** The defaults of the protocol. */
  readonly protocol: Partial<Protocol>
  /** Values for grammars that reject most of what could be made up. */
  readonly given: ReadonlyArray<OwnValues>
}

export interface OwnConversation {
  readonly name: string
  readonly flow: AnyFlow
  readonly protocol: Partial<Protocol>
}

/**
 * The protocol that a module exports: grammars, a conversation, a table of operations; `protocol` with its defaults,
 * and `given` with values for grammars. All other exports are ignored.
 *
 * @throws TypeError for a name that the package has too, for more than one conversation or table, for a module without
 * any of these, for anything but supplies in `given`, and for parts made by another version of this package; RangeError
 * or TypeError for an invalid protocol.
 */
export const ownProtocol = (of: string, exports: object): OwnProtocol => {
  const exported = new Map<string, unknown>(Object.entries(exports))
  const usual = protocolOf(of, exported.get('protocol'))
  const found = [...exported].flatMap(([name, value]): ReadonlyArray<readonly [string, Export]> => {
    const is = exportOf(`${show(name)} of ${of}`, value)
    return is === null ? [] : [[name, is]]
  })
  const table = tableIn(of, found)
  const types = new Map([...messagesOf(table), ...grammarsIn(of, found)])
  const conversation = conversationIn(of, found, usual)
  if (types.size === 0 && conversation === null && table === null) {
    throw new TypeError(`${of} exports no grammar, no conversation and no table of operations`)
  }
  const usable = new Map([...types].map(([name, grammar]) => [name, defaults(usual, grammar)]))
  return {
    of,
    types: usable,
    conversation,
    operations: table,
    protocol: usual,
    given:
      exported.has('given') && !found.some(([name]) => name === 'given')
        ? valuesIn(of, exported.get('given')).flatMap((supply) => [
            supply,
            ...forTypes(supply, types, usable),
          ])
        : [],
  }
}

type Types = ReadonlyMap<string, AnyGrammar>

const valuesIn = (of: string, value: unknown): ReadonlyArray<OwnValues> => {
  if (!Array.isArray(value) || !value.every(isValuesLike)) {
    throw new TypeError(`given of ${of} must be an array of supplies, as in [supply(grammar, values)]`)
  }
  return value
}

/** The same values for a type, which has defaults and so is another grammar than the module's own. */
const forTypes = ({ grammar, values }: OwnValues, types: Types, usable: Types): ReadonlyArray<OwnValues> =>
  [...types].flatMap(([name, { node }]) => {
    const type = usable.get(name)
    return node === grammar.node && type !== undefined ? [{ grammar: type, values }] : []
  })

const protocolOf = (of: string, given: unknown): Partial<Protocol> => {
  try {
    return given === undefined ? {} : protocol(given as Partial<Protocol>)
  } catch (error) {
    throw new TypeError(
      `protocol of ${of} must say what holds by default, as { version: '1.2', features: [] }: ${String(error)}`,
    )
  }
}

type Found = ReadonlyArray<readonly [name: string, found: Export]>

const grammarsIn = (of: string, found: Found): ReadonlyArray<readonly [string, AnyGrammar]> =>
  found.flatMap(([name, each]) => {
    if (each.is !== 'grammar') {
      return []
    }
    if (name === 'default') {
      throw new TypeError(`${of} exports a grammar as its default, which has no name: export const Name = …`)
    }
    if (isTypeName(name)) {
      throw new TypeError(
        `${of} exports ${name}, and nix-wire has a type of that name: call it something else`,
      )
    }
    if (!/^[\p{ID_Start}$_][\p{ID_Continue}$-]*$/u.test(name)) {
      throw new TypeError(`${of} exports ${show(name)}, which cannot be the name of a type`)
    }
    return [[name, each.grammar]]
  })

/** The whole conversation: other exported flows may be parts of it. */
const conversationIn = (of: string, found: Found, usual: Partial<Protocol>): OwnConversation | null => {
  const named = found.flatMap(([, each]) =>
    each.is === 'flow' && each.flow.node.part !== undefined && isWhole(each.flow) ? [each.flow] : [],
  )
  const whole = [...new Map(named.map((flow) => [flow.node, flow])).values()].filter(
    ({ node }) => !named.some((other) => other.node !== node && flowsIn(other.node).has(node)),
  )
  const [flow, ...others] = whole
  if (flow === undefined) {
    return null
  }
  if (others.length > 0) {
    const names = whole.map(({ node }) => node.part).join(', ')
    throw new TypeError(`${of} exports more than one conversation: ${names}; a module has one`)
  }
  return { name: flow.node.part ?? '', flow, protocol: usual }
}

const tableIn = (of: string, found: Found): OperationTable | null => {
  const tables = found.flatMap(([name, each]) =>
    each.is === 'operations' ? [{ name, table: each.table }] : [],
  )
  if (tables.length > 1) {
    const names = tables.map(({ name }) => name).join(', ')
    throw new TypeError(`${of} exports more than one table of operations: ${names}; a module has one`)
  }
  return tables[0]?.table ?? null
}

const known = new Set([...requests, ...replies].map(([name]) => name))

/** The requests and replies of operations that only this table has, named like those of the others. */
const messagesOf = (table: OperationTable | null): ReadonlyArray<readonly [string, AnyGrammar]> =>
  Object.values(table ?? {})
    .filter(({ name }) => !Object.hasOwn(operations, name))
    .flatMap((operation): ReadonlyArray<readonly [string, AnyGrammar]> => {
      const { name, request, reply } = operation
      const [asked, answered] = [`${name}Request`, `${name}Reply`]
      return [
        ...(takesNoArguments(operation) || known.has(asked) ? [] : [[asked, request] as const]),
        ...(reply.node.name !== answered || known.has(answered) ? [] : [[answered, reply] as const]),
      ]
    })
