import { shellWord } from '../../bytes/shell-word.js'
import type { Result } from '../../conformance/daemon/index.js'
import { sectionNumbers, sectionTitles } from '../../conformance/daemon/index.js'
import type { Options } from './daemon-options.js'

/** The command that tries one case again. */
export const repeating = (options: Options, { id }: Result): string =>
  [
    'nix-wire conformance daemon',
    ...(['socket', 'command', 'private', 'storeDir', 'release'] as const).flatMap((key) => {
      const value = options[key]
      return value === undefined ? [] : [`--${key === 'storeDir' ? 'store-dir' : key} ${shellWord(value)}`]
    }),
    `--level ${options.level}`,
    ...(options.untrusted === true ? ['--untrusted'] : []),
    ...options.without.map((name) => `--without ${name}`),
    ...(options.ways === 8 ? [] : [`--ways ${options.ways}`]),
    `--only ${shellWord(id)}`,
  ].join(' ')

/** The counts of each section, a line each. */
export const sectionLines = (results: ReadonlyArray<Result>): ReadonlyArray<string> =>
  sectionNumbers.flatMap((section) => {
    const own = results.filter((each) => each.section === section)
    const counts = (['passed', 'known', 'failed', 'skipped'] as const).map((verdict) => {
      const count = own.filter((each) => each.verdict === verdict).length
      return count === 0 ? '' : `${count} ${verdict}`
    })
    return own.length === 0
      ? []
      : [`${section} ${sectionTitles[section]}: ${counts.filter((each) => each !== '').join(', ')}`]
  })
