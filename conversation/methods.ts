import type { Either } from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { Protocol } from '../combinators/protocol.js'
import type { AnyFlow, ClientOf, FailuresOf, MenuOf, ServerOf } from './flow.js'
import type { Many, Pending, Streamed, Told, Unasked } from './said.js'

/** The bytes that a side sends. The chunks are not copied, so they must not be changed afterwards. */
export type BytesOut = Iterable<Uint8Array> | AsyncIterable<Uint8Array>

/** The bytes that a side receives. */
export type BytesIn = AsyncIterable<Uint8Array>

type TellingKeys<T> = { [K in keyof T]-?: Required<T>[K] extends Told<unknown> ? K : never }[keyof T]

type Plain<A, B> = A extends Streamed ? B : A extends Many<infer Each> ? ReadonlyArray<Each> : A

/** The messages of a turn as one object, without the notices on the way. `B`: the type of streamed bytes. */
type Values<T, B> = T extends unknown
  ? { readonly [K in keyof T as K extends TellingKeys<T> ? never : K]: Plain<T[K], B> }
  : never

type Listener<A> = A extends Told<infer Each> ? (value: Each) => void | Promise<void> : never

type Speaker<A> = A extends Told<infer Each> ? (value: Each) => Promise<void> : never

type Listeners<T> = T extends unknown ? { readonly [K in TellingKeys<T>]?: Listener<Required<T>[K]> } : never

type Speakers<T> = T extends unknown ? { readonly [K in TellingKeys<T>]: Speaker<Required<T>[K]> } : never

/** The failures of a case: the values of the branches that leave it. */
export type FailureOf<X extends AnyFlow> = FailuresOf<X>[keyof FailuresOf<X>] extends infer V
  ? V extends Unasked | Pending<string, unknown>
    ? undefined
    : V
  : never

type SaidArgument<Said> = Record<never, never> extends Said ? [said?: Said] : [said: Said]

type HearArgument<Hear> = keyof Hear extends never ? [] : [hear?: Hear]

/** The options of one call. */
export interface FlowCallOptions {
  /**
   * Aborts the call. If the call still waits for its turn, only the call is dropped; if it has begun, the whole
   * connection ends, since bytes that were sent cannot be taken back.
   */
  readonly signal?: AbortSignal
  /**
   * The longest time without progress, in milliseconds. If it passes while the call waits for its turn, only the call
   * is dropped; after that the whole connection ends. 0: no limit. Default: that of the client.
   */
  readonly timeout?: number
}

/**
 * The methods of a client: one for each case of its {@link turns}. A method takes the client's messages of the turn,
 * and returns the server's messages or the failure. `E` is the type of other errors, such as those of the connection.
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

/** The failures of a flow; of anything else there are none. */
export type Failing<X> = X extends AnyFlow ? FailureOf<X> : never

/** The context of a handler. */
export interface HandlerContext {
  /** The protocol that both sides have agreed on. */
  readonly protocol: Partial<Protocol>
  /** Aborted when the connection is aborted. */
  readonly signal: AbortSignal
}

/**
 * The handlers of a server: one for each case of its {@link turns} that it offers. A handler takes the client's
 * messages of the turn, and functions to send repeated messages meanwhile; it returns the server's messages or the
 * failure.
 */
export type HandlersOf<X extends AnyFlow> = HandlersOfMenu<MenuOf<X>>

type HandlersOfMenu<M> = {
  readonly [N in keyof M]?: (
    heard: Values<ClientOf<M[N]>, BytesIn>,
    say: Speakers<ServerOf<M[N]>>,
    context: HandlerContext,
  ) => Answer<Either<Failing<M[N]>, Values<ServerOf<M[N]>, BytesOut>>>
}

/** The failures that the option `failure` of a server may return: those of all cases, or undefined for none. */
export type ToldFailure<X extends AnyFlow> = AnyFlow extends X
  ? unknown
  : Failing<MenuOf<X>[keyof MenuOf<X>]> | undefined

type Answer<A> = A | Promise<A>

type Opening<T, Known> = {
  readonly [K in keyof T]: T[K] | ((said: Known, protocol: Partial<Protocol>) => T[K])
}

type Known<X extends AnyFlow> = Partial<Values<ClientOf<X>, BytesIn> & Values<ServerOf<X>, BytesIn>>

/**
 * The client's messages before and after the turns, by key: a value, or a function of the messages so far and of the
 * agreed protocol.
 */
export type ClientWords<X extends AnyFlow> = Opening<Values<ClientOf<X>, BytesOut>, Known<X>>

/** The server's messages before and after the turns, like {@link ClientWords}. */
export type ServerWords<X extends AnyFlow> = Opening<Values<ServerOf<X>, BytesOut>, Known<X>>

/** The server's messages before the turns, by key. */
export type HeardFrom<X extends AnyFlow> = Values<ServerOf<X>, BytesIn>

/** Options with the messages before and after the turns; they may be left out if there are none. */
export type WithWords<Words, Options> =
  Record<never, never> extends Words
    ? [options?: Options & { readonly says?: Words }]
    : [options: Options & { readonly says: Words }]
