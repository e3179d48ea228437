import { ownJson } from '../../bytes/equal.js'
import type { Gate } from '../../combinators/gate.js'
import type { Node, PureNode } from '../../combinators/node.js'
import { firstMagic } from '../../combinators/words.js'

/** A text as code; characters that cannot be between backticks on a line are written as numbers. */
export const code = (text: string): string =>
  `\`${text.replace(/[^ -_a-~]/gu, (character) => {
    const number = character.codePointAt(0)!
    return number < 0x100 ? `\\x${number.toString(16).padStart(2, '0')}` : `\\u{${number.toString(16)}}`
  })}\``

const powers: ReadonlyArray<number> = [32, 53, 63, 64]

/** The greatest integer of a type. */
export const bound = (max: bigint): string => {
  const power = powers.find((n) => 2n ** BigInt(n) - 1n === max)
  return power === undefined ? String(max) : `2^${power}−1`
}

export const number = (value: number | bigint): string => {
  const magic = typeof value === 'bigint' || Number.isInteger(value) ? BigInt(value) : 0n
  return magic < firstMagic ? String(value) : `${value}, 0x${magic.toString(16)}`
}

const bytes = (value: Uint8Array): string =>
  value.length === 0
    ? 'no bytes'
    : `\`${Array.from(value, (byte) => byte.toString(16).padStart(2, '0')).join(' ')}\``

type Fields = { readonly [key: string]: unknown }

/** A default or a constant as it is printed on the page. */
export const value = (given: unknown): string => {
  if (typeof given === 'number' || typeof given === 'bigint') {
    return number(given)
  }
  if (typeof given === 'string') {
    return given === '' ? 'the empty text' : code(given)
  }
  if (typeof given !== 'object' || given === null) {
    return String(given)
  }
  if (given instanceof Uint8Array) {
    return bytes(given)
  }
  if (given instanceof Map) {
    return given.size === 0 ? 'empty' : value([...given])
  }
  if (Array.isArray(given) || given instanceof Set) {
    return items([...given])
  }
  const own = ownJson(given)
  return own === undefined ? fields(given as Fields) : value(own)
}

/** The value of a node that is never sent. */
export const constant = ({ like, value: given }: PureNode): string =>
  like === undefined ? value(given) : valueIn(like, given)

/** The value of a node; a value with its bytes is printed alone. */
export const valueIn = (node: Node, given: unknown): string => {
  switch (node._tag) {
    case 'span':
      return valueIn(node.inner, (given as Fields).value)
    case 'lazy':
      return valueIn(node.get(), given)
    default:
      return value(given)
  }
}

const items = (given: ReadonlyArray<unknown>): string =>
  given.length === 0 ? 'empty' : `[${given.map(value).join(', ')}]`

const fields = (given: Fields): string => {
  const { _tag: tag } = given
  if (tag === 'None') {
    return 'none'
  }
  return tag === 'Some'
    ? `some ${value(given.value)}`
    : `{ ${Object.entries(given)
        .map(([key, each]) => `${key}: ${value(each)}`)
        .join(', ')} }`
}

/** The tag or mark in front of something on the wire. */
export const mark = (given: unknown): string =>
  typeof given === 'string' ? code(given) : number(given as number | bigint)

/** A gate in words that follow "if". */
export const condition = (gate: Gate): string => {
  switch (gate._tag) {
    case 'since':
      return `protocol version is ${gate.version} or above`
    case 'before':
      return `protocol version is below ${gate.version}`
    case 'feature':
      return `feature ${gate.feature} is agreed on`
    case 'allOf':
      return gate.gates.map(condition).join(' and ')
    case 'anyOf':
      return anyOf(gate.gates)
    case 'not':
      return `not (${condition(gate.gate)})`
  }
}

const anyOf = (gates: ReadonlyArray<Gate>): string => {
  const features = gates.flatMap((gate) => (gate._tag === 'feature' ? [gate.feature] : []))
  return features.length === gates.length && features.length > 2
    ? `one of the features ${features.slice(0, -1).join(', ')} and ${features.at(-1)} is agreed on`
    : gates.map(condition).join(' or ')
}

/** An arm of a gated node, with its condition after those before it. */
export interface Arm {
  readonly if: string
  readonly node: Node
}

/** The arms of a gated node, without values that take no bytes. */
export const armsOf = ({ arms, otherwise }: Extract<Node, { _tag: 'gated' }>): ReadonlyArray<Arm> => [
  ...arms.map(({ gate, node }, i) => ({ if: `${i > 0 ? 'otherwise ' : ''}${condition(gate)}`, node })),
  ...(otherwise._tag === 'pure' ? [] : [{ if: 'none of these holds', node: otherwise }]),
]
