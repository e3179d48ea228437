import { some } from 'fp-ts/lib/Option.js'
import type { Grammar } from '../../combinators/node.js'
import type { Ear } from '../../conversation/machine/ear.js'
import { notYet } from '../../conversation/machine/feed.js'
import type { Talk } from '../../conversation/machine/talk.js'
import { Int } from '../../grammar/integers.js'
import { One } from '../../grammar/operations/operation.js'
import type { Hearing } from './hearing.js'

/** A reply, if it has arrived. */
export const replyNow = (hearing: Hearing, ear: Ear, given: Grammar<unknown>): unknown | typeof notYet => {
  const { talk } = hearing
  const { offset } = ear.feed
  const grammar = leniently(given)
  const reply = talk.now(ear.feed, grammar)
  if (reply !== notYet) {
    talk.serverTrail.begin('reply', grammar, offset, talk.during)
    hearing.current.reply = some(reply)
  }
  return reply
}

/** A reply. */
export function* hearReply(hearing: Hearing, ear: Ear, given: Grammar<unknown>): Talk<unknown> {
  const { talk } = hearing
  const grammar = leniently(given)
  talk.serverTrail.begin('reply', grammar, ear.feed.offset, talk.during)
  const reply = yield* hearing.value(ear, ['reply'], [], talk.value(ear.feed, grammar))
  hearing.current.reply = some(reply)
  return reply
}

/** Reads the integer that clients ignore; the reader of a recording may want to know it. */
const leniently = (grammar: Grammar<unknown>): Grammar<unknown> =>
  (grammar as object) === One ? (Int as Grammar<unknown>) : grammar
