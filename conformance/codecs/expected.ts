import type { Either } from 'fp-ts/lib/Either.js'
import { expectText } from '../../combinators/expect.js'
import { listedIds } from '../report/listed.js'
import type { ConformanceResult } from '../report/result.js'

/**
 * The ids in a list of expected failures: one in front of each line; what follows it, empty lines and lines with `#` are
 * for people. Left: what is wrong with a line.
 */
export const expectedFailures = (text: string): Either<string, ReadonlySet<string>> => {
  expectText('the list of expected failures', text)
  return listedIds(text, /^[0-9a-f]{16}$/, 'an id of a vector')
}

/** The same list for results, with what fails beside each id. */
export const printExpectedFailures = (results: ReadonlyArray<ConformanceResult>): string =>
  results
    .filter(({ verdict }) => verdict === 'failed' || verdict === 'known')
    .map(({ id, section, title }) => `${id}  # ${section}: ${title.replaceAll(/\s+/g, ' ')}\n`)
    .join('')
