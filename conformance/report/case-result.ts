import type { ConformanceResult, ConformanceVerdict } from './result.js'

/** The result of a case in which bytes were sent to a program. */
interface Tried {
  readonly id: string
  readonly section: number
  readonly title: string
  readonly verdict: ConformanceVerdict
  /** What the program did; null if nothing was tried. */
  readonly outcome: string | null
  readonly detail: string
}

/** The result in the form of reports; `details`: more about a failed one. */
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
