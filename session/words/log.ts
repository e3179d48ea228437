import { some } from 'fp-ts/lib/Option.js'
import type { Issue } from '../../combinators/issue.js'
import type { Ear } from '../../conversation/machine/ear.js'
import { notYet } from '../../conversation/machine/feed.js'
import { Break, type Talk } from '../../conversation/machine/talk.js'
import { LogMessage } from '../../grammar/logging.js'
import type { Conversation } from '../conversation.js'
import type { SessionMessage } from '../events.js'
import type { Log } from '../log.js'
import { settleRepeated } from '../repeated.js'
import { settleDeparture } from './departure.js'
import type { Going } from './going.js'
import type { Hearing } from './hearing.js'

const tagSize = 8

/** The next message, if it has arrived. */
export const logNow = (hearing: Hearing, ear: Ear): unknown | typeof notYet => {
  const { talk } = hearing
  if (talk.doubtful !== null) {
    return notYet
  }
  const { offset } = ear.feed
  const message = talk.plainly(ear.feed, LogMessage)
  if (message === notYet) {
    return notYet
  }
  talk.serverTrail.begin('message', LogMessage, offset, talk.during)
  return take(hearing, ear, message, offset) ? message : notYet
}

/** The next message of the log. */
export function* hearLog(hearing: Hearing, ear: Ear, isDeparture: boolean): Talk<unknown> {
  const { talk } = hearing
  if (isDeparture) {
    yield* settleDeparture(hearing, ear)
  } else if (talk.doubtful !== null) {
    yield* settleRepeated(talk)
    ear.begin()
  }
  for (;;) {
    const { offset } = ear.feed
    talk.serverTrail.begin('message', LogMessage, offset, talk.during)
    const message = yield* hearing.value(ear, ['log'], [], talk.read(ear.feed, LogMessage))
    if (take(hearing, ear, message, offset)) {
      return message
    }
  }
}

/** Takes a message; false if the operation has no stream for it. */
const take = (hearing: Hearing, ear: Ear, message: LogMessage, offset: number): boolean => {
  const { talk, going } = hearing
  const log = going?.opened.log ?? hearing.greeting.log
  const way = going?.received?.stream.way
  switch (message._tag) {
    case 'Last':
      if (going !== null) {
        last(hearing, ear, going)
      }
      break
    case 'Error':
      log.error = some(message.error)
      break
    case 'Write':
      add(talk, log, { _tag: 'Write', size: message.data.length }, tagSize)
      if (way !== 'pushed') {
        hearing.note('server', unexpected(offset, 'Write', 'nothing is pushed'))
        next(hearing)
        return false
      }
      break
    case 'Read':
      add(talk, log, message, tagSize)
      if (way !== 'pulled') {
        throw ear.broken([], unexpected(offset, 'Read', 'nothing is pulled'))
      }
      if (going !== null) {
        going.wanted = message.wanted
      }
      break
    default:
      add(talk, log, message, talk.server.offset - offset)
  }
  next(hearing)
  return true
}

const next = (hearing: Hearing): void => {
  const { going } = hearing
  if (going === null) {
    hearing.index++
  } else {
    going.index++
  }
}

const last = (hearing: Hearing, ear: Ear, going: Going): void => {
  const { isZeros, opened, received, id, start } = going
  if (isZeros) {
    hearing.isDeaf = true
    throw new Break(hearing.talk.client, {
      _tag: 'UnknownTag',
      offset: start,
      path: ['operation'],
      expected: '',
      actual: String(id),
      grammar: 'operation',
    })
  }
  if (received?.isRawDownload === true) {
    going.isDownloading = true
    received.beginRaw(ear.feed)
    opened.progress = () => some(received.summary)
  }
}

const add = (talk: Conversation, log: Log, message: SessionMessage, bytes: number): void => {
  if (log.messages.length < talk.keep && log.bytes + bytes <= talk.keepBytes) {
    log.messages.push(message)
    log.bytes += bytes
  } else {
    log.omitted++
  }
  if (talk.progress) {
    talk.emit({ kind: 'message', message })
  }
}

const unexpected = (offset: number, actual: string, expected: string): Issue => ({
  _tag: 'UnexpectedValue',
  offset,
  path: ['log', '_tag'],
  expected: `another message, since ${expected} here`,
  actual,
  grammar: 'LogMessage',
})
