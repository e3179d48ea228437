import { type Grammar, grammarOf, type LazyNode, type Node } from '../combinators/node.js'

/**
 * The same wire form with fewer rules: sets and maps are lists, of pairs for a map, and what an `imap` refuses is
 * allowed. Its encodings are bytes that a decoder must judge: disorder, duplicates, values out of place.
 */
export const loosened = (node: Node): Grammar<unknown> => grammarOf<unknown>(new Loosening().node(node))

class Loosening {
  /** Recursion meets the same lazy node again; it must stay one node. */
  readonly #lazy = new Map<LazyNode, LazyNode>()

  node(node: Node): Node {
    switch (node._tag) {
      case 'int':
      case 'bool':
      case 'bytes':
      case 'text':
      case 'pure':
        return node
      case 'struct':
        return { ...node, fields: node.fields.map((field) => ({ ...field, node: this.node(field.node) })) }
      case 'sequence': {
        const item = this.node(node.item)
        const { count } = node
        return node.kind === 'map'
          ? { _tag: 'sequence', kind: 'list', count, item: pair(this.node(node.key), item) }
          : { _tag: 'sequence', kind: 'list', count, item }
      }
      case 'choice':
        return {
          ...node,
          cases: node.cases.map(({ body, ...rest }) =>
            body === undefined ? rest : { ...rest, body: this.node(body) },
          ),
        }
      case 'gated':
        return {
          ...node,
          arms: node.arms.map(({ gate, node: arm }) => ({ gate, node: this.node(arm) })),
          otherwise: this.node(node.otherwise),
        }
      case 'lazy':
        return this.#lazyNode(node)
      case 'imap':
        return this.node(node.inner)
      case 'framed':
        return { ...node, inner: this.node(node.inner) }
      case 'until':
        return { ...node, item: this.node(node.item) }
    }
  }

  #lazyNode(node: LazyNode): LazyNode {
    const known = this.#lazy.get(node)
    if (known !== undefined) {
      return known
    }
    let target: Node | undefined
    const made: LazyNode = {
      ...node,
      get: () => {
        target ??= this.node(node.get())
        return target
      },
    }
    this.#lazy.set(node, made)
    return made
  }
}

const pair = (key: Node, item: Node): Node => ({
  _tag: 'struct',
  shape: 'tuple',
  fields: [
    { key: 0, node: key },
    { key: 1, node: item },
  ],
})
