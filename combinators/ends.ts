import { expectFinite } from './infinite.js'
import {
  type BytesNode,
  type FieldNode,
  type ListNode,
  type Node,
  nodeName,
  type StructNode,
} from './node.js'
import { nodesIn, partsOf } from './parts.js'
import { bounds } from './size.js'

/** A node without a length or a count, which reads to the end of the message or of the frames around it. */
export type NodeToEnd<N = Node> = BytesNode | ListNode<N>

/** Whether a node reads to the end by itself. */
export const isToEnd = (node: Node): node is NodeToEnd =>
  (node._tag === 'bytes' && node.length === 'toEnd') || (node._tag === 'sequence' && node.count === 'toEnd')

/** Whether bytes may be read here: a rest limited to none may find some, and rejects them. */
const meetsBytes = (node: Node): boolean =>
  bounds(node).max > 0 || isToEnd(node) || partsOf(node).some(meetsBytes)

/** The index of the field with the last byte of a struct; −1 if there is none. */
export const lastFieldOf = ({ fields }: StructNode): number =>
  fields.findLastIndex((field) => meetsBytes(field.node))

/** The parts that may contain the last byte of a value. The content of frames ends with them. */
const lastPartsOf = (node: Node): ReadonlyArray<Node> => {
  switch (node._tag) {
    case 'struct': {
      const last = node.fields[lastFieldOf(node)]
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
  /**
   * The part that reads to the end of the message; null if there is none, so that a message shows its own end.
   */
  readonly toEnd: NodeToEnd | null
  /** Whether there are values that show their own end. */
  readonly before: boolean
}

const known = new WeakMap<Node, Endings>()

/** How the values of a whole grammar end, over all protocols, including the content of `lazy` nodes. */
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

/** Whether a whole grammar has values that read to the end of the message. */
export const reachesEnd = (node: Node): boolean => endingsOf(node).toEnd !== null

const knownWhileBuilt = new WeakMap<Node, NodeToEnd | null>()

/**
 * The same for a grammar that is being built: thunks cannot be called yet, and their content is checked by the codec.
 */
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
    `${what} reads to the end of the message, but ${follows} after it: ` +
      `${wayOut}use ${instead}, or framed, which has an end`,
  )
}

/** @throws TypeError for a node that reads to the end of the message; `follows` says what comes after it. */
export const expectEnds = (what: string, node: Node, follows: string): void => {
  const toEnd = toEndWhileBuilt(node)
  if (toEnd !== null) {
    refuse(toEnd, what, follows)
  }
}

/** The same for a whole grammar, including the content of `lazy` nodes. */
export const expectWholeEnds = (what: string, node: Node, follows: string): void => {
  const { toEnd } = endingsOf(node)
  if (toEnd !== null) {
    refuse(toEnd, what, follows)
  }
}

/** @throws TypeError for a field that reads to the end of the message before another that takes bytes. */
export const expectFieldsEnd = (
  whole: string,
  fields: ReadonlyArray<FieldNode>,
  nameOf: (field: FieldNode, index: number) => string,
): void => {
  fields.forEach((field, i) => {
    const toEnd = toEndWhileBuilt(field.node)
    const next = fields.findIndex(({ node }, j) => j > i && toEnd !== null && meetsBytes(node))
    if (toEnd !== null && next >= 0) {
      const follows = `${nameOf(fields[next]!, next)} comes`
      refuse(toEnd, `${nameOf(field, i)} of ${whole}`, follows, 'put it last, or ')
    }
  })
}

/** The name of the content of a lazy node in messages. */
const hidden = (target: Node): string => `the grammar of lazy (${nodeName(target)})`

/**
 * @throws TypeError for a lazy node whose values may take no bytes: a few bytes could announce any number of them.
 */
export const expectTakesBytes = (target: Node): void => {
  if (bounds(target).min === 0) {
    throw new TypeError(
      `${hidden(target)} must take at least one byte: write it without lazy, or with another field in front`,
    )
  }
}

/**
 * @throws TypeError for the content of a lazy node that reads to the end of the message before something else.
 */
export const expectLazyEnds = (target: Node): void => expectEnds(hidden(target), target, 'something comes')

/**
 * Checks the content of `lazy` nodes, which was not available while the grammar was built. A thunk that refers to
 * something not defined yet is skipped here; using it reports the error.
 *
 * @throws TypeError for content without a finite value, content that may take no bytes, and content that reads to the
 * end of the message before something else, in any protocol.
 */
export const expectLazies = (whole: Node): void => {
  if (isDefined(whole)) {
    new LazySearch().visit(whole, false)
  }
}

const isDefined = (whole: Node): boolean => {
  try {
    return nodesIn(whole).size > 0
  } catch {
    return false
  }
}

class LazySearch {
  readonly #seen = { last: new Set<Node>(), followed: new Set<Node>() }

  /** `followed`: whether something follows the node in the message or in the frames around it. */
  visit(node: Node, followed: boolean): void {
    const seen = followed ? this.#seen.followed : this.#seen.last
    if (seen.has(node)) {
      return
    }
    seen.add(node)
    if (node._tag === 'lazy') {
      const target = node.get()
      expectFinite(target)
      expectTakesBytes(target)
      if (followed) {
        expectLazyEnds(target)
      }
    }
    const last = node._tag === 'struct' ? lastFieldOf(node) : 0
    partsOf(node).forEach((part, i) => {
      this.visit(part, isFollowed(node, followed, i < last))
    })
  }
}

/** Whether something follows a part of a node. */
const isFollowed = (node: Node, followed: boolean, isBefore: boolean): boolean => {
  switch (node._tag) {
    case 'sequence':
    case 'until':
      return true
    case 'framed':
      return false
    default:
      return followed || isBefore
  }
}
