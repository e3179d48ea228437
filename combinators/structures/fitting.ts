import type { IntGrammar, MostOf, TextGrammar } from '../node.js'
import type { IsWide, Refused } from '../refused.js'

/** A grammar that can be a tag: an integer, or a text without a format. */
export type Tag = IntGrammar<number> | IntGrammar<bigint> | TextGrammar

/**
 * A compile-time check of tags: each fits its grammar, and no two are equal. Tags that the compiler does not know are
 * checked when the grammar is built.
 */
export type Fitting<T extends Tag, Marks> = {
  readonly [K in keyof Marks]: K extends '__proto__'
    ? Refused<'JavaScript drops this name'>
    : IsWide<Marks[keyof Marks]> extends true
      ? FittingMark<T, Marks[K]>
      : Marks[K] extends Marks[Exclude<keyof Marks, K>]
        ? Refused<'another case has this tag'>
        : FittingMark<T, Marks[K]>
}

/** A compile-time check of cases: there is at least one. */
export type SomeCases<C> = [keyof C] extends [never] ? Refused<'at least one case'> : unknown

/** A compile-time check of a key: an object must keep it, and its place among the other keys. */
export type FittingKey<K> = K extends '__proto__'
  ? Refused<'an object does not keep this key as it is'>
  : K extends number | string
    ? IsWide<K> extends true
      ? unknown
      : IsDigits<`${K}`> extends true
        ? Refused<'an object does not keep this key as it is'>
        : unknown
    : unknown

/** {@link FittingKey} for all keys of fields. */
export type FittingKeys<F> = { readonly [K in keyof F]: FittingKey<K> }

type IsDigits<S extends string> = S extends `${bigint}` ? (S extends `-${string}` ? false : true) : false

/** A compile-time check of a length, a count or a bound. */
export type FittingLength<N extends number, Most extends number = 9007199254740991> =
  IsWide<N> extends true
    ? unknown
    : `${N}` extends `-${string}` | `${string}.${string}` | `${string}e${string}`
      ? Refused<'an integer of at least 0'>
      : FittingInteger<N, Most>

/** A compile-time check of one tag. */
export type FittingMark<T extends Tag, M> = T extends TextGrammar
  ? M extends string
    ? unknown
    : Refused<'the tag is a text, and so is that of each case'>
  : M extends number | bigint
    ? IsWide<M> extends true
      ? unknown
      : `${M}` extends `-${string}` | `${string}.${string}` | `${string}e${string}`
        ? Refused<'a tag is an integer of at least 0'>
        : FittingInteger<M, MostOf<T>>
    : Refused<'the tag is an integer, and so is that of each case'>

type FittingInteger<M extends number | bigint, Most> = Most extends number | bigint
  ? IsWide<Most> extends true
    ? unknown
    : IsAbove<`${M}`, `${Most}`> extends true
      ? Refused<`at most ${Most}`>
      : unknown
  : unknown

type Length<S extends string, L extends ReadonlyArray<1> = []> = S extends `${string}${infer Rest}`
  ? Length<Rest, [...L, 1]>
  : L

/** Whether decimal digits form a greater number than others. */
type IsAbove<A extends string, B extends string> =
  Length<A> extends Length<B>
    ? IsLater<A, B>
    : Length<A> extends readonly [...Length<B>, ...ReadonlyArray<1>]
      ? true
      : false

type IsLater<A extends string, B extends string> = A extends `${infer X}${infer RestA}`
  ? B extends `${infer Y}${infer RestB}`
    ? X extends Y
      ? IsLater<RestA, RestB>
      : '0123456789' extends `${string}${Y}${string}${X}${string}`
        ? true
        : false
    : false
  : false
