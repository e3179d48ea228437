import type { ChoiceNode, ResolvedNode } from '../../combinators/node.js'
import type { Part } from '../../interpreters/dissect/index.js'

/** The node that reads a part, given the node of the part around it; null if it is not known. */
export const nodeWithin = (node: ResolvedNode, around: Part, part: Part): ResolvedNode | null => {
  const { role, path } = part
  if (role !== 'value' && role !== 'key') {
    return null
  }
  switch (node._tag) {
    case 'lazy':
      return nodeWithin(node.get(), around, part)
    case 'imap':
    case 'span':
      return nodeWithin(node.inner, around, part)
    case 'framed':
      return path.length === around.path.length ? node.inner : nodeWithin(node.inner, around, part)
    case 'struct':
      return node.fields.find(({ key }) => key === path.at(-1))?.node ?? null
    case 'sequence':
      return role === 'key' ? (node.kind === 'map' ? node.key : null) : node.item
    case 'until':
      return node.item
    case 'choice':
      return withinCase(node, around, part)
    case 'int':
    case 'bool':
    case 'bytes':
    case 'text':
    case 'pure':
      return null
  }
}

const withinCase = (node: ChoiceNode<ResolvedNode>, around: Part, part: Part): ResolvedNode | null => {
  const tag = around.parts.find(({ role }) => role === 'tag')
  const found = node.cases.find((each) => String(each.tag) === String(tag?.value))
  const body = found?.body ?? (typeof node.rest === 'object' ? node.rest.body : undefined)
  if (tag === undefined || body === undefined) {
    return null
  }
  return part.path.length === around.path.length ? body : nodeWithin(body, around, part)
}
