/**
 * A connection to a daemon, from either side, and what was recorded of one. `connect` and the calls of a client are
 * `TaskEither`s; `promises` has the same as promises, which reject with an `IssueError` or a `RemoteError`.
 *
 * What runs on is a promise: `serve` resolves with how its connection ended, an `Either`; `serveAt` and `recordingProxy`
 * reject if they cannot begin. A session has its issues among its events.
 *
 * @module nix-wire/daemon
 */

export { type ConnectOptions, connect, promises } from './client.js'
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
export { type RecordingProxy, recordingProxy } from './proxy/index.js'
export type { ProxiedConnection, RecordingProxyOptions } from './proxy/options.js'
export { type ServeAtOptions, type Serving, serveAt } from './serve-at.js'
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
export {
  type AddedPath,
  type Asked,
  type ContentSummary,
  type Dialect,
  decodeSession,
  type EndEvent,
  type Ending,
  type ExportedPath,
  eventJson,
  type HandshakeEvent,
  type IssueEvent,
  type Left,
  type MessageEvent,
  type NarSummary,
  type OperationEvent,
  type Outcome,
  type PacketAbout,
  PacketHeader,
  type Pending,
  pendingJson,
  pendingPhrases,
  type Range,
  type Ranges,
  type RecordedBytes,
  type RecordedEnd,
  type RecordedGap,
  RecordedSession,
  type RecordedStep,
  type RecordingIssue,
  RecordingReader,
  RecordingWriter,
  SessionDecoder,
  type SessionEvent,
  type SessionMessage,
  type SessionOptions,
  type SessionReader,
  type Side,
  type StartedEvent,
  type StreamSummary,
  type TimedEvent,
  TimedSession,
  type Timing,
  timedEventJson,
  type Waiting,
} from './session/index.js'
export type { CommandTarget, StreamPair, Target } from './transport-types.js'
