import { fromNullable, isNone, isSome, none, some } from 'fp-ts/lib/Option.js'
import { holds } from '../combinators/gate.js'
import type { Protocol } from '../combinators/protocol.js'
import { ordVersion } from '../combinators/version.js'
import { Break, beneath, orBreak, settled, type Talk } from '../conversation/machine/talk.js'
import { Int } from '../grammar/integers.js'
import { type AnyOperation, streamOf } from '../grammar/operations/operation.js'
import { type OperationTable, operations } from '../grammar/operations/table.js'
import type { Conversation } from './conversation.js'
import { readReply, typed } from './ending.js'
import { readLog } from './logs.js'
import { Opened } from './opened.js'
import { isSaidAgain, settleRepeated } from './repeated.js'
import { readWithStream } from './transfer.js'

/**
 * Reads one operation, from its number to the end of its reply. The client may ask for what the protocol lacks: a
 * daemon refuses that, unless it has the operation all the same.
 */
export function* readOperation(talk: Conversation): Talk<void> {
  const { client } = talk
  talk.during = none
  const start = client.offset
  const number = yield* settled(beneath(['operation'], client.read(Int, talk.plans)))
  if (number._tag === 'Broken') {
    yield* settleRepeated(talk)
  }
  const id = orBreak(number)
  const own = operationOf(talk.table, id)
  const operation = own ?? operationOf(operations, id)
  const lacking = operation !== null && (own === null || !holds(own.gate, talk.protocol))
  // Zeros stand in many places: only at the end, and where the protocol has it, they are the operation of that number.
  const isZeros = id === 0 && (lacking || (yield* client.any()))
  const named = isZeros ? null : operation
  talk.during = some(named?.name ?? `operation ${id}`)
  const opened = new Opened(talk, id, named, lacking)
  if (operation === null) {
    return yield* refused(opened, unknown(talk, start, String(id)))
  }
  talk.clientTrail.begin('request', operation.request, client.offset, talk.during)
  const grammar = typed(operation.request)
  // Whether a request of an operation that the protocol lacks is one at all only its form tells.
  const read = lacking ? talk.strictly(client, grammar) : talk.value(client, grammar)
  const request = yield* settled(beneath(['request'], read))
  if (request._tag === 'Broken') {
    // Where the form is not the one known here, the number is what is wrong.
    return yield* refused(opened, lacking ? unknown(talk, start, `${id} (${operation.name})`) : request.by)
  }
  opened.start(some(request.value))
  const stream = fromNullable(streamOf(operation, lacking ? firstOf(operation, talk) : talk.protocol))
  if (isSome(stream)) {
    return yield* readWithStream(opened, operation, stream.value)
  }
  yield* readLog(talk, opened.log, null, null)
  if (named === null && isNone(opened.log.error)) {
    throw unknown(talk, start, String(id))
  }
  yield* readReply(opened, operation, none)
}

const operationOf = (table: OperationTable, id: number): AnyOperation | null =>
  Object.values(table).find((each) => each.id === id) ?? null

/** The protocol nearest to the one agreed on that has the operation, for the form of its stream. */
const firstOf = ({ since }: AnyOperation, { protocol }: Conversation): Protocol =>
  ordVersion.compare(protocol.version, since) < 0 ? { ...protocol, version: since } : protocol

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
function* refused(opened: Opened, found: Break): Talk<never> {
  const { talk, log } = opened
  opened.start(none)
  const answered = yield* settled(readLog(talk, log, null, null))
  if (answered._tag === 'Done' && isSome(log.error)) {
    const errorTwice = yield* isSaidAgain(talk, log.error)
    opened.end({ outcome: 'error', error: log.error, errorTwice })
  }
  throw found
}
