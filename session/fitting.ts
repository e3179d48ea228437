import { numberAt } from '../bytes/number-at.js'
import type { AnyGrammar, Grammar } from '../combinators/node.js'
import type { Protocol } from '../combinators/protocol.js'
import { type ProtocolVersion, versionBits, versionFromBits } from '../combinators/version.js'
import { Feed } from '../conversation/machine/feed.js'
import { Task } from '../conversation/machine/talk.js'
import { LogMessage } from '../grammar/logging.js'
import type { AnyOperation } from '../grammar/operations/operation.js'
import { plansFor } from '../interpreters/compile/resumable.js'
import type { Conversation } from './conversation.js'
import type { Side } from './events.js'
import type { Attempt } from './trail.js'

// The bytes kept before the position, and the same number after it.
const looked = 4096

/** The tags of log messages. */
export const messageTags: ReadonlyMap<bigint, string> = new Map(
  LogMessage.node._tag === 'choice'
    ? LogMessage.node.cases.map(({ name, tag }) => [BigInt(tag), name] as const)
    : [],
)

/** What has come of a stream from an offset on. */
export interface Seen {
  readonly bytes: Uint8Array
  /** Whether the stream ends with them. */
  readonly isAll: boolean
}

/** The bytes at an offset, to try something with; null if they are gone, or enough has been tried. */
export const seenFrom = (talk: Conversation, side: Side, start: number): Seen | null => {
  if (talk.retries === 0) {
    return null
  }
  talk.retries--
  const feed = talk.feedOf(side)
  const found = feed.excerpt(start, start + 2 * looked)
  return found.start === start
    ? { bytes: found.bytes, isAll: feed.ended && feed.arrived === start + found.bytes.length }
    : null
}

// Each is read once under many versions: generating code would take longer.
/** Where a value ends; null if the bytes are invalid or incomplete. */
const endOf = (grammar: AnyGrammar, given: Protocol, { bytes, isAll }: Seen): number | null => {
  const feed = new Feed()
  feed.push(bytes)
  if (isAll) {
    feed.end()
  }
  const task = new Task(feed.read(grammar as Grammar<unknown>, plansFor(given, { evaluate: false })))
  task.advance()
  return task.ending?._tag === 'Done' ? feed.offset : null
}

/** The operation whose number stands at `at`, with a request of it behind that; null if there is none. */
export const operationAt = (
  talk: Conversation,
  given: Protocol,
  { bytes, isAll }: Seen,
  at: number,
): AnyOperation | null => {
  const number = numberAt(bytes, at)
  const operation = Object.values(talk.table).find(({ id }) => id !== 0 && BigInt(id) === number)
  return operation !== undefined &&
    endOf(operation.request, given, { bytes: bytes.subarray(at + 8), isAll }) !== null
    ? operation
    : null
}

/** Whether the bytes at `end` may follow a value: a message of the daemon, a request of the client, or the end. */
export const isFollowed = (
  talk: Conversation,
  given: Protocol,
  side: Side,
  seen: Seen,
  end: number,
): boolean => {
  const { bytes, isAll } = seen
  const next = numberAt(bytes, end)
  if (next === null) {
    return isAll && end === bytes.length
  }
  return side === 'server' ? messageTags.has(next) : operationAt(talk, given, seen, end) !== null
}

/** Whether a valid value of this grammar is at an offset, followed by something that may follow it. */
export const isReadable = (talk: Conversation, side: Side, grammar: AnyGrammar, start: number): boolean => {
  const seen = seenFrom(talk, side, start)
  const end = seen === null ? null : endOf(grammar, talk.protocol, seen)
  return seen !== null && end !== null && isFollowed(talk, talk.protocol, side, seen, end)
}

/** The field without which a value would be valid, or would end elsewhere; null if there is none. */
export const missingField = (talk: Conversation, side: Side, attempt: Attempt): string | null => {
  const { node } = attempt.grammar
  const seen = seenFrom(talk, side, attempt.start)
  // Without its only field there would be no value.
  if (seen === null || node._tag !== 'struct' || node.fields.length === 1) {
    return null
  }
  const wrongEnd = endOf({ node }, talk.protocol, seen)
  const found = node.fields.findLast((left) => {
    const rest = { node: { ...node, fields: node.fields.filter((field) => field !== left) } }
    const end = endOf(rest, talk.protocol, seen)
    return end !== null && end !== wrongEnd && isFollowed(talk, talk.protocol, side, seen, end)
  })
  return found === undefined ? null : String(found.key)
}

const oldest = versionBits('1.10')
const newest = versionBits('1.38')

/**
 * The versions in which a value would be valid, or would end elsewhere: the nearest one and the last one next to it.
 * Null if there are none.
 */
export const fittingVersions = (
  talk: Conversation,
  side: Side,
  { grammar, start }: Attempt,
): readonly [ProtocolVersion, ProtocolVersion] | null => {
  const seen = seenFrom(talk, side, start)
  if (seen === null) {
    return null
  }
  const wrongEnd = endOf(grammar, talk.protocol, seen)
  const fits = (bits: number): boolean => {
    const given = { ...talk.protocol, version: versionFromBits(bits) }
    const end = endOf(grammar, given, seen)
    return end !== null && end !== wrongEnd && isFollowed(talk, given, side, seen, end)
  }
  const agreed = versionBits(talk.protocol.version)
  const versions = Array.from({ length: newest - oldest + 1 }, (_, i) => oldest + i)
  const nearest = versions.sort((a, b) => Math.abs(a - agreed) - Math.abs(b - agreed)).find(fits)
  if (nearest === undefined) {
    return null
  }
  return [endOfRun(nearest, -1, fits), endOfRun(nearest, 1, fits)]
}

/** The last of the consecutive versions that fit, in one direction. */
const endOfRun = (bits: number, step: number, fits: (bits: number) => boolean): ProtocolVersion => {
  let last = bits
  while (last + step >= oldest && last + step <= newest && fits(last + step)) {
    last += step
  }
  return versionFromBits(last)
}
