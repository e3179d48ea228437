import type { ConformanceReport } from '../../conformance/report/index.js'
import { tallyOf } from '../../conformance/report/index.js'
import { groupedBy } from '../../conformance/report/tally.js'
import { colours as pc } from '../colours.js'
import { visible } from '../visible.js'

/** What the sections and the results of a report are. */
export interface ReportWords {
  readonly section: string
  readonly results: string
}

const mostShown = 20
const longestLine = 300

const line = (text: string): string => visible(text, longestLine)

/** The failures of each section or flag, most first. */
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
        ...rows.slice(0, mostShown).map(({ name, all, failed }) => `  ${line(name)}: ${failed} of ${all}`),
        ...(rows.length > mostShown ? [`  and ${rows.length - mostShown} more`] : []),
      ]
}

/** A report for a terminal: the first failures one by one, and the failures of each section and flag. */
export const showReport = (
  { summary, notes, results }: ConformanceReport,
  { section, results: many }: ReportWords,
): string => {
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
      `Failed ${many} by ${section}:`,
      groupedBy(results, ({ section }) => [section]),
    ),
    ...failing(
      `Failed ${many} by flag, which is what they test:`,
      groupedBy(results, ({ labels = [] }) => labels),
    ),
    ...notes.map(line),
    line(summary),
  ]
  return lines.map((each) => `${each}\n`).join('')
}
