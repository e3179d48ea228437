import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { expectFunction, expectText } from '../expect.js'
import { isAnswer, mistake } from '../mistake.js'
import { type Grammar, grammarOf, isGrammar, nodeOf, summarised } from '../node.js'
import { callback, checkOptions, type OptionChecks, oneOf } from '../options.js'
import { show } from '../show.js'

/** The options of {@link imap}. */
export interface ImapOptions<A, B> {
  /**
   * How a JSON form shows the outer value: a plain one by its type, another one as a value of a grammar. Where nothing
   * is said it shows the inner value.
   */
  readonly json?: 'string' | 'boolean' | 'number' | 'bigint' | Grammar<B>
  /** For generators, where `from` refuses most values: one that it accepts, near one that it refuses. */
  readonly nearest?: (inner: A) => A
}

const plain = oneOf(['string', 'boolean', 'number', 'bigint'])

const checks: OptionChecks<ImapOptions<never, never>> = {
  json: (what, value) => {
    if (!isGrammar(value)) {
      plain(what, value)
    }
  },
  nearest: callback,
}

/**
 * Converts a value both ways; either direction may fail. `from` is used in decoding, `to` in encoding; a Left says
 * what was expected.
 *
 * Both functions must be pure, and `to(from(a))` must be `a` for every inner value that the encoder writes. The
 * canonical profile rejects the other inner values as `NotCanonical`.
 *
 * ```ts
 * import { bytesOf, compile, imap, u64 } from 'nix-wire'
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
 * Issues: `InvalidValue` if `from` fails; encoding: `Unrepresentable` if `to` fails.
 */
export const imap = <A, B>(
  grammar: Grammar<A>,
  from: (inner: A) => Either<string, B>,
  to: (outer: B) => Either<string, A>,
  options: ImapOptions<A, B> = {},
): Grammar<B> => {
  const inner = nodeOf('what imap converts', grammar)
  expectFunction('from of imap', from)
  expectFunction('to of imap', to)
  checkOptions<ImapOptions<A, B>>('imap', checks, options)
  const { json, ...rest } = options
  const form = json === undefined ? {} : { json: typeof json === 'string' ? json : json.node }
  return grammarOf<B>({
    _tag: 'imap',
    inner,
    from: giving('from of imap', from),
    to: giving('to of imap', to),
    ...rest,
    ...form,
  })
}

/** The same function, which throws if the result is not an Either, or a Left says nothing. */
const giving =
  <A, B>(what: string, convert: (value: A) => Either<string, B>): ((value: A) => Either<string, B>) =>
  (value) => {
    const given = convert(value)
    if (!isAnswer(given)) {
      throw mistake(`${what} must return right(value) or left('what was expected'), not ${show(given)}`)
    }
    return given
  }

/**
 * The values that a predicate accepts, in decoding and encoding. A type guard also narrows the type of the values.
 *
 * ```ts
 * import { bytesOf, compile, refine, type TypeOf, u64, utf8 } from 'nix-wire'
 *
 * const Even = refine(u64, 'an even number', (n) => n % 2n === 0n)
 * compile(Even, {}).decode(bytesOf('0300000000000000'))._tag // => 'Left'
 *
 * type Url = `https://${string}`
 * const Url = refine(utf8, 'an https URL', (text): text is Url => text.startsWith('https://'))
 * const home: TypeOf<typeof Url> = 'https://example.org'
 * ```
 *
 * Issues: `InvalidValue`; encoding: `Unrepresentable`.
 */
export const refine = <A, B extends A = A>(
  grammar: Grammar<A>,
  expected: string,
  predicate: ((value: A) => value is B) | ((value: A) => boolean),
): Grammar<B> => {
  expectText('what refine expects', expected)
  expectFunction('the predicate of refine', predicate)
  const accepts = predicate as (value: A) => value is B
  const read = (value: A): Either<string, B> => (accepts(value) ? right(value) : left(expected))
  return summarised(expected, imap<A, B>(grammar, read, read))
}
