import type { ResolvedNode } from '../../combinators/node.js'

/** What a value shows as is that of the node inside where a node adds nothing to it. */
export const innermost = (node: ResolvedNode): ResolvedNode => {
  switch (node._tag) {
    case 'lazy':
      return innermost(node.get())
    case 'framed':
      return innermost(node.inner)
    default:
      return node
  }
}

/** Whether every value shows as a string, so that it can be a key. */
export const showsAsString = (node: ResolvedNode): boolean => {
  const inner = innermost(node)
  switch (inner._tag) {
    case 'text':
      return !inner.optional && inner.format?.json !== true
    case 'choice':
      return inner.shape._tag === 'enum' && !inner.open
    case 'imap':
      return typeof inner.json === 'string'
        ? inner.json === 'string'
        : showsAsString(inner.json ?? inner.inner)
    default:
      return false
  }
}

/** Whether a value may show as null; some of it then needs a wrapping to differ from none. */
export const mayBeNull = (node: ResolvedNode): boolean => {
  const inner = innermost(node)
  switch (inner._tag) {
    case 'text':
      return inner.optional || inner.format?.json === true
    case 'choice':
      return inner.shape._tag === 'option'
    case 'imap':
      return typeof inner.json !== 'string' && mayBeNull(inner.json ?? inner.inner)
    case 'pure':
      return true
    default:
      return false
  }
}
