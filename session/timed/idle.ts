import { durationText } from './duration.js'
import { nameOf, otherOf, pendingName, turnName } from './names.js'
import type { Pending } from './recorded-session.js'

/** A shorter silence between operations is not worth a word, in milliseconds. */
const leastTold = 2_000

/** The last that the daemon or the server said, which the client may not take for the end. */
const lastAnswer = ({ before }: Pending): string => {
  if (before === null) {
    return 'the handshake'
  }
  const isReply = before.kind === 'command' || before.outcome === 'reply'
  const what = isReply ? 'the reply' : before.outcome === 'error' ? 'the error' : 'the end'
  return `${what} of ${turnName(before)}`
}

const lastHeard = ({ waiting: { heard } }: Pending): number | null =>
  heard.client === null || heard.server === null
    ? (heard.client ?? heard.server)
    : Math.max(heard.client, heard.server)

/** Why a client may wait although nothing is pending; null if something is, or the silence is short. */
export const idlePhrase = (pending: Pending): string | null => {
  const { at, waiting } = pending
  const since = lastHeard(pending)
  const isIdle = pendingName(pending) === null && waiting.sides.length === 1 && waiting.sides[0] === 'client'
  return isIdle && since !== null && at !== null && at - since >= leastTold
    ? `if the client waits too, it expects more than ${lastAnswer(pending)} has, or has not sent its request (buffered)`
    : null
}

/** How long nothing was said before a connection was closed between two operations; null if that was short. */
export const idleBeforeEnd = (pending: Pending): string | null => {
  const { first, endedAt } = pending
  const since = lastHeard(pending)
  const end = first === null ? null : endedAt[first]
  return since !== null && end !== null && end - since >= leastTold
    ? `nothing was said for ${durationText(end - since)} before, since ${lastAnswer(pending)}; if the client waited, it expected more than that has, or had not sent its request (buffered)`
    : null
}

/** A side has closed between two operations, and the other has not; null if that is not so. */
export const halfClosedPhrase = (pending: Pending): string | null => {
  const { first, ended } = pending
  return first !== null && (ended[otherOf(first)] ?? 'stopped') === 'stopped' && pendingName(pending) === null
    ? `the ${nameOf(first, pending)} has closed; the ${nameOf(otherOf(first), pending)} has not`
    : null
}
