import { durationText, timeText } from '../../session/timed/duration.js'
import { pendingPhrases } from '../../session/timed/pending-phrases.js'
import type { Pending } from '../../session/timed/recorded-session.js'
import type { TimedEvent } from '../../session/timed/timed-session.js'
import { colours as pc } from '../colours.js'

// What is less is no waiting.
const leastShown = 0.05

/** When something was: after the start of its connection. */
const offsetText = (at: number, start: number): string => `+${durationText(at - start)}`

/**
 * When an event was, how long it took and who was waited for; empty where that is not known. The first of a connection says
 * the day, the others how long after it they were.
 */
export const timeLine = ({ event, time }: TimedEvent, start: number | null): string => {
  const { began, ended, waited } = time
  if (began === null || ended === null || start === null) {
    return ''
  }
  if (event.kind !== 'operation' && event.kind !== 'handshake') {
    return offsetText(ended, start)
  }
  const when =
    event.kind === 'handshake' ? (timeText(began) ?? offsetText(began, start)) : offsetText(began, start)
  const waits = [
    ...(waited.server < leastShown ? [] : [`${durationText(waited.server)} for the daemon`]),
    ...(waited.client < leastShown ? [] : [`${durationText(waited.client)} for the client`]),
  ]
  return `${when}, took ${durationText(ended - began)}${waits.length === 0 ? '' : `: waited ${waits.join(', ')}`}`
}

/** How a connection was left, for people. */
export const pendingLines = (pending: Pending, start: number | null): ReadonlyArray<string> => {
  const [left = '', ...more] = pendingPhrases(pending)
  const when = start === null || pending.at === null ? '' : `  ${pc.dim(offsetText(pending.at, start))}`
  const isWrong = pending.left === 'cut' || pending.left === 'gap'
  return [`${isWrong ? pc.red(left) : pc.yellow(left)}${when}`, ...more.map((line) => `  ${line}`)]
}
