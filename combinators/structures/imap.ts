import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { type Grammar, grammarOf } from '../node.js'

/**
 * Another view of a value, partial both ways; Left says what was expected. Both functions must be pure, and
 * `to(from(a)) = a` for the values the encoder writes: the canonical profile refuses the others (`NotCanonical`).
 *
 * ```ts
 * import { compile } from 'nix-wire'
 * import { bytesOf, imap, u64 } from 'nix-wire/combinators'
 * import { either as E } from 'fp-ts'
 *
 * const Celsius = imap(
 *   u64,
 *   (kelvin) => E.right(Number(kelvin) - 273),
 *   (celsius) => (celsius < -273 ? E.left('−273 or above') : E.right(BigInt(celsius + 273))),
 * )
 * compile(Celsius, {}).decode(bytesOf('1101000000000000')) // => { _tag: 'Right', right: 0 }
 * ```
 *
 * Issues: `InvalidValue` where `from` refuses; encoding: `Unrepresentable` where `to` does.
 */
export const imap = <A, B>(
  grammar: Grammar<A>,
  from: (inner: A) => Either<string, B>,
  to: (outer: B) => Either<string, A>,
  options: {
    /** Set where the outer value is a plain string or boolean, which a JSON view should show. */
    readonly json?: 'string' | 'boolean'
    /** For generators, where `from` refuses most values: one that it accepts, near one that it refuses. */
    readonly nearest?: (inner: A) => A
  } = {},
): Grammar<B> => grammarOf<B>({ _tag: 'imap', inner: grammar.node, from, to, ...options })

/**
 * The values that a predicate accepts, reading and writing.
 *
 * ```ts
 * import { compile } from 'nix-wire'
 * import { bytesOf, refine, u64 } from 'nix-wire/combinators'
 *
 * const Even = refine(u64, 'an even number', (n) => n % 2n === 0n)
 * compile(Even, {}).decode(bytesOf('0300000000000000'))._tag // => 'Left'
 * ```
 */
export const refine = <A>(
  grammar: Grammar<A>,
  expected: string,
  predicate: (value: A) => boolean,
): Grammar<A> => {
  const check = (value: A): Either<string, A> => (predicate(value) ? right(value) : left(expected))
  return imap(grammar, check, check)
}
