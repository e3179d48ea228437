import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { quoted } from '../../combinators/show.js'

/**
 * The identifiers in a list: one at the start of each line; the rest of a line, empty lines and lines with `#` are
 * comments. Left: the line without an identifier.
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
