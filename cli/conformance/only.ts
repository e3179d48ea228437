import type { Vector } from '../../vectors/vector.js'

/**
 * Whether a vector matches one of the words: its type, its id, a flag, the tag of its issue, or its result.
 */
export const onlyOf =
  (words: ReadonlyArray<string>): ((vector: Vector) => boolean) =>
  ({ type, id, flags, issue, result }) =>
    words.length === 0 ||
    words.some(
      (word) =>
        word === type ||
        word === id ||
        word === result ||
        word === issue?.tag ||
        flags.some((flag) => flag === word),
    )
