import type { Gate } from '../../combinators/gate.js'
import type { AnyGrammar, Node } from '../../combinators/node.js'
import { partsOf } from '../../combinators/parts.js'

/** A part of a grammar that only some protocols send. */
export interface GatedPart {
  readonly gate: Gate
  /** The keys that lead to it; empty for the grammar itself. */
  readonly path: ReadonlyArray<string>
  /** `field`: other protocols send nothing; `form`: other protocols send another form. */
  readonly kind: 'field' | 'form'
}

/** The gated parts of a grammar, except those inside grammars named in `others`. */
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
      case 'struct':
        return node.fields.flatMap(({ key, node: field }) => visit(field, [...path, String(key)]))
      case 'choice':
        return [...node.cases, ...(typeof node.rest === 'object' ? [node.rest] : [])].flatMap(
          ({ name, body }) => (body === undefined ? [] : visit(body, [...path, name])),
        )
      case 'gated': {
        const kind = node.otherwise._tag === 'pure' ? 'field' : 'form'
        return [...node.arms.map(({ gate }) => ({ gate, path, kind }) as const), ...inside(node, path)]
      }
      default:
        return inside(node, path)
    }
  }
  const inside = (node: Node, path: ReadonlyArray<string>): ReadonlyArray<GatedPart> =>
    partsOf(node).flatMap((part) => visit(part, path))
  return visit(top, [])
}
