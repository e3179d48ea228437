import { mistake } from './mistake.js'
import { type Node, nodeName } from './node.js'
import { nodesIn, partsOf } from './parts.js'

/** @throws TypeError for a node whose values each contain another one. */
export const expectFinite = (node: Node): void => {
  if (isInfinite(node)) {
    throw mistake(`${nodeName(node)} has no finite value: each value contains another one`)
  }
}

export const isInfinite = (node: Node): boolean => {
  const nodes = [...nodesIn(node)].reverse()
  const finite = new Set<Node>()
  for (let before = -1; before < finite.size; ) {
    before = finite.size
    for (const each of nodes) {
      if (mayBeFinite(each, finite)) {
        finite.add(each)
      }
    }
  }
  return !finite.has(node)
}

/** Whether one of its values is finite, as far as that is known of its parts. */
const mayBeFinite = (node: Node, finite: ReadonlySet<Node>): boolean => {
  switch (node._tag) {
    case 'int':
    case 'bool':
    case 'bytes':
    case 'text':
    case 'pure':
    case 'sequence':
    case 'until':
      return true
    case 'struct':
    case 'lazy':
    case 'imap':
    case 'framed':
    case 'span':
      return partsOf(node).every((part) => finite.has(part))
    case 'choice':
      return (
        node.rest === 'tag' ||
        node.cases.some(({ body }) => body === undefined) ||
        partsOf(node).some((part) => finite.has(part))
      )
    case 'gated':
      return partsOf(node).some((part) => finite.has(part))
  }
}
