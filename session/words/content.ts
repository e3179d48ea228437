import type { Grammar } from '../../combinators/node.js'
import type { ConversationIssueEvent, FlowedEvent } from '../../conversation/events.js'
import type { Ear } from '../../conversation/machine/ear.js'
import type { Talk } from '../../conversation/machine/talk.js'
import { guess } from '../guess.js'
import type { Hearing } from './hearing.js'

/**
 * Reads a message inside the bytes of an upload or a download; `within`: the keys of the frames or pieces around it.
 */
export function* hearInside(
  hearing: Hearing,
  ear: Ear,
  { key, grammar }: { readonly key: string; readonly grammar: Grammar<unknown> },
  within: ReadonlyArray<string>,
): Talk<unknown> {
  const { received } = hearing.current
  received?.begin(key, ear.feed.offset)
  const value = yield* hearing.value(ear, [key], within, hearing.talk.value(ear.feed, grammar))
  received?.take(key, value, ear.feed.offset)
  return value
}

/** Bytes have passed. */
export const hasFlowed = (hearing: Hearing, event: FlowedEvent): void => {
  const { going } = hearing
  going?.received?.flowed(event)
  if (going !== null && event.within.length === 0) {
    going.hasFlowed = true
    if (going.received?.stream.way === 'framed') {
      tellUnfit(hearing)
    }
  }
}

/**
 * The content is invalid. That counts after all of it has passed, and if the operation's pulls or pushes succeeded.
 */
export const isUnfit = (hearing: Hearing, { side, issue }: ConversationIssueEvent): void => {
  const going = hearing.current
  going.unfit = { side, issue: hearing.placed(issue) }
  if (going.hasFlowed) {
    tellUnfit(hearing)
  }
}

/** Reports the issue of the content, once. */
export const tellUnfit = ({ talk, current: going }: Hearing): void => {
  const { unfit } = going
  if (unfit !== null) {
    const { side, issue } = unfit
    going.unfit = null
    talk.report(side, issue, () => guess(talk, side, issue, false), false)
  }
}
