import type { Either } from 'fp-ts/lib/Either.js'
import { expectText } from '../../combinators/expect.js'
import { listedIds } from '../report/listed.js'
import type { ConformanceResult } from '../report/result.js'

/**
 * Parses a list of expected failures: each line begins with an id. The rest of the line, empty lines and lines that
 * begin with `#` are ignored. Left says what is wrong with a line.
 */
export const expectedFailures = (text: string): Either<string, ReadonlySet<string>> => {
  expectText('the list of expected failures', text)
  return listedIds(text, /^[0-9a-f]{16}$/, 'an id of a vector')
}

/** Prints the failed results as a list of expected failures, with a description after each id. */
export const printExpectedFailures = (results: ReadonlyArray<ConformanceResult>): string =>
  results
    .filter(({ verdict }) => verdict === 'failed' || verdict === 'known')
    .map(({ id, section, title }) => `${id}  # ${section}: ${title.replaceAll(/\s+/g, ' ')}\n`)
    .join('')
