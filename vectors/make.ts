import { isLeft } from 'fp-ts/lib/Either.js'
import { featureSetsOf, protocolsOf, versionsOf } from '../combinators/deciding.js'
import { expectArray, expectFunction, expectGrammar, expectObject } from '../combinators/expect.js'
import { type AnyGrammar, type Grammar, nodeName } from '../combinators/node.js'
import { checkOptions, type OptionChecks, usual, word } from '../combinators/options.js'
import type { Protocol } from '../combinators/protocol.js'
import { optionOf, protocolFor } from '../combinators/protocol-for.js'
import { resolvedWith } from '../combinators/resolved.js'
import { type Codec, compile } from '../interpreters/compile/index.js'
import { type Json, toJson } from '../interpreters/json/index.js'
import { type Malformed, toMalformed } from '../interpreters/malformed/index.js'
import { type Instance, instancesOf } from '../interpreters/malformed/instances.js'
import { type Breaking, chosen } from './choosing.js'
import { flagsOfRule, flagsOfShown } from './flags.js'
import { idOf, type Vector } from './vector.js'

export interface VectorOptions {
  /** The name of the type. Default: the name of the grammar. */
  readonly type?: string
  /** The protocol to make vectors for. Default: all protocols that make a difference to the grammar. */
  readonly protocol?: Partial<Protocol>
  /**
   * The most messages with a broken rule, for each protocol. Default: 16; 32 for a grammar with only one place; half
   * as many if there are more than four protocols.
   */
  readonly broken?: number
  /** The most valid messages, for each protocol. Default: 12; 24 or half as many in the same cases. */
  readonly valid?: number
  /** Values of inner grammars, such as a `refine` that accepts few: they are used in the place of made-up ones. */
  readonly values?: ReadonlyArray<VectorValues>
}

/** An inner grammar, and its values under a protocol. */
export interface VectorValues {
  readonly grammar: AnyGrammar
  readonly values: (protocol: Protocol) => ReadonlyArray<unknown>
}

const counted = (what: string, value: unknown): void => {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
    throw new RangeError(`${what} must be a whole number of at least 0, not ${String(value)}`)
  }
}

const optionChecks: OptionChecks<VectorOptions> = {
  type: word,
  protocol: usual.protocol,
  broken: counted,
  valid: counted,
  values: (what, value) => {
    expectArray(what, value)
    for (const each of value as ReadonlyArray<Partial<VectorValues>>) {
      expectObject(`each item of ${what}`, each)
      expectGrammar('what vectorsOf has values for', each.grammar)
      expectFunction(`the values of an item of ${what}`, each.values)
    }
  },
}

const usualBroken = 16
const usualValid = 12
const manyProtocols = 4

/** The longest message: a short text can also be one byte too long. */
const longest = 1024

/** The number of values whose messages are broken: the usual one, and those with parts that it lacks. */
const mostBases = 6

/**
 * Test vectors of a grammar: messages, and the right answer for each. They depend on the grammar alone, not on chance
 * or on versions of other packages. Each valid message differs from a simple one in one place; the others have
 * exactly one rule broken.
 *
 * ```ts
 * import { Bool64 } from 'nix-wire/grammar'
 * import { vectorsOf } from 'nix-wire/vectors'
 *
 * const vectors = [...vectorsOf(Bool64)]
 * vectors.filter(({ result }) => result === 'valid').map(({ value, bytes }) => [value, bytes[0]])
 * // => [[true, 1], [false, 0]]
 * const odd = vectors.find(({ result }) => result === 'acceptable')
 * odd && [odd.bytes[0], odd.value, odd.canonical?.[0], odd.flags] // => [2, true, 1, ['bool']]
 * ```
 *
 * They are made lazily.
 *
 * @throws TypeError or RangeError, immediately, for unknown or invalid options and for an invalid protocol.
 */
export const vectorsOf = <A>(grammar: Grammar<A>, options: VectorOptions = {}): Iterable<Vector> => {
  expectGrammar('what vectorsOf takes', grammar)
  checkOptions('vectorsOf', optionChecks, options)
  const { type = nodeName(grammar.node), protocol } = options
  const protocols =
    protocol === undefined
      ? protocolsOf(
          grammar.node,
          versionsOf(grammar.node),
          featureSetsOf(grammar.node),
          undefined,
          optionOf('vectorsOf'),
        )
      : [protocolFor(optionOf('vectorsOf'), grammar.node, protocol)]
  const share = protocols.length > manyProtocols ? 2 : 1
  const usual = { valid: usualValid / share, broken: usualBroken / share }
  return {
    *[Symbol.iterator]() {
      for (const each of protocols) {
        yield* new Making(grammar, each, type).vectors(options, usual)
      }
    },
  }
}

/** The parts of a protocol that a grammar depends on, or was given. */
const askedOf = <A>({ node }: Grammar<A>, { version, features, storeDir }: Protocol): Partial<Protocol> => ({
  ...(versionsOf(node).length === 0 ? {} : { version }),
  ...(featureSetsOf(node).length < 2 ? {} : { features }),
  ...(storeDir === undefined ? {} : { storeDir }),
})

interface Made<A> {
  readonly value: A
  readonly vector: Vector
  readonly opens: boolean
  readonly place: string
}

class Making<A> {
  readonly #grammar: Grammar<A>
  readonly #protocol: Protocol
  readonly #type: string
  readonly #asked: Partial<Protocol>
  readonly #codec: Codec<A>

  constructor(grammar: Grammar<A>, protocol: Protocol, type: string) {
    this.#grammar = grammar
    this.#protocol = protocol
    this.#type = type
    this.#asked = askedOf(grammar, protocol)
    this.#codec = compile(grammar, protocol)
  }

  *vectors(
    { valid: mostValid, broken, values = [] }: VectorOptions,
    usual: { readonly valid: number; readonly broken: number },
  ): Generator<Vector> {
    const given = new Map(values.map((each) => [each.grammar.node, each.values(this.#protocol)]))
    const { node, marks } = resolvedWith(this.#grammar, this.#protocol, given)
    const all = instancesOf(node, this.#protocol, marks).flatMap((each) => this.#valid(each) ?? [])
    const distinct = [...new Map(all.map((each) => [each.vector.id, each])).values()]
    const isOne = all.every(({ place }) => place === '')
    const valid = spread(withoutTwins(distinct), mostValid ?? (isOne ? 2 : 1) * usual.valid)
    for (const { vector } of valid) {
      yield vector
    }
    const mostBroken = broken ?? (isOne ? 2 : 1) * usual.broken
    for (const { malformed, of } of chosen(this.#type, this.#breakings(valid), mostBroken)) {
      yield this.#broken(malformed, valid[of]!.vector.id)
    }
  }

  #valid({ value, place, what, opens, shows }: Instance): Made<A> | null {
    // Instances of the grammar's node are values of the grammar.
    const own = value as A
    const bytes = this.#codec.encode(own)
    const json = toJson(this.#grammar, this.#protocol, own)
    if (isLeft(bytes) || isLeft(json) || bytes.right.length > longest) {
      return null
    }
    const rule = place === '' ? what : `${place}: ${what}`
    const vector: Vector = {
      id: idOf(this.#type, this.#asked, rule, bytes.right),
      type: this.#type,
      protocol: this.#asked,
      bytes: bytes.right,
      result: 'valid',
      profile: null,
      rule,
      issue: null,
      value: json.right,
      canonical: bytes.right,
      flags: flagsOfShown(shows),
      source: null,
    }
    return { value: own, vector, opens, place }
  }

  /** Each rule for which a value gives an occasion, broken once. */
  #breakings(valid: ReadonlyArray<Made<A>>): ReadonlyArray<Breaking> {
    const malformer = toMalformed(this.#grammar, this.#protocol)
    const found = new Map<string, Breaking>()
    const bases = valid.map((_, i) => i).filter((i) => i === 0 || valid[i]!.opens)
    for (const of of bases.slice(0, mostBases)) {
      for (const malformed of malformer.from(valid[of]!.value, (rule) => !found.has(rule))) {
        if (!found.has(malformed.rule) && malformed.bytes.length <= longest) {
          found.set(malformed.rule, { malformed, of })
        }
      }
    }
    return [...found.values()]
  }

  #broken(malformed: Malformed, source: string): Vector {
    const { rule, bytes, profile, issue } = malformed
    const isOdd = profile === 'canonical'
    const read = isOdd ? this.#read(bytes) : { value: undefined, canonical: null }
    return {
      id: idOf(this.#type, this.#asked, rule, bytes),
      type: this.#type,
      protocol: this.#asked,
      bytes,
      result: isOdd ? 'acceptable' : 'invalid',
      profile,
      rule,
      issue,
      ...read,
      flags: flagsOfRule(malformed),
      source,
    }
  }

  /** What the compatible profile reads from bytes that it accepts. */
  #read(bytes: Uint8Array): { readonly value: Json | undefined; readonly canonical: Uint8Array | null } {
    const value = this.#codec.decode(bytes)
    if (isLeft(value)) {
      throw new Error(`an acceptable message of ${this.#type} that is refused`)
    }
    const json = toJson(this.#grammar, this.#protocol, value.right)
    const written = this.#codec.encode(value.right)
    return {
      value: isLeft(json) ? undefined : json.right,
      canonical: isLeft(written) ? null : written.right,
    }
  }
}

/** Of two values with one message, keeps the first. */
const withoutTwins = <A>(all: ReadonlyArray<Made<A>>): ReadonlyArray<Made<A>> => {
  const seen = new Set<string>()
  return all.filter(({ vector: { bytes } }) => {
    const key = bytes.join()
    const isNew = !seen.has(key)
    seen.add(key)
    return isNew
  })
}

/** That many of all, including the first, at equal distances. */
const spread = <A>(all: ReadonlyArray<A>, most: number): ReadonlyArray<A> =>
  all.length <= most ? all : Array.from({ length: most }, (_, i) => all[Math.floor((i * all.length) / most)]!)
