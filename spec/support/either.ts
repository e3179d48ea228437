import { inspect } from 'node:util'
import type { Either } from 'fp-ts/lib/Either.js'

/** The value of an outcome; throws for an issue. */
export const rightOf = <E, A>(outcome: Either<E, A>): A => {
  if (outcome._tag === 'Right') return outcome.right
  throw new Error(`refused: ${inspect(outcome.left)}`)
}

/** The issue of an outcome; throws for a value. */
export const issueOf = <E, A>(outcome: Either<E, A>): E => {
  if (outcome._tag === 'Left') return outcome.left
  throw new Error(`accepted: ${inspect(outcome.right)}`)
}
