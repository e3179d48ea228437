import type fc from 'fast-check'
import { expectArray, expectGrammar, isObject } from '../../combinators/expect.js'
import { misfit } from '../../combinators/misfit.js'
import { inUse, mistake } from '../../combinators/mistake.js'
import { type AnyGrammar, type Grammar, nodeName } from '../../combinators/node.js'
import { flag, number, type OptionChecks } from '../../combinators/options.js'
import type { Protocol } from '../../combinators/protocol.js'
import { resolved } from '../../combinators/resolved.js'
import { show } from '../../combinators/show.js'
import { arbitraries, expectArbitrary } from './expect.js'

/** A grammar, and the arbitrary for its values wherever it occurs inside another grammar. */
export interface Supply {
  readonly grammar: AnyGrammar
  readonly values: (given: Protocol) => fc.Arbitrary<unknown>
}

/**
 * Supplies the values of an inner grammar; for the option `given` of {@link ArbitraryOptions}, and for the export
 * `given` of a module that the command takes by `--module`.
 *
 * ```ts
 * import { listOf, refine, utf8 } from 'nix-wire'
 * import { supply, toArbitrary } from 'nix-wire/laws'
 * import fc from 'fast-check'
 *
 * const City = refine(utf8, 'a city', (text) => text === 'Oslo' || text === 'Rome')
 * const cities = toArbitrary(listOf(City), {}, { given: [supply(City, fc.constantFrom('Oslo', 'Rome'))] })
 * fc.assert(fc.property(cities, (each) => each.every((city) => city.length === 4)))
 * ```
 *
 * A grammar is found by identity: `named` and `defaults` make another one. A value that is none of the grammar throws a
 * TypeError when it is made.
 *
 * @throws TypeError for anything but a grammar, or an arbitrary of fast-check or a function that returns one.
 */
export const supply = <A>(
  grammar: Grammar<A>,
  values: fc.Arbitrary<A> | ((given: Protocol) => fc.Arbitrary<A>),
): Supply => {
  expectGrammar('what supply takes', grammar)
  if (typeof values !== 'function') {
    expectArbitrary('what supply takes for the values', values)
    return { grammar, values: (given) => encodable(grammar, given, values) }
  }
  return {
    grammar,
    values: (given) => {
      const made = values(given)
      inUse('the function in supply', () => expectArbitrary('what it returns', made))
      return encodable(grammar, given, made)
    },
  }
}

/** The same values, which throw if one is none of the grammar. */
const encodable = <A>(grammar: Grammar<A>, given: Protocol, values: fc.Arbitrary<A>): fc.Arbitrary<A> => {
  const { node } = resolved(grammar, given)
  return values.map(
    (value) => {
      const why = misfit(node, value)
      if (why !== null) {
        throw mistake(
          `supply has a value that is none of ${nodeName(node)}: expected ${why}, got ${show(value)}`,
        )
      }
      return value
    },
    (value) => value as A,
  )
}

/** @throws TypeError for anything but an array of what `supply` returns. */
const expectSupplies = (what: string, value: unknown): void => {
  expectArray(what, value)
  for (const each of value as ReadonlyArray<unknown>) {
    if (!isObject(each) || typeof each.values !== 'function') {
      throw new TypeError(`${what} must be an array of supplies, as in [supply(grammar, values)]`)
    }
    expectGrammar('what a supply is for', each.grammar)
  }
}

export interface ArbitraryOptions {
  /**
   * Values of text formats, by the name of the format. They are needed for a format with neither a pattern nor
   * `texts`, and replace those of the others.
   */
  readonly formats?: { readonly [format: string]: fc.Arbitrary<unknown> }
  /** Arbitraries for inner grammars, such as a `refine` that accepts few values; see {@link supply}. */
  readonly given?: ReadonlyArray<Supply>
  /** The most levels of recursion. Default: 4, and up to 64 in large parts. */
  readonly depth?: number
  /** The most items of a collection outside recursion. Default: 8, and up to 257 in large parts. */
  readonly items?: number
  /**
   * Makes one part of every twelfth value large: a text or bytes with a length around 2^8, 2^10, 2^12 or 2^16, 9 to
   * 257 items, or recursion 10 or 64 levels deep. Default: true.
   */
  readonly large?: boolean
}

/** How each option is checked. */
export const arbitraryOptions: OptionChecks<ArbitraryOptions> = {
  formats: arbitraries,
  given: expectSupplies,
  depth: number,
  items: number,
  large: flag,
}
