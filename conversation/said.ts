/** The types of messages: those of the parts make those of the whole. Nothing here exists at run time. */

declare const streamedType: unique symbol
declare const manyType: unique symbol
declare const toldType: unique symbol
declare const pendingType: unique symbol

/** Stands for raw bytes, in the types of messages. */
export interface Streamed {
  readonly [streamedType]: true
}

/** Stands for the messages of a loop, one for each round. */
export interface Many<A> {
  readonly [manyType]: A
}

/** Stands for the messages of a loop with a `speech`: each is delivered when it comes. */
export interface Told<A> {
  readonly [toldType]: A
}

/** Stands for a failure whose type is that of a place, once the type of that place is known. */
export interface Pending<On extends string, L> {
  readonly [pendingType]: readonly [On, L]
}

/** Stands for a flow that leaves a loop without a case, and so without a value. */
export interface Unasked {
  readonly [pendingType]: null
}

/** The label of `otherwise` in a branch. */
export interface AnyOther {
  readonly [pendingType]: 'other'
}

/** Written out, so that editors show an object. */
type Plain<T> = T extends unknown ? { readonly [K in keyof T]: T[K] } : never

/** No messages. */
export type None = Plain<unknown>

type KeysOf<U> = U extends unknown ? keyof U : never

type SureKeys<T> = { [K in keyof T]-?: Record<never, never> extends Pick<T, K> ? never : K }[keyof T]

type ValueAt<U, K> = U extends unknown ? (K extends keyof U ? Required<U>[K] : never) : never

/** Of a union of objects, one with the keys of all; `Sure` says which are always present. */
type Merged<U, Sure> = Plain<
  { readonly [K in KeysOf<U> & Sure]: ValueAt<U, K> } & {
    readonly [K in Exclude<KeysOf<U>, Sure>]?: ValueAt<U, K>
  }
>

/** The messages of a sequence; `U` is the union of the messages of its parts. */
export type Together<U> = Merged<U, U extends unknown ? SureKeys<U> : never>

/** The keys that some of the cases lack. */
type Unsure<U, All> = U extends unknown ? Exclude<All, SureKeys<U>> : never

/** The messages of a branch, of which one case is taken; `Left` are those of cases that leave a loop around. */
export type OneOf<U, Left> = Merged<U | Left, Exclude<KeysOf<U>, Unsure<U, KeysOf<U>>>>

type Repeated<A, Speech, K> = [Extract<A, Many<unknown> | Told<unknown>>] extends [never]
  ? K extends Speech
    ? Told<A>
    : Many<A>
  : A

/** The messages of a loop, given those of one round. */
export type Rounds<T, Speech> = T extends unknown
  ? { readonly [K in keyof T]-?: Repeated<Required<T>[K], Speech, K> }
  : never

/** The failures, by the loop that they leave. */
export type Gathered<U> = [U] extends [infer V] ? { readonly [L in KeysOf<V>]: ValueAt<V, L> } : never

/** The failures of a case: those without a value yet get the value at the branch's place. */
export type Decided<F, On extends string, L> = F extends unknown
  ? { readonly [N in keyof F]: F[N] extends infer V ? (V extends Unasked ? Pending<On, L> : V) : never }
  : never

/** The failures, with the types of places that are now known. */
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

/** The values with this label at the place. */
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

/** The failures, without those that go back to the head of the loop itself. */
export type Outside<F, Loop> = F extends unknown ? { readonly [N in Exclude<keyof F, Loop>]: F[N] } : never
