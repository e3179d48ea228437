import { isNone, type Option, toNullable } from 'fp-ts/lib/Option.js'
import { showIssue } from '../combinators/issue.js'
import type { AnyGrammar, Grammar } from '../combinators/node.js'
import type { Protocol } from '../combinators/protocol.js'
import { OptTrusted } from '../grammar/enums.js'
import { Error as ErrorPayload } from '../grammar/error.js'
import { ExportInfo } from '../grammar/export.js'
import { Int } from '../grammar/integers.js'
import { featuresOfMessage, LogMessage } from '../grammar/logging.js'
import { One } from '../grammar/operations/operation.js'
import { ValidPathInfo } from '../grammar/path-info.js'
import { type Json, printJson, toJsonAsItIs } from '../interpreters/json/index.js'
import type {
  AddedPath,
  BrokenMessage,
  ContentSummary,
  ExportedPath,
  HandshakeEvent,
  NarSummary,
  OperationEvent,
  SessionEvent,
  SessionMessage,
  StreamSummary,
} from './events.js'
import { rangeJson } from './range-json.js'

/**
 * The JSON form of an event, as `nix-wire session --json` prints it on one line. Requests, replies, messages and
 * errors are as in `toJson`, with invalid parts as they came; ranges are arrays of two numbers; absent values
 * are null.
 *
 * ```ts
 * import { eventJson } from 'nix-wire/session'
 * import { printJson } from 'nix-wire/interpreters'
 *
 * printJson(eventJson({ kind: 'end', clientLeft: 0, serverLeft: 8 }))
 * // => '{"kind":"end","clientLeft":0,"serverLeft":8}'
 * ```
 */
export const eventJson = (event: SessionEvent): Json => {
  switch (event.kind) {
    case 'handshake':
      return handshakeJson(event)
    case 'operation':
      return operationJson(event)
    case 'started':
      return {
        kind: event.kind,
        id: BigInt(event.id),
        name: nameJson(event.operation),
        ...lackingJson(event),
        request: requestJson(event),
      }
    case 'message':
      return { kind: event.kind, message: messageJson(event.message) }
    case 'issue':
      return {
        kind: event.kind,
        side: event.side,
        issue: event.issue._tag,
        offset: BigInt(event.issue.offset),
        path: event.issue.path.map((step) => (typeof step === 'number' ? BigInt(step) : step)),
        text: showIssue(event.issue),
        guess: toNullable(event.guess),
        fatal: event.fatal,
        during: toNullable(event.during),
        ...(isNone(event.message) ? {} : { message: brokenJson(event.message.value) }),
      }
    case 'end':
      return {
        kind: event.kind,
        clientLeft: BigInt(event.clientLeft),
        serverLeft: BigInt(event.serverLeft),
        ...(event.issuesOmitted === undefined ? {} : { issuesOmitted: BigInt(event.issuesOmitted) }),
      }
  }
}

const brokenJson = ({ type, start }: BrokenMessage): Json => ({ type, start: BigInt(start) })

const nameJson = (operation: OperationEvent['operation']): Json =>
  isNone(operation) ? null : operation.value.name

/** A value whose grammar is only known from the operation. */
const partJson = (grammar: AnyGrammar, protocol: Protocol, value: Option<unknown>): Json =>
  isNone(value) ? null : toJsonAsItIs(grammar as Grammar<unknown>, protocol, value.value)

const requestJson = ({
  operation,
  protocol,
  request,
}: Pick<OperationEvent, 'operation' | 'protocol' | 'request'>): Json =>
  isNone(operation) ? null : partJson(operation.value.request, protocol, request)

/** A request on one line, for comparison with others. */
export const requestText = (asked: Parameters<typeof requestJson>[0]): string => printJson(requestJson(asked))

const lackingJson = ({ lacking }: Pick<OperationEvent, 'lacking'>) => (lacking ? { lacking } : {})

/** The JSON view of a reply; null if there is none. */
export const replyJson = ({ operation, protocol, reply }: OperationEvent): Json =>
  isNone(operation)
    ? null
    : partJson(operation.value.reply === One ? Int : operation.value.reply, protocol, reply)

const errorJson = (error: OperationEvent['error'], protocol: Partial<Protocol>): Json =>
  isNone(error) ? null : toJsonAsItIs(ErrorPayload, protocol, error.value)

const messageJson = (message: SessionMessage): Json =>
  message._tag === 'Write'
    ? { _tag: message._tag, size: BigInt(message.size) }
    : toJsonAsItIs(LogMessage, { features: featuresOfMessage(message) }, message)

const handshakeJson = (event: HandshakeEvent): Json => ({
  kind: event.kind,
  version: event.version,
  clientVersion: event.clientVersion,
  serverVersion: event.serverVersion,
  clientFeatures: event.clientFeatures,
  serverFeatures: event.serverFeatures,
  features: event.features,
  versionTwice: event.versionTwice,
  daemonNixVersion: toNullable(event.daemonNixVersion),
  trust: toJsonAsItIs(OptTrusted, {}, event.trust),
  dialect: event.dialect,
  log: event.log.map(messageJson),
  error: errorJson(event.error, { version: event.version }),
  ...(event.unfinished ? { unfinished: true } : {}),
  client: rangeJson(event.client),
  server: rangeJson(event.server),
})

const operationJson = (event: OperationEvent): Json => ({
  kind: event.kind,
  id: BigInt(event.id),
  name: nameJson(event.operation),
  ...lackingJson(event),
  request: requestJson(event),
  log: event.log.map(messageJson),
  ...(event.logOmitted > 0 ? { logOmitted: BigInt(event.logOmitted) } : {}),
  outcome: event.outcome,
  reply: replyJson(event),
  error: errorJson(event.error, event.protocol),
  ...(event.errorTwice ? { errorTwice: true } : {}),
  ...(isNone(event.stream) ? {} : { stream: streamJson(event.stream.value, event.protocol) }),
  client: rangeJson(event.client),
  server: rangeJson(event.server),
})

const streamJson = (stream: StreamSummary, protocol: Protocol): Json => ({
  direction: stream.direction,
  way: stream.way,
  expected: stream.expected,
  pieces: BigInt(stream.pieces),
  size: BigInt(stream.size),
  trailing: BigInt(stream.trailing),
  content: isNone(stream.content) ? null : contentJson(stream.content.value, protocol),
})

const contentJson = (content: ContentSummary, protocol: Protocol): Json => {
  switch (content._tag) {
    case 'Nar':
      return { _tag: content._tag, ...narJson(content) }
    case 'File':
      return { _tag: content._tag, size: BigInt(content.size), sha256: content.sha256 }
    case 'Log':
      return {
        _tag: content._tag,
        size: BigInt(content.size),
        lines: BigInt(content.lines),
        head: content.head,
      }
    case 'AddMultipleToStore':
      return {
        _tag: content._tag,
        paths: content.paths.map((path) => addedJson(path, protocol)),
        omitted: BigInt(content.omitted),
      }
    case 'ExportPath':
      return { _tag: content._tag, path: exportedJson(content.path, protocol) }
    case 'ImportPaths':
      return {
        _tag: content._tag,
        paths: content.paths.map((path) => exportedJson(path, protocol)),
        omitted: BigInt(content.omitted),
      }
  }
}

const narJson = (nar: NarSummary) => ({
  size: BigInt(nar.size),
  sha256: nar.sha256,
  files: BigInt(nar.files),
  executables: BigInt(nar.executables),
  symlinks: BigInt(nar.symlinks),
  directories: BigInt(nar.directories),
  contents: BigInt(nar.contents),
})

const addedJson = ({ info, provenance, nar }: AddedPath, protocol: Protocol): Json => ({
  info: toJsonAsItIs(ValidPathInfo, protocol, info),
  ...(provenance === '' ? {} : { provenance }),
  nar: narJson(nar),
})

const exportedJson = ({ info, nar }: ExportedPath, protocol: Protocol): Json => ({
  info: toJsonAsItIs(ExportInfo, protocol, info),
  nar: narJson(nar),
})
