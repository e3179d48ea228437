import { none, some } from 'fp-ts/lib/Option.js'
import type { Ear } from '../../conversation/machine/ear.js'
import { notYet } from '../../conversation/machine/feed.js'
import { isOffered } from '../../conversation/machine/offered.js'
import { settled, type Talk } from '../../conversation/machine/talk.js'
import { Int } from '../../grammar/integers.js'
import { Opened } from '../opened.js'
import { settleRepeated } from '../repeated.js'
import { goingOf } from './going.js'
import type { Hearing } from './hearing.js'

/** The number of an operation, if it has arrived. */
export const operationNow = (hearing: Hearing, ear: Ear): unknown | typeof notYet => {
  const { offset } = ear.feed
  const id = hearing.talk.plainly(ear.feed, Int)
  // A zero may be part of something else.
  if (id === notYet || id === 0) {
    ear.feed.rewind(offset)
    return notYet
  }
  begin(hearing, id, offset, false)
  return id
}

/** The number of an operation. */
export function* hearOperation(hearing: Hearing, ear: Ear): Talk<unknown> {
  const { talk } = hearing
  const { client } = talk
  talk.during = none
  const start = client.offset
  const number = yield* settled(ear.value(['operation'], Int, talk.plans))
  if (number._tag === 'Broken') {
    hearing.isDeaf = true
    yield* settleRepeated(talk)
    throw number.by
  }
  const id = number.value as number
  begin(hearing, id, start, id === 0 && (yield* client.any()))
  return id
}

/**
 * An operation has been requested. Zeros occur in many places: only at the end are they the operation of that number.
 */
const begin = (hearing: Hearing, id: number, start: number, isFollowedZero: boolean): void => {
  const { talk, menu } = hearing
  const entry = menu?.byId.get(id)
  const operation = entry?.operation ?? null
  const lacking = entry !== undefined && (!entry.own || !isOffered(entry.operation.gate, talk.protocol))
  const isZeros = isFollowedZero || (id === 0 && lacking)
  const named = isZeros ? null : operation
  talk.during = some(named?.name ?? `operation ${id}`)
  const opened = new Opened(talk, id, named, lacking)
  hearing.going = goingOf({ opened, operation, id, isZeros, lacking, start })
}
