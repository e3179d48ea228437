import type { ChoiceNode, ResolvedNode, StructNode } from '../../combinators/node.js'

/** The node that decides how a value is shown, inside nodes that add nothing. */
export const innermost = (node: ResolvedNode): ResolvedNode => {
  switch (node._tag) {
    case 'lazy':
      return innermost(node.get())
    case 'framed':
    case 'span':
      return innermost(node.inner)
    default:
      return node
  }
}

/** Whether every value is shown as a string, so that it can be a key. */
export const showsAsString = (node: ResolvedNode): boolean => {
  const inner = innermost(node)
  switch (inner._tag) {
    case 'text':
      return !inner.optional && inner.format?.json !== true
    case 'choice':
      return inner.shape._tag === 'enum' && inner.rest === undefined
    case 'imap':
      return typeof inner.json === 'string'
        ? inner.json === 'string'
        : showsAsString(inner.json ?? inner.inner)
    default:
      return false
  }
}

/**
 * Whether a present value is shown in an array, to distinguish it from none and from tags that are values themselves.
 */
export const isWrapped = ({ rest }: ChoiceNode<ResolvedNode>, body: ResolvedNode): boolean =>
  mayBeNull(body) || (rest === 'tag' && mayBeInteger(body))

const mayBeInteger = (node: ResolvedNode): boolean => {
  const inner = innermost(node)
  switch (inner._tag) {
    case 'int':
      return true
    case 'choice':
      return inner.shape._tag === 'enum' && inner.rest === 'tag'
    case 'imap':
      return typeof inner.json === 'string'
        ? inner.json === 'number' || inner.json === 'bigint'
        : mayBeInteger(inner.json ?? inner.inner)
    default:
      return false
  }
}

const mayBeNull = (node: ResolvedNode): boolean => {
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

/** Every name that a value of a choice may have. */
export const namesIn = ({ cases, rest }: ChoiceNode<ResolvedNode>): ReadonlyArray<string> => [
  ...cases.map(({ name }) => name),
  ...(typeof rest === 'object' ? [rest.name] : []),
]

/**
 * The fields of a union's case, and before them the tag if the value has it; undefined for an unknown name.
 */
export const structOf = (
  { cases, rest, tag }: ChoiceNode<ResolvedNode>,
  name: unknown,
): StructNode<ResolvedNode> | undefined => {
  const isOther = typeof rest === 'object' && rest.name === name
  const body = isOther ? rest.body : cases.find((each) => each.name === name)?.body
  if (body?._tag !== 'struct') {
    return undefined
  }
  return isOther ? { ...body, fields: [{ key: rest.key, node: tag }, ...body.fields] } : body
}
