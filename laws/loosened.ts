import { type AnyGrammar, type Grammar, grammarOf, type Node } from '../combinators/node.js'
import { mapParts, rewriting } from '../combinators/parts.js'

/**
 * The same wire form with fewer rules: sets and maps are lists, of pairs for a map, and an `imap` rejects nothing. Its
 * encodings are bytes that a decoder must judge: disorder, duplicates, invalid values.
 */
export const loosened = ({ node }: AnyGrammar): Grammar<unknown> => grammarOf<unknown>(loose(node))

const loose = (top: Node): Node =>
  rewriting<Node>((node, part) => {
    switch (node._tag) {
      case 'sequence': {
        const { count } = node
        const item = node.kind === 'map' ? pair(part(node.key), part(node.item)) : part(node.item)
        return { _tag: 'sequence', kind: 'list', count, item }
      }
      case 'imap':
        return part(node.inner)
      case 'struct':
        // A constant is replaced by its own grammar.
        return {
          ...node,
          fields: node.fields.map((field) =>
            field.fixed === undefined ? { ...field, node: part(field.node) } : field,
          ),
        }
      default:
        return mapParts(node, part)
    }
  })(top)

const pair = (key: Node, item: Node): Node => ({
  _tag: 'struct',
  shape: 'tuple',
  fields: [
    { key: 0, node: key },
    { key: 1, node: item },
  ],
})
