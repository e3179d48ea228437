import type { BoolNode, ImapNode, IntNode, Node } from '../../combinators/node.js'
import { i8, i16, i32, i64 } from '../../combinators/primitives/signed.js'
import type { Definition, Reading } from './types.js'
import type { Yaml } from './yaml.js'

const whole = 2n ** 64n - 1n

/** The check of an integer; undefined if all values of eight bytes are valid. */
const atMost = (max: bigint): Yaml | undefined => (max === whole ? undefined : { max })

/** The bits of the signed integers, by the view that makes them from unsigned ones. */
const signedBits: ReadonlyMap<ImapNode['from'], number> = new Map(
  [i8, i16, i32, i64].flatMap(({ node }, i) => (node._tag === 'imap' ? [[node.from, 8 << i] as const] : [])),
)

const signed = (bits: number): Reading => {
  const half = 2n ** BigInt(bits - 1)
  return { type: 's8', ...(bits === 64 ? {} : { valid: { min: -half, max: half - 1n } }) }
}

/** How an integer is read that needs no type of its own; null for anything else. */
export const integer = (node: Node): Reading | null => {
  switch (node._tag) {
    case 'int':
      return node.keepBits === undefined ? { type: 'u8', valid: atMost(node.max) } : null
    case 'imap': {
      const bits = signedBits.get(node.from)
      return bits === undefined ? integer(node.inner) : signed(bits)
    }
    case 'span':
      return integer(node.inner)
    default:
      return null
  }
}

/**
 * An integer by itself, or one of which only the low bits count: all arithmetic is of 32 bits, which every language
 * has.
 */
export const intDefinition = (node: IntNode): Definition => {
  const { keepBits, max, summary = '' } = node
  if (keepBits === undefined) {
    return { doc: [summary], fields: [{ id: 'value', ...integer(node) }], shown: '{value}' }
  }
  return {
    doc: [summary, `only the low ${keepBits} bits count`],
    fields: [
      { id: 'low', type: 'u4' },
      { id: 'high', type: 'u4', valid: max >> 32n === 2n ** 32n - 1n ? undefined : { max: max >> 32n } },
    ],
    instances: {
      value: { value: keepBits === 32 ? 'low' : `low & 0x${(2n ** BigInt(keepBits) - 1n).toString(16)}` },
    },
    shown: '{value}',
  }
}

export const boolDefinition = ({ max, strict, summary = '' }: BoolNode): Definition => ({
  doc: [summary, strict ? '0 is false, 1 is true' : '0 is false, everything else is true'],
  fields: [{ id: 'raw', type: 'u8', valid: atMost(max) }],
  instances: { value: { value: 'raw != 0' } },
  shown: '{value}',
})
