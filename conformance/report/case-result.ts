import type { ConformanceResult, ConformanceVerdict } from './result.js'

/** What came of a case in which something was said to a program. */
interface Tried {
  readonly id: string
  readonly section: number
  readonly title: string
  readonly verdict: ConformanceVerdict
  /** What the program did; null: nothing was tried. */
  readonly outcome: string | null
  readonly detail: string
}

/** It as reports have it; `details`: what else is to be said of one that is not as it should be. */
export const caseResult = (
  { id, section, title, verdict, outcome, detail }: Tried,
  sectionTitle: string,
  details: ReadonlyArray<string>,
): ConformanceResult => ({
  id,
  section: `${section} ${sectionTitle}`,
  title,
  verdict,
  message: verdict === 'passed' ? '' : outcome === null ? detail : `${outcome}: ${detail}`,
  ...(details.length === 0 ? {} : { details }),
})
