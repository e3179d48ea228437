import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { Failure } from '../../daemon/failure.js'
import { answerOf } from './session.js'

/** The most calls that may be pending at a time. */
export const mostAhead = 256

/**
 * Calls `take` with the replies in their order, while the next calls are pending already. Throws the first failure in
 * that order. If `take` returns a promise, it is awaited.
 */
export const inTurn = async <A, B>(
  items: ReadonlyArray<A>,
  call: (item: A) => TaskEither<Failure, B>,
  take: (item: A, answer: B) => void | Promise<void>,
): Promise<void> => {
  // Each answer frees a place for the call that is `mostAhead` further on.
  const asked = items.slice(0, mostAhead).map((item) => call(item)())
  for (const [at, item] of items.entries()) {
    const answer = await asked[at % mostAhead]!
    const next = items[at + mostAhead]
    if (next !== undefined) {
      asked[at % mostAhead] = call(next)()
    }
    const taken = take(item, answerOf(answer))
    if (taken instanceof Promise) {
      await taken
    }
  }
}
