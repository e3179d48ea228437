import { isRight } from 'fp-ts/lib/Either.js'
import { none, some } from 'fp-ts/lib/Option.js'
import { greatestOf } from '../../combinators/greatest.js'
import type {
  ChoiceNode,
  ImapNode,
  LazyNode,
  ListNode,
  ResolvedNode,
  SequenceNode,
  StructNode,
  UntilNode,
} from '../../combinators/node.js'
import { caseOfTag, compareValues } from '../../combinators/order.js'
import type { Protocol } from '../../combinators/protocol.js'
import { viewOf } from '../../combinators/view.js'
import { writtenBytes } from '../../combinators/written.js'
import { bools, byteStrings, integers, type Leaf, type Shown, texts } from './instance-leaves.js'
import { generator, oneOf, type Random } from './random.js'

/** A value of a grammar, and what is special about it. */
export interface Instance {
  readonly value: unknown
  /** The place in the grammar that it is about: `info.references[]`; empty for the whole. */
  readonly place: string
  /** The value at that place, in words. */
  readonly what: string
  /** Whether it has parts that others lack: another case, more items. */
  readonly opens: boolean
  /** The classes of mistakes that it shows. */
  readonly shows: ReadonlyArray<Shown>
}

type Instances = ReadonlyArray<Instance>

/** The most levels of recursion. */
const mostLevels = 3

/** If a view rejects all values that differ in one place, this many are tried that differ in several. */
const mostTries = 300

/**
 * Values of a node, one for each variation in one place: the first is the usual one, and each other differs from it in
 * one place. No randomness is used: the same grammar has the same values in every version.
 */
export const instancesOf = (
  node: ResolvedNode,
  protocol: Protocol,
  given: GivenValues = new Map(),
): Instances => new Maker(protocol, given).of(node, 0, true)

/** The values of some nodes, which are not made up. */
export type GivenValues = ReadonlyMap<ResolvedNode, ReadonlyArray<unknown>>

const at = (step: string, { place, ...rest }: Instance): Instance => ({
  ...rest,
  place: place === '' ? step : place.startsWith('[') ? `${step}${place}` : `${step}.${place}`,
})

/** A variation of a value as a whole. */
const about = (value: unknown, what: string, opens: boolean, shows: ReadonlyArray<Shown> = []): Instance => ({
  value,
  what,
  place: '',
  opens,
  shows,
})

/** The mistakes that ordered items show: in their order, and those that each shows. */
const shownBy = (...items: ReadonlyArray<Instance>): ReadonlyArray<Shown> => [
  ...new Set<Shown>(['order-kept', ...items.flatMap(({ shows }) => shows)]),
]

const asIs = ({ value, what, shows }: Leaf): Instance => about(value, what, false, shows)

const withValue = (instance: Instance, value: unknown): Instance => ({ ...instance, value })

class Maker {
  readonly #protocol: Protocol
  readonly #given: GivenValues
  readonly #known = new Map<ResolvedNode, Map<string, Instances>>()

  constructor(protocol: Protocol, given: GivenValues) {
    this.#protocol = protocol
    this.#given = given
  }

  /** `isWhole`: the node is the whole grammar, and so gets all variations. */
  of(node: ResolvedNode, level: number, isWhole: boolean): Instances {
    const ofNode = this.#known.get(node) ?? new Map<string, Instances>()
    this.#known.set(node, ofNode)
    const key = `${level} ${isWhole}`
    const found = ofNode.get(key) ?? this.#made(node, level, isWhole)
    ofNode.set(key, found)
    return found
  }

  #made(node: ResolvedNode, level: number, isWhole: boolean): Instances {
    const given = this.#given.get(node)
    if (given !== undefined) {
      return given.map((value, i) => about(value, `value ${i + 1} that is given`, false))
    }
    switch (node._tag) {
      case 'int':
        return integers(node, isWhole).map(asIs)
      case 'bool':
        return bools.map(asIs)
      case 'bytes':
        return byteStrings(node, isWhole).map(asIs)
      case 'text':
        return texts(node, this.#protocol, isWhole).map(asIs)
      case 'struct':
        return this.#struct(node, level, isWhole)
      case 'sequence':
        return this.#sequence(node, level)
      case 'until':
        return this.#list(node, level)
      case 'choice':
        return this.#choice(node, level)
      case 'pure':
        return [about(node.value, 'nothing', false)]
      case 'lazy':
        return this.#lazy(node, level, isWhole)
      case 'imap':
        return this.#imap(node, level, isWhole)
      case 'framed':
        return this.of(node.inner, level, isWhole)
      case 'span':
        return this.of(node.inner, level, isWhole).map((each) =>
          withValue(each, {
            value: each.value,
            bytes: writtenBytes(node.inner, this.#protocol, each.value),
          }),
        )
    }
  }

  #struct({ shape, fields }: StructNode<ResolvedNode>, level: number, isWhole: boolean): Instances {
    const free = fields.filter(({ fixed }) => fixed === undefined)
    const members = free.map(({ key, node }) => ({
      key,
      instances: this.of(node, level, isWhole && free.length === 1),
    }))
    if (members.some(({ instances }) => instances.length === 0)) {
      return []
    }
    const made = (values: ReadonlyArray<unknown>): unknown =>
      shape === 'tuple' ? values : Object.fromEntries(members.map(({ key }, i) => [key, values[i]]))
    const usual = members.map(({ instances }) => instances[0]!.value)
    const others = members.flatMap(({ key, instances }, i) =>
      instances
        .slice(1)
        .map((each) =>
          at(shape === 'tuple' ? `[${key}]` : String(key), withValue(each, made(usual.with(i, each.value)))),
        ),
    )
    const [only] = members.length === 1 ? members : []
    return [
      only === undefined
        ? about(made(usual), 'the usual value', false)
        : at(
            shape === 'tuple' ? `[${only.key}]` : String(only.key),
            withValue(only.instances[0]!, made(usual)),
          ),
      ...others,
    ]
  }

  #sequence(node: SequenceNode<ResolvedNode>, level: number): Instances {
    if (node.kind === 'list') {
      return this.#list(node, level)
    }
    const keys = node.kind === 'map' ? this.of(node.key, level, false) : []
    const items = this.of(node.item, level, false)
    const isMap = node.kind === 'map'
    const empty = about(isMap ? new Map() : [], 'empty', false, ['empty'])
    const [key, item] = [keys[0], items[0]]
    if (item === undefined || (isMap && key === undefined)) {
      return [empty]
    }
    const some = isMap ? keys : items
    const several = sorted(isMap ? node.key : node.item, this.#protocol, some)
      .slice(0, Math.min(4, Number(greatestOf(node.count))))
      .map(({ value }) => value)
    const of = (values: ReadonlyArray<unknown>): unknown =>
      isMap ? new Map(values.map((each) => [each, item.value])) : values
    return [
      about(of([some[0]!.value]), 'one item', true),
      empty,
      ...some.slice(1).map((each) => at('[]', withValue(each, of([each.value])))),
      ...(isMap
        ? items.slice(1).map((each) => at('[]', withValue(each, new Map([[key!.value, each.value]]))))
        : []),
      ...(several.length < 2 ? [] : [about(of(several), `${several.length} items`, true)]),
    ]
  }

  #list(node: ListNode<ResolvedNode> | UntilNode<ResolvedNode>, level: number): Instances {
    const items = this.of(node.item, level, false)
    const [first, second = first] = items
    const empty = about([], 'empty', false, ['empty'])
    if (first === undefined || second === undefined) {
      return [empty]
    }
    const last = items.at(-1)!
    const most = node._tag === 'until' || node.count === 'toEnd' ? 3n : greatestOf(node.count)
    return [
      about([first.value], 'one item', true),
      empty,
      ...items.slice(1).map((each) => at('[]', withValue(each, [each.value]))),
      ...(most < 2n ? [] : [about([second.value, first.value], 'two items', true, shownBy(second, first))]),
      ...(most < 3n
        ? []
        : [about([first.value, last.value, first.value], 'three items', false, shownBy(first, last))]),
    ]
  }

  #choice(node: ChoiceNode<ResolvedNode>, level: number): Instances {
    const ofCases = node.cases.flatMap(({ name, body }, i) => {
      const bodies = body === undefined ? [null] : this.of(body, level, false)
      return bodies.flatMap((each, j): Instances => {
        const value = valueOfCase(node, name, i, each)
        return [
          each === null || j === 0
            ? about(value, `the case ${name}`, true, each?.shows)
            : withValue(each, value),
        ]
      })
    })
    const others = this.#others(node, level)
    // An absent option tests least, so a present one comes first.
    const isOption = node.shape._tag === 'option' && ofCases.length > 1
    return isOption ? [ofCases[1]!, ofCases[0]!, ...ofCases.slice(2), ...others] : [...ofCases, ...others]
  }

  /** A tag that no case has. */
  #others({ rest, shape, tag, cases, ...node }: ChoiceNode<ResolvedNode>, level: number): Instances {
    if (rest === undefined || shape._tag === 'option') {
      return []
    }
    const free =
      tag._tag === 'int'
        ? integers(tag, false).filter(
            ({ value }) => caseOfTag({ ...node, rest, shape, tag, cases }, value) === undefined,
          )
        : texts(tag, this.#protocol, false).filter(({ value }) => cases.every((each) => each.tag !== value))
    return free.slice(0, 2).flatMap(({ value, what }): Instances => {
      if (typeof rest !== 'object') {
        return [about(value, `no case: ${what}`, false)]
      }
      const [body] = this.of(rest.body, level, false)
      return body === undefined || shape._tag !== 'tagged'
        ? []
        : [
            about(
              { [shape.key]: rest.name, [rest.key]: value, ...(body.value as object) },
              `no case: ${what}`,
              true,
            ),
          ]
    })
  }

  #lazy(node: LazyNode<ResolvedNode>, level: number, isWhole: boolean): Instances {
    return level >= mostLevels ? [] : this.of(node.get(), level + 1, isWhole)
  }

  #imap(node: ImapNode<ResolvedNode>, level: number, isWhole: boolean): Instances {
    const inner = this.of(node.inner, level, isWhole)
    const made = inner.flatMap((each) => this.#viewed(node, each))
    return made.length > 1 || inner.length < 2 ? made : [...made, ...this.#tried(node, level)]
  }

  #viewed(node: ImapNode<ResolvedNode>, instance: Instance): Instances {
    const { from, to, nearest } = viewOf(node)
    const outer = from(instance.value)
    const taken = isRight(outer) || nearest === undefined ? outer : from(nearest(instance.value))
    return isRight(taken) && isRight(to(taken.right)) ? [withValue(instance, taken.right)] : []
  }

  /** Values of a view that only accepts matching variations in several places. */
  #tried(node: ImapNode<ResolvedNode>, level: number): Instances {
    const random = generator(1)
    const found: Array<Instance> = []
    for (let i = 0; i < mostTries && found.length < 6; i++) {
      const value = this.#mixed(node.inner, level, random)
      const what = `values that agree, ${found.length + 1}`
      const [viewed] = value === undefined ? [] : this.#viewed(node, about(value, what, true))
      if (viewed !== undefined) {
        found.push(viewed)
      }
    }
    return found
  }

  /** A value that may differ from the usual one in every field. */
  #mixed(node: ResolvedNode, level: number, random: Random): unknown {
    if (node._tag !== 'struct') {
      return oneOf(this.of(node, level, false), random)?.value
    }
    const values = node.fields
      .filter(({ fixed }) => fixed === undefined)
      .map((field) => [field.key, this.#mixed(field.node, level, random)] as const)
    return node.shape === 'tuple' ? values.map(([, value]) => value) : Object.fromEntries(values)
  }
}

const valueOfCase = (
  { shape }: ChoiceNode<ResolvedNode>,
  name: string,
  i: number,
  body: Instance | null,
): unknown => {
  switch (shape._tag) {
    case 'enum':
      return name
    case 'option':
      return i === 0 ? none : some(body === null ? name : body.value)
    case 'tagged':
      return { [shape.key]: name, ...((body?.value ?? {}) as object) }
  }
}

/** In ascending order, without duplicates. */
const sorted = (node: ResolvedNode, protocol: Protocol, instances: Instances): Instances => {
  const all = [...instances].sort((a, b) => compareValues(node, protocol, a.value, b.value))
  return all.filter(
    ({ value }, i) => i === 0 || compareValues(node, protocol, all[i - 1]!.value, value) !== 0,
  )
}
