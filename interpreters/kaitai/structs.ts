import { escapedBytes } from '../../bytes/escaped.js'
import type { FieldNode, Node, StructNode } from '../../combinators/node.js'
import { show } from '../../combinators/show.js'
import { paddedContent } from '../../combinators/wire-bytes.js'
import { type Arm, armsOf } from './gates.js'
import { Ids } from './ids.js'
import { integer } from './integers.js'
import type { Definition, Field, Reading, Types } from './types.js'

/**
 * The only form of a field that some protocols lack, if its gate is no more than that, and its value elsewhere.
 */
const onlyArm = (node: Node): { readonly arm: Arm; readonly otherwise: unknown } | null => {
  if (node._tag !== 'gated' || node.name !== undefined || node.otherwise._tag !== 'pure') {
    return null
  }
  const [arm, ...others] = armsOf(node)
  return arm === undefined || others.length > 0 ? null : { arm, otherwise: node.otherwise.value }
}

/** The bytes of a constant, if all its encodings are the same. */
const contentsOf = (node: Node, value: unknown): ReadonlyArray<number> | null => {
  if (node._tag === 'text' && node.format === null && typeof value === 'string') {
    const bytes = escapedBytes(value)
    return bytes === null ? null : Array.from(paddedContent(bytes))
  }
  if (node._tag === 'bytes' && value instanceof Uint8Array) {
    return node.length === 'padded' ? Array.from(paddedContent(value)) : Array.from(value)
  }
  return null
}

/** How a constant is read: one with several encodings is read like any other value. */
const constant = (node: Node, value: unknown): Reading | null => {
  if (node._tag === 'int' && node.keepBits === undefined) {
    return { type: 'u8', valid: { eq: value as number | bigint } }
  }
  const contents = contentsOf(node, value)
  return contents === null || contents.length === 0 ? null : { contents }
}

export const structDefinition = (
  node: StructNode,
  id: string,
  taken: ReadonlyArray<string>,
  types: Types,
): Definition => {
  const ids = new Ids('field', taken)
  const unsent: Array<string> = []
  const fields = node.fields.flatMap((field): ReadonlyArray<Field> => {
    if (field.node._tag === 'pure') {
      unsent.push(`${field.key} is not sent: it is ${shown(field.node.value)}`)
      return []
    }
    return [fieldOf(field, ids, id, types)]
  })
  return { doc: [node.summary ?? '', ...unsent], fields }
}

/** A value that is not read. */
const shown = (value: unknown): string => {
  if (Array.isArray(value) || value instanceof Map) {
    return isEmpty(value) ? 'empty' : show(value)
  }
  const isNone = typeof value === 'object' && value !== null && '_tag' in value && value._tag === 'None'
  return isNone ? 'absent' : show(value)
}

const isEmpty = (value: ReadonlyArray<unknown> | ReadonlyMap<unknown, unknown>): boolean =>
  (value instanceof Map ? value.size : (value as ReadonlyArray<unknown>).length) === 0

const fieldOf = ({ key, node, fixed }: FieldNode, ids: Ids, owner: string, types: Types): Field => {
  const name = typeof key === 'number' ? `item_${key}` : key
  const only = onlyArm(node)
  const whole = only?.arm.node ?? node
  const known = fixed === undefined || fixed.ignored ? null : constant(whole, fixed.value)
  const reading = known ?? integer(whole) ?? { type: types.of(whole, `${owner}_${name}`) }
  const words =
    fixed === undefined
      ? ''
      : fixed.ignored
        ? `sent as ${show(fixed.value)}, and ignored when read`
        : known === null
          ? `always ${show(fixed.value)}, which is not checked`
          : 'contents' in known
            ? `always ${show(fixed.value)}`
            : ''
  return {
    id: ids.take(name),
    orig: String(key),
    ...reading,
    ...(only === null ? {} : { if: only.arm.if }),
    doc: [
      summaryOf(whole),
      words,
      only === null ? '' : `if ${only.arm.words}; otherwise it is ${shown(only.otherwise)}`,
    ],
  }
}

/** The description of an integer, which has no type for it, and of another view of a value. */
const summaryOf = (node: Node): string =>
  integer(node) !== null || node._tag === 'imap' || node._tag === 'gated' ? (node.summary ?? '') : ''
