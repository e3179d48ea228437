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

/** The options of one call. */
export interface CallOptions {
  /**
   * Aborts the call. If nothing of it has been sent, only the call is dropped; else the whole connection ends, since
   * the protocol has no way to take a request back.
   */
  readonly signal?: AbortSignal
  /**
   * The longest time without progress, in milliseconds. If it passes while the call waits for earlier calls, only the
   * call is dropped; after that the whole connection ends. 0: no limit. Default: that of the connection.
   */
  readonly timeout?: number
  /** Is called with each log line of this call, in addition to the listener of the whole connection. */
  readonly onLog?: OnLog
}

/** The direction of an operation's stream; never if it has none. */
export type DirectionOf<O extends AnyOperation> = O['streams'][number]['direction']

type RequestArgument<O extends AnyOperation> = keyof TypeOf<O['request']> extends never
  ? []
  : [request: TypeOf<O['request']>]

type UploadArgument<O extends AnyOperation> = 'upload' extends DirectionOf<O> ? [upload: Source] : []

/** The arguments of a method: the request if it has fields, the upload if there is one, and options. */
export type CallArguments<O extends AnyOperation> = [
  ...RequestArgument<O>,
  ...UploadArgument<O>,
  options?: CallOptions,
]

/** The result of a method: the reply, or the download in place of it. */
export type ResultOf<O extends AnyOperation> =
  'download' extends DirectionOf<O> ? Download : TypeOf<O['reply']>

/** The methods of a client, one for each operation of a table: `QueryPathInfo` is `queryPathInfo`. */
export type Methods<T extends OperationTable> = {
  readonly [N in keyof T & string as Uncapitalize<N>]: (
    ...given: CallArguments<T[N]>
  ) => TaskEither<Failure, ResultOf<T[N]>>
}

/** The same methods as promises, which reject with a {@link RemoteError} (an error of the daemon) or an IssueError. */
export type PromiseMethods<T extends OperationTable> = {
  readonly [N in keyof T & string as Uncapitalize<N>]: (
    ...given: CallArguments<T[N]>
  ) => Promise<ResultOf<T[N]>>
}

/** The members of a client besides the methods of its operations. */
export interface ClientBase<T extends OperationTable> {
  /** The negotiated protocol. */
  readonly protocol: Protocol
  readonly daemon: DaemonInfo
  readonly promises: PromiseMethods<T>
  /**
   * The log of all calls from now on, until the connection ends or the loop is left. A consumer that is more than a
   * thousand entries behind makes the connection wait.
   */
  logs(): AsyncIterableIterator<LogEntry>
  /** Resolves with the reason when the connection is over: {@link close}, an issue, a daemon that closed it. */
  readonly closed: Promise<Failure>
  /** Ends the connection and its calls; resolves when the connection is over. */
  close(): Promise<void>
}

/**
 * A connection to a daemon. Concurrent calls are pipelined as far as the protocol allows; the answers come in the
 * order of the calls.
 */
export type Client<T extends OperationTable> = Methods<T> & ClientBase<T>
