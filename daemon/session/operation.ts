import { fromNullable, isSome, none, some } from 'fp-ts/lib/Option.js'
import { holds } from '../../combinators/gate.js'
import { Int } from '../../grammar/integers.js'
import { type AnyOperation, streamOf } from '../../grammar/operations/operation.js'
import type { Conversation } from './conversation.js'
import { isSaidAgain, readReply, typed } from './ending.js'
import { readLog } from './logs.js'
import { Opened } from './opened.js'
import { Break, beneath, settled, type Talk } from './talk.js'
import { readWithStream } from './transfer.js'

/** Reads one operation, from its number to the end of its reply; false where the daemon closes behind it. */
export function* readOperation(talk: Conversation): Talk<boolean> {
  const { client } = talk
  talk.during = none
  const start = client.offset
  const id = yield* beneath(['operation'], client.read(Int, talk.plans))
  const operation = Object.values(talk.table).find((each) => each.id === id)
  talk.during = some(operation?.name ?? `operation ${id}`)
  const opened = new Opened(talk, id, operation ?? null)
  if (operation === undefined) {
    return yield* refused(opened, unknown(talk, start, String(id)))
  }
  const request = yield* settled(beneath(['request'], talk.value(client, typed(operation.request))))
  if (request._tag === 'Broken') {
    // Some clients ask for what the protocol does not have, and are refused. That they know its form is all there is
    // to see; where it is not the form known here, the number is what is wrong.
    const known = holds(operation.gate, talk.protocol)
    return yield* refused(opened, known ? request.by : unknown(talk, start, `${id} (${operation.name})`))
  }
  opened.start(some(request.value))
  const stream = fromNullable(streamOf(operation, talk.protocol))
  return yield* isSome(stream) ? readWithStream(opened, operation, stream.value) : plain(opened, operation)
}

const unknown = (talk: Conversation, offset: number, actual: string): Break =>
  new Break(talk.client, {
    _tag: 'UnknownTag',
    offset,
    path: ['operation'],
    expected: `an operation of protocol ${talk.protocol.version}`,
    actual,
    grammar: 'operation',
  })

/** The request cannot be read: what the daemon made of it still says something. */
function* refused(opened: Opened, found: Break): Talk<boolean> {
  const { talk, log } = opened
  opened.start(none)
  const answered = yield* settled(readLog(talk, log, null, null))
  if (answered._tag === 'Done' && isSome(log.error)) {
    const errorTwice = yield* isSaidAgain(talk, log)
    opened.end({ outcome: 'error', error: log.error, errorTwice })
  }
  throw found
}

function* plain(opened: Opened, operation: AnyOperation): Talk<boolean> {
  yield* readLog(opened.talk, opened.log, null, null)
  return yield* readReply(opened, operation, none)
}
