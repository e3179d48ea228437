import type { GatedNode, Node, ResolvedNode, Ungated } from './node.js'

/**
 * The parts of a node, in the order of the wire, without the count, the tag or the mark that announces them. The part
 * of a lazy node is its content.
 */
export function partsOf(node: ResolvedNode): ReadonlyArray<ResolvedNode>
export function partsOf(node: Node): ReadonlyArray<Node>
export function partsOf(node: Node): ReadonlyArray<Node> {
  switch (node._tag) {
    case 'int':
    case 'bool':
    case 'bytes':
    case 'text':
    case 'pure':
      return []
    case 'struct':
      return node.fields.map((field) => field.node)
    case 'sequence':
      return node.kind === 'map' ? [node.key, node.item] : [node.item]
    case 'choice':
      return [
        ...node.cases.flatMap(({ body }) => (body === undefined ? [] : [body])),
        ...(typeof node.rest === 'object' ? [node.rest.body] : []),
      ]
    case 'gated':
      return [...node.arms.map((arm) => arm.node), node.otherwise]
    case 'lazy':
      return [node.get()]
    case 'imap':
    case 'framed':
    case 'span':
      return [node.inner]
    case 'until':
      return [node.item]
  }
}

/** A node and all nodes inside, each once and before its parts; recursion ends at a node seen before. */
export function nodesIn(node: ResolvedNode): ReadonlySet<ResolvedNode>
export function nodesIn(node: Node): ReadonlySet<Node>
export function nodesIn(node: Node): ReadonlySet<Node> {
  const seen = new Set<Node>()
  const visit = (each: Node): void => {
    if (!seen.has(each)) {
      seen.add(each)
      partsOf(each).forEach(visit)
    }
  }
  visit(node)
  return seen
}

type Part<N extends Node> = (part: Node) => N

/** The same node with other parts. The content of a lazy node is replaced each time it is needed. */
export function mapParts<N extends Node>(node: Ungated, part: Part<N>): Ungated<N>
export function mapParts<N extends Node>(node: Node, part: Part<N>): Ungated<N> | GatedNode<N>
export function mapParts<N extends Node>(node: Node, part: Part<N>): Ungated<N> | GatedNode<N> {
  switch (node._tag) {
    case 'int':
    case 'bool':
    case 'bytes':
    case 'text':
      return node
    case 'pure': {
      const { like, ...rest } = node
      return like === undefined ? rest : { ...rest, like: part(like) }
    }
    case 'struct':
      return { ...node, fields: node.fields.map((field) => ({ ...field, node: part(field.node) })) }
    case 'sequence':
      return node.kind === 'map'
        ? { ...node, key: part(node.key), item: part(node.item) }
        : { ...node, item: part(node.item) }
    case 'choice': {
      const { rest, ...others } = node
      return {
        ...others,
        cases: node.cases.map(({ body, ...each }) =>
          body === undefined ? each : { ...each, body: part(body) },
        ),
        ...(rest === undefined
          ? {}
          : { rest: typeof rest === 'object' ? { ...rest, body: part(rest.body) } : rest }),
      }
    }
    case 'gated':
      return {
        ...node,
        arms: node.arms.map((arm) => ({ ...arm, node: part(arm.node) })),
        otherwise: part(node.otherwise),
      }
    case 'lazy':
      return { ...node, get: () => part(node.get()) }
    case 'imap': {
      const { json, ...rest } = node
      const view = json === undefined ? {} : { json: typeof json === 'object' ? part(json) : json }
      return { ...rest, inner: part(node.inner), ...view }
    }
    case 'framed':
    case 'span':
      return { ...node, inner: part(node.inner) }
    case 'until':
      return { ...node, item: part(node.item) }
  }
}

/**
 * Rewrites whole grammars: `rule` returns the replacement of a node, and calls `part` for the nodes inside. Each node
 * is rewritten once, so that shared nodes stay shared, and recursion leads back to the same node.
 */
export const rewriting = <N extends Node>(rule: (node: Node, part: Part<N>) => N): Part<N> => {
  const known = new WeakMap<Node, N>()
  const rewritten = (node: Node): N => {
    const found = known.get(node)
    if (found !== undefined) {
      return found
    }
    const made = rule(node, rewritten)
    known.set(node, made)
    return made
  }
  return rewritten
}
