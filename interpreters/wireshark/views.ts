import { isLeft, isRight } from 'fp-ts/lib/Either.js'
import type { ImapNode, IntNode, Node } from '../../combinators/node.js'
import { versionFromBits } from '../../combinators/version.js'
import { viewOf } from '../../combinators/view.js'

/**
 * How the integer inside an `imap` is shown: as a version, with a sign, or as bits. A dissector cannot call the
 * functions of a view, so they are called here to find out.
 */
export type IntView =
  | { readonly _tag: 'version' }
  | { readonly _tag: 'signed'; readonly bits: number }
  | { readonly _tag: 'flags'; readonly bits: ReadonlyArray<readonly [name: string, bit: number]> }

/** Null for any other view: then the integer itself is shown. */
export const intView = (node: ImapNode, inner: IntNode): IntView | null => {
  if (node.json === 'string') {
    return isVersion(node, inner) ? { _tag: 'version' } : null
  }
  if (node.json === 'number' || node.json === 'bigint') {
    return signedView(node, inner)
  }
  return typeof node.json === 'object' ? flagsView(node, inner, node.json) : null
}

const asked = (node: ImapNode, { value }: IntNode, wire: bigint): unknown => {
  try {
    const read = viewOf(node).from(value === 'number' ? Number(wire) : wire)
    return isLeft(read) ? undefined : read.right
  } catch {
    return undefined
  }
}

const isVersion = (node: ImapNode, inner: IntNode): boolean =>
  inner.keepBits === 16 &&
  Array.from({ length: 2 ** 16 }, (_, bits) => bits).every(
    (bits) => asked(node, inner, BigInt(bits)) === versionFromBits(bits),
  )

const signedView = (node: ImapNode, inner: IntNode): IntView | null => {
  const accepts = (wire: bigint): boolean => {
    const value = asked(node, inner, wire)
    return value !== undefined && BigInt(value as bigint | number) === BigInt.asIntN(64, wire)
  }
  const fits = (bits: bigint): boolean =>
    [2n ** (bits - 1n) - 1n, 2n ** 64n - 2n ** (bits - 1n), 2n ** 64n - 1n].every(accepts) &&
    (bits === 64n || !accepts(2n ** (bits - 1n)))
  const bits = inner.max === 2n ** 64n - 1n ? [8n, 16n, 32n, 64n].find(fits) : undefined
  return bits === undefined ? null : { _tag: 'signed', bits: Number(bits) }
}

const flagsView = (node: ImapNode, inner: IntNode, json: Node): IntView | null => {
  if (json._tag !== 'struct' || json.fields.some((field) => field.node._tag !== 'bool')) {
    return null
  }
  const bits = Array.from({ length: 64 }, (_, bit) => bit).filter((bit) => 2n ** BigInt(bit) <= inner.max)
  const read = bits.map((bit) => asked(node, inner, 2n ** BigInt(bit)) as Flags | undefined)
  const found = json.fields.map(
    ({ key }) => [String(key), read.findIndex((flags) => flags?.[key] === true)] as const,
  )
  return found.every(([, bit]) => bit >= 0) ? { _tag: 'flags', bits: found } : null
}

interface Flags {
  readonly [key: string | number]: unknown
}

/** Whether an empty text inside means an absent value. */
export const isOptionalView = ({ json }: ImapNode): boolean =>
  typeof json === 'object' && json._tag === 'choice' && json.shape._tag === 'option'

/** The value of the node inside; undefined if there is none. */
export const innerValue = (node: ImapNode, value: unknown): unknown => {
  try {
    const inner = viewOf(node).to(value)
    return isRight(inner) ? inner.right : undefined
  } catch {
    return undefined
  }
}
