import type { Either } from 'fp-ts/lib/Either.js'
import { listedIds } from '../report/listed.js'
import type { Result } from './run.js'

/** The cases in a list of expected failures, as `listedIds` reads it. */
export const expectedCases = (text: string): Either<string, ReadonlySet<string>> =>
  listedIds(text, /^[1-4]\./, 'the identifier of a case')

/** Prints such a list: each case that fails, with its outcome and title for people. */
export const printExpectedCases = (results: ReadonlyArray<Result>): string =>
  results
    .filter(({ verdict }) => verdict === 'failed' || verdict === 'known')
    .map(({ id, outcome, title }) => `${id}  # ${outcome}: ${title}\n`)
    .join('')
