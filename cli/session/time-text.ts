import { pendingPhrases, waitingPhrase } from '../../session/timed/pending-phrases.js'
import type { Pending } from '../../session/timed/recorded-session.js'
import { sinceStart } from '../../session/timed/time-phrase.js'
import { colours as pc } from '../colours.js'

/** How a connection ended, for people. */
export const pendingLines = (pending: Pending, start: number | null): ReadonlyArray<string> => {
  const [left = '', ...more] = pendingPhrases(pending)
  const when = whenText(pending, start)
  const isWrong = pending.left === 'cut' || pending.left === 'gap'
  return [`${isWrong ? pc.red(left) : pc.yellow(left)}${when}`, ...more.map((line) => `  ${line}`)]
}

/** What a connection waits for in which nothing comes. */
export const quietLine = (pending: Pending, start: number | null): string =>
  `  ${pc.yellow('…')} ${waitingPhrase(pending) ?? ''}${whenText(pending, start)}`

const whenText = ({ at }: Pending, start: number | null): string =>
  start === null || at === null ? '' : `  ${pc.dim(sinceStart(at, start))}`
