import type fc from 'fast-check'
import { expectGrammar } from '../../combinators/expect.js'
import type { AnyGrammar, Grammar } from '../../combinators/node.js'
import { flag, list, number, type OptionChecks, record } from '../../combinators/options.js'
import type { Protocol } from '../../combinators/protocol.js'

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
  /** How many levels of recursion there are at most; where nothing is said 4, and up to 64 in what is large. */
  readonly depth?: number
  /** The most items of a collection outside recursion; where nothing is said 8, and up to 257 in what is large. */
  readonly items?: number
  /**
   * Whether one value in twelve has one large part: a text or bytes of a length about 2^8, 2^10, 2^12 or 2^16, 9 to 257 items,
   * or recursion 10 or 64 levels deep. Default: true.
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
