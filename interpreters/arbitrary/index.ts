import fc from 'fast-check'
import { none, some } from 'fp-ts/lib/Option.js'
import { greatestOf } from '../../combinators/greatest.js'
import { isInfinite } from '../../combinators/infinite.js'
import {
  type AnyGrammar,
  type CaseNode,
  type ChoiceNode,
  type Grammar,
  type LazyNode,
  nameInIssues,
  nodeName,
  nodeOf,
  type ResolvedNode,
  type SequenceNode,
  type StructNode,
} from '../../combinators/node.js'
import { checkOptions } from '../../combinators/options.js'
import type { Protocol } from '../../combinators/protocol.js'
import { protocolFor } from '../../combinators/protocol-for.js'
import { resolvedWith } from '../../combinators/resolved.js'
import { bounds } from '../../combinators/size.js'
import { Chains, type Values } from './chains.js'
import { Growth, growing, grown } from './growth.js'
import { byteStrings, integers } from './leaves.js'
import { manyItems } from './lengths.js'
import { NoValues } from './no-values.js'
import { type ArbitraryOptions, arbitraryOptions, type Supply } from './options.js'
import { otherTags } from './other-tags.js'
import { largeMaps, largeSets, mapped, maps, sets, spans } from './structures.js'
import { Texts } from './texts.js'

export { type ArbitraryOptions, arbitraryOptions, type Supply, supply } from './options.js'

/** The name of a view: its own, or that of the grammar inside and of its rule. */
const nameOf = (node: ResolvedNode): string =>
  node.name === undefined && node.summary !== undefined
    ? `${nameInIssues(node)} (${node.summary})`
    : nodeName(node)

/**
 * A fast-check arbitrary for the values of a grammar. The values are canonical: they encode, and decode to themselves
 * again. Sets and maps are in order and without duplicates; a field whose gate does not hold has its default.
 *
 * Values that often reveal bugs are frequent: 0, the bound, 2^53 and its neighbours; the empty text, the longest
 * name, `__proto__`, U+FEFF, escapes of bytes that are not UTF-8; lengths around a multiple of 8. One value in twelve
 * has one large part. Shrinking leads to small values of the same grammar.
 *
 * ```ts
 * import { toArbitrary } from 'nix-wire/laws'
 * import { compile, setOf, struct, u64, utf8 } from 'nix-wire'
 * import { either as E } from 'fp-ts'
 * import fc from 'fast-check'
 *
 * const Tagged = struct('Tagged', { size: u64, tags: setOf(utf8) })
 * const codec = compile(Tagged)
 * fc.assert(fc.property(toArbitrary(Tagged), (value) => E.isRight(codec.encode(value))))
 *
 * fc.check(fc.property(toArbitrary(Tagged), ({ size }) => size < 1000n)).counterexample
 * // => [{ size: 1000n, tags: [] }]
 * ```
 *
 * Texts come from the pattern of their format, or from its `texts`. Values of an `imap` or `refine` are made from
 * random values of the inner grammar: those that it accepts. If it accepts none of ten thousand, the arbitrary throws
 * and names the grammar, for which you then supply values yourself (`given`).
 *
 * @throws TypeError for a text format without a pattern and without `texts`; RangeError for an invalid protocol.
 */
export const toArbitrary = <A>(
  grammar: Grammar<A>,
  given: Partial<Protocol> = {},
  options: ArbitraryOptions = {},
): fc.Arbitrary<A> => {
  const node = nodeOf('what toArbitrary takes', grammar, 'toSessions')
  checkOptions('toArbitrary', arbitraryOptions, options)
  const builder = new Builder(grammar, protocolFor('toArbitrary', node, given), options)
  const values = builder.values(builder.root, 0)
  if (values === null) {
    throw new NoValues(
      isInfinite(node)
        ? `${nodeName(node)} has no finite value: each value contains another one`
        : `a value of ${nodeName(node)} needs more levels of recursion than are allowed`,
    )
  }
  const { large = true } = options
  // The values follow the node, which is that of a grammar of A.
  return (large ? grown(builder.growth, values, oneLargeIn) : values) as fc.Arbitrary<A>
}

const oneLargeIn = 12

const usualDepth = 4
const usualItems = 8
/** The least bytes that the items of a large collection may take. */
const mostBytes = 2 ** 15
/** The depths of chains: more than a decoder with few levels expects, and the limit. */
const chainDepths = [10, 64]

class Builder {
  readonly growth = new Growth()
  #chained: Chains | null = null
  readonly #protocol: Protocol
  readonly #options: ArbitraryOptions
  /** The supplied arbitraries, by the node that stands for each here. */
  readonly #supplied: ReadonlyMap<ResolvedNode, Supply>
  readonly root: ResolvedNode
  readonly #texts: Texts
  readonly #lazy = new Map<LazyNode<ResolvedNode>, Array<Values>>()

  constructor(grammar: AnyGrammar, given: Protocol, options: ArbitraryOptions) {
    this.#protocol = given
    this.#options = options
    this.#texts = new Texts(given, options.formats ?? {}, this.growth)
    const supplies = new Map(options.given?.map((each) => [each.grammar.node, each]))
    const { node, marks } = resolvedWith(grammar, given, supplies)
    this.root = node
    this.#supplied = marks
  }

  /** `level` is how many lazy grammars are around the node. */
  values(node: ResolvedNode, level: number): Values {
    const supplied = this.#supplied.get(node)
    return supplied === undefined ? this.#made(node, level) : supplied.values(this.#protocol)
  }

  #made(node: ResolvedNode, level: number): Values {
    switch (node._tag) {
      case 'int':
        return integers(node)
      case 'bool':
        return fc.boolean()
      case 'bytes':
        return byteStrings(node, this.growth)
      case 'text':
        return this.#texts.values(node)
      case 'struct':
        return this.#struct(node, level)
      case 'sequence':
        return this.#sequence(node, level)
      case 'choice':
        return this.#choice(node, level)
      case 'pure':
        return fc.constant(node.value)
      case 'lazy':
        return this.#lazyValues(node, level)
      case 'imap': {
        const inner = this.values(node.inner, level)
        return inner === null ? null : mapped(node, inner, this.#protocol, nameOf(node))
      }
      case 'until':
        return this.#list(node.item, level, Number.POSITIVE_INFINITY)
      case 'framed':
        return this.values(node.inner, level)
      case 'span': {
        const inner = this.values(node.inner, level)
        return inner === null ? null : spans(node, inner, this.#protocol)
      }
    }
  }

  #struct({ shape, fields }: StructNode<ResolvedNode>, level: number): Values {
    const members: Array<readonly [string | number, fc.Arbitrary<unknown>]> = []
    for (const { key, node, fixed } of fields) {
      const values = fixed === undefined ? this.values(node, level) : fc.constant(null)
      if (values === null) {
        return null
      }
      if (fixed === undefined) {
        members.push([key, values])
      }
    }
    return shape === 'tuple'
      ? fc.tuple(...members.map(([, values]) => values))
      : fc.record(Object.fromEntries(members), { noNullPrototype: true })
  }

  #sequence(node: SequenceNode<ResolvedNode>, level: number): Values {
    const most = node.count === 'toEnd' ? Number.POSITIVE_INFINITY : Number(greatestOf(node.count))
    if (node.kind === 'list') {
      return this.#list(node.item, level, most)
    }
    const maxLength = Math.min(most, this.#items(level))
    const item = this.values(node.item, level)
    if (node.kind === 'set') {
      return item === null
        ? fc.constant([])
        : this.#crowded(sets(node.item, item, this.#protocol, maxLength), [node.item], level, most, (items) =>
            largeSets(node.item, items, this.#protocol),
          )
    }
    const key = this.values(node.key, level)
    return key === null || item === null
      ? fc.constant(new Map())
      : this.#crowded(
          maps(node.key, key, item, this.#protocol, maxLength),
          [node.key, node.item],
          level,
          most,
          (entries) =>
            largeMaps(
              node.key,
              entries as fc.Arbitrary<ReadonlyArray<readonly [unknown, unknown]>>,
              this.#protocol,
            ),
        )
  }

  /** Collections that may be large; a large one has small items or entries. */
  #crowded(
    small: fc.Arbitrary<unknown>,
    parts: ReadonlyArray<ResolvedNode>,
    level: number,
    most: number,
    of: (items: fc.Arbitrary<ReadonlyArray<unknown>>) => fc.Arbitrary<unknown>,
  ): fc.Arbitrary<unknown> {
    if (this.#options.items !== undefined) {
      return small
    }
    const size = parts.reduce((sum, part) => sum + bounds(part).min, 0)
    const limit = Math.min(most, Math.floor(mostBytes / Math.max(size, 1)))
    return growing(this.growth, 'items', small, () => {
      const deep = Math.max(level, (this.#options.depth ?? usualDepth) - 1)
      const values = parts.flatMap((part) => this.values(part, deep) ?? [])
      const item =
        values.length < parts.length ? null : values.length === 1 ? values[0]! : fc.tuple(...values)
      const many = item === null ? null : manyItems(item, limit)
      return many === null ? small : of(many)
    })
  }

  #list(item: ResolvedNode, level: number, most: number): fc.Arbitrary<unknown> {
    const values = this.values(item, level)
    return values === null
      ? fc.constant([])
      : this.#crowded(
          fc.array(values, { maxLength: Math.min(most, this.#items(level)) }),
          [item],
          level,
          most,
          (items) => items,
        )
  }

  /** Deeper collections have fewer items, or a tree would never end. */
  #items(level: number): number {
    const { items = usualItems } = this.#options
    return level === 0 ? items : Math.max(1, Math.min(items, usualDepth - level))
  }

  #choice(node: ChoiceNode<ResolvedNode>, level: number): Values {
    const arms = node.cases.flatMap((each, i) => {
      const values = this.#case(node, each, i, level)
      return values === null ? [] : [values]
    })
    const others = this.#others(node, level)
    if (others !== null) {
      arms.push(others)
    }
    return arms.length === 0 ? null : fc.oneof({ withCrossShrink: true }, ...arms)
  }

  /** Values with a tag that no case has. */
  #others(node: ChoiceNode<ResolvedNode>, level: number): Values {
    const { rest, shape } = node
    if (typeof rest !== 'object' || shape._tag !== 'tagged') {
      return rest === undefined ? null : otherTags(node)
    }
    const values = this.values(rest.body, level)
    return values === null
      ? null
      : fc
          .tuple(otherTags(node), values)
          .map(([tag, value]) => ({ [shape.key]: rest.name, [rest.key]: tag, ...(value as object) }))
  }

  #case(
    { shape }: ChoiceNode<ResolvedNode>,
    { name, body }: CaseNode<ResolvedNode>,
    i: number,
    level: number,
  ): Values {
    switch (shape._tag) {
      case 'enum':
        return fc.constant(name)
      case 'tagged': {
        const values = body === undefined ? fc.constant({}) : this.values(body, level)
        return values === null ? null : values.map((value) => ({ [shape.key]: name, ...(value as object) }))
      }
      case 'option': {
        if (i === 0) {
          return fc.constant(none)
        }
        const values = body === undefined ? fc.constant(name) : this.values(body, level)
        return values === null ? null : values.map((value) => some(value))
      }
    }
  }

  #lazyValues(node: LazyNode<ResolvedNode>, level: number): Values {
    if (level >= (this.#options.depth ?? usualDepth)) {
      return null
    }
    const known = this.#lazy.get(node) ?? []
    this.#lazy.set(node, known)
    const values = known[level]
    if (values !== undefined) {
      return values
    }
    const inner = this.values(node.get(), level + 1)
    const made =
      inner === null || level > 0 || this.#options.depth !== undefined
        ? inner
        : growing(this.growth, 'chain', inner, () => this.#chains(node) ?? inner)
    known[level] = made
    return made
  }

  #chains(node: LazyNode<ResolvedNode>): Values {
    this.#chained ??= new Chains({
      ends: (part) => this.values(part, usualDepth) ?? this.values(part, usualDepth - 1),
      isGiven: (part) => this.#supplied.has(part),
      viewed: (part, inner) =>
        part._tag === 'imap'
          ? mapped(part, inner, this.#protocol, nameOf(part))
          : spans(part, inner, this.#protocol),
    })
    const chained = this.#chained
    const chains = chainDepths.flatMap((depth) => chained.from(node, depth) ?? [])
    return chains.length === 0 ? null : fc.oneof(...chains)
  }
}
