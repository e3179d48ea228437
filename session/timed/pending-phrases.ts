import { isNone, isSome } from 'fp-ts/lib/Option.js'
import { showFieldPath } from '../../combinators/issue.js'
import type { Incomplete } from '../../conversation/machine/feed.js'
import { Nothing } from '../../grammar/operations/operation.js'
import type { OperationEvent, Side } from '../events.js'
import { serveCommand } from '../serve/commands.js'
import type { ServeCommandEvent } from '../serve/events.js'
import { durationText } from './duration.js'
import type { EarlyEnd, Left, Pending } from './recorded-session.js'
import type { Waiting } from './timed-session.js'

type Names = Pick<Pending, 'serverName'>

const nameOf = (side: Side, { serverName }: Names): string => (side === 'client' ? side : serverName)

const otherOf = (side: Side): Side => (side === 'client' ? 'server' : 'client')

/** The name of what is pending; null if nothing is. */
export const pendingName = (pending: Pending): string | null => {
  const { during } = pending
  if (isGreeting(pending)) {
    return 'the handshake'
  }
  return during?.kind === 'operation'
    ? operationName(during)
    : during?.kind === 'command'
      ? commandName(during)
      : null
}

const isGreeting = ({ during, greeted }: Pending): boolean => during?.kind === 'handshake' || !greeted

const operationName = ({ id, operation }: OperationEvent): string =>
  isSome(operation) ? operation.value.name : `operation ${id}`

const commandName = ({ number, name }: ServeCommandEvent): string => name ?? `command ${number}`

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
  const name = operationName(during)
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
  const name = commandName(during)
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
export const waitingPhrase = (pending: Pending): string | null => {
  const { waiting, departed, first } = pending
  if (departed !== null && !waiting.sides.includes(departed.side)) {
    return departedPhrase(departed, pending)
  }
  return waiting.sides.length === 0
    ? first === null || pendingName(pending) === null
      ? null
      : gaveUpPhrase(first, pending)
    : waiting.sides
        .flatMap((side) => [
          silence(side, pending),
          `the ${nameOf(otherOf(side), pending)} waits for ${awaited(side, pending)}${partPhrase(pending.incomplete[side])}`,
        ])
        .join('; ')
}

/** A side ended while it waited for the other, which has not ended by itself. */
const gaveUpPhrase = (first: Side, pending: Pending): string => {
  const other = otherOf(first)
  const what = `${awaited(other, pending)}${partPhrase(pending.incomplete[other])}`
  const left = pending.ended[first] === 'brokeOff' ? 'broke off' : 'closed'
  return `${silence(other, pending)}; the ${nameOf(first, pending)} ${left} while it waited for ${what}`
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

/** The side that broke off: the first to end, since the other may only have followed. */
const cutPhrase = (pending: Pending): string => {
  const first = pending.first ?? (pending.ended.client === 'brokeOff' ? 'client' : 'server')
  const after =
    pending.ended[first] === 'brokeOff' ? '' : `, then the ${nameOf(otherOf(first), pending)} broke off`
  return `the connection was cut: the ${nameOf(first, pending)} ${after === '' ? 'broke off' : 'closed'}${after}`
}

const leftPhrases: { readonly [L in Left]: (pending: Pending) => string } = {
  closed: (pending) =>
    pending.first === null || hasEndedWell(pending)
      ? 'the connection was closed'
      : `the connection was closed, by the ${nameOf(pending.first, pending)} first`,
  cut: cutPhrase,
  stopped: () => 'the connection was open when the recording was stopped',
  open: () => 'the connection is open where the recording ends',
  gap: ({ gap, serverName }) =>
    gap === null
      ? 'bytes are missing in the recording'
      : `${gap.missing} bytes of the ${nameOf(gap.side, { serverName })} are missing in the recording, from byte ${gap.offset} of its stream on: what follows is not read`,
}

/** Whether both sides closed, and neither in the middle of something. */
export const hasEndedWell = ({ left, during, departed }: Pending): boolean =>
  left === 'closed' && during === null && departed === null

/** How the connection was left, what is pending, and what each side waits for, one line each. */
export const pendingPhrases = (pending: Pending): ReadonlyArray<string> => {
  const name = pendingName(pending)
  const waits = waitingPhrase(pending)
  const isIdle = name === null && (pending.left === 'open' || pending.left === 'stopped')
  return [
    leftPhrases[pending.left](pending),
    ...(name === null ? (isIdle ? ['nothing is pending'] : []) : [`${name} is pending`]),
    ...(pending.left === 'gap' || waits === null ? [] : [waits]),
  ]
}
