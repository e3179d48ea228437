import type { Either } from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { Protocol } from '../combinators/protocol.js'
import type { AnyFlow, ClientOf, FailuresOf, MenuOf, ServerOf } from './flow.js'
import type { Many, Pending, Streamed, Told, Unasked } from './said.js'

/** The bytes that a side hands over: chunks are not copied, and must stay as they are. */
export type BytesOut = Iterable<Uint8Array> | AsyncIterable<Uint8Array>

/** The bytes that a side is given. */
export type BytesIn = AsyncIterable<Uint8Array>

type TellingKeys<T> = { [K in keyof T]-?: Required<T>[K] extends Told<unknown> ? K : never }[keyof T]

type Plain<A, B> = A extends Streamed ? B : A extends Many<infer Each> ? ReadonlyArray<Each> : A

/** What is said in a turn as one object, without what is told on the way. `B`: what stands for bytes that flow. */
type Values<T, B> = T extends unknown
  ? { readonly [K in keyof T as K extends TellingKeys<T> ? never : K]: Plain<T[K], B> }
  : never

type Listener<A> = A extends Told<infer Each> ? (value: Each) => void | Promise<void> : never

type Speaker<A> = A extends Told<infer Each> ? (value: Each) => Promise<void> : never

type Listeners<T> = T extends unknown ? { readonly [K in TellingKeys<T>]?: Listener<Required<T>[K]> } : never

type Speakers<T> = T extends unknown ? { readonly [K in TellingKeys<T>]: Speaker<Required<T>[K]> } : never

/** What a case of the menu may fail with: the values of the cases that leave it. */
export type FailureOf<X extends AnyFlow> = FailuresOf<X>[keyof FailuresOf<X>] extends infer V
  ? V extends Unasked | Pending<string, unknown>
    ? undefined
    : V
  : never

type SaidArgument<Said> = Record<never, never> extends Said ? [said?: Said] : [said: Said]

type HearArgument<Hear> = keyof Hear extends never ? [] : [hear?: Hear]

/** How one call is made. */
export interface FlowCallOptions {
  /**
   * Gives the call up. One that waits for its turn is left out; one that has begun takes the connection with it, since
   * what was said cannot be taken back.
   */
  readonly signal?: AbortSignal
  /**
   * How long nothing may move, in milliseconds: while the call waits for its turn, before it is left out; then before the
   * connection is given up. 0: no limit. Default: that of the client.
   */
  readonly timeout?: number
}

/**
 * A client of a conversation: one method for each case of its {@link turns}. It takes what the client says in the turn, and
 * gives what the server says, or the failure. `E` is what else may fail, such as the connection.
 */
export type MethodsOf<X extends AnyFlow, E = never> = MethodsOfMenu<MenuOf<X>, E>

type MethodsOfMenu<M, E> = {
  readonly [N in keyof M]: (
    ...given: [
      ...SaidArgument<Values<ClientOf<M[N]>, BytesOut>>,
      ...HearArgument<Listeners<ServerOf<M[N]>>>,
      options?: FlowCallOptions,
    ]
  ) => TaskEither<Failing<M[N]> | E, Values<ServerOf<M[N]>, BytesIn>>
}

type Failing<X> = X extends AnyFlow ? FailureOf<X> : never

/** What a handler may ask besides. */
export interface HandlerContext {
  /** What both sides have agreed on. */
  readonly protocol: Partial<Protocol>
  /** Aborted when the connection is given up. */
  readonly signal: AbortSignal
}

/**
 * A server of a conversation: one handler for each case of its {@link turns} that it offers. It is given what the client
 * says in the turn, and functions for what is told on the way; it gives what the server says, or the failure.
 */
export type HandlersOf<X extends AnyFlow> = HandlersOfMenu<MenuOf<X>>

type HandlersOfMenu<M> = {
  readonly [N in keyof M]?: (
    heard: Values<ClientOf<M[N]>, BytesIn>,
    say: Speakers<ServerOf<M[N]>>,
    context: HandlerContext,
  ) => Answer<Either<Failing<M[N]>, Values<ServerOf<M[N]>, BytesOut>>>
}

type Answer<A> = A | Promise<A>

type Opening<T, Known> = {
  readonly [K in keyof T]: T[K] | ((said: Known, protocol: Partial<Protocol>) => T[K])
}

type Known<X extends AnyFlow> = Partial<Values<ClientOf<X>, BytesIn> & Values<ServerOf<X>, BytesIn>>

/**
 * What the client says before and behind its turns, by key: a value, or a function of what has been said so far and of what
 * was agreed on.
 */
export type ClientWords<X extends AnyFlow> = Opening<Values<ClientOf<X>, BytesOut>, Known<X>>

/** What the server says before and behind the turns, in the same way. */
export type ServerWords<X extends AnyFlow> = Opening<Values<ServerOf<X>, BytesOut>, Known<X>>

/** What the server has said before the turns, by key. */
export type HeardFrom<X extends AnyFlow> = Values<ServerOf<X>, BytesIn>

/** Options with words, which may be left out where there are none. */
export type WithWords<Words, Options> =
  Record<never, never> extends Words
    ? [options?: Options & { readonly says?: Words }]
    : [options: Options & { readonly says: Words }]
