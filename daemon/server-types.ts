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

/** What a handler says while it works. A message is on its way when the promise resolves. */
export interface Logger {
  /** A line for people; the newline is added. */
  line(text: string): Promise<void>
  /** Any message; clients below 1.20 get of an activity its text, and of the rest nothing. */
  send(message: LogLine): Promise<void>
}

/**
 * The bytes that a client sends behind its request, without frames, to their end and no further. What a handler leaves of
 * them is read and thrown away; where they come as they are asked for (ImportPaths), no more is asked for.
 */
export type ReceivedUpload = Chunks & AsyncIterable<Uint8Array>

/** What a handler has besides the request. */
export interface ServedCall {
  readonly operation: AnyOperation
  readonly log: Logger
  readonly protocol: Protocol
  /** Whether the server trusts this client. */
  readonly trusted: boolean
  /** How the operation's stream looks under this protocol, where it has one. */
  readonly stream: Stream | undefined
  /** Aborted when the connection is over. */
  readonly signal: AbortSignal
}

export interface ServedUpload extends ServedCall {
  readonly upload: ReceivedUpload
}

/**
 * What a handler gives: the result, a promise of it, or a task, as a client's methods give them. It fails by throwing (the
 * message is sent; a RemoteError is sent as it is), or by a left.
 */
export type Handled<R> = R | Promise<R> | TaskEither<Failure, R>

/** Answers an operation. In place of the reply of a download stand its bytes. */
export type Handler<O extends AnyOperation> = (
  request: TypeOf<O['request']>,
  call: 'upload' extends DirectionOf<O> ? ServedUpload : ServedCall,
) => Handled<'download' extends DirectionOf<O> ? Source : TypeOf<O['reply']>>

/** A handler for each operation that is offered. */
export type Handlers<T extends OperationTable> = { readonly [N in keyof T]?: Handler<T[N]> }

/** A connection, for handlers that keep something as long as it lasts. */
export interface ServedConnection {
  /** Aborted when the connection is over. */
  readonly signal: AbortSignal
}

/** Handlers for all connections, or a function that makes those of each one. */
export type HandlersFor<T extends OperationTable> =
  | Handlers<T>
  | ((connection: ServedConnection) => Handlers<T>)
