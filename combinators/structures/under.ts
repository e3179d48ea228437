import { holds } from '../gate.js'
import { type Grammar, grammarOf, type LazyNode, type Node, type SequenceNode } from '../node.js'
import { type Protocol, protocol } from '../protocol.js'
import type { TextFormat } from '../text-format.js'

/** What {@link under} may fix. The store directory is the peers' own and stays that of the codec. */
export type Fixation = Pick<Protocol, 'version' | 'features'>

/**
 * The grammar as it is under a protocol of its own, whatever the peers agreed on: every gate in it is decided now.
 *
 * ```ts
 * import { compile } from 'nix-wire'
 * import { bool64, bytesOf, since, struct, u64, under, versioned } from 'nix-wire/combinators'
 *
 * const Info = struct('Info', { size: u64, ultimate: versioned(since('1.16'), bool64, false) })
 * const Fixed = under({ version: '1.15', features: [] }, Info)
 * compile(Fixed, { version: '1.38' }).decode(bytesOf('0700000000000000'))
 * // => { _tag: 'Right', right: { size: 7n, ultimate: false } }
 * ```
 *
 * Text formats that ask for the version are given this one. Issues: those of the grammar.
 *
 * @throws RangeError for a malformed version.
 */
export const under = <A>(fixed: Fixation, grammar: Grammar<A>): Grammar<A> =>
  grammarOf<A>(new Fixing(fixed).node(grammar.node))

class Fixing {
  readonly #fixed: Fixation
  readonly #agreed: Protocol
  /** Recursion meets the same lazy node again; it must stay one node. */
  readonly #lazy = new Map<LazyNode, LazyNode>()

  constructor({ version, features }: Fixation) {
    this.#agreed = protocol({ version, features })
    this.#fixed = { version, features: this.#agreed.features }
  }

  node(node: Node): Node {
    switch (node._tag) {
      case 'int':
      case 'bool':
      case 'bytes':
      case 'pure':
        return node
      case 'text':
        return node.format === null ? node : { ...node, format: this.#format(node.format) }
      case 'struct':
        return {
          ...node,
          fields: node.fields.map((field) => ({ ...field, node: this.node(field.node) })),
        }
      case 'sequence':
        return this.#sequence(node)
      case 'choice':
        return {
          ...node,
          cases: node.cases.map(({ body, ...rest }) =>
            body === undefined ? rest : { ...rest, body: this.node(body) },
          ),
        }
      case 'gated': {
        const arm = node.arms.find(({ gate }) => holds(gate, this.#agreed))
        const chosen = this.node(arm === undefined ? node.otherwise : arm.node)
        return { ...chosen, ...labelsOf(node) }
      }
      case 'lazy':
        return this.#lazyNode(node)
      case 'imap':
      case 'framed':
        return { ...node, inner: this.node(node.inner) }
      case 'until':
        return { ...node, item: this.node(node.item) }
    }
  }

  #sequence(node: SequenceNode): SequenceNode {
    return node.kind === 'map'
      ? { ...node, key: this.node(node.key), item: this.node(node.item) }
      : { ...node, item: this.node(node.item) }
  }

  #lazyNode(node: LazyNode): LazyNode {
    const known = this.#lazy.get(node)
    if (known !== undefined) {
      return known
    }
    let target: Node | undefined
    const fixed: LazyNode = {
      ...node,
      get: () => {
        target ??= this.node(node.get())
        return target
      },
    }
    this.#lazy.set(node, fixed)
    return fixed
  }

  #format(format: TextFormat<unknown>): TextFormat<unknown> {
    return {
      ...format,
      parse: (text, given) => format.parse(text, { ...given, ...this.#fixed }),
      print: (value, given) => format.print(value, { ...given, ...this.#fixed }),
    }
  }
}

const labelsOf = ({ name, summary }: Node): { readonly name?: string; readonly summary?: string } => ({
  ...(name === undefined ? {} : { name }),
  ...(summary === undefined ? {} : { summary }),
})
