import type { ConformanceReport } from '../../conformance/report/index.js'
import { tallyOf } from '../../conformance/report/index.js'
import { groupedBy } from '../../conformance/report/tally.js'
import { colours as pc } from '../colours.js'
import { visible } from '../visible.js'

const mostShown = 20
const longestLine = 300

const line = (text: string): string => visible(text, longestLine)

/** The failures by section or by rule, most first. */
const failing = (
  title: string,
  groups: ReadonlyMap<string, ConformanceReport['results']>,
): ReadonlyArray<string> => {
  const rows = [...groups]
    .map(([name, results]) => ({ name, all: results.length, failed: tallyOf(results).failed }))
    .filter(({ failed }) => failed > 0)
    .sort((a, b) => b.failed - a.failed)
  return rows.length === 0
    ? []
    : [
        title,
        ...rows.slice(0, mostShown).map(({ name, all, failed }) => `  ${failed} of ${all}  ${line(name)}`),
        ...(rows.length > mostShown ? [`  and ${rows.length - mostShown} more`] : []),
      ]
}

/** A report for a terminal: the failures by type and by rule, and the first failures one by one. */
export const showReport = ({ summary, notes, results }: ConformanceReport): string => {
  const failed = results.filter(({ verdict }) => verdict === 'failed')
  const shown = failed
    .slice(0, mostShown)
    .flatMap(({ id, section, title, message }) => [
      `${pc.red('failed')} ${id} ${line(`${section}, ${title}`)}`,
      `       ${line(message)}`,
    ])
  const lines = [
    ...shown,
    ...(failed.length > mostShown ? [`and ${failed.length - mostShown} more: see --html or --markdown`] : []),
    ...failing(
      'By section:',
      groupedBy(results, ({ section }) => [section]),
    ),
    ...failing(
      'By rule:',
      groupedBy(results, ({ labels = [] }) => labels),
    ),
    ...notes.map(line),
    line(summary),
  ]
  return lines.map((each) => `${each}\n`).join('')
}
