import { isSome, none, type Option, some } from 'fp-ts/lib/Option.js'
import { numberAt } from '../bytes/number-at.js'
import { type Issue, showFieldPath } from '../combinators/issue.js'
import { textInPlace } from '../combinators/leading-text.js'
import { quoted } from '../combinators/show.js'
import { versionBits } from '../combinators/version.js'
import type { Conversation } from './conversation.js'
import { damagedCount } from './damaged-count.js'
import { damagedLength } from './damaged-length.js'
import type { Side } from './events.js'
import { firstNumberGuess, versionGuess } from './first-numbers.js'
import { messageTags } from './fitting.js'
import {
  brokenMessage,
  messageInReply,
  otherFields,
  otherVersion,
  requestInRequest,
  unknownMessage,
  withoutField,
} from './form-guesses.js'
import { isRefusal, refusalMeaning } from './refusal.js'
import { type Found, hadUpload, nameOf, placeInLog, type Rule } from './rule.js'
import { slipped, slippedOperation } from './slips.js'
import { storeDirIn } from './store-dir.js'

/** A guess at the cause of an issue; none if there is none. */
export const guess = (talk: Conversation, side: Side, issue: Issue, fatal: boolean): Option<string> => {
  const { bytes, start } = talk.feedOf(side).excerpt(issue.offset, issue.offset + 256)
  const found: Found = { talk, side, issue, fatal, bytes: start === issue.offset ? bytes : new Uint8Array(0) }
  for (const rule of rules) {
    const text = rule(found)
    if (text !== null) {
      return some(text)
    }
  }
  return none
}

/** The magic and the version. */
const helloSize = 16

const silentDaemon: Rule = ({ talk, side, issue }) => {
  if (side !== 'server' || issue._tag !== 'UnexpectedEnd' || talk.server.arrived > 0) {
    return null
  }
  if (talk.client.arrived === 0) {
    return 'Nothing was sent at all.'
  }
  return talk.client.arrived > helloSize
    ? `The daemon's side was not recorded: the client sent ${talk.client.arrived} bytes, and it says more than its version only after an answer.`
    : 'The daemon closed without a byte, or its side was not recorded. It closes so for users outside `allowed-users`, and for clients that are too old or do not begin with the magic.'
}

const nothingSent: Rule = ({ talk, side }) =>
  side !== 'client' || talk.client.arrived > 0
    ? null
    : talk.server.arrived > 0
      ? `The client's side was not recorded: the daemon sent ${talk.server.arrived} bytes, and it says nothing before the client does.`
      : 'The client sent nothing: it may only have looked whether a daemon listens.'

const refusal: Rule = ({ side, issue, bytes }) =>
  side === 'server' && issue.offset === 0 && isRefusal(bytes) ? `This is how ${refusalMeaning}.` : null

const textInPlaceOfNumber: Rule = ({ side, issue, bytes }) => {
  const text = issue._tag === 'TrailingBytes' ? null : textInPlace(issue, bytes)
  if (text === null) {
    return null
  }
  const shown = lineOf(text)
  return issue.path[0] === 'handshake' && side === 'server'
    ? `The other side is not a nix-daemon: it says ${shown}.`
    : `There is text in the place of a number: ${shown}. Something before it is longer or shorter than it should be, or another program wrote into the stream.`
}

const firstNumber: Rule = ({ side, issue, bytes }) =>
  isAboutNumber(issue) && issue.offset === 0 && bytes.length >= 8 ? firstNumberGuess(side, bytes) : null

const refusedVersion: Rule = ({ issue, bytes }) =>
  issue._tag === 'InvalidValue' && issue.path[0] === 'handshake' && issue.path.at(-1) === 'version'
    ? versionGuess(bytes)
    : null

const versionTwice: Rule = ({ talk, side, issue }) => {
  const isInFeatures = side === 'client' && issue.path[1] === 'features'
  const count = numberAt(talk.client.excerpt(helloSize, helloSize + 8).bytes)
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

/** A log message for which the operation has no stream. */
const isUnexpectedMessage = (issue: Issue): boolean =>
  issue._tag === 'UnexpectedValue' && placeInLog(issue)?.inside[0] === '_tag'

const messageWithoutStream: Rule = ({ side, issue }) =>
  side === 'server' && isUnexpectedMessage(issue)
    ? 'The daemon takes the operation for another one, or does not keep to the version that was agreed on.'
    : null

const closed: Rule = ({ talk, side, issue }) =>
  side === 'client' && issue._tag === 'TrailingBytes' && talk.before?.errorTwice === true
    ? `The daemon said the error of ${nameOf(talk.before)} twice, and closed the connection. What the client sent after that request was never read.`
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
  const isLate =
    before !== null && !before.lacking && (before.id === 42 || before.id === 43) && before.outcome === 'error'
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
    ? 'The daemon answers a request that was not sent. Is the recording of the client complete?'
    : `The daemon sends unexpected text: ${lineOf(text)}. Another program may have written into the stream.`
}

const unknownOperation: Rule = ({ talk, side, issue, bytes }) => {
  if (side !== 'client' || issue.path[0] !== 'operation' || issue._tag !== 'UnknownTag') {
    return null
  }
  const before = talk.before === null ? 'handshake' : `request of ${nameOf(talk.before)}`
  return numberAt(bytes) === 0n
    ? `Zero is not an operation: the ${before} may have one field more than its grammar, or one less.`
    : `Either the client is newer than what was agreed on, or the ${before} has a field more than its grammar, or one less.`
}

const cut: Rule = (found) => {
  const { talk, side, issue } = found
  if (issue._tag !== 'UnexpectedEnd') {
    return null
  }
  const [head, ...inside] = issue.path
  const during = isSome(talk.during) ? ` in the middle of ${talk.during.value}` : ''
  const isBetween = issue.offset === talk.feedOf(side).arrived
  const lacks =
    isBetween && (head === 'request' || head === 'reply')
      ? `; or it left out ${inside.length === 0 ? `the ${head}` : showFieldPath(inside)}`
      : ''
  const version = isBetween ? otherVersion(found) : null
  return `The ${side === 'client' ? 'client' : 'daemon'} went away${during}, or the recording is cut${lacks}.${version === null ? '' : ` ${version}`}`
}

const notCut =
  (rule: Rule): Rule =>
  (found) =>
    found.issue._tag === 'UnexpectedEnd' ? null : rule(found)

/** The rules in order: the first that applies gives the guess. */
const rules: ReadonlyArray<Rule> = [
  silentDaemon,
  nothingSent,
  versionTwice,
  refusal,
  damagedLength,
  notCut(withoutField),
  damagedCount,
  requestInRequest,
  notCut(otherVersion),
  messageInReply,
  slipped,
  slippedOperation,
  textInPlaceOfNumber,
  firstNumber,
  refusedVersion,
  otherStoreDir,
  errorInArchive,
  unreadUpload,
  closed,
  refusedRequest,
  unreadArguments,
  messageWithoutStream,
  unknownMessage,
  brokenMessage,
  unasked,
  unknownOperation,
  otherFields,
  cut,
]

const isAboutNumber = ({ _tag }: Issue): boolean =>
  _tag === 'OutOfRange' || _tag === 'UnknownTag' || _tag === 'UnexpectedValue' || _tag === 'LimitExceeded'

const tagAt = (bytes: Uint8Array): string | null => messageTags.get(numberAt(bytes) ?? 0n) ?? null

const shownText = 64

/** The first line of a text. */
const lineOf = (text: string): string =>
  quoted(text.replace(/^[\r\n]+/, '').split(/[\r\n]/, 1)[0]!, shownText)
