import type { ResolvedNode } from './node.js'

const lengthSize = 8

/** How many bytes of a value stand before what an issue is about: those of a text's length. */
export const bytesBefore = (node: ResolvedNode): number => {
  switch (node._tag) {
    case 'text':
      return lengthSize
    case 'imap':
    case 'span':
      return bytesBefore(node.inner)
    default:
      return 0
  }
}
