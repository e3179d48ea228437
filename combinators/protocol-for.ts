import { allFamilies, expectFamilyOf, type FamiliesAsked, familiesOf, oneFamily } from './family.js'
import { type Gate, leavesOf, type ProtocolFamily, showGate } from './gate.js'
import { type Node, nodeName } from './node.js'
import { partsOf } from './parts.js'
import { type Protocol, protocol } from './protocol.js'
import { asksForDir } from './text-format.js'

type Part = keyof Protocol

/** The needs of a grammar for one part of the protocol. */
interface Asked {
  /** What needs it: a gate in words, or a text format. */
  readonly by: string
  /** The defaults, each once, by its text. */
  readonly usual: Map<string, unknown>
}

interface Asks {
  readonly parts: ReadonlyMap<Part, Asked>
  readonly family: ProtocolFamily | null
}

/** The defaults around a node; outer ones come first. */
type Scope = Partial<Protocol>

class Search {
  readonly parts = new Map<Part, Asked>()
  families: FamiliesAsked = new Map()
  /** Whether all of it is known: a lazy grammar may refer to something defined further down. */
  isWhole = true
  readonly #seen = new Map<string, Set<Node>>()

  visit(node: Node, around: Scope): void {
    const scope = node.defaults === undefined ? around : { ...node.defaults, ...around }
    if (this.#isNew(node, scope)) {
      this.#ask(node, scope)
      for (const part of this.#partsOf(node)) {
        this.visit(part, scope)
      }
    }
  }

  #isNew(node: Node, { version, features, storeDir }: Scope): boolean {
    const key = JSON.stringify([version, features, storeDir])
    const seen = this.#seen.get(key) ?? new Set()
    this.#seen.set(key, seen)
    const isNew = !seen.has(node)
    seen.add(node)
    return isNew
  }

  #ask(node: Node, scope: Scope): void {
    if (node._tag === 'gated') {
      node.arms.forEach(({ gate }) => {
        this.#askGate(gate, '', scope)
      })
    }
    if (node._tag === 'text' && node.format !== null) {
      const { format } = node
      const by = `the text format ${format.name}`
      const inside = format.defaults === undefined ? scope : { ...format.defaults, ...scope }
      format.gates?.forEach((gate) => {
        this.#askGate(gate, `${by}, `, inside)
      })
      if (asksForDir(format)) {
        this.#askFor('storeDir', by, inside)
      }
    }
  }

  #askGate(gate: Gate, of: string, scope: Scope): void {
    this.families = allFamilies([this.families, familiesOf([gate])])
    for (const leaf of leavesOf(gate)) {
      this.#askFor(leaf._tag === 'feature' ? 'features' : 'version', of + showGate(leaf), scope)
    }
  }

  #askFor(part: Part, by: string, scope: Scope): void {
    const asked = this.parts.get(part) ?? { by, usual: new Map() }
    this.parts.set(part, asked)
    if (scope[part] !== undefined) {
      asked.usual.set(JSON.stringify(scope[part]), scope[part])
    }
  }

  #partsOf(node: Node): ReadonlyArray<Node> {
    if (node._tag !== 'lazy') {
      return partsOf(node)
    }
    try {
      return partsOf(node)
    } catch {
      // The error is thrown again when the grammar is used.
      this.isWhole = false
      return []
    }
  }
}

const known = new WeakMap<Node, Asks>()

const asksOf = (node: Node): Asks => {
  const found = known.get(node)
  if (found !== undefined) {
    return found
  }
  const search = new Search()
  search.visit(node, {})
  const asks = { parts: search.parts, family: oneFamily(nodeName(node), search.families) }
  if (search.isWhole) {
    known.set(node, asks)
  }
  return asks
}

const names = { version: 'a version', features: 'features', storeDir: 'a store directory' } as const
const examples = {
  version: "version: '1.2'",
  features: 'features: []',
  storeDir: "storeDir: '/a/dir'",
} as const

const flags = {
  version: '--protocol 1.2',
  features: '--feature NAME',
  storeDir: '--store-dir /a/dir',
} as const

/**
 * Who is given a protocol, and in which form: alone, as the option `protocol`, by the flags of the command, or by what a
 * module exports.
 */
export interface Taker {
  readonly of: string
  readonly form: 'argument' | 'option' | 'flags' | 'export'
}

/** What takes the protocol by itself, as `compile` does. */
const argumentOf = (of: string | Taker): Taker => (typeof of === 'string' ? { of, form: 'argument' } : of)

/** What takes it as its option `protocol`. */
export const optionOf = (of: string): Taker => ({ of, form: 'option' })

const literal = (parts: ReadonlyArray<Part>): string =>
  `{ ${parts.map((part) => examples[part]).join(', ')} }`

/** How these parts can be given. */
const passed = ({ form }: Taker, parts: ReadonlyArray<Part>): string => {
  switch (form) {
    case 'argument':
      return `pass ${literal(parts)}`
    case 'option':
      return `pass { protocol: ${literal(parts)} }`
    case 'flags':
      return `pass ${parts.map((part) => flags[part]).join(' ')}`
    case 'export':
      return `let the module have it: export const protocol = ${literal(parts)}`
  }
}

const lacks = (
  taker: Taker,
  what: string,
  asks: ReadonlyArray<readonly [Part, Pick<Asked, 'by'>]>,
): string => {
  const wanted = asks.map(([part, { by }]) => `${names[part]} (${by})`).join(' and ')
  const example = passed(
    taker,
    asks.map(([part]) => part),
  )
  return `${what} depends on ${wanted}, but ${taker.of} was given none: ${example}`
}

const missing = (taker: Taker, node: Node, asks: ReadonlyArray<readonly [Part, Asked]>): TypeError =>
  new TypeError(
    `${lacks(taker, nodeName(node), asks)}, or give the grammar a default: ` +
      `defaults(${literal(asks.map(([part]) => part))}, …)`,
  )

const torn = (taker: Taker, node: Node, part: Part, { by, usual }: Asked): TypeError =>
  new TypeError(
    `${nodeName(node)} depends on ${names[part]} (${by}), ${taker.of} was given none, and its parts have different defaults: ` +
      `${[...usual.keys()].join(' and ')}: ${passed(taker, [part])}`,
  )

/** @throws TypeError for a gate between messages that depends on a version which is not given. */
export const expectVersion = (
  taker: Taker,
  what: string,
  gate: Gate,
  { version }: Partial<Protocol>,
): void => {
  const leaf = leavesOf(gate).find(({ _tag }) => _tag !== 'feature')
  if (version === undefined && leaf !== undefined) {
    throw new TypeError(lacks(taker, what, [['version', { by: showGate(leaf) }]]))
  }
}

/**
 * Checks what a grammar asks for and has no default of. `agrees`: a version and features are agreed on later.
 *
 * @throws TypeError as {@link protocolFor} does.
 */
export const expectAsked = (
  taker: Taker,
  node: Node,
  given: Partial<Protocol>,
  agrees: boolean,
): ReadonlyMap<Part, unknown> => {
  const asked = asksOf(node)
  expectFamilyOf(
    nodeName(node),
    asked.family,
    taker.form === 'flags' ? '--protocol' : taker.of,
    given.version,
  )
  const asks = [...asked.parts].filter(
    ([part]) => given[part] === undefined && !(agrees && part !== 'storeDir'),
  )
  const open = asks.filter(([, { usual }]) => usual.size === 0)
  if (open.length > 0) {
    throw missing(taker, node, open)
  }
  return new Map(
    asks.map(([part, its]) => {
      if (its.usual.size > 1) {
        throw torn(taker, node, part, its)
      }
      return [part, [...its.usual.values()][0]] as const
    }),
  )
}

/**
 * The protocol for a grammar: the given parts, and the grammar's defaults for the other parts that it needs. Parts that
 * it does not need may be missing.
 *
 * @throws TypeError for a needed part that is not given and has no default, or more than one; for gates of two
 * protocols, and for a version of another protocol than theirs; RangeError or TypeError for invalid parts.
 */
export const protocolFor = (of: string | Taker, node: Node, given: Partial<Protocol>): Protocol => {
  const parts = protocol(given)
  const usual = expectAsked(argumentOf(of), node, parts, false)
  // The only cast to a protocol that has all the required parts.
  return { ...node.defaults, ...Object.fromEntries(usual), ...parts } as Protocol
}
