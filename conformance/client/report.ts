import { caseResult } from '../report/case-result.js'
import type { ConformanceReport } from '../report/index.js'
import { showTally, tallyOf } from '../report/index.js'
import { sectionTitles } from './case.js'
import type { Result, Run } from './run.js'

/** A run as a report; `detailsOf` adds lines to a case. */
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
      ['version of the broken cases', version ?? 'none: it accepts no server without a mistake'],
    ],
    notes: [
      'A case is one run of the client. Where the server makes a mistake, the client must end with an exit code that is not 0.',
    ],
    tables: [],
    results: all,
  }
}
