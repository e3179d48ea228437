import fc from 'fast-check'
import { some } from 'fp-ts/lib/Option.js'
import type { ChoiceNode, LazyNode, MapNode, ResolvedNode, StructNode } from '../../combinators/node.js'
import { nodesIn } from '../../combinators/parts.js'
import { crowds } from './growth.js'

/** Null if every value needs more recursion than is allowed. */
export type Values = fc.Arbitrary<unknown> | null

/** What is needed to make a chain. */
export interface Links {
  /** Values of a node without recursion, or with as little as possible. */
  readonly ends: (node: ResolvedNode) => Values
  /** Whether the values of a node are supplied. */
  readonly isGiven: (node: ResolvedNode) => boolean
  /** Values of an imap or a span around others. */
  readonly viewed: (
    node: Extract<ResolvedNode, { readonly _tag: 'imap' | 'span' }>,
    inner: fc.Arbitrary<unknown>,
  ) => fc.Arbitrary<unknown>
}

const known = new WeakMap<ResolvedNode, boolean>()

/** Whether a node is part of a recursion. */
const leadsOn = (node: ResolvedNode): boolean => {
  const leads = known.get(node) ?? [...nodesIn(node)].some(({ _tag }) => _tag === 'lazy')
  known.set(node, leads)
  return leads
}

/**
 * Values with a given depth of recursion, and otherwise as small as possible; they shrink to shallower ones. They are
 * made once for each node and depth: a node that recurs in two places would otherwise double the ways at each level.
 */
export class Chains {
  readonly #links: Links
  readonly #made = new Map<ResolvedNode, Map<number, Values>>()

  constructor(links: Links) {
    this.#links = links
  }

  from({ get }: LazyNode<ResolvedNode>, depth: number): Values {
    const target = get()
    return depth <= 1 || !leadsOn(target) ? this.#links.ends(target) : this.#through(target, depth - 1)
  }

  /** The values of a node with a chain of that many levels inside. */
  #through(node: ResolvedNode, depth: number): Values {
    const ofNode = this.#made.get(node) ?? new Map<number, Values>()
    this.#made.set(node, ofNode)
    const known = ofNode.get(depth)
    if (known !== undefined) {
      return known
    }
    const values =
      this.#links.isGiven(node) || !leadsOn(node) ? this.#links.ends(node) : this.#make(node, depth)
    ofNode.set(depth, values)
    return values
  }

  #make(node: ResolvedNode, depth: number): Values {
    switch (node._tag) {
      case 'int':
      case 'bool':
      case 'bytes':
      case 'text':
      case 'pure':
        return this.#links.ends(node)
      case 'lazy':
        return this.from(node, depth)
      case 'struct':
        return this.#structs(node, depth)
      case 'choice':
        return this.#choices(node, depth)
      case 'framed':
        return this.#through(node.inner, depth)
      case 'imap':
      case 'span': {
        const inner = this.#through(node.inner, depth)
        return inner === null ? null : this.#links.viewed(node, inner)
      }
      case 'until':
        return one(this.#through(node.item, depth))
      case 'sequence':
        return node.kind === 'map' ? this.#maps(node, depth) : one(this.#through(node.item, depth))
    }
  }

  /** The chain is in the first field that is part of the recursion. */
  #structs({ shape, fields }: StructNode<ResolvedNode>, depth: number): Values {
    const own = fields.filter(({ fixed }) => fixed === undefined)
    const link = own.find(({ node }) => leadsOn(node) && !this.#links.isGiven(node))
    const members: Array<readonly [string | number, fc.Arbitrary<unknown>]> = []
    for (const field of own) {
      const values = field === link ? this.#through(field.node, depth) : this.#links.ends(field.node)
      if (values === null) {
        return null
      }
      members.push([field.key, values])
    }
    return shape === 'tuple'
      ? fc.tuple(...members.map(([, values]) => values))
      : fc.record(Object.fromEntries(members), { noNullPrototype: true })
  }

  #choices({ shape, cases }: ChoiceNode<ResolvedNode>, depth: number): Values {
    const arms = cases.flatMap(({ name, body }) => {
      const values = body === undefined || !leadsOn(body) ? null : this.#through(body, depth)
      return values === null
        ? []
        : [
            shape._tag === 'tagged'
              ? values.map((value) => ({ [shape.key]: name, ...(value as object) }))
              : values.map((value) => some(value)),
          ]
    })
    return arms.length === 0 ? null : fc.oneof(...arms)
  }

  /** The chain is in the value, or in the key if only that is part of the recursion. */
  #maps({ key: keyNode, item: itemNode }: MapNode<ResolvedNode>, depth: number): Values {
    const isInItem = leadsOn(itemNode)
    const key = isInItem ? this.#links.ends(keyNode) : this.#through(keyNode, depth)
    const item = isInItem ? this.#through(itemNode, depth) : this.#links.ends(itemNode)
    return key === null || item === null
      ? null
      : crowds(fc.tuple(key, item), 1, 1).map(
          (entries) => new Map(entries),
          (map) => [...(map as Map<unknown, unknown>)],
        )
  }
}

const one = (item: Values): Values => (item === null ? null : crowds(item, 1, 1))
