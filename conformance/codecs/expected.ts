import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { expectText } from '../../combinators/expect.js'
import { quoted } from '../../combinators/show.js'
import type { ConformanceResult } from '../report/result.js'

/**
 * The ids in a list of expected failures: one in front of each line; what follows it, empty lines and lines with `#` are
 * for people. Left: what is wrong with a line.
 */
export const expectedFailures = (text: string): Either<string, ReadonlySet<string>> => {
  expectText('the list of expected failures', text)
  const ids = new Set<string>()
  for (const [i, line] of text.split('\n').entries()) {
    const [id = ''] = line.trim().split(/\s+/)
    if (id !== '' && !id.startsWith('#')) {
      if (!/^[0-9a-f]{16}$/.test(id)) {
        return left(`line ${i + 1} does not begin with an id of a vector: ${quoted(line)}`)
      }
      ids.add(id)
    }
  }
  return right(ids)
}

/** The same list for results, with what fails beside each id. */
export const printExpectedFailures = (results: ReadonlyArray<ConformanceResult>): string =>
  results
    .filter(({ verdict }) => verdict === 'failed' || verdict === 'known')
    .map(({ id, section, title }) => `${id}  # ${section}: ${title.replaceAll(/\s+/g, ' ')}\n`)
    .join('')
