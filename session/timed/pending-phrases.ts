import { isNone, isSome } from 'fp-ts/lib/Option.js'
import { showFieldPath } from '../../combinators/issue.js'
import type { Incomplete } from '../../conversation/machine/feed.js'
import { Nothing } from '../../grammar/operations/operation.js'
import type { OperationEvent, Side } from '../events.js'
import { serveCommand } from '../serve/commands.js'
import type { ServeCommandEvent } from '../serve/events.js'
import { durationText } from './duration.js'
import { halfClosedPhrase, idleBeforeEnd, idlePhrase } from './idle.js'
import { hasEndedWell, leftPhrase } from './left-phrases.js'
import { isGreeting, nameOf, otherOf, pendingName, turnName } from './names.js'
import type { EarlyEnd, Pending } from './recorded-session.js'
import type { Waiting } from './timed-session.js'

/** What one side waits for from the other. */
const awaited = (from: Side, pending: Pending): string => {
  const { during } = pending
  if (isGreeting(pending)) {
    return `the ${nameOf(from, pending)}'s part of the handshake`
  }
  if (during?.kind === 'operation') {
    return awaitedOfOperation(from, during)
  }
  if (during?.kind === 'command') {
    return awaitedOfCommand(from, during)
  }
  return from === 'client'
    ? `the next ${pending.serverName === 'daemon' ? 'operation' : 'command'}`
    : 'an answer'
}

const awaitedOfOperation = (from: Side, during: OperationEvent): string => {
  const name = turnName(during)
  const stream = isSome(during.stream) ? during.stream.value : null
  if (from === 'client') {
    const isUpload = stream?.direction === 'upload' && isSome(during.request)
    return isUpload ? `the upload of ${name}` : `the rest of the request of ${name}`
  }
  if (stream?.direction === 'download' && stream.size > 0) {
    return `the rest of the download of ${name}`
  }
  const hasReply = isNone(during.operation) || during.operation.value.reply !== Nothing
  return hasReply ? `the reply of ${name}` : `the end of ${name}`
}

const awaitedOfCommand = (from: Side, during: ServeCommandEvent): string => {
  const name = turnName(during)
  const command = serveCommand(during.name)
  const isAsked = command?.words.has('request') !== true || during.said.some(({ key }) => key === 'request')
  if (from === 'client') {
    return isAsked && command?.sends.has('client') === true
      ? `the upload of ${name}`
      : `the rest of the request of ${name}`
  }
  const what = command?.sends.has('server') === true ? 'download' : 'reply'
  const hasBegun = during.incomplete > 0 || during.said.some(({ side }) => side === 'server')
  return `${hasBegun ? 'the rest of the' : 'the'} ${what} of ${name}`
}

/** How long the awaited side has been silent. */
const silence = (side: Side, pending: Pending): string => {
  const { ended, waiting, at } = pending
  const name = nameOf(side, pending)
  if (ended[side] === 'closed') {
    return `the ${name} has closed`
  }
  if (ended[side] === 'brokeOff') {
    return `the ${name} has broken off`
  }
  const since = silentSince(side, waiting)
  return since === null || at === null
    ? `the ${name} has said nothing more`
    : `the ${name} has said nothing for ${durationText(at - since)}`
}

/** Since when a side has said nothing, at least: that of one that never spoke is as long as that of the other. */
export const silentSince = (side: Side, { heard }: Waiting): number | null =>
  heard[side] ?? heard[otherOf(side)]

/** What each side waits for, or what is missing since one has left, on one line; null if neither waits. */
export const waitingPhrase = (pending: Pending): string | null =>
  halfClosedPhrase(pending) ?? awaitedPhrase(pending)

const awaitedPhrase = (pending: Pending): string | null => {
  const { waiting, departed, first } = pending
  if (departed !== null && !waiting.sides.includes(departed.side)) {
    return departedPhrase(departed, pending)
  }
  if (waiting.sides.length === 0) {
    return first === null || pendingName(pending) === null ? null : gaveUpPhrase(first, pending)
  }
  const waits = waiting.sides.flatMap((side) => [
    silence(side, pending),
    `the ${nameOf(otherOf(side), pending)} waits for ${awaited(side, pending)}${partPhrase(pending.incomplete[side])}`,
  ])
  return [...waits, ...some(idlePhrase(pending))].join('; ')
}

/** A side ended while it waited for the other, which has not ended by itself. */
const gaveUpPhrase = (first: Side, pending: Pending): string => {
  const other = otherOf(first)
  const what = `${awaited(other, pending)}${partPhrase(pending.incomplete[other])}`
  const left = pending.ended[first] === 'brokeOff' ? 'broke off' : 'closed'
  const isOpen = pending.ended[other] === null ? `; the ${nameOf(other, pending)} has not closed` : ''
  return `${silence(other, pending)}; the ${nameOf(first, pending)} ${left} while it waited for ${what}${isOpen}`
}

const departedPhrase = ({ side, during, incomplete }: EarlyEnd, pending: Pending): string => {
  const ended = pending.ended[side] === 'brokeOff' ? 'broke off' : 'closed'
  const missing = `${awaited(side, { ...pending, during })}${partPhrase(incomplete)}`
  return `the ${nameOf(side, pending)} ${ended}; ${missing} is missing`
}

/** What there is of a value that has come in part. */
const partPhrase = (incomplete: Incomplete | null): string => {
  if (incomplete === null) {
    return ''
  }
  const { path, offset, have, needs, length } = incomplete
  const name = path.length === 0 ? '' : `${showFieldPath(path)} at `
  const announced = length === null ? '' : `, its length is ${length}`
  return ` (${name}byte ${offset}: ${have} of ${needs} bytes${announced})`
}

/** How the connection was left, what is pending, and what each side waits for, one line each. */
export const pendingPhrases = (pending: Pending): ReadonlyArray<string> => {
  const name = pendingName(pending)
  const isIdle = name === null && (pending.left === 'open' || pending.left === 'stopped')
  return [
    leftPhrase(pending),
    ...(name === null ? (isIdle ? ['nothing is pending'] : []) : [`${name} is pending`]),
    ...(pending.left === 'gap' || halfClosedPhrase(pending) !== null ? [] : some(awaitedPhrase(pending))),
    ...(hasEndedWell(pending) ? some(idleBeforeEnd(pending)) : []),
  ]
}

const some = (phrase: string | null): ReadonlyArray<string> => (phrase === null ? [] : [phrase])
