import fc from 'fast-check'
import { some } from 'fp-ts/lib/Option.js'
import type { ChoiceNode, LazyNode, ResolvedNode, StructNode } from '../../combinators/node.js'
import { nodesIn } from '../../combinators/parts.js'
import { crowds } from './growth.js'

/** Null: no value without more recursion than is allowed. */
export type Values = fc.Arbitrary<unknown> | null

/** What a chain is made with. */
export interface Links {
  /** Values of a node that have no recursion in them, or as little as can be. */
  readonly ends: (node: ResolvedNode) => Values
  /** Whether the values of a node come from elsewhere. */
  readonly isGiven: (node: ResolvedNode) => boolean
  /** Values of an imap or a span around others. */
  readonly viewed: (
    node: Extract<ResolvedNode, { readonly _tag: 'imap' | 'span' }>,
    inner: fc.Arbitrary<unknown>,
  ) => fc.Arbitrary<unknown>
}

const known = new WeakMap<ResolvedNode, boolean>()

/** Whether recursion goes through a node. */
const leadsOn = (node: ResolvedNode): boolean => {
  const leads = known.get(node) ?? [...nodesIn(node)].some(({ _tag }) => _tag === 'lazy')
  known.set(node, leads)
  return leads
}

/** Values that recur so many levels deep, and otherwise as little as can be; they shrink to shorter ones. */
export const chain = (node: LazyNode<ResolvedNode>, depth: number, links: Links): Values => {
  const target = node.get()
  return depth <= 1 || !leadsOn(target) ? links.ends(target) : through(target, depth - 1, links)
}

/** The values of a node with a chain of so many levels inside. */
const through = (node: ResolvedNode, depth: number, links: Links): Values => {
  if (links.isGiven(node) || !leadsOn(node)) {
    return links.ends(node)
  }
  const inside = (part: ResolvedNode): Values => through(part, depth, links)
  switch (node._tag) {
    case 'int':
    case 'bool':
    case 'bytes':
    case 'text':
    case 'pure':
      return links.ends(node)
    case 'lazy':
      return chain(node, depth, links)
    case 'struct':
      return structs(node, depth, links)
    case 'choice':
      return choices(node, inside)
    case 'framed':
      return inside(node.inner)
    case 'imap':
    case 'span': {
      const inner = inside(node.inner)
      return inner === null ? null : links.viewed(node, inner)
    }
    case 'until':
      return one(inside(node.item))
    case 'sequence': {
      const item = inside(node.item)
      if (node.kind !== 'map') {
        return one(item)
      }
      const key = inside(node.key)
      return key === null || item === null
        ? null
        : crowds(fc.tuple(key, item), 1, 1).map(
            (entries) => new Map(entries),
            (map) => [...(map as Map<unknown, unknown>)],
          )
    }
  }
}

const one = (item: Values): Values => (item === null ? null : crowds(item, 1, 1))

/** The first field that leads on has the chain. */
const structs = ({ shape, fields }: StructNode<ResolvedNode>, depth: number, links: Links): Values => {
  const own = fields.filter(({ fixed }) => fixed === undefined)
  const link = own.find(({ node }) => leadsOn(node) && !links.isGiven(node))
  const members: Array<readonly [string | number, fc.Arbitrary<unknown>]> = []
  for (const field of own) {
    const values = field === link ? through(field.node, depth, links) : links.ends(field.node)
    if (values === null) {
      return null
    }
    members.push([field.key, values])
  }
  return shape === 'tuple'
    ? fc.tuple(...members.map(([, values]) => values))
    : fc.record(Object.fromEntries(members), { noNullPrototype: true })
}

const choices = (
  { shape, cases }: ChoiceNode<ResolvedNode>,
  inside: (part: ResolvedNode) => Values,
): Values => {
  const arms = cases.flatMap(({ name, body }) => {
    const values = body === undefined || !leadsOn(body) ? null : inside(body)
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
