import { isLeft } from 'fp-ts/lib/Either.js'
import type { Option } from 'fp-ts/lib/Option.js'
import { equalValues } from '../bytes/equal.js'
import { encodeEscaped } from '../bytes/escaped.js'
import { joined } from '../bytes/joined.js'
import {
  type BytesNode,
  type ChoiceNode,
  type ImapNode,
  type IntNode,
  nodeName,
  type PureNode,
  type ResolvedNode,
  type SequenceNode,
  type TextNode,
} from './node.js'
import { caseOfValue, compareValues } from './order.js'
import { nodesIn } from './parts.js'
import type { Protocol } from './protocol.js'
import { viewOf } from './view.js'
import { framesOf, integerBytes, paddedContent } from './wire-bytes.js'

/**
 * The encoding of a value, written in the simplest way: node by node, without limits.
 *
 * @throws RangeError for a value that cannot be encoded.
 */
export const writtenBytes = (node: ResolvedNode, given: Protocol, value: unknown): Uint8Array => {
  const writing = new Writing(given)
  writing.put(node, value)
  return joined(writing.parts)
}

type Items = ReadonlyArray<unknown>
type Entries = ReadonlyMap<unknown, unknown>
type Fields = { readonly [key: string | number]: unknown }

class Writing {
  readonly parts: Array<Uint8Array> = []
  readonly #given: Protocol

  constructor(given: Protocol) {
    this.#given = given
  }

  put(node: ResolvedNode, value: unknown): void {
    switch (node._tag) {
      case 'int':
      case 'bool':
      case 'bytes':
      case 'text':
        this.parts.push(leafBytes(node, this.#given, value))
        return
      case 'struct':
        for (const { key, node: field, fixed } of node.fields) {
          this.put(field, fixed === undefined ? (value as Fields)[key] : fixed.value)
        }
        return
      case 'sequence':
        this.#sequence(node, value)
        return
      case 'choice':
        this.#choice(node, value)
        return
      case 'pure':
        if (!isConstant(node, this.#given, value)) {
          throw new RangeError(`a value that cannot be encoded: it is not the one of ${nodeName(node)}`)
        }
        return
      case 'lazy':
        this.put(node.get(), value)
        return
      case 'imap':
        this.put(node.inner, innerOf(node, value))
        return
      case 'until':
        for (const item of value as Items) {
          this.put(node.mark, node.next)
          this.put(node.item, item)
        }
        this.put(node.mark, node.end)
        return
      case 'framed':
        this.parts.push(framesOf(writtenBytes(node.inner, this.#given, value)))
        return
      case 'span':
        this.put(node.inner, (value as Fields).value)
        return
    }
  }

  #sequence(node: SequenceNode<ResolvedNode>, value: unknown): void {
    if (node.kind === 'map') {
      const entries = [...(value as Entries)].sort(([a], [b]) => compareValues(node.key, this.#given, a, b))
      this.parts.push(integerBytes(BigInt(entries.length)))
      for (const [key, item] of entries) {
        this.put(node.key, key)
        this.put(node.item, item)
      }
      return
    }
    const items = [...(value as Items)]
    if (node.kind === 'set') {
      items.sort((a, b) => compareValues(node.item, this.#given, a, b))
    }
    if (node.count !== 'toEnd') {
      this.parts.push(integerBytes(BigInt(items.length)))
    }
    for (const item of items) {
      this.put(node.item, item)
    }
  }

  #choice(node: ChoiceNode<ResolvedNode>, value: unknown): void {
    const { tag, body, value: inner } = caseOfValue(node, value)
    this.parts.push(typeof tag === 'bigint' ? integerBytes(tag) : paddedContent(encodeEscaped(tag)))
    if (body !== undefined) {
      this.put(body, inner)
    }
  }
}

type Leaf = Extract<ResolvedNode, { readonly _tag: 'int' | 'bool' | 'bytes' | 'text' }>

/** The bytes of a primitive. @throws RangeError for a value that cannot be encoded. */
export const leafBytes = (node: Leaf, given: Protocol, value: unknown): Uint8Array => {
  switch (node._tag) {
    case 'int':
      return integerBytes(integerOf(node, value))
    case 'bool':
      return integerBytes(value === true ? 1n : 0n)
    case 'bytes':
      return rawOrPadded(node, value as Uint8Array)
    case 'text':
      return paddedContent(textContent(node, given, value))
  }
}

const integerOf = (node: IntNode, value: unknown): bigint => {
  if ((typeof value !== 'number' && typeof value !== 'bigint') || value < 0 || value > node.max) {
    throw new RangeError(`a value that cannot be encoded: ${String(value)} in ${nodeName(node)}`)
  }
  return BigInt(value)
}

const rawOrPadded = ({ length }: BytesNode, value: Uint8Array): Uint8Array =>
  length === 'padded' ? paddedContent(value) : joined([value])

/** The bytes of a text, without their length and padding. @throws RangeError for a value that cannot be encoded. */
const textContent = ({ format, optional }: TextNode, given: Protocol, value: unknown): Uint8Array => {
  const present = optional ? (value as Option<unknown>) : { _tag: 'Some' as const, value }
  if (present._tag === 'None') {
    return new Uint8Array(0)
  }
  if (format === null || format.value === 'text') {
    return encodeEscaped(present.value as string)
  }
  const printed = format.print(present.value, given)
  if (isLeft(printed)) {
    throw new RangeError(`a value that cannot be encoded: expected ${printed.left.expected}`)
  }
  return encodeEscaped(printed.right)
}

/** The value inside an `imap`. @throws RangeError for a value that it rejects. */
export const innerOf = (node: ImapNode<ResolvedNode>, value: unknown): unknown => {
  const inner = viewOf(node).to(value)
  if (isLeft(inner)) {
    throw new RangeError(`a value that cannot be encoded: ${nodeName(node)} expected ${inner.left}`)
  }
  return inner.right
}

const known = new WeakMap<ResolvedNode, boolean>()

/** Whether the values of a node contain kept bytes. */
const keepsBytes = (node: ResolvedNode): boolean => {
  const keeps = known.get(node) ?? [...nodesIn(node)].some(({ _tag }) => _tag === 'span')
  known.set(node, keeps)
  return keeps
}

/** Whether two values are the same to an encoder, which ignores the bytes kept beside a value. */
export const sameValues = (node: ResolvedNode, given: Protocol, a: unknown, b: unknown): boolean =>
  equalValues(a, b) || (keepsBytes(node) && sameWritten(node, given, a, b))

/** Whether a value is the constant of a node. */
export const isConstant = (
  { value: constant, like }: PureNode<ResolvedNode>,
  given: Protocol,
  value: unknown,
): boolean =>
  equalValues(value, constant) ||
  (like !== undefined &&
    keepsBytes(like) &&
    typeof value === 'object' &&
    sameWritten(like, given, value, constant))

const sameWritten = (node: ResolvedNode, given: Protocol, a: unknown, b: unknown): boolean => {
  try {
    return equalValues(writtenBytes(node, given, a), writtenBytes(node, given, b))
  } catch (error) {
    // The value has another type than the node.
    if (error instanceof RangeError || error instanceof TypeError) {
      return false
    }
    throw error
  }
}
