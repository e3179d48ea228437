import { durationText, timeText } from './duration.js'
import { type ConnectionEvent, isLasting, isUnfinished, serverNameOf } from './session-reader.js'
import type { TimedEvent } from './timed-session.js'

// Shorter waits are not shown.
const leastShown = 0.05

/** When something was, relative to the start of its connection. */
export const sinceStart = (at: number, start: number): string => `+${durationText(at - start)}`

/**
 * When an event was, how long it took and which side was waited for; empty if that is not known. The first of a
 * connection has the date, the others the time since its `start`; an unfinished one has the time of its beginning.
 */
export const timePhrase = ({ event, time }: TimedEvent<ConnectionEvent>, start: number | null): string => {
  const { began, ended, waited } = time
  if (began === null || ended === null || start === null) {
    return ''
  }
  if (!isLasting(event)) {
    return sinceStart(ended, start)
  }
  const first = (event.kind === 'handshake' ? timeText(began) : null) ?? sinceStart(began, start)
  if (isUnfinished(event)) {
    return first
  }
  const waits = [
    ...(waited.server < leastShown ? [] : [`${durationText(waited.server)} for the ${serverNameOf(event)}`]),
    ...(waited.client < leastShown ? [] : [`${durationText(waited.client)} for the client`]),
  ]
  const waiting = waits.length === 0 ? '' : `: waited ${waits.join(', ')}`
  return `${first}, took ${durationText(ended - began)}${waiting}`
}
