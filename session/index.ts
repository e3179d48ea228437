/**
 * Decodes recorded or live connections: both streams of a connection become events. What is wrong is an event too. It
 * runs on any platform.
 *
 * @module nix-wire/session
 */
export type { Incomplete } from '../conversation/machine/feed.js'
export { ConnectionReader } from './connection-reader.js'
export { decodeSession, SessionDecoder } from './decoder.js'
export type { Dialect } from './dialect.js'
export type {
  AddedPath,
  Asked,
  BrokenMessage,
  ContentSummary,
  EndEvent,
  ExportedPath,
  HandshakeEvent,
  IssueEvent,
  MessageEvent,
  NarSummary,
  OperationEvent,
  Outcome,
  Range,
  Ranges,
  SessionEvent,
  SessionMessage,
  Side,
  StartedEvent,
  StreamSummary,
} from './events.js'
export { eventJson } from './json.js'
export type { SessionOptions } from './options.js'
export { PacketHeader } from './recording/header.js'
export { RecordingReader } from './recording/recording-reader.js'
export { type PacketAbout, RecordingWriter } from './recording/recording-writer.js'
export type {
  Ending,
  RecordedBytes,
  RecordedEnd,
  RecordedGap,
  RecordedStep,
  RecordingIssue,
} from './recording/step.js'
export type {
  ServeAsked,
  ServeBegunEvent,
  ServeCommandEvent,
  ServeEvent,
  ServeFlowed,
  ServeHandshakeEvent,
  ServeSaid,
} from './serve/events.js'
export { serveEventJson } from './serve/json.js'
export { isServeStream, ServeSession, type ServeSessionOptions } from './serve/serve-session.js'
export { pendingJson, timedEventJson } from './timed/json.js'
export { pendingPhrases, waitingPhrase } from './timed/pending-phrases.js'
export { type EarlyEnd, type Left, type Pending, RecordedSession } from './timed/recorded-session.js'
export type { ConnectionEvent, SessionReader, Unfinished } from './timed/session-reader.js'
export {
  type TimedEvent,
  TimedSession,
  type Timing,
  type Waiting,
} from './timed/timed-session.js'
