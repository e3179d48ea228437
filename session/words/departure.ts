import { isSome, none } from 'fp-ts/lib/Option.js'
import type { Ear } from '../../conversation/machine/ear.js'
import { Break, type Talk } from '../../conversation/machine/talk.js'
import { Closed, errorHere, isSaidAgain, settleRepeated } from '../repeated.js'
import type { Hearing } from './hearing.js'

/** The daemon has sent why it breaks off. Thrown inside. */
export class Departed extends Error {}

/**
 * Decides whether the next bytes of the daemon are the message with which it breaks off. @throws Departed, Closed,
 * Break
 */
export function* settleDeparture({ talk, going, broken, isDeaf }: Hearing, ear: Ear): Talk<void> {
  if (going === null && broken.length === 0 && !isDeaf) {
    // Every request was answered, so this is a repeated error, or unsolicited.
    yield* settleRepeated(talk)
    throw new Closed()
  }
  if (going === null || isDeaf) {
    throw notThat(ear)
  }
  const { log } = going.opened
  if (isSome(log.error)) {
    going.errorTwice = yield* isSaidAgain(talk, log.error)
    throw new Departed()
  }
  if (broken.length === 0) {
    const said = going.isDownloading ? yield* errorHere(talk) : none
    if (!isSome(said)) {
      throw notThat(ear)
    }
    log.error = said
    going.errorTwice = yield* isSaidAgain(talk, said)
    throw new Departed()
  }
  if (going.isStarted) {
    throw notThat(ear)
  }
  yield* settleRepeated(talk)
  ear.begin()
}

const notThat = (ear: Ear): Break =>
  new Break(ear.feed, {
    _tag: 'UnexpectedValue',
    offset: ear.feed.offset,
    path: [],
    expected: 'what a daemon says that breaks off',
    actual: 'something else',
    grammar: 'session',
  })
