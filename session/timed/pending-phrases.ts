import { isNone, isSome } from 'fp-ts/lib/Option.js'
import { Nothing } from '../../grammar/operations/operation.js'
import type { OperationEvent, Side } from '../events.js'
import { durationText } from './duration.js'
import type { Left, Pending } from './recorded-session.js'

const names: { readonly [S in Side]: string } = { client: 'client', server: 'daemon' }

const otherOf = (side: Side): Side => (side === 'client' ? 'server' : 'client')

/** What is pending, by its name; null where nothing is. */
export const pendingName = (pending: Pending): string | null =>
  isGreeting(pending) ? 'the handshake' : pending.during?.kind === 'operation' ? nameOf(pending.during) : null

const isGreeting = ({ during, greeted }: Pending): boolean => during?.kind === 'handshake' || !greeted

const nameOf = ({ id, operation }: OperationEvent): string =>
  isSome(operation) ? operation.value.name : `operation ${id}`

/** What one side waits for from the other. */
const awaited = (from: Side, pending: Pending): string => {
  const { during } = pending
  if (isGreeting(pending)) {
    return `the ${names[from]}'s part of the handshake`
  }
  if (during?.kind !== 'operation') {
    return from === 'client' ? 'the next operation' : 'an answer'
  }
  const name = nameOf(during)
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

/** How a side is that is waited for. */
const silence = (side: Side, { ended, waiting, at }: Pending): string => {
  if (ended[side] === 'closed') {
    return `the ${names[side]} has closed`
  }
  if (ended[side] === 'brokeOff') {
    return `the ${names[side]} has broken off`
  }
  const heard = waiting.heard[side]
  return heard === null || at === null
    ? `the ${names[side]} has said nothing more`
    : `the ${names[side]} has said nothing for ${durationText(at - heard)}`
}

/** What each side waits for, on one line; nothing where neither does. */
const waits = (pending: Pending): ReadonlyArray<string> => {
  const { sides } = pending.waiting
  return sides.length === 0
    ? []
    : [
        sides
          .flatMap((side) => [
            silence(side, pending),
            `the ${names[otherOf(side)]} waits for ${awaited(side, pending)}`,
          ])
          .join('; '),
      ]
}

const broken = ({ ended }: Pending): string =>
  (['client', 'server'] as const)
    .filter((side) => ended[side] === 'brokeOff')
    .map((side) => `the ${names[side]}`)
    .join(' and ')

const leftPhrases: { readonly [L in Left]: (pending: Pending) => string } = {
  closed: () => 'the connection was closed',
  cut: (pending) => `the connection was cut: ${broken(pending)} broke off`,
  stopped: () => 'the connection was open when the recording was stopped',
  open: () => 'the connection is open where the recording ends',
  gap: ({ gap }) =>
    gap === null
      ? 'bytes are missing in the recording'
      : `${gap.missing} bytes of the ${names[gap.side]} are missing in the recording, from byte ${gap.offset} of its stream on: what follows is not read`,
}

/** How the connection was left, what is pending, and what each side waits for: a line each. */
export const pendingPhrases = (pending: Pending): ReadonlyArray<string> => {
  const name = pendingName(pending)
  const isOver = pending.left === 'closed' && name === null
  const isIdle = name === null && (pending.left === 'open' || pending.left === 'stopped')
  return [
    leftPhrases[pending.left](pending),
    ...(name === null ? (isIdle ? ['nothing is pending'] : []) : [`${name} is pending`]),
    ...(isOver || pending.left === 'gap' ? [] : waits(pending)),
  ]
}
