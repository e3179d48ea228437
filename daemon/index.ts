/**
 * A client and a server of the daemon protocol, and a recording proxy. `connect` and the calls of a client are
 * `TaskEither`s; `promises` has the same as promises, which reject with an `IssueError` or a `RemoteError`.
 *
 * Servers and proxies are promises: `serve` resolves with an `Either` when its connection is over; `serveAt` and
 * `recordingProxy` reject if they cannot start.
 *
 * @module nix-wire/daemon
 */

export { connect, promises } from './client.js'
export type { DaemonInfo } from './client-handshake.js'
export type {
  CallArguments,
  CallOptions,
  Client,
  ClientBase,
  DirectionOf,
  Methods,
  PromiseMethods,
  ResultOf,
} from './client-types.js'
export type { ConnectOptions } from './connect-options.js'
export { Download } from './download.js'
export {
  type DaemonError,
  daemonError,
  type Failure,
  Refusal,
  RemoteError,
  showFailure,
} from './failure.js'
export type { LogEntry, LogLine, OnLog } from './log.js'
export { recordingProxy } from './proxy/index.js'
export type { ProxiedConnection, RecordingProxy, RecordingProxyOptions } from './proxy/options.js'
export { type ServeAtOptions, type Serving, serveAt } from './serve-at.js'
export { closureOrder } from './served-store/closure-order.js'
export { type DiskStoreOptions, diskStore } from './served-store/disk-store.js'
export { archiveOfFile, dumpOf } from './served-store/dump.js'
export { addedReply, infoUnder, pathInfoReply } from './served-store/fitted-replies.js'
export type { DiskStore } from './served-store/folder-store.js'
export { type StoreHandlersOptions, storeHandlers } from './served-store/handlers.js'
export { type MemoryStoreOptions, memoryStore } from './served-store/memory-store.js'
export { PathLocks } from './served-store/path-locks.js'
export type { Arrival, HeldBytes, RootLinks, Store } from './served-store/store.js'
export { type ServeOptions, serve } from './server.js'
export type { ServeTimes } from './server-times.js'
export type {
  Handled,
  Handler,
  Handlers,
  HandlersFor,
  Logger,
  ReceivedUpload,
  ServedCall,
  ServedConnection,
  ServedUpload,
} from './server-types.js'
export type { CommandTarget, StreamPair, Target } from './transport-types.js'
