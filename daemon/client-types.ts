import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { TypeOf } from '../combinators/node.js'
import type { Protocol } from '../combinators/protocol.js'
import type { AnyOperation } from '../grammar/operations/operation.js'
import type { OperationTable } from '../grammar/operations/table.js'
import type { Source } from '../stream/source.js'
import type { DaemonInfo } from './client-handshake.js'
import type { Download } from './download.js'
import type { Failure } from './failure.js'
import type { LogEntry, OnLog } from './log.js'

/** How one call is made. */
export interface CallOptions {
  /**
   * Gives the call up. One of which nothing has been sent is left out; any other takes the connection with it, since
   * the protocol has no way to take a request back.
   */
  readonly signal?: AbortSignal
  /**
   * How long nothing may move, in milliseconds: while the call waits for those before it, before it is left out; then
   * before the connection is given up. 0: no limit. Default: that of the connection.
   */
  readonly timeout?: number
  /** Takes the log of this call, besides what listens to the whole connection. */
  readonly onLog?: OnLog
}

/** Whether an operation has a stream, and where it goes; never where it has none. */
export type DirectionOf<O extends AnyOperation> = O['streams'][number]['direction']

type RequestArgument<O extends AnyOperation> = keyof TypeOf<O['request']> extends never
  ? []
  : [request: TypeOf<O['request']>]

type UploadArgument<O extends AnyOperation> = 'upload' extends DirectionOf<O> ? [upload: Source] : []

/** What a method takes: the request where it has fields, the upload where there is one, options. */
export type CallArguments<O extends AnyOperation> = [
  ...RequestArgument<O>,
  ...UploadArgument<O>,
  options?: CallOptions,
]

/** What a method gives: the reply, or the download that stands in its place. */
export type ResultOf<O extends AnyOperation> =
  'download' extends DirectionOf<O> ? Download : TypeOf<O['reply']>

/** One method for each operation of a table: `QueryPathInfo` is `queryPathInfo`. */
export type Methods<T extends OperationTable> = {
  readonly [N in keyof T & string as Uncapitalize<N>]: (
    ...given: CallArguments<T[N]>
  ) => TaskEither<Failure, ResultOf<T[N]>>
}

/** The same as promises, which reject with a RemoteError (the daemon's own) or an IssueError. */
export type PromiseMethods<T extends OperationTable> = {
  readonly [N in keyof T & string as Uncapitalize<N>]: (
    ...given: CallArguments<T[N]>
  ) => Promise<ResultOf<T[N]>>
}

/** What every connection has besides the methods of its operations. */
export interface ClientBase<T extends OperationTable> {
  /** What was negotiated. */
  readonly protocol: Protocol
  readonly daemon: DaemonInfo
  readonly promises: PromiseMethods<T>
  /**
   * The log of everything that is called from now on, until the connection ends or the loop is left. Who is more than
   * a thousand entries behind makes the connection wait.
   */
  logs(): AsyncIterableIterator<LogEntry>
  /** Resolves with the reason when the connection is over: {@link close}, a broken protocol, a daemon that went. */
  readonly closed: Promise<Failure>
  /** Ends the connection, and what is running on it; resolves when nothing is left of it. */
  close(): Promise<void>
}

/**
 * A connection to a daemon. Calls made at once go out at once, as far as the protocol lets them, and are answered in their
 * order.
 */
export type Client<T extends OperationTable> = Methods<T> & ClientBase<T>
