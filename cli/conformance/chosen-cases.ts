import { InvalidArgumentError, Option } from 'commander'
import { gather } from '../arguments.js'

/** Collects numbers of sections. */
const sectionArgument =
  <S extends number>(all: ReadonlyArray<S>) =>
  (text: string, before: ReadonlyArray<S>): ReadonlyArray<S> => {
    const found = all.find((each) => String(each) === text)
    if (found === undefined) {
      throw new InvalidArgumentError(`Expected the number of a section, ${all.join(', ')}.`)
    }
    return [...before, found]
  }

/** The option `--section`, which chooses from these. */
export const sectionOption = (all: ReadonlyArray<number>): Option =>
  new Option('--section <n>', 'only this section; may be given again')
    .argParser(sectionArgument(all))
    .default([], 'all')

/** The option `--only`, which chooses cases by their ids. */
export const onlyOption = (): Option =>
  new Option('--only <id>', 'only cases whose id begins with this; may be given again')
    .argParser(gather)
    .default([], 'all')
