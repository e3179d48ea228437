import { isSome, none, type Option, some } from 'fp-ts/lib/Option.js'
import type { Issue } from '../../combinators/issue.js'
import { textInPlace } from '../../combinators/leading-text.js'
import { quoted } from '../../combinators/show.js'
import { versionBits } from '../../combinators/version.js'
import { LogMessage } from '../../grammar/logging.js'
import { streamOf } from '../../grammar/operations/operation.js'
import { isRefusal, refusalMeaning } from '../foreign.js'
import type { Conversation } from './conversation.js'
import type { OperationEvent, Side } from './events.js'
import { storeDirIn } from './store-dir.js'

interface Found {
  readonly talk: Conversation
  readonly side: Side
  readonly issue: Issue
  /** What stands at the issue's offset, as far as it is still there. */
  readonly bytes: Uint8Array
}

/** What may have led to an issue; none where nothing comes to mind. */
export const guess = (talk: Conversation, side: Side, issue: Issue): Option<string> => {
  const bytes = talk.feedOf(side).excerpt(issue.offset, issue.offset + 256).bytes
  const found: Found = { talk, side, issue, bytes }
  for (const rule of rules) {
    const text = rule(found)
    if (text !== null) {
      return some(text)
    }
  }
  return none
}

type Rule = (found: Found) => string | null

const silentDaemon: Rule = ({ talk, side, issue }) => {
  if (side !== 'server' || issue._tag !== 'UnexpectedEnd' || talk.server.arrived > 0) {
    return null
  }
  return talk.client.arrived === 0
    ? 'Nothing was sent at all.'
    : 'The daemon closed without a byte: it does so to users outside `allowed-users`, and to clients that are too old or do not begin with the magic.'
}

const nothingSent: Rule = ({ talk, side }) =>
  side === 'client' && talk.client.arrived === 0
    ? 'The client sent nothing: it may only have looked whether somebody listens.'
    : null

const refusal: Rule = ({ side, issue, bytes }) =>
  side === 'server' && issue.offset === 0 && isRefusal(bytes) ? `This is how ${refusalMeaning}.` : null

const textInPlaceOfNumber: Rule = ({ side, issue, bytes }) => {
  const text = issue._tag === 'TrailingBytes' ? null : textInPlace(issue, bytes)
  if (text === null) {
    return null
  }
  const shown = lineOf(text)
  return issue.path[0] === 'handshake' && side === 'server'
    ? `What answers is no nix-daemon: it says ${shown}.`
    : `Text stands where a number should: ${shown}. Something before it is longer or shorter than it should be, or another program wrote into the stream.`
}

// Behind the magic and the version.
const featuresStart = 16

const versionTwice: Rule = ({ talk, side, issue }) => {
  const isInFeatures = side === 'client' && issue.path[1] === 'features'
  const count = numberAt(talk.client.excerpt(featuresStart, featuresStart + 8).bytes)
  return isInFeatures && count === BigInt(versionBits(talk.protocol.version))
    ? 'The client sent its version twice, as clients of Nix 2.23 do; at 1.38 the second one is read as the number of features.'
    : null
}

const otherStoreDir: Rule = ({ talk, side, issue }) => {
  if (issue._tag !== 'InvalidText') {
    return null
  }
  const { bytes } = talk.feedOf(side).excerpt(issue.offset - 8, issue.offset + 1024)
  const dir = storeDirIn(bytes)
  return dir !== null && dir !== talk.protocol.storeDir
    ? `The paths here are in ${dir}: the store directory of this session is not ${talk.protocol.storeDir}.`
    : null
}

const errorInArchive: Rule = ({ side, issue, bytes }) =>
  side === 'server' && issue.path[0] === 'download' && tagAt(bytes) === 'Error'
    ? 'The daemon failed while it sent the archive: its error message (STDERR_ERROR) stands inside it. This is what it does for a path that is not valid.'
    : null

const messageInReply: Rule = ({ side, issue, bytes }) => {
  const tag = tagAt(bytes)
  return side === 'server' && issue.path[0] === 'reply' && tag !== null
    ? `A log message (${tag}) stands where the reply should: the reply is shorter than its grammar, or the daemon failed while it wrote it.`
    : null
}

const replyInLog: Rule = ({ talk, side, issue }) => {
  const isTag = side === 'server' && issue._tag === 'UnknownTag' && issue.path[0] === 'log'
  return isTag && talk.before !== null
    ? `No log message begins so: what came before, the reply to ${nameOf(talk.before)}, may be longer than its grammar.`
    : null
}

const unreadUpload: Rule = ({ talk, side, issue }) => {
  const { before } = talk
  const isAnswer = issue._tag === 'TrailingBytes' || isUnexpectedMessage(issue)
  if (side !== 'server' || !isAnswer || before === null) {
    return null
  }
  return hadUpload(before) && before.outcome === 'error'
    ? `The daemon refused ${nameOf(before)} before it read the upload, and then read the upload's bytes (up to byte ${before.client[1]} of the client) as operations; this is what it says of those. It does so to untrusted clients that send AddBuildLog, and where AddToStore has a method it does not know.`
    : null
}

/** A message of the log that the operation has no use for. */
const isUnexpectedMessage = ({ _tag, path }: Issue): boolean =>
  _tag === 'UnexpectedValue' && path[0] === 'log' && path.length === 3

const messageWithoutStream: Rule = ({ side, issue }) =>
  side === 'server' && isUnexpectedMessage(issue)
    ? 'The daemon takes the operation for another one, or does not keep to the version that was agreed on.'
    : null

const closed: Rule = ({ talk, side, issue }) =>
  side === 'client' && issue._tag === 'TrailingBytes' && talk.before?.errorTwice === true
    ? `The daemon said the error of ${nameOf(talk.before)} twice, and closed the connection. What the client sent behind that request was never read.`
    : null

const refusedRequest: Rule = ({ talk, side, issue }) => {
  const { before } = talk
  const isRefused = before !== null && before.request._tag === 'None' && before.outcome === 'error'
  return side === 'client' && issue.path[0] === 'request' && isRefused && hadUpload(before)
    ? `The daemon refused the request too. Where it does so before it looks at the upload, it then reads the upload as operations.`
    : null
}

const unreadArguments: Rule = ({ talk, side, issue }) => {
  const { before } = talk
  const isLate = before !== null && (before.id === 42 || before.id === 43) && before.outcome === 'error'
  return side === 'server' && issue._tag === 'TrailingBytes' && isLate
    ? `The daemon refused ${nameOf(before)} before it read the arguments, and then read these as operations: Nix 2.35 and above does so without the feature realisation-with-path-not-hash.`
    : null
}

const unasked: Rule = ({ side, issue, bytes }) => {
  if (side !== 'server' || issue._tag !== 'TrailingBytes') {
    return null
  }
  const text = textInPlace(issue, bytes)
  return text === null
    ? 'The daemon answers what nobody asked. Is the recording of the client complete?'
    : `The daemon says what nobody asked: the text ${lineOf(text)}. Another program may have written into the stream.`
}

const unknownOperation: Rule = ({ side, issue }) =>
  side === 'client' && issue.path[0] === 'operation' && issue._tag === 'UnknownTag'
    ? 'Either the client is newer than what was agreed on, or the request before is longer than its grammar.'
    : null

const cut: Rule = ({ talk, side, issue }) =>
  issue._tag === 'UnexpectedEnd'
    ? `The ${side === 'client' ? 'client' : 'daemon'} went away${isSome(talk.during) ? ` in the middle of ${talk.during.value}` : ''}, or the recording is cut.`
    : null

/** The first that says something is the guess. */
const rules: ReadonlyArray<Rule> = [
  silentDaemon,
  nothingSent,
  versionTwice,
  refusal,
  textInPlaceOfNumber,
  otherStoreDir,
  errorInArchive,
  messageInReply,
  replyInLog,
  unreadUpload,
  messageWithoutStream,
  closed,
  refusedRequest,
  unreadArguments,
  unasked,
  unknownOperation,
  cut,
]

const nameOf = ({ id, operation }: OperationEvent): string =>
  isSome(operation) ? operation.value.name : `operation ${id}`

const hadUpload = ({ operation, protocol }: OperationEvent): boolean =>
  isSome(operation) && streamOf(operation.value, protocol)?.direction === 'upload'

const numberAt = (bytes: Uint8Array): bigint | null =>
  bytes.length < 8
    ? null
    : new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getBigUint64(0, true)

const messageTags: ReadonlyMap<bigint, string> = new Map(
  LogMessage.node._tag === 'choice'
    ? LogMessage.node.cases.map(({ name, tag }) => [BigInt(tag), name] as const)
    : [],
)

const tagAt = (bytes: Uint8Array): string | null => messageTags.get(numberAt(bytes) ?? 0n) ?? null

const shownText = 64

/** The first line of a text. */
const lineOf = (text: string): string =>
  quoted(text.replace(/^[\r\n]+/, '').split(/[\r\n]/, 1)[0]!, shownText)
