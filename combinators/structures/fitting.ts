import type { hint, IntGrammar, MostOf, TextGrammar } from '../node.js'

/** What can say what follows. */
export type Tag = IntGrammar<number> | IntGrammar<bigint> | TextGrammar

/**
 * To be met by the marks of cases: each fits, and no two are alike. What the compiler does not know is looked at when
 * the grammar is built.
 */
export type Fitting<T extends Tag, Marks> = {
  readonly [K in keyof Marks]: IsWide<Marks[keyof Marks]> extends true
    ? FittingMark<T, Marks[K]>
    : Marks[K] extends Marks[Exclude<keyof Marks, K>]
      ? Refused<'another case has this tag'>
      : FittingMark<T, Marks[K]>
}

/** To be met by one mark. */
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
      ? Refused<`a tag of at most ${Most}`>
      : unknown
  : unknown

/** What no number and no text is; the compiler shows the reason. */
export type Refused<Reason extends string> = { readonly [hint]: Reason }

/** Whether the compiler does not know which one it is. */
export type IsWide<M> = number extends M ? true : bigint extends M ? true : string extends M ? true : false

type Length<S extends string, L extends ReadonlyArray<1> = []> = S extends `${string}${infer Rest}`
  ? Length<Rest, [...L, 1]>
  : L

/** Whether decimal digits are those of a greater number than others. */
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
