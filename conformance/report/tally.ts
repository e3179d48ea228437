import type { ConformanceReport, ConformanceResult, ConformanceTable, ConformanceVerdict } from './result.js'

/** The number of results of each verdict. */
export type ConformanceTally = { readonly [V in ConformanceVerdict]: number }

const verdicts: ReadonlyArray<ConformanceVerdict> = ['passed', 'known', 'failed', 'skipped']

/** Counts results by verdict. */
export const tallyOf = (results: ReadonlyArray<ConformanceResult>): ConformanceTally => {
  const tally = { passed: 0, known: 0, failed: 0, skipped: 0 }
  for (const { verdict } of results) {
    tally[verdict]++
  }
  return tally
}

/** A tally as text, such as `310 passed, 2 failed`, without verdicts that have no results. */
export const showTally = (tally: ConformanceTally): string =>
  verdicts
    .filter((verdict) => tally[verdict] > 0)
    .map((verdict) => `${tally[verdict]} ${verdict}`)
    .join(', ') || 'nothing tried'

/** Results grouped by key, in the order of the first of each. */
export const groupedBy = (
  results: ReadonlyArray<ConformanceResult>,
  keysOf: (result: ConformanceResult) => ReadonlyArray<string>,
): ReadonlyMap<string, ReadonlyArray<ConformanceResult>> => {
  const groups = new Map<string, Array<ConformanceResult>>()
  for (const result of results) {
    for (const key of keysOf(result)) {
      const known = groups.get(key)
      if (known === undefined) {
        groups.set(key, [result])
      } else {
        known.push(result)
      }
    }
  }
  return groups
}

const tableOf = (
  title: string,
  head: string,
  groups: ReadonlyMap<string, ReadonlyArray<ConformanceResult>>,
): ConformanceTable => ({
  title,
  head: [head, ...verdicts],
  rows: [...groups].map(([name, results]) => {
    const tally = tallyOf(results)
    return [name, ...verdicts.map((verdict) => (tally[verdict] === 0 ? '' : String(tally[verdict])))]
  }),
})

/** All tables of a report: its own, and the results by section and by label. */
export const tablesOf = ({ tables, results }: ConformanceReport): ReadonlyArray<ConformanceTable> =>
  [
    ...tables,
    tableOf(
      'By section',
      'section',
      groupedBy(results, ({ section }) => [section]),
    ),
    tableOf(
      'By flag',
      'flag',
      new Map([...groupedBy(results, ({ labels = [] }) => labels)].sort(([a], [b]) => (a < b ? -1 : 1))),
    ),
  ].filter(({ rows }) => rows.length > 0)

/** The most results of a verdict that are listed; a program that is always wrong needs no longer list. */
const mostListed = 500

/** The results to list one by one, failures first. Passed ones are only counted. */
export const listedOf = (
  results: ReadonlyArray<ConformanceResult>,
): ReadonlyArray<{
  readonly verdict: ConformanceVerdict
  readonly listed: ReadonlyArray<ConformanceResult>
  readonly more: number
}> =>
  (['failed', 'known'] as const)
    .map((verdict) => {
      const all = results.filter((each) => each.verdict === verdict)
      return { verdict, listed: all.slice(0, mostListed), more: Math.max(0, all.length - mostListed) }
    })
    .filter(({ listed }) => listed.length > 0)
