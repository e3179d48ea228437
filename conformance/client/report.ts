import { caseResult } from '../report/case-result.js'
import type { ConformanceReport } from '../report/index.js'
import { showTally, tallyOf } from '../report/index.js'
import { sectionTitles } from './case.js'
import type { Result, Run } from './run.js'

/** What came of a run, for the writers of reports; `detailsOf`: what else is to be said of a case. */
export const clientReport = (
  { results, version, stopped }: Run,
  client: string,
  detailsOf: (result: Result) => ReadonlyArray<string> = () => [],
): ConformanceReport => {
  const all = results.map((result) => caseResult(result, sectionTitles[result.section], detailsOf(result)))
  return {
    title: `Conformance of ${client}`,
    summary: `${showTally(tallyOf(all))}${stopped === null ? '' : `; not all was tried: ${stopped}`}`,
    facts: [
      ['client', client],
      ['version of the broken cases', version ?? 'none: it takes no server that says what it should'],
    ],
    notes: ['A case is one run of the client; it must end with an error where what it is told is broken.'],
    tables: [],
    results: all,
  }
}
