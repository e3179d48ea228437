import type { Gate } from '../../combinators/gate.js'
import type {
  BoolNode,
  BytesNode,
  ChoiceNode,
  FieldNode,
  ImapNode,
  IntNode,
  Node,
  PureNode,
  SequenceNode,
  StructNode,
  TextNode,
} from '../../combinators/node.js'
import { versionBits } from '../../combinators/version.js'
import * as words from '../../combinators/words.js'
import type { LuaTable, LuaValue } from './lua.js'
import { innerValue, intView, isOptionalView } from './views.js'

/** A node for the dissector: its kind, and its facts. Other nodes are referred to by their numbers. */
export interface Row extends LuaTable {
  readonly k: Kind
}

export type Kind =
  | 'int'
  | 'version'
  | 'signed'
  | 'flags'
  | 'bool'
  | 'bytes'
  | 'text'
  | 'struct'
  | 'list'
  | 'map'
  | 'choice'
  | 'gated'
  | 'pure'
  | 'lazy'
  | 'until'
  | 'framed'

/** The nodes of grammars as rows, each once. */
export class Rows {
  readonly #rows: Array<Row | null> = []
  readonly #numbers = new Map<Node, number>()

  /** All rows; the number of the first is 1. */
  get all(): ReadonlyArray<Row> {
    return this.#rows.map((row) => row!)
  }

  /** The row with a number. */
  at(number: number): Row {
    return this.#rows[number - 1]!
  }

  /** The number of a node, which then has a row. */
  numberOf(node: Node): number {
    const known = this.#numbers.get(node)
    if (known !== undefined) {
      return known
    }
    if (node._tag === 'span' || (node._tag === 'imap' && !hasRow(node))) {
      return this.#remember(node, this.numberOf(node.inner))
    }
    const number = this.#remember(node, this.#rows.push(null))
    this.#rows[number - 1] = this.#rowOf(node)
    return number
  }

  #remember(node: Node, number: number): number {
    this.#numbers.set(node, number)
    return number
  }

  #rowOf(node: Node): Row {
    switch (node._tag) {
      case 'int':
        return intRow('int', node)
      case 'bool':
        return boolRow(node)
      case 'bytes':
        return bytesRow(node)
      case 'text':
        return textRow(node)
      case 'struct':
        return this.#structRow(node)
      case 'sequence':
        return this.#sequenceRow(node)
      case 'choice':
        return this.#choiceRow(node)
      case 'gated':
        return {
          k: 'gated',
          arms: node.arms.map((arm) => [gateRow(arm.gate), this.numberOf(arm.node)]),
          otherwise: this.numberOf(node.otherwise),
        }
      case 'pure':
        return pureRow(node)
      case 'lazy':
        return { k: 'lazy', of: this.numberOf(node.get()) }
      case 'imap':
        return viewRow(node)
      case 'until':
        return {
          k: 'until',
          mark: this.numberOf(node.mark),
          more: String(node.next),
          last: String(node.end),
          of: this.numberOf(node.item),
          e: words.oneMoreOrEnd(node),
        }
      case 'framed':
        return { k: 'framed', of: this.numberOf(node.inner) }
      case 'span':
        return this.#rowOf(node.inner)
    }
  }

  #structRow({ fields }: StructNode): Row {
    return {
      k: 'struct',
      fields: fields.map(({ key, node, fixed }) => [
        String(key),
        this.numberOf(node),
        ...(fixed === undefined ? [] : [fixedRow(fixed)]),
      ]),
    }
  }

  #sequenceRow(node: SequenceNode): Row {
    if (node.kind === 'map') {
      const { key, item, count } = node
      return { k: 'map', key: this.numberOf(key), of: this.numberOf(item), count: this.numberOf(count) }
    }
    const of = this.numberOf(node.item)
    return node.count === 'toEnd' ? { k: 'list', of } : { k: 'list', of, count: this.numberOf(node.count) }
  }

  #choiceRow(node: ChoiceNode): Row {
    const { tag, cases, rest, shape } = node
    const [first] = cases
    return {
      k: 'choice',
      tag: this.numberOf(tag),
      cases: Object.fromEntries(
        cases.map(({ name, tag: mark, body }) => [
          String(mark),
          body === undefined ? [name] : [name, this.numberOf(body)],
        ]),
      ),
      ...(shape._tag === 'tagged' ? { key: shape.key } : {}),
      ...(shape._tag === 'option' && first !== undefined ? { none: String(first.tag) } : {}),
      ...(rest === 'tag' ? { open: true } : {}),
      ...(typeof rest === 'object' ? { rest: [rest.name, rest.key, this.numberOf(rest.body)] } : {}),
      e: words.oneOfCases(node),
    }
  }
}

const highest = 2n ** 64n - 1n

/** Both halves of an integer: a number in Lua is not exact beyond 2^53. */
const halves = (max: bigint): LuaValue => [Number(max >> 32n), Number(max & 0xffff_ffffn)]

const maxOf = (max: bigint): LuaTable =>
  max === highest ? {} : { max: halves(max), e: words.integerUpTo(max) }

const intRow = (k: Kind, { max, keepBits }: IntNode): Row => ({
  k,
  ...maxOf(max),
  ...(keepBits === undefined ? {} : { keep: 2 ** keepBits }),
})

const boolRow = ({ max, strict }: BoolNode): Row => ({ k: 'bool', ...maxOf(strict ? 1n : max) })

const bytesRow = ({ length }: BytesNode): Row => ({
  k: 'bytes',
  ...(length === 'padded' ? { padded: true } : {}),
  ...(typeof length === 'number' ? { length } : {}),
})

const textRow = ({ encoding, optional }: TextNode): Row => ({
  k: 'text',
  ...(encoding === 'utf8' ? { strict: true } : {}),
  ...(optional ? { optional } : {}),
})

/** Whether a view is more than the node inside. */
const hasRow = (node: ImapNode): boolean => {
  const inner = innermost(node)
  return inner._tag === 'text' ? isOptionalView(node) : inner._tag === 'int' && intView(node, inner) !== null
}

const innermost = ({ inner }: ImapNode): Node => (inner._tag === 'imap' ? innermost(inner) : inner)

const viewRow = (node: ImapNode): Row => {
  const inner = innermost(node)
  if (inner._tag === 'text') {
    return { ...textRow(inner), optional: true }
  }
  const view = inner._tag === 'int' ? intView(node, inner) : null
  if (inner._tag !== 'int' || view === null) {
    throw new TypeError('a view without a row')
  }
  switch (view._tag) {
    case 'version':
      return intRow('version', inner)
    case 'signed': {
      const most = 2n ** BigInt(view.bits - 1) - 1n
      return { k: 'signed', bits: view.bits, e: `an integer from ${-most - 1n} to ${most}` }
    }
    case 'flags':
      return {
        ...intRow('flags', inner),
        flags: view.bits.map(([name, bit]) => [name, bit < 32 ? 0 : 1, 2 ** (bit % 32)]),
      }
  }
}

const fixedRow = ({ value, ignored }: NonNullable<FieldNode['fixed']>): LuaTable => ({
  ...(ignored || isNotPlain(value)
    ? {}
    : {
        value: String(value),
        e: words.fixedAndFound(value, value)[0],
        ...(words.isMagic(value) ? { hex: true } : {}),
      }),
})

const isNotPlain = (value: unknown): boolean => value === null || typeof value === 'object'

const gateRow = (gate: Gate): LuaValue => {
  switch (gate._tag) {
    case 'since':
    case 'before':
      return [gate._tag, versionBits(gate.version)]
    case 'feature':
      return ['feature', gate.feature]
    case 'allOf':
    case 'anyOf':
      return [gate._tag, ...gate.gates.map(gateRow)]
    case 'not':
      return ['not', gateRow(gate.gate)]
  }
}

const pureRow = ({ value, like }: PureNode): Row => ({ k: 'pure', ...shownRow(value, like) })

/** The value shown for one that is not sent; nothing if it is not a single word. */
const shownRow = (value: unknown, like: Node | undefined): LuaTable => {
  if (like?._tag === 'imap' && typeof value !== 'string') {
    return shownRow(innerValue(like, value), like.inner)
  }
  if (like?._tag === 'gated') {
    return shownRow(value, like.arms[0]?.node)
  }
  if (like?._tag === 'span') {
    return shownRow((value as { readonly value: unknown }).value, like.inner)
  }
  switch (typeof value) {
    case 'boolean':
      return { type: 'bool', value }
    case 'number':
    case 'bigint':
      return value < 0 || like?._tag === 'choice' ? {} : { type: 'uint64', value: String(value) }
    case 'string':
      return { type: 'string', value }
    default:
      return isOption(value) && value._tag === 'Some'
        ? shownRow(value.value, like?._tag === 'choice' ? like.cases.at(-1)?.body : like)
        : {}
  }
}

const isOption = (value: unknown): value is { readonly _tag: unknown; readonly value?: unknown } =>
  typeof value === 'object' && value !== null && '_tag' in value
