import { messageOf, quoted } from '../../combinators/show.js'
import { Failure } from '../failure.js'
import { visible } from '../visible.js'

/** A name or a target as one word on one line; as a JSON string if it needs escapes. */
export const showName = (name: string): string =>
  visible(name) === name && !/["\\]/.test(name) ? name : quoted(name, Number.POSITIVE_INFINITY)

/** A message of the system on one line, with any path in it escaped. */
export const showReason = (error: unknown): string => visible(messageOf(error))

/** Entry names as a path; `.` is the archive itself. */
export const showPath = (names: ReadonlyArray<string>): string => showName(pathOf(names))

export const pathOf = (names: ReadonlyArray<string>): string =>
  names.length === 0 ? '.' : `./${names.join('/')}`

/**
 * The entry names of a path. `..` removes the name before it, as in Nix since 2.26, even if that is a link.
 */
export const namesOf = (path: string): ReadonlyArray<string> => {
  const names: Array<string> = []
  for (const name of path.split('/')) {
    if (name === '..') {
      names.pop()
    } else if (name !== '' && name !== '.') {
      names.push(name)
    }
  }
  return names
}

/**
 * A path as given, or as {@link showPath} quotes it. A given path can avoid a leading `"` by starting with `./`.
 */
export const unquoted = (given: string): string => {
  if (!given.startsWith('"')) {
    return given
  }
  try {
    return String(JSON.parse(given))
  } catch {
    throw new Failure(
      2,
      `${showName(given)} begins like a JSON string but is not one; write a name as ./NAME`,
    )
  }
}
