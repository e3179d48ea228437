import type fc from 'fast-check'
import { expectGrammar } from '../../combinators/expect.js'
import type { AnyGrammar, Grammar } from '../../combinators/node.js'
import { flag, list, number, type OptionChecks, record } from '../../combinators/options.js'
import type { Protocol } from '../../combinators/protocol.js'

/** A grammar, and the arbitrary for its values wherever it occurs inside another grammar. */
export interface Supply {
  readonly grammar: AnyGrammar
  readonly values: (given: Protocol) => fc.Arbitrary<unknown>
}

/** Supplies the values of an inner grammar; for the option `given` of {@link ArbitraryOptions}. */
export const supply = <A>(
  grammar: Grammar<A>,
  values: fc.Arbitrary<A> | ((given: Protocol) => fc.Arbitrary<A>),
): Supply => {
  expectGrammar('what supply takes', grammar)
  return { grammar, values: typeof values === 'function' ? values : () => values }
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
  formats: record,
  given: list,
  depth: number,
  items: number,
  large: flag,
}
