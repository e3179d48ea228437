import type { Option } from 'fp-ts/lib/Option.js'
import type { Issue } from '../combinators/issue.js'
import type { Protocol } from '../combinators/protocol.js'
import type { ProtocolVersion } from '../combinators/version.js'
import type { OptTrusted } from '../grammar/enums.js'
import type { Error as ErrorPayload } from '../grammar/error.js'
import type { ExportInfo } from '../grammar/export.js'
import type { LogMessage, LogWrite } from '../grammar/logging.js'
import type { AnyOperation, Stream, StreamContent } from '../grammar/operations/operation.js'
import type { ValidPathInfo } from '../grammar/path-info.js'
import type { Dialect } from './dialect.js'

/** A side: the client or the server. */
export type Side = 'client' | 'server'

/** A range of a stream: the offsets of its first byte and of the byte after its last. */
export type Range = readonly [start: number, end: number]

/** The ranges of an event in the two streams. */
export interface Ranges {
  readonly client: Range
  readonly server: Range
}

/** A summary of an archive. Sizes are in bytes. */
export interface NarSummary {
  /** The size of the whole archive, as in `narSize`. */
  readonly size: number
  /** The hash of the whole archive, in base16, as in `narHash`. */
  readonly sha256: string
  /** The number of regular files, including executable ones. */
  readonly files: number
  readonly executables: number
  readonly symlinks: number
  readonly directories: number
  /** The size of the contents of all files. */
  readonly contents: number
}

/** A path that was uploaded with its info. */
export interface AddedPath {
  readonly info: ValidPathInfo
  /** A JSON text on the origin of the path; empty except in Determinate Nix. */
  readonly provenance: string
  readonly nar: NarSummary
}

/** A path that was exported or imported. */
export interface ExportedPath {
  readonly info: ExportInfo
  readonly nar: NarSummary
}

/**
 * The content of a stream. Lists have at most as many items as the option `keep` allows; `omitted` counts the others.
 */
export type ContentSummary =
  | ({ readonly _tag: 'Nar' } & NarSummary)
  | { readonly _tag: 'File'; readonly size: number; readonly sha256: string }
  /** A build log; `head` is its beginning, at most 4096 bytes. */
  | { readonly _tag: 'Log'; readonly size: number; readonly lines: number; readonly head: string }
  | {
      readonly _tag: 'AddMultipleToStore'
      readonly paths: ReadonlyArray<AddedPath>
      readonly omitted: number
    }
  | { readonly _tag: 'ExportPath'; readonly path: ExportedPath }
  | { readonly _tag: 'ImportPaths'; readonly paths: ReadonlyArray<ExportedPath>; readonly omitted: number }

/** A stream that belongs to an operation. */
export interface StreamSummary extends Pick<Stream, 'direction' | 'way'> {
  /** The content that it should have. */
  readonly expected: StreamContent
  /** The number of its pieces: frames, answers to `Read`, or `Write` messages; a raw stream is one piece. */
  readonly pieces: number
  /** The number of bytes, without the lengths around them. */
  readonly size: number
  /** None if the stream is invalid or cut, or was never asked for. */
  readonly content: Option<ContentSummary>
  /** The number of bytes after the content, which a daemon skips. */
  readonly trailing: number
}

/** A message between a request and its reply, except those that end the log. */
export type SessionMessage =
  | Exclude<LogMessage, LogWrite | { readonly _tag: 'Last' | 'Error' }>
  /** Bytes of a download; they are in the operation's stream. */
  | { readonly _tag: 'Write'; readonly size: number }

/** The handshake. There is an event if both sides have sent their version. */
export interface HandshakeEvent extends Ranges {
  readonly kind: 'handshake'
  readonly clientVersion: ProtocolVersion
  readonly serverVersion: ProtocolVersion
  /** The lower of the two versions. */
  readonly version: ProtocolVersion
  readonly clientFeatures: ReadonlyArray<string>
  readonly serverFeatures: ReadonlyArray<string>
  /** The features that both sides have. */
  readonly features: ReadonlyArray<string>
  /** True if the client sent its version a second time, as clients of Nix 2.23 do. */
  readonly versionTwice: boolean
  readonly daemonNixVersion: Option<string>
  readonly trust: OptTrusted
  /** The implementation of the daemon, as far as the handshake shows it. */
  readonly dialect: Dialect
  readonly log: ReadonlyArray<SessionMessage>
  /** The error with which the daemon ended the connection, if it did. */
  readonly error: Option<ErrorPayload>
  /** True if the handshake is incomplete, since a stream ended or broke the protocol in it. */
  readonly unfinished: boolean
}

/**
 * How an operation ended: with a `reply`, with an `error`, or successfully without a reply (`none`). `unfinished`: a
 * stream ended or broke the protocol before its end.
 */
export type Outcome = 'reply' | 'error' | 'none' | 'unfinished'

/** An operation: its request, log, reply and streams. An unfinished operation has those parts that came. */
export interface OperationEvent extends Ranges {
  readonly kind: 'operation'
  readonly id: number
  /** None if the id is unknown. */
  readonly operation: Option<AnyOperation>
  /** True if the agreed protocol does not have the operation, but other versions or features do. */
  readonly lacking: boolean
  /** The value of the request's grammar; none if it could not be read. */
  readonly request: Option<unknown>
  readonly log: ReadonlyArray<SessionMessage>
  /** The number of messages beyond the option `keep`. */
  readonly logOmitted: number
  readonly outcome: Outcome
  /**
   * The value of the reply's grammar, for `One` the integer as it came. None unless the outcome is `reply`, and if a
   * download is in place of the reply.
   */
  readonly reply: Option<unknown>
  readonly error: Option<ErrorPayload>
  /** True if the daemon sent the error twice: then it could not read the request, and closes. */
  readonly errorTwice: boolean
  readonly stream: Option<StreamSummary>
  /** The protocol that its values were read under. */
  readonly protocol: Protocol
}

/** The request of an operation. */
export type Asked = Pick<OperationEvent, 'id' | 'operation' | 'lacking' | 'request' | 'protocol'>

/** An operation has begun. Only with the option `progress`. */
export interface StartedEvent extends Asked {
  readonly kind: 'started'
}

/** A message of the daemon's log. Only with `progress`; the message is in the operation's log too. */
export interface MessageEvent {
  readonly kind: 'message'
  readonly message: SessionMessage
}

/**
 * A stream breaks the protocol. If the issue is not fatal, the event comes before that of its operation, whose values
 * have the invalid part as it came: a text (escaped if it is not UTF-8), an integer, a tag, bytes.
 */
export interface IssueEvent {
  readonly kind: 'issue'
  readonly side: Side
  /** The issue. Its offset counts from the start of the side's stream. */
  readonly issue: Issue
  /** A possible cause, in a sentence or two. */
  readonly guess: Option<string>
  /** True if the conversation cannot be followed any further. */
  readonly fatal: boolean
  /** The name (or number) of the current operation, or the handshake; none between operations. */
  readonly during: Option<string>
  /** The message that it is in; none if it is not fatal, in no message of an operation, or in one of unknown form. */
  readonly message: Option<BrokenMessage>
  /** Bytes around the place, as far as they are still available. */
  readonly excerpt: { readonly bytes: Uint8Array; readonly start: number }
}

/** A message in which the reading of a stream ends. */
export interface BrokenMessage {
  /** Its type, as `nix-wire decode` takes it. */
  readonly type: string
  /** The offset of its first byte in the stream of its side. */
  readonly start: number
  /** The protocol that it was read under. */
  readonly protocol: Protocol
  /** Its first fields that were read, at most 50. */
  readonly fields: ReadonlyArray<{ readonly name: string; readonly value: unknown }>
}

/** Both streams have ended. */
export interface EndEvent {
  readonly kind: 'end'
  /** The numbers of bytes that belong to no event. */
  readonly clientLeft: number
  readonly serverLeft: number
  /** The number of issues that were not reported because of the option `issues`, if any. */
  readonly issuesOmitted?: number
}

export type SessionEvent =
  | HandshakeEvent
  | OperationEvent
  | StartedEvent
  | MessageEvent
  | IssueEvent
  | EndEvent
