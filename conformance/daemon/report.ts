import { caseResult } from '../report/case-result.js'
import type { ConformanceReport } from '../report/index.js'
import { showTally, tallyOf } from '../report/index.js'
import { sectionTitles } from './case.js'
import type { Facts } from './facts.js'
import type { Result, Run } from './run.js'

/** What a daemon says it is, and what it is taken for. */
const factsOf = ({
  newest,
  nixVersion,
  release,
  features,
  trusts,
  storeDir,
  level,
}: Facts): ConformanceReport['facts'] => [
  ['daemon', nixVersion ?? 'does not say'],
  ['protocol', newest],
  ['features', features.join(', ') || 'none'],
  ['trusts this client', trusts === null ? 'nobody says' : trusts ? 'yes' : 'no'],
  ['taken for', release?.title ?? 'a daemon of which nothing is known'],
  ['store directory', storeDir],
  ['level', level],
]

/** What came of a run, for the writers of reports. */
export const daemonReport = (
  { facts, results, stopped }: Run,
  target: string,
  detailsOf: (result: Result) => ReadonlyArray<string> = () => [],
): ConformanceReport => {
  const all = results.map((result) => caseResult(result, sectionTitles[result.section], detailsOf(result)))
  return {
    title: `Conformance of ${target}`,
    summary: `${showTally(tallyOf(all))}${stopped === null ? '' : `; not all was tried: ${stopped}`}`,
    facts: factsOf(facts),
    notes: [
      'Known: another outcome than the protocol has, of which is known that this release has it.',
      'A case is one connection; behind what it tries there are questions whose answers are known.',
    ],
    tables: [],
    results: all,
  }
}
