import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { quoted } from '../../combinators/show.js'
import type { Result } from './run.js'

/** The identifiers in a list: one in front of each line; what follows it, empty lines and lines with `#` are for people. */
export const expectedCases = (text: string): Either<string, ReadonlySet<string>> => {
  const ids = new Set<string>()
  for (const [i, line] of text.split('\n').entries()) {
    const [id = ''] = line.trim().split(/\s+/)
    if (id !== '' && !id.startsWith('#')) {
      if (!/^[1-4]\./.test(id)) {
        return left(`line ${i + 1} does not begin with the identifier of a case: ${quoted(line)}`)
      }
      ids.add(id)
    }
  }
  return right(ids)
}

/** The same list of what fails, with what it is beside each. */
export const printExpectedCases = (results: ReadonlyArray<Result>): string =>
  results
    .filter(({ verdict }) => verdict === 'failed' || verdict === 'known')
    .map(({ id, outcome, title }) => `${id}  # ${outcome}: ${title}\n`)
    .join('')
