import { isSome, none } from 'fp-ts/lib/Option.js'
import type { TurnOverEvent } from '../../conversation/events.js'
import { tellUnfit } from './content.js'
import type { Hearing } from './hearing.js'

/** The turn of the current operation was left. */
export const turnOver = (hearing: Hearing, { how }: TurnOverEvent): void => {
  const { going, isDeaf } = hearing
  if (going === null) {
    return
  }
  const { opened, reply, received, isStarted } = going
  switch (how) {
    case 'done': {
      tellUnfit(hearing)
      const stream = opened.progress()
      const outcome = isSome(reply) || received?.isRawDownload === true ? 'reply' : 'none'
      opened.end({ outcome, reply, stream })
      hearing.going = null
      break
    }
    case 'again':
      opened.fail({ error: opened.log.error, stream: opened.progress() })
      hearing.going = null
      break
    case 'broken':
      if (!isStarted && !isDeaf) {
        opened.start(none)
      }
      break
    case 'closed':
    case 'departed':
      break
  }
}

/** The current operation ended in an error, if one was sent. */
export const endFailed = (hearing: Hearing): boolean => {
  const { going } = hearing
  if (going === null || !isSome(going.opened.log.error)) {
    return false
  }
  const { opened, errorTwice } = going
  opened.end({ outcome: 'error', error: opened.log.error, errorTwice, stream: opened.progress() })
  hearing.going = null
  return true
}
