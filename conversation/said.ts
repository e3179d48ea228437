/** The types of what is said: how those of parts make those of the whole. Nothing here is there at run time. */

declare const streamedType: unique symbol
declare const manyType: unique symbol
declare const toldType: unique symbol
declare const pendingType: unique symbol

/** In the place of a value: bytes that flow. */
export interface Streamed {
  readonly [streamedType]: true
}

/** In the place of a value: as many as a loop has rounds. */
export interface Many<A> {
  readonly [manyType]: A
}

/** The same, of a loop in which one side speaks until it is done: each is heard when it comes. */
export interface Told<A> {
  readonly [toldType]: A
}

/** In the place of a failure: what was said at a place, once that is known. */
export interface Pending<On extends string, L> {
  readonly [pendingType]: readonly [On, L]
}

/** The value of a flow that leaves without a case: none. */
export interface Unasked {
  readonly [pendingType]: null
}

/** The label of what is none of the cases. */
export interface AnyOther {
  readonly [pendingType]: 'other'
}

/** Written out, so that editors show an object. */
type Plain<T> = T extends unknown ? { readonly [K in keyof T]: T[K] } : never

/** No words, no choice, no failures. */
export type None = Plain<unknown>

type KeysOf<U> = U extends unknown ? keyof U : never

type SureKeys<T> = { [K in keyof T]-?: Record<never, never> extends Pick<T, K> ? never : K }[keyof T]

type ValueAt<U, K> = U extends unknown ? (K extends keyof U ? Required<U>[K] : never) : never

/** Of a union of objects one that has the keys of all; `Sure` says which are always there. */
type Merged<U, Sure> = Plain<
  { readonly [K in KeysOf<U> & Sure]: ValueAt<U, K> } & {
    readonly [K in Exclude<KeysOf<U>, Sure>]?: ValueAt<U, K>
  }
>

/** All of it is said: `U` is a union of what each part says. */
export type Together<U> = Merged<U, U extends unknown ? SureKeys<U> : never>

/** The keys that some of the ways on lack. */
type Unsure<U, All> = U extends unknown ? Exclude<All, SureKeys<U>> : never

/** One of the ways is gone; `Left` is what is said where a loop around is left. */
export type OneOf<U, Left> = Merged<U | Left, Exclude<KeysOf<U>, Unsure<U, KeysOf<U>>>>

type Repeated<A, Speech, K> = [Extract<A, Many<unknown> | Told<unknown>>] extends [never]
  ? K extends Speech
    ? Told<A>
    : Many<A>
  : A

/** What a loop makes of what is said in one of its rounds. */
export type Rounds<T, Speech> = T extends unknown
  ? { readonly [K in keyof T]-?: Repeated<Required<T>[K], Speech, K> }
  : never

/** Failures by the loop that they leave. */
export type Gathered<U> = [U] extends [infer V] ? { readonly [L in KeysOf<V>]: ValueAt<V, L> } : never

/** The failures of a case: those that asked nothing before are what was said at its place. */
export type Decided<F, On extends string, L> = F extends unknown
  ? { readonly [N in keyof F]: F[N] extends infer V ? (V extends Unasked ? Pending<On, L> : V) : never }
  : never

/** The failures, where what was said is now known. */
export type Settled<F, Known> = F extends unknown
  ? { readonly [N in keyof F]: F[N] extends infer V ? SettledValue<V, Known> : never }
  : never

type SettledValue<V, Known> =
  V extends Pending<infer On, infer L>
    ? On extends `${infer K}.${infer Rest}`
      ? K extends keyof Known
        ? Chosen<Single<Required<Known>[K]>, Rest, L>
        : V
      : On extends keyof Known
        ? Chosen<Single<Required<Known>[On]>, '', L>
        : V
    : V

type Single<A> = A extends Many<infer B> | Told<infer B> ? B : A

/** Of the values those that have this label at the place. */
type Chosen<A, Rest extends string, L> = [L] extends [AnyOther]
  ? A
  : A extends unknown
    ? L extends At<A, Rest>
      ? A extends object
        ? A
        : A & L
      : never
    : never

type At<A, Rest extends string> = Rest extends ''
  ? A
  : Rest extends `${infer K}.${infer Deeper}`
    ? K extends keyof A
      ? At<A[K], Deeper>
      : never
    : Rest extends keyof A
      ? A[Rest]
      : never

/** The failures but for those that go to the head of the loop itself. */
export type Outside<F, Loop> = F extends unknown ? { readonly [N in Exclude<keyof F, Loop>]: F[N] } : never
