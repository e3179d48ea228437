import { caseResult } from '../report/case-result.js'
import type { ConformanceReport } from '../report/index.js'
import { showTally, tallyOf } from '../report/index.js'
import { sectionTitles } from './case.js'
import type { Facts } from './facts.js'
import type { Result, Run } from './run.js'

/** The known facts about the daemon. */
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
  ['trusts this client', trusts === null ? 'unknown' : trusts ? 'yes' : 'no'],
  ['taken for', release?.title ?? 'an unknown release'],
  ['store directory', storeDir],
  ['level', level],
]

/** A run as a report; `detailsOf` adds lines to a case. */
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
      'Known: the outcome is wrong, and this release is known for it.',
      'A case is one connection. Behind what it tests it asks questions whose answers are known.',
    ],
    tables: [],
    results: all,
  }
}
