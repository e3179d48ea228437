import { durationText } from './duration.js'
import { idleBeforeEnd } from './idle.js'
import { nameOf, otherOf } from './names.js'
import type { Left, Pending } from './recorded-session.js'

/** The side that broke off: the first to end, since the other may only have followed. */
const cutPhrase = (pending: Pending): string => {
  const first = pending.first ?? (pending.ended.client === 'brokeOff' ? 'client' : 'server')
  const after =
    pending.ended[first] === 'brokeOff' ? '' : `, then the ${nameOf(otherOf(first), pending)} broke off`
  return `the connection was cut: the ${nameOf(first, pending)} ${after === '' ? 'broke off' : 'closed'}${after}`
}

/** One side closed before the recording was over, and the other did not; null if that is not so. */
const halfPhrase = (pending: Pending, over: string): string | null => {
  const { first, endedAt, at } = pending
  if (first === null) {
    return null
  }
  const closed = endedAt[first]
  const before = closed === null || at === null ? '' : `${durationText(at - closed)} `
  return `the ${nameOf(first, pending)} closed ${before}before the recording ${over}; the ${nameOf(otherOf(first), pending)} did not`
}

const leftPhrases: { readonly [L in Left]: (pending: Pending) => string } = {
  closed: (pending) =>
    pending.first === null
      ? 'the connection was closed'
      : `the connection was closed, by the ${nameOf(pending.first, pending)} first`,
  cut: cutPhrase,
  stopped: (pending) =>
    halfPhrase(pending, 'was stopped') ?? 'the connection was open when the recording was stopped',
  open: (pending) => halfPhrase(pending, 'ends') ?? 'the connection is open where the recording ends',
  gap: ({ gap, serverName }) =>
    gap === null
      ? 'bytes are missing in the recording'
      : `${gap.missing} bytes of the ${nameOf(gap.side, { serverName })} are missing in the recording, from byte ${gap.offset} of its stream on: what follows is not read`,
}

/** Whether both sides closed, and neither in the middle of something. */
export const hasEndedWell = ({ left, during, departed }: Pending): boolean =>
  left === 'closed' && during === null && departed === null

/** How the connection was left. */
export const leftPhrase = (pending: Pending): string => leftPhrases[pending.left](pending)

/** Whether nothing can be said of the end of a connection that would help anybody. */
export const isUnremarkable = (pending: Pending): boolean =>
  hasEndedWell(pending) && pending.first === 'client' && idleBeforeEnd(pending) === null
