import type { Gate } from '../../combinators/gate.js'
import type { AnyGrammar, Node } from '../../combinators/node.js'

/** A part of a grammar that only some protocols have on the wire. */
export interface GatedPart {
  readonly gate: Gate
  /** The keys that lead to it; none where it is the grammar itself. */
  readonly path: ReadonlyArray<string>
  /** `field`: elsewhere there is nothing on the wire; `form`: elsewhere the value looks otherwise. */
  readonly kind: 'field' | 'form'
}

/** The gated parts of a grammar, without those of grammars that have a name among `others`. */
export const gatedParts = (
  { node: top }: AnyGrammar,
  others: ReadonlySet<string>,
): ReadonlyArray<GatedPart> => {
  const seen = new Set<Node>()
  const visit = (node: Node, path: ReadonlyArray<string>): ReadonlyArray<GatedPart> => {
    const isAnother = node !== top && node.name !== top.name && others.has(node.name ?? '')
    if (isAnother || seen.has(node)) {
      return []
    }
    seen.add(node)
    switch (node._tag) {
      case 'int':
      case 'bool':
      case 'bytes':
      case 'text':
      case 'pure':
        return []
      case 'struct':
        return node.fields.flatMap(({ key, node: field }) => visit(field, [...path, String(key)]))
      case 'sequence':
        return [...(node.kind === 'map' ? visit(node.key, path) : []), ...visit(node.item, path)]
      case 'choice':
        return node.cases.flatMap(({ name, body }) =>
          body === undefined ? [] : visit(body, [...path, name]),
        )
      case 'gated': {
        const kind = node.otherwise._tag === 'pure' ? 'field' : 'form'
        return [
          ...node.arms.map(({ gate }) => ({ gate, path, kind }) as const),
          ...node.arms.flatMap((arm) => visit(arm.node, path)),
          ...visit(node.otherwise, path),
        ]
      }
      case 'lazy':
        return visit(node.get(), path)
      case 'imap':
      case 'framed':
        return visit(node.inner, path)
      case 'until':
        return visit(node.item, path)
    }
  }
  return visit(top, [])
}
