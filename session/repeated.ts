import { isSome, none, type Option, some } from 'fp-ts/lib/Option.js'
import { settled, type Talk, unnoted } from '../conversation/machine/talk.js'
import type { Error as ErrorPayload } from '../grammar/error.js'
import { LogMessage } from '../grammar/logging.js'
import type { Conversation } from './conversation.js'
import type { Asked, OperationEvent } from './events.js'
import { requestText } from './json.js'

/** The daemon has repeated an error and closed: it read nothing of what the client sent since. Thrown inside. */
export class Closed extends Error {}

/**
 * Decides whether the daemon repeats the error of the operation before, as it does before it closes. Must be called
 * before the next bytes of the daemon are read as a reply to another request.
 *
 * @throws Closed if it does.
 */
export function* settleRepeated(talk: Conversation): Talk<void> {
  const { doubtful } = talk
  if (doubtful !== null) {
    const isCopy = yield* isRepeated(talk, doubtful)
    talk.resolve(isCopy)
    if (isCopy) {
      throw new Closed()
    }
  }
}

function* isRepeated(talk: Conversation, failed: OperationEvent): Talk<boolean> {
  const { server } = talk
  const start = server.offset
  if (!(yield* isSaidAgain(talk, failed.error))) {
    return false
  }
  server.keepFrom(start)
  const isCopy = yield* isNoAnswer(talk, failed)
  if (!isCopy) {
    server.rewind(start)
  }
  server.release()
  return isCopy
}

/** Whether an error that was read twice is not a reply to what the client has sent since. */
function* isNoAnswer(talk: Conversation, failed: OperationEvent): Talk<boolean> {
  const { client, server, pending, accounted } = talk
  if (client.arrived === accounted.client || failed.lacking) {
    return true
  }
  // After a copy the daemon closes. But the same request made twice also gets the same reply twice.
  return !(yield* server.any()) && !(pending !== null && isSameRequest(pending.asked, failed))
}

const isSameRequest = (a: Asked, b: Asked): boolean => a.id === b.id && requestText(a) === requestText(b)

/** Reads the same error again, if it is next; otherwise the stream stays where it was. */
export function* isSaidAgain(talk: Conversation, error: Option<ErrorPayload>): Talk<boolean> {
  const { server } = talk
  if (!(yield* server.any())) {
    return false
  }
  const start = server.offset
  const again = yield* errorHere(talk)
  const isSame = isSome(again) && isSome(error) && again.value.msg === error.value.msg
  if (!isSame) {
    server.rewind(start)
  }
  return isSame
}

/** The error that is next; none if it is something else, and then the stream stays where it was. */
export function* errorHere(talk: Conversation): Talk<Option<ErrorPayload>> {
  const { server } = talk
  const start = server.offset
  server.keepFrom(start)
  // Its issues were reported when the error came first, or will be when it is read as a reply.
  const read = yield* unnoted(settled(talk.read(server, LogMessage)))
  server.release()
  if (read._tag === 'Done' && read.value._tag === 'Error') {
    return some(read.value.error)
  }
  server.rewind(start)
  return none
}
