import fc from 'fast-check'
import { none, some } from 'fp-ts/lib/Option.js'
import { expectGrammar } from '../../combinators/expect.js'
import { isInfinite } from '../../combinators/infinite.js'
import {
  type AnyGrammar,
  type CaseNode,
  type ChoiceNode,
  type Grammar,
  type LazyNode,
  type Node,
  nameInIssues,
  nodeName,
  nodeOf,
  type ResolvedNode,
  type SequenceNode,
  type StructNode,
} from '../../combinators/node.js'
import { checkOptions, list, number, type OptionChecks, record } from '../../combinators/options.js'
import { mapParts, rewriting } from '../../combinators/parts.js'
import type { Protocol } from '../../combinators/protocol.js'
import { protocolFor } from '../../combinators/protocol-for.js'
import { armUnder, resolved } from '../../combinators/resolved.js'
import { byteStrings, integers } from './leaves.js'
import { otherTags } from './other-tags.js'
import { mapped, maps, sets, spans } from './structures.js'
import { Texts } from './texts.js'

/** What a view is called: its own name, or that of what it views and what it asks for. */
const nameOf = (node: ResolvedNode): string =>
  node.name === undefined && node.summary !== undefined
    ? `${nameInIssues(node)} (${node.summary})`
    : nodeName(node)

/** A grammar and where its values are to come from, wherever it stands inside another. */
export interface Supply {
  readonly grammar: AnyGrammar
  readonly values: (given: Protocol) => fc.Arbitrary<unknown>
}

/** Says where the values of a grammar are to come from; see {@link ArbitraryOptions}. */
export const supply = <A>(
  grammar: Grammar<A>,
  values: fc.Arbitrary<A> | ((given: Protocol) => fc.Arbitrary<A>),
): Supply => {
  expectGrammar('what supply takes', grammar)
  return { grammar, values: typeof values === 'function' ? values : () => values }
}

export interface ArbitraryOptions {
  /**
   * Values of text formats, by the name of the format: for those that have neither a pattern nor texts, or in place of
   * these.
   */
  readonly formats?: { readonly [format: string]: fc.Arbitrary<unknown> }
  /** Arbitraries for grammars inside the grammar, such as a `refine` that few values pass. */
  readonly given?: ReadonlyArray<Supply>
  /** How many levels of recursion there are at most; 4 where nothing is said. */
  readonly depth?: number
  /** The most items of a collection outside recursion; 8 where nothing is said. */
  readonly items?: number
}

/** How each option is checked. */
export const arbitraryOptions: OptionChecks<ArbitraryOptions> = {
  formats: record,
  given: list,
  depth: number,
  items: number,
}

/**
 * Values of a grammar: canonical ones, which are those that encode and decode to themselves. Sets and maps are in
 * order and have nothing twice; where a gate does not hold the value is the one that stands for it.
 *
 * Values where mistakes are likely come often: 0, the bound, 2^53 and its neighbours; the empty text, the longest
 * name, `__proto__`, U+FEFF, escapes of bytes that are not UTF-8; lengths about a multiple of 8. Shrinking leads to
 * small values of the same grammar.
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
 * Texts come from the pattern of their format, or from its `texts`. Values of an `imap`
 * or `refine` are those of the grammar inside that it accepts and gives back; when it accepts none in ten thousand,
 * the arbitrary throws, and says which grammar needs one of its own (`given`).
 *
 * @throws TypeError for a text format it knows nothing of; RangeError for a protocol that cannot work.
 */
export const toArbitrary = <A>(
  grammar: Grammar<A>,
  given: Partial<Protocol> = {},
  options: ArbitraryOptions = {},
): fc.Arbitrary<A> => {
  const node = nodeOf('what toArbitrary takes', grammar)
  checkOptions('toArbitrary', arbitraryOptions, options)
  const builder = new Builder(protocolFor('toArbitrary', node, given), options)
  const values = builder.values(builder.resolved(node), 0)
  if (values === null) {
    throw new TypeError(
      isInfinite(node)
        ? `each value of ${nodeName(node)} holds another one, and none is finite`
        : `a value of ${nodeName(node)} takes more levels of recursion than are allowed`,
    )
  }
  // What is made follows the node, and the node is that of a grammar of A.
  return values as fc.Arbitrary<A>
}

const usualDepth = 4
const usualItems = 8

/** Null: no value without more recursion than is allowed. */
type Values = fc.Arbitrary<unknown> | null

class Builder {
  readonly #protocol: Protocol
  readonly #options: ArbitraryOptions
  readonly #given: ReadonlyMap<Node, Supply>
  /** What was given, by the node that stands for it here. */
  readonly #supplied = new Map<ResolvedNode, Supply>()
  readonly #texts: Texts
  readonly #lazy = new Map<LazyNode<ResolvedNode>, Array<Values>>()

  constructor(given: Protocol, options: ArbitraryOptions) {
    this.#protocol = given
    this.#options = options
    this.#texts = new Texts(given, options.formats ?? {})
    this.#given = new Map(options.given?.map((each) => [each.grammar.node, each]))
  }

  /** A node without gates. What is supplied gets a node of its own, by which it is found. */
  resolved(node: Node): ResolvedNode {
    return rewriting<ResolvedNode>((each, part) => {
      const supply = this.#given.get(each)
      if (supply !== undefined) {
        const own = { ...resolved({ node: each }, this.#protocol).node }
        this.#supplied.set(own, supply)
        return own
      }
      return each._tag === 'gated' ? part(armUnder(each, this.#protocol)) : mapParts(each, part)
    })(node)
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
        return byteStrings(node)
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
    const most = node.count === 'toEnd' ? Number.POSITIVE_INFINITY : Number(node.count.max)
    if (node.kind === 'list') {
      return this.#list(node.item, level, most)
    }
    const maxLength = Math.min(most, this.#items(level))
    const item = this.values(node.item, level)
    if (node.kind === 'set') {
      return item === null ? fc.constant([]) : sets(node.item, item, this.#protocol, maxLength)
    }
    const key = this.values(node.key, level)
    return key === null || item === null
      ? fc.constant(new Map())
      : maps(node.key, key, item, this.#protocol, maxLength)
  }

  #list(item: ResolvedNode, level: number, most: number): fc.Arbitrary<unknown> {
    const values = this.values(item, level)
    return values === null
      ? fc.constant([])
      : fc.array(values, { maxLength: Math.min(most, this.#items(level)) })
  }

  /** Fewer the deeper they are, or a tree would grow without end. */
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

  /** Values whose tag is no case's. */
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
    const made = this.values(node.get(), level + 1)
    known[level] = made
    return made
  }
}
