import { numberAt } from '../bytes/number-at.js'
import { showFieldPath } from '../combinators/issue.js'
import type { Grammar } from '../combinators/node.js'
import { takesNoArguments } from '../grammar/operations/operation.js'
import { dissect } from '../interpreters/dissect/index.js'
import type { Part } from '../interpreters/dissect/tree.js'
import { fittingVersions, isReadable, messageTags, missingField } from './fitting.js'
import { type Found, nameOf, partOf, placeInLog, type Rule } from './rule.js'
import { slippedMessage } from './slips.js'
import type { Attempt } from './trail.js'

/**
 * Values that may have another form than the one they were read in: the one with the issue, and those before it.
 */
const attemptsAt = ({ talk, side, issue }: Found): ReadonlyArray<Attempt> => {
  const { latest, before, first } = side === 'client' ? talk.clientTrail : talk.serverTrail
  const attempts = [...new Set([latest, before, first])].filter((attempt) => attempt !== null)
  return attempts.filter(({ start }) => start <= issue.offset)
}

const readElsewhere = new Set(['upload', 'download'])

/** The value would be valid in another version. */
export const otherVersion: Rule = (found) => {
  const { talk, side, issue } = found
  if (readElsewhere.has(String(issue.path[0]))) {
    return null
  }
  for (const attempt of attemptsAt(found)) {
    const versions = fittingVersions(talk, side, attempt)
    if (versions !== null) {
      const [first, last] = versions
      const range = first === last ? first : `${first} to ${last}`
      const { version } = talk.protocol
      return `As protocol ${range} ${partOf(attempt, side)} would be right: the ${side === 'client' ? 'client' : 'daemon'} does not keep to ${version}, or the versions in the recording are not those of the connection.`
    }
  }
  return null
}

/** The value would be valid without one of its fields. */
export const withoutField: Rule = (found) => {
  const { talk, side, issue } = found
  const { latest } = side === 'client' ? talk.clientTrail : talk.serverTrail
  if (readElsewhere.has(String(issue.path[0])) || latest === null || latest.start > issue.offset) {
    return null
  }
  const field = missingField(talk, side, latest)
  if (field === null) {
    return null
  }
  const version = otherVersion(found)
  return `Without ${field}, ${partOf(latest, side)} would be right: that field is missing.${version === null ? '' : ` ${version}`}`
}

/** Where the counts of whole collections stand: their items show that they are counts. */
const countsIn = (tree: Part | null): ReadonlySet<number> => {
  const counts = new Set<number>()
  const open = tree === null ? [] : [tree]
  for (let part = open.pop(); part !== undefined; part = open.pop()) {
    const [first] = part.parts
    if (first?.role === 'count' && part.complete) {
      counts.add(first.start)
    }
    for (const each of part.parts) {
      open.push(each)
    }
  }
  return counts
}

/** The next request was read as a part of this one. */
export const requestInRequest: Rule = (found) => {
  const { talk, side, issue } = found
  const { latest } = talk.clientTrail
  if (side !== 'client' || issue.path[0] !== 'request' || latest?.kind !== 'request') {
    return null
  }
  const { start } = latest
  const read = talk.client.excerpt(start, issue.offset + 8)
  const counts = countsIn(dissect(latest.grammar as Grammar<unknown>, talk.protocol, read.bytes).tree)
  for (let at = 0; read.start === start && at + 8 <= read.bytes.length; at += 8) {
    if (counts.has(at)) {
      continue
    }
    const id = numberAt(read.bytes, at)
    const next = Object.values(talk.table).find((each) => BigInt(each.id) === id && !takesNoArguments(each))
    if (next !== undefined && isReadable(talk, side, next.request, start + at + 8)) {
      const version = otherVersion(found)
      return `The next request, ${next.name} (${id}), begins at byte ${start + at} already: a field of ${partOf(latest, side)} is missing.${version === null ? '' : ` ${version}`}`
    }
  }
  return null
}

/** There is a log message in a reply, at the issue or before it. */
export const messageInReply: Rule = ({ talk, side, issue, bytes }) => {
  if (side !== 'server' || issue.path[0] !== 'reply') {
    return null
  }
  const tag = messageTags.get(numberAt(bytes) ?? 0n)
  if (tag !== undefined) {
    return `A log message (${tag}) is in the place of the reply: the reply is shorter than its grammar, or the daemon failed while it wrote it.`
  }
  return messageWithin(talk, talk.serverTrail.latest, issue.offset)
}

/** A log message that was read as a part of a reply. */
const messageWithin = (talk: Found['talk'], reply: Attempt | null, end: number): string | null => {
  if (reply?.kind !== 'reply') {
    return null
  }
  const { start } = reply
  const read = talk.server.excerpt(start, end)
  for (let at = 0; read.start === start && at + 8 <= read.bytes.length; at += 8) {
    const tag = messageTags.get(numberAt(read.bytes, at) ?? 0n)
    if (tag !== undefined) {
      return `A log message (${tag}) was read as a part of ${partOf(reply, 'server')}, at byte ${start + at}: a field before it is missing.`
    }
  }
  return null
}

/** No log message begins with these bytes. */
export const unknownMessage: Rule = (found) => {
  const { talk, side, issue } = found
  const place = placeInLog(issue)
  if (side !== 'server' || issue._tag !== 'UnknownTag' || place === null || place.inside[0] !== '_tag') {
    return null
  }
  const { before } = talk
  const earlier =
    place.index > 0
      ? 'the message before it'
      : before === null
        ? 'the handshake'
        : before.outcome === 'error'
          ? `the error of ${nameOf(before)}`
          : `the reply to ${nameOf(before)}`
  return (
    messageWithin(talk, talk.serverTrail.before, issue.offset) ??
    slippedMessage(found, earlier) ??
    `No log message begins like this: what came before, ${earlier}, may be longer than its grammar.`
  )
}

/** A message that begins well, and continues differently. */
export const brokenMessage: Rule = ({ talk, side, issue, fatal }) => {
  const place = placeInLog(issue)
  const { latest } = talk.serverTrail
  if (!fatal || side !== 'server' || issue._tag === 'UnexpectedEnd' || place === null || latest === null) {
    return null
  }
  const name = messageTags.get(numberAt(talk.server.excerpt(latest.start, latest.start + 8).bytes) ?? 0n)
  return place.inside.length > 0 && place.inside[0] !== '_tag' && name !== undefined
    ? `The log message itself (${name}) is broken at ${showFieldPath(place.inside)}; where the next one begins is not known.`
    : null
}

const misread = new Set(['LimitExceeded', 'NonZeroPadding', 'OutOfRange', 'UnexpectedValue', 'UnknownTag'])

/** Bytes that were read as a length, a padding or a number, but are something else. */
export const otherFields: Rule = ({ issue, fatal }) => {
  const [head, ...inside] = issue.path
  return fatal && (head === 'request' || head === 'reply') && misread.has(issue._tag)
    ? `Either ${inside.length === 0 ? `the ${head}` : showFieldPath(inside)} is damaged, or what comes before it is longer or shorter than its grammar.`
    : null
}
