import { messageOf, quoted } from '../../combinators/show.js'
import { Failure } from '../failure.js'
import { visible } from '../visible.js'

/** A name or a target as one word on one line; a JSON string where it needs that. */
export const showName = (name: string): string =>
  visible(name) === name && !/["\\]/.test(name) ? name : quoted(name, Number.POSITIVE_INFINITY)

/** A message of the system on one line, whatever is in the path that it tells. */
export const showReason = (error: unknown): string => visible(messageOf(error))

/** Entry names as a path; `.` is the archive itself. */
export const showPath = (names: ReadonlyArray<string>): string => showName(pathOf(names))

export const pathOf = (names: ReadonlyArray<string>): string =>
  names.length === 0 ? '.' : `./${names.join('/')}`

/** The entry names of a path. `..` takes away the name before it, whatever that is, as Nix has it since 2.26. */
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

/** A path as it was given or as {@link showPath} quotes it: none has to begin with `"`, since `./` may come first. */
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
