import { showFieldPath } from '../../combinators/issue.js'
import type { Incomplete } from '../../conversation/machine/feed.js'
import type { Json } from '../../interpreters/json/text.js'
import { eventJson } from '../json.js'
import { serveEventJson } from '../serve/json.js'
import { timeText } from './duration.js'
import { pendingName } from './names.js'
import { pendingPhrases } from './pending-phrases.js'
import type { Pending } from './recorded-session.js'
import { type ConnectionEvent, isLasting, isServeEvent } from './session-reader.js'
import type { TimedEvent } from './timed-session.js'

const timeJson = (milliseconds: number | null): Json =>
  milliseconds === null ? null : timeText(milliseconds)

/** Milliseconds as whole microseconds. */
const microsecondsJson = (milliseconds: number): Json => BigInt(Math.round(milliseconds * 1000))

/**
 * The JSON form of an event with its times: that of {@link eventJson} or {@link serveEventJson}, and `time`: when it
 * began and ended, its duration in microseconds, and for how many of them each side was waited for.
 */
export const timedEventJson = ({ event, time }: TimedEvent<ConnectionEvent>): Json => {
  const { began, ended, waited } = time
  const json = (isServeEvent(event) ? serveEventJson(event) : eventJson(event)) as {
    readonly [key: string]: Json
  }
  if (began === null || ended === null) {
    return json
  }
  return {
    ...json,
    time: isLasting(event)
      ? {
          began: timeJson(began),
          ended: timeJson(ended),
          took: microsecondsJson(ended - began),
          waitedForClient: microsecondsJson(waited.client),
          waitedForServer: microsecondsJson(waited.server),
        }
      : { at: timeJson(ended) },
  }
}

const incompleteJson = (incomplete: Incomplete | null): Json =>
  incomplete === null
    ? null
    : {
        path: showFieldPath(incomplete.path),
        offset: BigInt(incomplete.offset),
        have: BigInt(incomplete.have),
        needs: BigInt(incomplete.needs),
        length: incomplete.length,
      }

/** The JSON form of what is pending at the end of a recording. */
export const pendingJson = (pending: Pending): Json => {
  const { left, waiting, incomplete, ended, first, at, gap } = pending
  const quiet = (heard: number | null): Json =>
    heard === null || at === null ? null : microsecondsJson(at - heard)
  return {
    kind: 'pending',
    left,
    pending: pendingName(pending),
    waitsFor: waiting.sides,
    incomplete: { client: incompleteJson(incomplete.client), server: incompleteJson(incomplete.server) },
    quietFor: { client: quiet(waiting.heard.client), server: quiet(waiting.heard.server) },
    ended: { client: ended.client, server: ended.server },
    first,
    at: timeJson(at),
    ...(gap === null
      ? {}
      : { gap: { side: gap.side, offset: BigInt(gap.offset), missing: BigInt(gap.missing) } }),
    text: pendingPhrases(pending).join('; '),
  }
}
