import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { quoted } from '../../combinators/show.js'

/**
 * The identifiers in a list: one in front of each line; what follows it, empty lines and lines with `#` are for people. Left:
 * which line has none.
 */
export const listedIds = (text: string, form: RegExp, what: string): Either<string, ReadonlySet<string>> => {
  const ids = new Set<string>()
  for (const [i, line] of text.split('\n').entries()) {
    const [id = ''] = line.trim().split(/\s+/)
    if (id !== '' && !id.startsWith('#')) {
      if (!form.test(id)) {
        return left(`line ${i + 1} does not begin with ${what}: ${quoted(line)}`)
      }
      ids.add(id)
    }
  }
  return right(ids)
}
