import { type Either, left, mapLeft } from 'fp-ts/lib/Either.js'
import type { FieldPath, Issue } from '../combinators/issue.js'
import type { TextIssue } from '../combinators/text-format.js'

/** A value that cannot be used, and why. */
export const invalidValue = (
  grammar: string,
  path: FieldPath,
  expected: string,
  actual: string,
): Either<Issue, never> => left({ _tag: 'InvalidValue', offset: 0, path, expected, actual, grammar })

/** The issue of one text in a value. */
export const inField =
  (grammar: string, path: FieldPath) =>
  <A>(read: Either<TextIssue, A>): Either<Issue, A> =>
    mapLeft(
      ({ position, expected, actual }: TextIssue): Issue => ({
        _tag: 'InvalidText',
        offset: 0,
        path,
        position,
        expected,
        actual,
        grammar,
      }),
    )(read)
