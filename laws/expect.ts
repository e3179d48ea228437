import fc from 'fast-check'
import { type Either, isRight } from 'fp-ts/lib/Either.js'
import { equalValues } from '../bytes/equal.js'
import { type Issue, showIssue } from '../combinators/issue.js'

const longest = 400

const shown = (value: unknown): string => {
  const text = fc.stringify(value)
  return text.length > longest ? `${text.slice(0, longest)}…` : text
}

export function fail(message: string): never {
  throw new Error(message)
}

/** Fails for two different values; `what` completes "… is X, not Y". */
export const same = (actual: unknown, expected: unknown, what: string): void => {
  if (!equalValues(actual, expected)) {
    fail(`${what} is ${shown(actual)}, not ${shown(expected)}`)
  }
}

/** Fails for an issue. */
export const accepted = <A>(outcome: Either<Issue, A>, what: string): A =>
  isRight(outcome) ? outcome.right : fail(`${what} is rejected: ${showIssue(outcome.left)}`)

/** Fails for anything but an issue. */
export const refused = <A>(outcome: Either<Issue, A>, what: string): Issue =>
  isRight(outcome) ? fail(`${what} is accepted, as ${shown(outcome.right)}`) : outcome.left
