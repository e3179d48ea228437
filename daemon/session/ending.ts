import { isSome, none, type Option, some } from 'fp-ts/lib/Option.js'
import type { AnyGrammar, Grammar } from '../../combinators/node.js'
import { LogMessage } from '../../grammar/logging.js'
import { type AnyOperation, Nothing } from '../../grammar/operations/operation.js'
import type { Conversation } from './conversation.js'
import type { StreamSummary } from './events.js'
import type { Log } from './logs.js'
import type { Opened } from './opened.js'
import { beneath, settled, type Talk } from './talk.js'

/** The only place where nothing is known of a value but that its grammar describes it. */
export const typed = (grammar: AnyGrammar): Grammar<unknown> => grammar as Grammar<unknown>

/** What stands behind the log: a reply, or after an error nothing but, perhaps, the error again. */
export function* readReply(
  opened: Opened,
  operation: AnyOperation | null,
  stream: Option<StreamSummary>,
): Talk<boolean> {
  const { talk, log } = opened
  if (isSome(log.error)) {
    const errorTwice = yield* isRepeated(talk, log)
    opened.end({ outcome: 'error', error: log.error, errorTwice, stream })
    return !errorTwice
  }
  if (operation === null || operation.reply === Nothing) {
    opened.end({ outcome: 'none', stream })
    return true
  }
  const value = yield* beneath(['reply'], talk.value(talk.server, typed(operation.reply)))
  opened.end({ outcome: 'reply', reply: some(value), stream })
  return true
}

/**
 * Whether the daemon says the same error once more: it does so before it closes. What the client does next tells
 * it from the answer to another request.
 */
export function* isRepeated(talk: Conversation, log: Log): Talk<boolean> {
  return !(yield* talk.client.any()) && (yield* isSaidAgain(talk, log))
}

export function* isSaidAgain(talk: Conversation, log: Log): Talk<boolean> {
  if (!(yield* talk.server.any())) {
    return false
  }
  const start = talk.server.offset
  const again = yield* errorHere(talk)
  const isSame = isSome(again) && isSome(log.error) && again.value.msg === log.error.value.msg
  if (!isSame) {
    talk.server.rewind(start)
  }
  return isSame
}

/** The error that stands here; none where something else does, and then the stream is where it was. */
export function* errorHere(talk: Conversation): Talk<Log['error']> {
  const { server, plans } = talk
  const start = server.offset
  server.keepFrom(start)
  const read = yield* settled(server.read(LogMessage, plans))
  server.release()
  if (read._tag === 'Done' && read.value._tag === 'Error') {
    return some(read.value.error)
  }
  server.rewind(start)
  return none
}
