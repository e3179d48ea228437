import { none, type Option, some } from 'fp-ts/lib/Option.js'
import type { Issue } from '../combinators/issue.js'
import { Break, beneath, noteOf, type Talk } from '../conversation/machine/talk.js'
import type { Error as ErrorPayload } from '../grammar/error.js'
import { LogMessage, type LogRead } from '../grammar/logging.js'
import { Bytes } from '../grammar/primitives.js'
import type { Carrier } from './carrier.js'
import type { Conversation } from './conversation.js'
import type { SessionMessage } from './events.js'
import { settleRepeated } from './repeated.js'

/** What the daemon said up to the reply. */
export interface Log {
  readonly messages: Array<SessionMessage>
  omitted: number
  /** How many bytes those messages took that are kept. */
  bytes: number
  /** None where the log ended with `Last`. */
  error: Option<ErrorPayload>
}

export const emptyLog = (): Log => ({ messages: [], omitted: 0, bytes: 0, error: none })

/**
 * Reads a log to its end into `log`. What the daemon pulls and pushes goes to the carriers; where the operation has
 * no stream of that kind, a client refuses the message.
 */
export function* readLog(
  talk: Conversation,
  log: Log,
  pulled: Carrier | null,
  pushed: Carrier | null,
): Talk<void> {
  yield* settleRepeated(talk)
  for (let index = 0; ; index++) {
    const { offset } = talk.server
    talk.serverTrail.begin('message', LogMessage, offset, talk.during)
    const message = yield* beneath(['log', index], talk.read(talk.server, LogMessage))
    switch (message._tag) {
      case 'Last':
        return
      case 'Error':
        log.error = some(message.error)
        return
      case 'Write':
        add(talk, log, { _tag: 'Write', size: message.data.length }, tagSize)
        if (pushed === null) {
          yield noteOf(talk.server, unexpected(offset, index, 'Write', 'nothing is pushed'))
        } else {
          pushed.open()
          // Behind the tag and the length.
          pushed.push(message.data, offset + 16)
          yield* beneath(['download'], pushed.notes(talk.server))
        }
        break
      case 'Read':
        add(talk, log, message, tagSize)
        if (pulled === null) {
          throw new Break(talk.server, unexpected(offset, index, 'Read', 'nothing is pulled'))
        }
        yield* answer(talk, message, pulled)
        break
      default:
        add(talk, log, message, talk.server.offset - offset)
    }
  }
}

const tagSize = 8

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

const unexpected = (offset: number, index: number, actual: string, expected: string): Issue => ({
  _tag: 'UnexpectedValue',
  offset,
  path: ['log', index, '_tag'],
  expected: `another message, since ${expected} here`,
  actual,
  grammar: 'LogMessage',
})

/** What the client answers to a `Read` message; nothing stands for the end of what it has. */
function* answer(talk: Conversation, { wanted }: LogRead, pulled: Carrier): Talk<void> {
  const { client } = talk
  const { offset } = client
  const bytes = yield* beneath(['upload'], talk.read(client, Bytes))
  if (bytes.length > wanted) {
    yield noteOf(client, {
      _tag: 'LimitExceeded',
      offset,
      path: ['upload'],
      expected: `at most ${wanted} bytes, as the daemon wanted`,
      actual: `${bytes.length} bytes`,
      grammar: 'ReadReply',
      limit: 'string',
      maximum: wanted,
    })
  }
  pulled.open()
  pulled.push(bytes, offset + 8)
  yield* beneath(['upload'], pulled.notes(client))
}
