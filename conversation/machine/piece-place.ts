import { paddingOf } from '../../bytes/padding.js'
import type { BytesNode, ChoiceNode, Node, StructNode } from '../../combinators/node.js'
import type { Agreed, Protocol } from '../../combinators/protocol.js'
import { armUnder } from '../../combinators/resolved.js'
import { bounds } from '../../combinators/size.js'

/**
 * How many bytes of a message follow the bytes at a place in its value; null if that depends on what follows them.
 * Issues inside the pieces need their offset in the stream, which a decoded value does not contain.
 */
export const behindBytes = (
  node: Node,
  fields: ReadonlyArray<string>,
  value: unknown,
  agreed: Partial<Protocol>,
): number | null => {
  switch (node._tag) {
    case 'gated':
      return behindBytes(armUnder(node, agreed as Agreed), fields, value, agreed)
    case 'lazy':
      return behindBytes(node.get(), fields, value, agreed)
    case 'bytes':
      return fields.length === 0 && value instanceof Uint8Array ? behindThese(node, value) : null
    case 'struct':
      return behindField(node, fields, value, agreed)
    case 'choice':
      return behindInChoice(node, fields, value, agreed)
    default:
      return null
  }
}

const behindThese = ({ length }: BytesNode, value: Uint8Array): number =>
  length === 'padded' ? paddingOf(value.length) : 0

const behindField = (
  node: StructNode,
  [field, ...deeper]: ReadonlyArray<string>,
  value: unknown,
  agreed: Partial<Protocol>,
): number | null => {
  const at = node.fields.findIndex(({ key, fixed }) => String(key) === field && fixed === undefined)
  const found = node.fields[at]
  if (found === undefined) {
    return null
  }
  const inside = behindBytes(found.node, deeper, fieldOf(value, found.key), agreed)
  return node.fields.slice(at + 1).reduce<number | null>((sum, next) => {
    const { min, max } = bounds(next.node)
    return sum === null || min !== max ? null : sum + min
  }, inside)
}

const behindInChoice = (
  { shape, cases, rest }: ChoiceNode,
  fields: ReadonlyArray<string>,
  value: unknown,
  agreed: Partial<Protocol>,
): number | null => {
  if (shape._tag !== 'tagged') {
    return null
  }
  const name = fieldOf(value, shape.key)
  const body =
    cases.find((each) => each.name === name)?.body ?? (typeof rest === 'object' ? rest.body : undefined)
  return body === undefined ? null : behindBytes(body, fields, value, agreed)
}

const fieldOf = (value: unknown, key: string | number): unknown =>
  typeof value === 'object' && value !== null
    ? (value as { readonly [key: string]: unknown })[key]
    : undefined
