import { inspect } from 'node:util'
import type { Either } from 'fp-ts/lib/Either.js'

/** The value of an outcome that has to be one. */
export const rightOf = <E, A>(outcome: Either<E, A>): A => {
  if (outcome._tag === 'Right') return outcome.right
  throw new Error(`refused: ${inspect(outcome.left)}`)
}

/** The issue of an outcome that has to be one. */
export const issueOf = <E, A>(outcome: Either<E, A>): E => {
  if (outcome._tag === 'Left') return outcome.left
  throw new Error(`accepted: ${inspect(outcome.right)}`)
}
