import { isRight } from 'fp-ts/lib/Either.js'
import type { Option } from 'fp-ts/lib/Option.js'
import { type Grammar, grammarOf, nodeName } from '../node.js'
import { protocol } from '../protocol.js'
import { openOptionChoice, optionChoice, optionEnumChoice } from './choice.js'

/**
 * A text that may be absent: the empty text says so.
 *
 * ```ts
 * import { compile } from 'nix-wire'
 * import { bytesOf, optional, text } from 'nix-wire/combinators'
 * import { StorePathName } from 'nix-wire/types'
 *
 * const Name = compile(optional(text(StorePathName.format)), {})
 * Name.decode(bytesOf('0000000000000000')) // => { _tag: 'Right', right: { _tag: 'None' } }
 * ```
 *
 * @throws TypeError for what is not a text with a format, and for a format in which the empty text has a meaning.
 */
export const optional = <A>(grammar: Grammar<A>): Grammar<Option<A>> => {
  const { node } = grammar
  if (node._tag !== 'text' || node.optional) {
    throw new TypeError(`optional takes a text; for ${nodeName(node)} use optionalByTag`)
  }
  if (node.format === null || isRight(node.format.parse('', protocol()))) {
    throw new TypeError(`optional cannot tell an absent ${nodeName(node)} from an empty one`)
  }
  return grammarOf<Option<A>>({ ...node, optional: true })
}

/**
 * A value that may be absent: 0 says so, and 1 says that it follows.
 *
 * ```ts
 * import { compile } from 'nix-wire'
 * import { bytesOf, optionalByTag, u64, u8 } from 'nix-wire/combinators'
 *
 * compile(optionalByTag(u8, u64), {}).decode(bytesOf('0100000000000000 0700000000000000'))
 * // => { _tag: 'Right', right: { _tag: 'Some', value: 7n } }
 * ```
 *
 * Issues: `UnknownTag`, and those of the grammar.
 */
export const optionalByTag = <A>(
  tag: Grammar<number> | Grammar<bigint>,
  grammar: Grammar<A>,
): Grammar<Option<A>> => optionChoice(tag, grammar.node)

/**
 * A value that follows a 1, as in {@link optionalByTag}; but every other number is taken, with nothing behind it.
 * 0 is none; the others stay numbers.
 *
 * ```ts
 * import { compile } from 'nix-wire'
 * import { bytesOf, optionalByOpenTag, u32, u64 } from 'nix-wire/combinators'
 *
 * const codec = compile(optionalByOpenTag(u32, u64), {})
 * codec.decode(bytesOf('0100000000000000 0700000000000000')) // => { _tag: 'Right', right: { _tag: 'Some', value: 7n } }
 * codec.decode(bytesOf('0500000000000000')) // => { _tag: 'Right', right: 5 }
 * ```
 *
 * Issues: those of the grammars; encoding: `Unrepresentable` for the numbers 0 and 1, which would be read back as
 * something else.
 */
export const optionalByOpenTag = <A>(
  tag: Grammar<number>,
  grammar: Grammar<A>,
): Grammar<Option<A> | number> => openOptionChoice(tag, grammar.node)

/**
 * A named number, or the one that stands for absent.
 *
 * ```ts
 * import { compile } from 'nix-wire'
 * import { bytesOf, optionalEnumOf, u8 } from 'nix-wire/combinators'
 *
 * const Trust = optionalEnumOf(u8, 0, { Trusted: 1, NotTrusted: 2 })
 * compile(Trust, {}).decode(bytesOf('0200000000000000')) // => { _tag: 'Right', right: { _tag: 'Some', value: 'NotTrusted' } }
 * ```
 *
 * Issues: `UnknownTag`.
 */
export const optionalEnumOf = <const C extends { readonly [name: string]: number }>(
  tag: Grammar<number>,
  absent: number,
  cases: C,
): Grammar<Option<keyof C & string>> => optionEnumChoice(tag, absent, cases)
