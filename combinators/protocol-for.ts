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

const given = (parts: ReadonlyArray<Part>): string => `{ ${parts.map((part) => examples[part]).join(', ')} }`

const missing = (of: string, node: Node, asks: ReadonlyArray<readonly [Part, Asked]>): TypeError => {
  const wanted = asks.map(([part, { by }]) => `${names[part]} (${by})`).join(' and ')
  const example = given(asks.map(([part]) => part))
  return new TypeError(
    `${nodeName(node)} depends on ${wanted}, but ${of} was given none: pass ${example}, or give the grammar a default: ` +
      `defaults(${example}, …)`,
  )
}

const torn = (of: string, node: Node, part: Part, { by, usual }: Asked): TypeError =>
  new TypeError(
    `${nodeName(node)} depends on ${names[part]} (${by}), ${of} was given none, and its parts have different defaults: ` +
      `${[...usual.keys()].join(' and ')}. Pass ${given([part])}`,
  )

/**
 * The protocol for a grammar: the given parts, and the grammar's defaults for the other parts that it needs. Parts that
 * it does not need may be missing.
 *
 * @throws TypeError for a needed part that is not given and has no default, or more than one; for gates of two
 * protocols, and for a version of another protocol than theirs; RangeError or TypeError for invalid parts.
 */
export const protocolFor = (of: string, node: Node, given: Partial<Protocol>): Protocol => {
  const parts = protocol(given)
  const asked = asksOf(node)
  expectFamilyOf(nodeName(node), asked.family, of, parts.version)
  const asks = [...asked.parts].filter(([part]) => parts[part] === undefined)
  const open = asks.filter(([, { usual }]) => usual.size === 0)
  if (open.length > 0) {
    throw missing(of, node, open)
  }
  const usual = asks.map(([part, its]) => {
    if (its.usual.size > 1) {
      throw torn(of, node, part, its)
    }
    return [part, [...its.usual.values()][0]] as const
  })
  // The only cast to a protocol that has all the required parts.
  return { ...node.defaults, ...Object.fromEntries(usual), ...parts } as Protocol
}
