import { type Either, left } from 'fp-ts/lib/Either.js'

/**
 * The same function for values of any type: if it throws, the value is invalid. A wrong type is an issue like any
 * other, not an exception.
 */
export const total =
  <A, B>(expected: string, to: (outer: B) => Either<string, A>): ((outer: B) => Either<string, A>) =>
  (outer) => {
    try {
      // A switch over tags returns undefined for an unknown tag.
      const inner: Either<string, A> | undefined = to(outer)
      return inner ?? left(expected)
    } catch {
      return left(expected)
    }
  }
