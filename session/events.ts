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

/** Whose bytes: those the client sends, or those the daemon sends. */
export type Side = 'client' | 'server'

/** Where in a stream: the first byte, and the byte behind the last. */
export type Range = readonly [start: number, end: number]

/** Where something lies in the two streams. */
export interface Ranges {
  readonly client: Range
  readonly server: Range
}

/** A Nix archive that passed, without its contents. Sizes are in bytes. */
export interface NarSummary {
  /** Of the whole archive, which is what `narSize` counts. */
  readonly size: number
  /** Of the whole archive, in base16, as `narHash` has it. */
  readonly sha256: string
  /** Regular files, those that are executable among them. */
  readonly files: number
  readonly executables: number
  readonly symlinks: number
  readonly directories: number
  /** Of the contents of all files. */
  readonly contents: number
}

/** A path that was uploaded with its info. */
export interface AddedPath {
  readonly info: ValidPathInfo
  /** A JSON text that says where the path comes from; empty but in Determinate Nix. */
  readonly provenance: string
  readonly nar: NarSummary
}

/** A path that was exported or imported. */
export interface ExportedPath {
  readonly info: ExportInfo
  readonly nar: NarSummary
}

/** What a stream carried. Lists hold no more than `keep` of the options; `omitted` counts the others. */
export type ContentSummary =
  | ({ readonly _tag: 'Nar' } & NarSummary)
  | { readonly _tag: 'File'; readonly size: number; readonly sha256: string }
  /** A build log; `head` is how it begins, 4096 bytes of it at most. */
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
  /** What it should carry. */
  readonly expected: StreamContent
  /** In how many pieces it came: frames, answers to `Read`, or `Write` messages; a raw stream is one. */
  readonly pieces: number
  /** Bytes, without the lengths around them. */
  readonly size: number
  /** None where the stream breaks the rules of what it should carry, is cut, or was never asked for. */
  readonly content: Option<ContentSummary>
  /** Bytes behind the content, which a daemon passes over. */
  readonly trailing: number
}

/** A message between a request and its reply; those that end the log are not among them. */
export type SessionMessage =
  | Exclude<LogMessage, LogWrite | { readonly _tag: 'Last' | 'Error' }>
  /** The data is in the operation's stream. */
  | { readonly _tag: 'Write'; readonly size: number }

/** What both sides said of themselves, from when both have named their version. */
export interface HandshakeEvent extends Ranges {
  readonly kind: 'handshake'
  readonly clientVersion: ProtocolVersion
  readonly serverVersion: ProtocolVersion
  /** The lower of the two. */
  readonly version: ProtocolVersion
  readonly clientFeatures: ReadonlyArray<string>
  readonly serverFeatures: ReadonlyArray<string>
  /** Those that both have. */
  readonly features: ReadonlyArray<string>
  /** Whether the client sent its version a second time, as those of Nix 2.23 do. */
  readonly versionTwice: boolean
  readonly daemonNixVersion: Option<string>
  readonly trust: OptTrusted
  /** Whose daemon it is, as far as that shows. */
  readonly dialect: Dialect
  readonly log: ReadonlyArray<SessionMessage>
  /** What the daemon ended the connection with, where it did. */
  readonly error: Option<ErrorPayload>
  /** Whether its end is not there, since a stream ended or broke the protocol first: then it is what had come. */
  readonly unfinished: boolean
}

/**
 * How an operation ended: with a reply, with an error, or done without a reply. `unfinished`: its end is not there,
 * since a stream ended or broke the protocol first.
 */
export type Outcome = 'reply' | 'error' | 'none' | 'unfinished'

/** One request, and all that came of it; of an unfinished operation what had come until then. */
export interface OperationEvent extends Ranges {
  readonly kind: 'operation'
  readonly id: number
  /** None where no operation with this id is known. */
  readonly operation: Option<AnyOperation>
  /** Whether the protocol lacks the operation: other versions, or other features, have it. */
  readonly lacking: boolean
  /** As the request's grammar has it; none where it could not be read. */
  readonly request: Option<unknown>
  readonly log: ReadonlyArray<SessionMessage>
  /** How many messages more there were than `keep` of the options. */
  readonly logOmitted: number
  readonly outcome: Outcome
  /**
   * As the reply's grammar has it, of `One` the integer as it came; none unless the outcome is `reply`, and for a
   * download in its place.
   */
  readonly reply: Option<unknown>
  readonly error: Option<ErrorPayload>
  /** Whether the daemon said the error twice: then it was not done with the request, and closes. */
  readonly errorTwice: boolean
  readonly stream: Option<StreamSummary>
  /** What its values were read under. */
  readonly protocol: Protocol
}

/** What an operation asks for. */
export type Asked = Pick<OperationEvent, 'id' | 'operation' | 'lacking' | 'request' | 'protocol'>

/** An operation has begun. With `progress` only. */
export interface StartedEvent extends Asked {
  readonly kind: 'started'
}

/** The daemon said something. With `progress` only; the message is in the operation's log too. */
export interface MessageEvent {
  readonly kind: 'message'
  readonly message: SessionMessage
}

/**
 * The place where a stream breaks the protocol. One that is not fatal is told before the operation it belongs to, in
 * whose values it left what came: a text (escaped where it is not UTF-8), an integer, a case's number, bytes.
 */
export interface IssueEvent {
  readonly kind: 'issue'
  readonly side: Side
  /** Offsets count from the start of the side's stream. */
  readonly issue: Issue
  /** What may have led to it, in a sentence or two. */
  readonly guess: Option<string>
  /** Whether the place is lost, so that the conversation cannot be followed any further. */
  readonly fatal: boolean
  /** What was going on: an operation by its name (or number), or the handshake; none between operations. */
  readonly during: Option<string>
  /** Bytes around the place, as far as they are still there. */
  readonly excerpt: { readonly bytes: Uint8Array; readonly start: number }
}

/** Both streams are over. */
export interface EndEvent {
  readonly kind: 'end'
  /** Bytes that belong to no event. */
  readonly clientLeft: number
  readonly serverLeft: number
  /** How many issues that are not fatal there were besides those that were told, where there were some. */
  readonly issuesOmitted?: number
}

export type SessionEvent =
  | HandshakeEvent
  | OperationEvent
  | StartedEvent
  | MessageEvent
  | IssueEvent
  | EndEvent
