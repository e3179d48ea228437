import fc from 'fast-check'
import { isRight } from 'fp-ts/lib/Either.js'
import { gatesIn } from '../../combinators/asked.js'
import { type Gate, leavesOf } from '../../combinators/gate.js'
import { type AnyGrammar, type Grammar, grammarOf, type Node } from '../../combinators/node.js'
import type { Agreed, Protocol } from '../../combinators/protocol.js'
import { type ProtocolVersion, versionBits, versionFromBits } from '../../combinators/version.js'
import { valueAt } from '../../conversation/machine/scope.js'
import type { Delimiter, FlowNode, Label, SaysNode } from '../../conversation/node.js'
import { flowsIn } from '../../conversation/parts.js'
import { bounded } from '../arbitrary/edged.js'
import { type ArbitraryOptions, arbitraryOptions, type Supply, toArbitrary } from '../arbitrary/index.js'
import { NoValues } from '../arbitrary/no-values.js'
import type { MadeSessionOptions } from './options.js'
import { armOf, labelled, placed } from './placed.js'
import { type Lacking, lackingTurn, type WantedTurns, wantedTurns } from './wanted-turns.js'

/** What a message must be, so that the conversation takes the wanted course. */
export type Wish =
  /** This label at a place. */
  | { readonly _tag: 'label'; readonly fields: ReadonlyArray<string>; readonly label: Label }
  /** None of these labels. */
  | { readonly _tag: 'other'; readonly fields: ReadonlyArray<string>; readonly labels: ReadonlyArray<Label> }
  /** A number in these bounds at a place. */
  | {
      readonly _tag: 'number'
      readonly fields: ReadonlyArray<string>
      readonly from: number
      readonly to: number
    }
  /** No longer than this. */
  | { readonly _tag: 'most'; readonly most: number }
  /** Something that leads to this protocol, if that can be seen. */
  | { readonly _tag: 'hint'; readonly agreed: Partial<Agreed> }

type Values = fc.Arbitrary<unknown>

const lengthOf = (value: unknown): number => (value as { readonly length?: number }).length ?? 0

/** Makes the messages of sessions. */
export class Maker {
  readonly options: MadeSessionOptions
  /** The versions and features on which the flow depends. */
  readonly asked: {
    readonly versions: ReadonlyArray<ProtocolVersion>
    readonly features: ReadonlyArray<string>
  }
  readonly #turns: WantedTurns
  readonly #values: ArbitraryOptions
  readonly #known = new Map<Node, Map<string, Values>>()
  readonly #contents = new Map<Delimiter | null, fc.Arbitrary<Uint8Array>>()

  constructor(flow: FlowNode, options: MadeSessionOptions) {
    this.options = options
    this.#turns = wantedTurns(flow, options.turns)
    this.asked = askedBy(flow)
    this.#values = Object.fromEntries(
      Object.entries(options).filter(([name]) => Object.hasOwn(arbitraryOptions, name)),
    )
  }

  /** The first turn that is wanted and that the protocol lacks; null if there is none. */
  lacking(protocol: Partial<Protocol>): Lacking | null {
    return lackingTurn(this.#turns, protocol)
  }

  /** The same arbitrary for the same wishes, so that an earlier value can be recognised as fitting. */
  word(
    { key, grammar }: Pick<SaysNode, 'key' | 'grammar'>,
    protocol: Partial<Protocol>,
    wishes: ReadonlyArray<Wish>,
  ): Values {
    const known = this.#known.get(grammar.node) ?? new Map<string, Values>()
    this.#known.set(grammar.node, known)
    const id = JSON.stringify([key, protocol, wishes], (_, each) =>
      typeof each === 'bigint' ? `${each}n` : each,
    )
    const found = known.get(id)
    if (found !== undefined) {
      return found
    }
    const { words = {} } = this.options
    const given = Object.hasOwn(words, key) ? words[key] : undefined
    const made = given ?? this.#wished(grammar, protocol, wishes)
    const fitting = wishes.reduce((values, wish) => held(key, values, wish), made)
    known.set(id, fitting)
    return fitting
  }

  /** @throws NoValues for bytes whose end is not known. */
  content(delimiter: Delimiter | null): fc.Arbitrary<Uint8Array> {
    const found = this.#contents.get(delimiter)
    if (found !== undefined) {
      return found
    }
    const made = delimiter === null ? toArbitrary(restOf, {}, { large: false }) : this.#given(delimiter)
    this.#contents.set(delimiter, made)
    return made
  }

  #given({ name }: Delimiter): fc.Arbitrary<Uint8Array> {
    const { contents = {} } = this.options
    const given = Object.hasOwn(contents, name) ? contents[name] : undefined
    if (given === undefined) {
      throw new NoValues(
        `the bytes of ${name} find their own end, so they cannot be made up`,
        `supply an arbitrary, { contents: { ${JSON.stringify(name)}: … } }`,
      )
    }
    return given
  }

  /** Values of the grammar, with as many of the wishes as can be built into it. */
  #wished(grammar: AnyGrammar, protocol: Partial<Protocol>, wishes: ReadonlyArray<Wish>): Values {
    const given: Array<Supply> = []
    const supplied = (at: Node, values: Values): Node => {
      const fresh = { ...at }
      given.push({ grammar: { node: fresh }, values: () => values })
      return fresh
    }
    const node = wishes.reduce<Node>(
      (each, wish) => withWish(each, wish, protocol, supplied) ?? each,
      grammar.node,
    )
    // The values follow the node.
    return toArbitrary(grammarOf(node) as Grammar<unknown>, protocol, {
      large: false,
      ...this.#values,
      given: [...(this.#values.given ?? []), ...given],
    })
  }
}

const restOf = grammarOf<Uint8Array>({ _tag: 'bytes', length: 'toEnd' })

/** Null if the wish cannot be built into the grammar: then most values are dropped. */
const withWish = (
  node: Node,
  wish: Wish,
  protocol: Partial<Protocol>,
  supplied: (at: Node, values: Values) => Node,
): Node | null => {
  const agreed = protocol as Agreed
  switch (wish._tag) {
    case 'label':
      return labelled(node, wish.fields, wish.label, agreed, (at) => supplied(at, fc.constant(wish.label)))
    case 'number':
      return placed(node, wish.fields, agreed, (at) =>
        at._tag === 'int' ? supplied(at, numbers(at.value, wish.from, wish.to)) : null,
      )
    case 'hint':
      return hinted(node, wish.agreed, agreed, supplied)
    case 'other':
    case 'most':
      return null
  }
}

const numbers = (value: 'number' | 'bigint', min: number, max: number): Values =>
  value === 'number' ? fc.integer({ min, max }) : fc.bigInt({ min: BigInt(min), max: BigInt(max) })

/** Values that meet the wish, whatever was generated. */
const held = (key: string, values: Values, wish: Wish): Values => {
  switch (wish._tag) {
    case 'label': {
      const { label, fields } = wish
      const has = (value: unknown) => valueAt(value, [key, ...fields]) === label
      return bounded(values, has, `no ${key} has ${String(label)} at ${[key, ...fields].join('.')}`)
    }
    case 'other': {
      const { labels, fields } = wish
      const has = (value: unknown) => !labels.includes(valueAt(value, [key, ...fields]) as Label)
      return bounded(values, has, `each ${key} is one of the cases at ${[key, ...fields].join('.')}`)
    }
    case 'number': {
      const { from, to, fields } = wish
      // A case may lack the field.
      const has = (value: unknown) => {
        const at = valueAt(value, [key, ...fields])
        return at === undefined || (Number(at) >= from && Number(at) <= to)
      }
      return bounded(
        values,
        has,
        `no ${key} has a number from ${from} to ${to} at ${[key, ...fields].join('.')}`,
      )
    }
    case 'most':
      return bounded(values, (value) => lengthOf(value) <= wish.most, `no ${key} is as short as ${wish.most}`)
    case 'hint':
      return values
  }
}

/** Wanted versions and features, in a grammar that can contain them; null if it cannot. */
const hinted = (
  root: Node,
  { version, features }: Partial<Agreed>,
  agreed: Agreed,
  supplied: (at: Node, values: Values) => Node,
): Node | null => {
  const change = (node: Node): Node => {
    switch (node._tag) {
      case 'imap':
        return version !== undefined && isOf(node, version) ? supplied(node, fc.constant(version)) : node
      case 'gated':
        return change(armOf(node, agreed))
      case 'struct':
        return { ...node, fields: node.fields.map((field) => ({ ...field, node: change(field.node) })) }
      case 'sequence':
        return features !== undefined &&
          node.kind !== 'map' &&
          node.item._tag === 'text' &&
          node.item.format === null
          ? supplied(node, fc.constant(features))
          : node
      default:
        return node
    }
  }
  const made = change(root)
  return made
}

const isOf = ({ to }: Extract<Node, { readonly _tag: 'imap' }>, value: unknown): boolean => {
  try {
    return isRight(to(value as never))
  } catch {
    // The value does not belong to this view.
    return false
  }
}

const askedBy = (flow: FlowNode): Maker['asked'] => {
  const gates = new Set<Gate>()
  for (const node of flowsIn(flow)) {
    const own =
      node._tag === 'gated' ? [node.gate] : node._tag === 'branch' ? gatesOfCases(node.cases.values()) : []
    const inside = node._tag === 'says' ? gatesIn(node.grammar.node) : []
    for (const gate of [...own, ...inside]) {
      gates.add(gate)
    }
  }
  const leaves = [...gates].flatMap(leavesOf)
  const bits = leaves.flatMap((leaf) => (leaf._tag === 'feature' ? [] : [versionBits(leaf.version)]))
  const around = bits.flatMap((each) => [each - 1, each]).filter((each) => each >= 0)
  return {
    versions: [...new Set(around)].sort((a, b) => a - b).map(versionFromBits),
    features: [...new Set(leaves.flatMap((leaf) => (leaf._tag === 'feature' ? [leaf.feature] : [])))].sort(),
  }
}

const gatesOfCases = (cases: Iterable<{ readonly gate: Gate | null }>): ReadonlyArray<Gate> =>
  [...cases].flatMap(({ gate }) => (gate === null ? [] : [gate]))
