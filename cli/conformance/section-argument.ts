import { InvalidArgumentError } from 'commander'

/** Collects numbers of sections. */
export const sectionArgument =
  <S extends number>(all: ReadonlyArray<S>) =>
  (text: string, before: ReadonlyArray<S>): ReadonlyArray<S> => {
    const found = all.find((each) => String(each) === text)
    if (found === undefined) {
      throw new InvalidArgumentError(`Expected the number of a section, ${all.join(', ')}.`)
    }
    return [...before, found]
  }
