import { pendingPhrases } from '../../session/timed/pending-phrases.js'
import type { Pending } from '../../session/timed/recorded-session.js'
import { sinceStart } from '../../session/timed/time-phrase.js'
import { colours as pc } from '../colours.js'

/** How a connection ended, for people. */
export const pendingLines = (pending: Pending, start: number | null): ReadonlyArray<string> => {
  const [left = '', ...more] = pendingPhrases(pending)
  const when = start === null || pending.at === null ? '' : `  ${pc.dim(sinceStart(pending.at, start))}`
  const isWrong = pending.left === 'cut' || pending.left === 'gap'
  return [`${isWrong ? pc.red(left) : pc.yellow(left)}${when}`, ...more.map((line) => `  ${line}`)]
}
