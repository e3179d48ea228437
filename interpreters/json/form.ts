import { holds } from '../../combinators/gate.js'
import type { Node } from '../../combinators/node.js'
import type { Protocol } from '../../combinators/protocol.js'

/** The node that a protocol leaves of a gated one; others as they are. */
export const resolve = (node: Node, protocol: Protocol): Node => {
  switch (node._tag) {
    case 'gated':
      return resolve(node.arms.find(({ gate }) => holds(gate, protocol))?.node ?? node.otherwise, protocol)
    case 'lazy':
      return resolve(node.get(), protocol)
    case 'framed':
      return resolve(node.inner, protocol)
    default:
      return node
  }
}

/** Whether every value shows as a string, so that it can be a key. */
export const showsAsString = (node: Node, protocol: Protocol): boolean => {
  const resolved = resolve(node, protocol)
  switch (resolved._tag) {
    case 'text':
      return !resolved.optional && resolved.format?.json !== true
    case 'choice':
      return resolved.shape._tag === 'enum' && !resolved.open
    case 'imap':
      return (
        resolved.json === 'string' || (resolved.json === undefined && showsAsString(resolved.inner, protocol))
      )
    default:
      return false
  }
}

/** Whether a value may show as null; some of it then needs a wrapping to differ from none. */
export const mayBeNull = (node: Node, protocol: Protocol): boolean => {
  const resolved = resolve(node, protocol)
  switch (resolved._tag) {
    case 'text':
      return resolved.optional || resolved.format?.json === true
    case 'choice':
      return resolved.shape._tag === 'option'
    case 'imap':
      return resolved.json === undefined && mayBeNull(resolved.inner, protocol)
    case 'pure':
      return true
    default:
      return false
  }
}
