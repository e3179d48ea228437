import type { BytesNode, FieldNode, ListNode, Node } from './node.js'
import { partsOf } from './parts.js'
import { bounds } from './size.js'

/** What has neither a length nor a count, and goes on to the end of the message or of the frames around it. */
export type NodeToEnd<N = Node> = BytesNode | ListNode<N>

/** Whether a node goes to the end by itself. */
export const isToEnd = (node: Node): node is NodeToEnd =>
  (node._tag === 'bytes' && node.length === 'toEnd') || (node._tag === 'sequence' && node.count === 'toEnd')

/** The parts that the last byte of a value may belong to. What frames hold ends with them. */
const lastPartsOf = (node: Node): ReadonlyArray<Node> => {
  switch (node._tag) {
    case 'struct': {
      const last = node.fields.findLast((field) => bounds(field.node).max > 0)
      return last === undefined ? [] : [last.node]
    }
    case 'choice':
    case 'gated':
    case 'lazy':
    case 'imap':
    case 'span':
      return partsOf(node)
    case 'int':
    case 'bool':
    case 'bytes':
    case 'text':
    case 'sequence':
    case 'pure':
    case 'until':
    case 'framed':
      return []
  }
}

/** How the values of a grammar end. */
export interface Endings {
  /** What goes to the end of the message; null where nothing does, so that a message says by itself where it ends. */
  readonly toEnd: NodeToEnd | null
  /** Whether there are values that say by themselves where they end. */
  readonly before: boolean
}

const known = new WeakMap<Node, Endings>()

/** How the values of a whole grammar end, over all protocols: what `lazy` nodes stand for is asked. */
export const endingsOf = (node: Node): Endings => {
  const found = known.get(node) ?? searched(node)
  known.set(node, found)
  return found
}

const searched = (whole: Node): Endings => {
  const seen = new Set<Node>()
  let toEnd: NodeToEnd | null = null
  let before = false
  const visit = (node: Node): void => {
    if (seen.has(node)) {
      return
    }
    seen.add(node)
    if (isToEnd(node)) {
      toEnd ??= node
      return
    }
    const parts = lastPartsOf(node)
    before ||= parts.length === 0 || (node._tag === 'choice' && (node.rest === 'tag' || hasBareCase(node)))
    parts.forEach(visit)
  }
  visit(whole)
  return { toEnd, before }
}

const hasBareCase = ({ cases }: Extract<Node, { _tag: 'choice' }>): boolean =>
  cases.some(({ body }) => body === undefined)

/** Whether there are values of a whole grammar that go to the end of the message. */
export const reachesEnd = (node: Node): boolean => endingsOf(node).toEnd !== null

const knownWhileBuilt = new WeakMap<Node, NodeToEnd | null>()

/** The same while a grammar is being built: a thunk cannot be asked yet, and what it hides is checked by the codec. */
const toEndWhileBuilt = (node: Node): NodeToEnd | null => {
  const found = knownWhileBuilt.get(node)
  if (found !== undefined) {
    return found
  }
  let toEnd: NodeToEnd | null = null
  if (isToEnd(node)) {
    toEnd = node
  } else if (node._tag !== 'lazy') {
    for (const part of lastPartsOf(node)) {
      toEnd ??= toEndWhileBuilt(part)
    }
  }
  knownWhileBuilt.set(node, toEnd)
  return toEnd
}

const refuse = (toEnd: NodeToEnd, what: string, follows: string, wayOut = ''): never => {
  const instead = toEnd._tag === 'bytes' ? 'paddedBytes, which has a length' : 'listOf, which has a count'
  throw new TypeError(
    `${what} goes to the end of the message, and ${follows} after it: ` +
      `${wayOut}use ${instead}, or framed, which has an end`,
  )
}

/** @throws TypeError for what goes to the end of the message; `follows` says what comes after it. */
export const expectEnds = (what: string, node: Node, follows: string): void => {
  const toEnd = toEndWhileBuilt(node)
  if (toEnd !== null) {
    refuse(toEnd, what, follows)
  }
}

/** The same for a whole grammar: what `lazy` nodes stand for is asked. */
export const expectWholeEnds = (what: string, node: Node, follows: string): void => {
  const { toEnd } = endingsOf(node)
  if (toEnd !== null) {
    refuse(toEnd, what, follows)
  }
}

/** @throws TypeError for a field that goes to the end of the message before another that takes bytes. */
export const expectFieldsEnd = (
  whole: string,
  fields: ReadonlyArray<FieldNode>,
  nameOf: (field: FieldNode, index: number) => string,
): void => {
  fields.forEach((field, i) => {
    const toEnd = toEndWhileBuilt(field.node)
    const next = fields.findIndex(({ node }, j) => j > i && toEnd !== null && bounds(node).max > 0)
    if (toEnd !== null && next >= 0) {
      const follows = `${nameOf(fields[next]!, next)} comes`
      refuse(toEnd, `${nameOf(field, i)} of ${whole}`, follows, 'put it last, or ')
    }
  })
}
