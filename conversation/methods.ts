import type { Either } from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { AnyFlow, ClientOf, FailuresOf, MenuOf, ServerOf } from './flow.js'
import type { Many, Pending, Streamed, Told, Unasked } from './said.js'

/** The bytes that a side hands over. */
export type BytesOut = Iterable<Uint8Array> | AsyncIterable<Uint8Array>

/** The bytes that a side is given. */
export type BytesIn = AsyncIterable<Uint8Array>

type TellingKeys<T> = { [K in keyof T]-?: Required<T>[K] extends Told<unknown> ? K : never }[keyof T]

type Plain<A, B> = A extends Streamed ? B : A extends Many<infer Each> ? ReadonlyArray<Each> : A

/** What is said in a turn as one object, without what is told on the way. `B`: what stands for bytes that flow. */
type Values<T, B> = T extends unknown
  ? { readonly [K in keyof T as K extends TellingKeys<T> ? never : K]: Plain<T[K], B> }
  : never

type Listener<A> = A extends Told<infer Each> ? (value: Each) => void : never

type Listeners<T> = T extends unknown ? { readonly [K in TellingKeys<T>]?: Listener<Required<T>[K]> } : never

type Speakers<T> = T extends unknown ? { readonly [K in TellingKeys<T>]: Listener<Required<T>[K]> } : never

/** What a case of the menu may fail with: the values of the cases that leave it. */
export type FailureOf<X extends AnyFlow> = FailuresOf<X>[keyof FailuresOf<X>] extends infer V
  ? V extends Unasked | Pending<string, unknown>
    ? undefined
    : V
  : never

type SaidArgument<Said> = Record<never, never> extends Said ? [said?: Said] : [said: Said]

type HearArgument<Hear> = keyof Hear extends never ? [] : [hear?: Hear]

/**
 * A client of a conversation: one method for each case of its {@link turns}. It takes what the client says in the turn, and
 * gives what the server says, or the failure. `E` is what else may fail, such as the connection.
 */
export type MethodsOf<X extends AnyFlow, E = never> = MethodsOfMenu<MenuOf<X>, E>

type MethodsOfMenu<M, E> = {
  readonly [N in keyof M]: (
    ...given: [...SaidArgument<Values<ClientOf<M[N]>, BytesOut>>, ...HearArgument<Listeners<ServerOf<M[N]>>>]
  ) => TaskEither<Failing<M[N]> | E, Values<ServerOf<M[N]>, BytesIn>>
}

type Failing<X> = X extends AnyFlow ? FailureOf<X> : never

/**
 * A server of a conversation: one handler for each case of its {@link turns} that it offers. It is given what the client
 * says in the turn, and functions for what is told on the way; it gives what the server says, or the failure.
 */
export type HandlersOf<X extends AnyFlow> = HandlersOfMenu<MenuOf<X>>

type HandlersOfMenu<M> = {
  readonly [N in keyof M]?: (
    heard: Values<ClientOf<M[N]>, BytesIn>,
    say: Speakers<ServerOf<M[N]>>,
  ) => Answer<Either<Failing<M[N]>, Values<ServerOf<M[N]>, BytesOut>>>
}

type Answer<A> = A | Promise<A>
