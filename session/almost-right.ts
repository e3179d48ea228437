import { isRight } from 'fp-ts/lib/Either.js'
import { isSome } from 'fp-ts/lib/Option.js'
import { numberAt } from '../bytes/number-at.js'
import type { Issue } from '../combinators/issue.js'
import type { Grammar } from '../combinators/node.js'
import type { Protocol } from '../combinators/protocol.js'
import { type Stream, streamOf } from '../grammar/operations/operation.js'
import { TolerantReading } from '../interpreters/dissect/tolerant.js'
import type { Conversation } from './conversation.js'
import type { Side } from './events.js'
import { isFollowed, type Seen } from './fitting.js'
import type { Attempt } from './trail.js'

/** The upload that follows a value; undefined if none does. */
const uploadAfter = (talk: Conversation, given: Protocol, { kind, during }: Attempt): Stream | undefined => {
  const asked = isSome(during) && kind === 'request' ? during.value : null
  const operation = Object.values(talk.table).find(({ name }) => name === asked)
  const stream = operation === undefined ? undefined : streamOf(operation, given)
  return stream?.direction === 'upload' ? stream : undefined
}

/** Whether the upload of a request begins at `start`, and looks like one as far as the bytes reach. */
const isUpload = (talk: Conversation, { way }: Stream, seen: Seen, start: number): boolean => {
  const { bytes } = seen
  if (way !== 'framed') {
    return numberAt(bytes, start) === archiveStart
  }
  let at = start
  for (let length = numberAt(bytes, at); length !== null; length = numberAt(bytes, at)) {
    if (length === 0n) {
      // The end may be all that has come.
      return at + 8 === bytes.length || isFollowed(talk, talk.protocol, 'client', seen, at + 8)
    }
    if (length > longestFrame) {
      return false
    }
    at += 8 + Number(length)
  }
  return at > start
}

const archiveStart = BigInt('nix-archive-1'.length)

const longestFrame = 2n ** 26n

const isOfText = ({ _tag }: Issue): boolean => _tag === 'InvalidText' || _tag === 'NotUtf8'

/**
 * Whether a value stands in these bytes, whatever its texts are, with something behind it that may follow; or nothing yet, if it
 * may be the last. A text may be damaged too, and the store directory of its paths need not be known.
 */
export const isAlmostRight = (
  talk: Conversation,
  side: Side,
  attempt: Attempt,
  seen: Seen,
  mayBeLast: boolean,
): boolean => {
  const reading = new TolerantReading(attempt.grammar as Grammar<unknown>, talk.protocol)
  const result = reading.next(seen.bytes, seen.isAll)
  const upload = uploadAfter(talk, talk.protocol, attempt)
  return (
    result !== null &&
    isRight(result) &&
    reading.takeIssues().every(isOfText) &&
    ((mayBeLast && reading.taken === seen.bytes.length) ||
      (upload === undefined
        ? isFollowed(talk, talk.protocol, side, seen, reading.taken)
        : isUpload(talk, upload, seen, reading.taken)))
  )
}
