import { chain, type Either, isLeft, isRight, left, map, right } from 'fp-ts/lib/Either.js'
import { isSome, none, type Option, type Some, some } from 'fp-ts/lib/Option.js'
import { equalValues } from '../../bytes/equal.js'
import {
  type anyText,
  type Grammar,
  grammarOf,
  type ImapNode,
  type IntGrammar,
  type Node,
  nodeName,
  nodeOf,
  type TextNode,
} from '../node.js'
import { u8 } from '../primitives/int.js'
import type { IsWide, Refused } from '../refused.js'
import { readEmpty } from '../text-format.js'
import { type View, viewOf } from '../view.js'
import * as words from '../words.js'
import { openOptionChoice, optionChoice, optionEnumChoice } from './choice.js'
import type { Fitting, FittingMark } from './fitting.js'
import type { WithBytes } from './with-bytes.js'

/**
 * A text that may be absent; the empty text stands for none. The text itself must not be able to be empty: it has a
 * format, or a `refine` or an `imap` that rejects the empty text.
 *
 * ```ts
 * import { bytesOf, compile, optional, refine, text, utf8 } from 'nix-wire'
 * import { HashAlgorithm } from 'nix-wire/types'
 *
 * const Algorithm = compile(optional(text(HashAlgorithm.format)))
 * Algorithm.decode(bytesOf('0000000000000000')) // => { _tag: 'Right', right: { _tag: 'None' } }
 *
 * const Note = compile(optional(refine(utf8, 'a text that is not empty', (note) => note.length > 0)), {})
 * Note.decode(bytesOf('0100000000000000 6100000000000000'))
 * // => { _tag: 'Right', right: { _tag: 'Some', value: 'a' } }
 * ```
 *
 * Issues: those of the text.
 *
 * @throws TypeError for a grammar that is not a text, and for a text that may be empty; use {@link optionalByTag} for
 * those.
 */
export const optional = <A>(grammar: Grammar<A> & TextsOnly<A> & NotEmpty): Grammar<Option<A>> =>
  grammarOf<Option<A>>(optionalNode(nodeOf('what is optional', grammar)))

/** Rejects values that are never those of a text; the compiler knows no more about them. */
type TextsOnly<A> = [A] extends [NoText] ? Refused<'optionalByTag takes what is not a text'> : unknown

/** Rejects types whose text may be empty, and structs, which are not texts. */
type NotEmpty = {
  readonly [anyText]?: Refused<'refine it to a text that is not empty, or use optionalByTag'>
  readonly fields?: Refused<'optionalByTag takes what is not a text'>
}

type NoText =
  | number
  | bigint
  | boolean
  | Uint8Array
  | ReadonlyArray<unknown>
  | ReadonlyMap<unknown, unknown>
  | Option<unknown>
  | WithBytes<unknown>

const optionalNode = (whole: Node): Node => {
  const views = viewsOf(whole)
  const node = innermost(whole)
  if (node._tag === 'gated' || node._tag === 'lazy' || node._tag === 'framed') {
    throw new TypeError(
      `optional takes a text: write it inside ${nodeName(whole)} and not around it, or use optionalByTag`,
    )
  }
  if (node._tag !== 'text' || node.optional) {
    throw new TypeError(`optional takes a text; for ${nodeName(whole)} there is optionalByTag`)
  }
  const empty = node.format === null ? right('') : readEmpty(node.format)
  if (isLeft(empty)) {
    const inner = { ...node, optional: true }
    return views.length === 0 ? inner : optionView(whole, views, inner, { _tag: 'option' })
  }
  if (views.length === 0 || isRight(readThrough(views, empty.right))) {
    throw new TypeError(
      `optional cannot tell an absent ${whole.name ?? nodeName(node)} from an empty one: reject the empty one, as in ` +
        "refine(utf8, 'a text that is not empty', (text) => text.length > 0), or use optionalByTag",
    )
  }
  return optionView(whole, views, node, { _tag: 'value', empty: empty.right })
}

/** What the text inside has for an absent value: none, or the value of the empty text. */
type Absent = { readonly _tag: 'option' } | { readonly _tag: 'value'; readonly empty: unknown }

const optionView = (whole: Node, views: Views, inner: TextNode, absent: Absent): ImapNode => {
  const unwrapped = (raw: unknown): Option<unknown> =>
    absent._tag === 'option' ? (raw as Option<unknown>) : equalValues(raw, absent.empty) ? none : some(raw)
  const wrapped = (value: unknown): Either<string, unknown> =>
    absent._tag === 'option'
      ? right(some(value))
      : equalValues(value, absent.empty)
        ? left('a value whose text is not empty')
        : right(value)
  const from: View['from'] = (raw) => {
    const text = unwrapped(raw)
    return isSome(text) ? map<unknown, unknown>(some)(readThrough(views, text.value)) : right(none)
  }
  const to: View['to'] = (value) => {
    if (isAbsent(value)) {
      return right(absent._tag === 'option' ? none : absent.empty)
    }
    return isPresent(value) ? chain(wrapped)(writeThrough(views, value.value)) : left(words.anOption)
  }
  const near = views.length === 1 ? views[0]?.nearest : undefined
  const nearest = (raw: unknown): unknown => {
    const text = unwrapped(raw)
    const other = near !== undefined && isSome(text) ? wrapped(near(text.value)) : right(raw)
    return isRight(other) ? other.right : raw
  }
  const { name, summary, defaults } = whole
  const labels = {
    ...(name === undefined ? {} : { name }),
    ...(summary === undefined ? {} : { summary }),
    ...(defaults === undefined ? {} : { defaults }),
  }
  return { _tag: 'imap', ...labels, inner, from, to, nearest, json: optionChoice(u8, whole).node }
}

const hasTag = (value: unknown): value is { readonly _tag: unknown } =>
  typeof value === 'object' && value !== null && '_tag' in value
const isAbsent = (value: unknown): boolean => hasTag(value) && value._tag === 'None'
const isPresent = (value: unknown): value is Some<unknown> =>
  hasTag(value) && value._tag === 'Some' && 'value' in value

/** The views of a node, the innermost first. */
type Views = ReadonlyArray<View>

const viewsOf = (node: Node): Views => (node._tag === 'imap' ? [...viewsOf(node.inner), viewOf(node)] : [])

const innermost = (node: Node): Node => (node._tag === 'imap' ? innermost(node.inner) : node)

const readThrough = (views: Views, value: unknown): Either<string, unknown> =>
  views.reduce((read, { from }) => chain(from)(read), right<string, unknown>(value))

const writeThrough = (views: Views, value: unknown): Either<string, unknown> =>
  views.reduceRight((read, { to }) => chain(to)(read), right<string, unknown>(value))

/**
 * A value that may be absent: a tag of 0 is none, and after a tag of 1 the value follows.
 *
 * ```ts
 * import { bytesOf, compile, optionalByTag, u64, u8 } from 'nix-wire'
 *
 * compile(optionalByTag(u8, u64), {}).decode(bytesOf('0100000000000000 0700000000000000'))
 * // => { _tag: 'Right', right: { _tag: 'Some', value: 7n } }
 * ```
 *
 * Issues: `UnknownTag`, and those of the grammar.
 */
export const optionalByTag = <A>(
  tag: IntGrammar<number> | IntGrammar<bigint>,
  grammar: Grammar<A>,
): Grammar<Option<A>> => optionChoice(tag, nodeOf('what is optional', grammar))

/**
 * Like {@link optionalByTag}, but tags other than 0 and 1 are accepted too: nothing follows them, and they stay
 * numbers in the value.
 *
 * ```ts
 * import { bytesOf, compile, optionalByOpenTag, u32, u64 } from 'nix-wire'
 *
 * const codec = compile(optionalByOpenTag(u32, u64), {})
 * codec.decode(bytesOf('0100000000000000 0700000000000000')) // => { _tag: 'Right', right: { _tag: 'Some', value: 7n } }
 * codec.decode(bytesOf('0500000000000000')) // => { _tag: 'Right', right: 5 }
 * ```
 *
 * Issues: those of the grammars; encoding: `Unrepresentable` for the numbers 0 and 1, since they would be read back
 * as none and as some.
 */
export const optionalByOpenTag = <A>(
  tag: IntGrammar<number>,
  grammar: Grammar<A>,
): Grammar<Option<A> | number> => openOptionChoice(tag, nodeOf('what is optional', grammar))

/** Requires a tag that no case has. */
type Unlike<N, Tags> =
  IsWide<N | Tags> extends true ? unknown : N extends Tags ? Refused<'a case has this tag'> : unknown

/**
 * A named number, or a number that stands for none.
 *
 * ```ts
 * import { bytesOf, compile, optionalEnumOf, u8 } from 'nix-wire'
 *
 * const Trust = optionalEnumOf(u8, 0, { Trusted: 1, NotTrusted: 2 })
 * compile(Trust, {}).decode(bytesOf('0200000000000000')) // => { _tag: 'Right', right: { _tag: 'Some', value: 'NotTrusted' } }
 * ```
 *
 * Issues: `UnknownTag`.
 */
export const optionalEnumOf = <
  T extends IntGrammar<number>,
  const N extends number,
  const C extends { readonly [name: string]: number },
>(
  tag: T,
  absent: N & FittingMark<T, N> & Unlike<N, C[keyof C]>,
  cases: C & Fitting<T, C> & { readonly None?: Refused<'None is the absent one'> },
): Grammar<Option<keyof C & string>> => optionEnumChoice(tag, absent, cases)
