import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { TypeOf } from '../combinators/node.js'
import type { Protocol } from '../combinators/protocol.js'
import type { AnyOperation, Stream } from '../grammar/operations/operation.js'
import type { OperationTable } from '../grammar/operations/table.js'
import type { Chunks } from '../stream/chunks.js'
import type { Source } from '../stream/source.js'
import type { DirectionOf } from './client-types.js'
import type { Failure } from './failure.js'
import type { LogLine } from './log.js'

/** The log of a handler. The promises resolve when the message is being sent. */
export interface Logger {
  /** Logs a line for people; the newline is added. */
  line(text: string): Promise<void>
  /** Logs any message. Clients below 1.20 get the text of an activity, and no other activity messages. */
  send(message: LogLine): Promise<void>
}

/**
 * The bytes of an upload, without frames. What a handler does not read is read and discarded; if the server asks for
 * the pieces (ImportPaths), no more are asked for.
 */
export type ReceivedUpload = Chunks & AsyncIterable<Uint8Array>

/** The context of a handler. */
export interface ServedCall {
  readonly operation: AnyOperation
  readonly log: Logger
  readonly protocol: Protocol
  /** Whether the server trusts this client. */
  readonly trusted: boolean
  /** The operation's stream under this protocol, if it has one. */
  readonly stream: Stream | undefined
  /** Aborted when the connection is over. */
  readonly signal: AbortSignal
}

export interface ServedUpload extends ServedCall {
  readonly upload: ReceivedUpload
}

/**
 * The result of a handler: the reply, a promise of it, or a `TaskEither` like those of a client's methods. A handler
 * fails by throwing (the error's message is sent; a RemoteError is sent as it is), or with a Left.
 */
export type Handled<R> = R | Promise<R> | TaskEither<Failure, R>

/** Answers an operation. For a download the result is its bytes. */
export type Handler<O extends AnyOperation> = (
  request: TypeOf<O['request']>,
  call: 'upload' extends DirectionOf<O> ? ServedUpload : ServedCall,
) => Handled<'download' extends DirectionOf<O> ? Source : TypeOf<O['reply']>>

/** The handlers, one for each operation that the server offers. */
export type Handlers<T extends OperationTable> = { readonly [N in keyof T]?: Handler<T[N]> }

/** A connection, for handlers with a state for each connection. */
export interface ServedConnection {
  /** Aborted when the connection is over. */
  readonly signal: AbortSignal
}

/** Handlers for all connections, or a function that makes the handlers of one connection. */
export type HandlersFor<T extends OperationTable> =
  | Handlers<T>
  | ((connection: ServedConnection) => Handlers<T>)
