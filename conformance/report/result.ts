/**
 * What came of one case: it is as it should be, it differs in a way that is known, it is wrong, or nothing was asked.
 */
export type ConformanceVerdict = 'passed' | 'known' | 'failed' | 'skipped'

/** One case of a run. All texts may come from a program under test: a report shows them so that they do no harm. */
export interface ConformanceResult {
  /** The same in every run of it, so that a list of known failures can name it. */
  readonly id: string
  /** What it belongs to, in the order of a report: a type, a part of the protocol. */
  readonly section: string
  /** What was tried, in a line. */
  readonly title: string
  readonly verdict: ConformanceVerdict
  /** What is wrong, is known, or is missing, in a line; empty where all is well. */
  readonly message: string
  /** Classes of mistakes that it is of, for a second table. */
  readonly labels?: ReadonlyArray<string>
  /** What else is to be said, a line each: bytes, what was expected, the command that shows it again. */
  readonly details?: ReadonlyArray<string>
  readonly seconds?: number
}

/** A table above the list of results. */
export interface ConformanceTable {
  readonly title: string
  readonly head: ReadonlyArray<string>
  readonly rows: ReadonlyArray<ReadonlyArray<string>>
}

/** What a report is made of. */
export interface ConformanceReport {
  readonly title: string
  /** The result in a sentence. */
  readonly summary: string
  /** What was tested and how: the program, the versions. */
  readonly facts: ReadonlyArray<readonly [name: string, value: string]>
  /** What a reader should know besides. */
  readonly notes: ReadonlyArray<string>
  /** Tables beside those by section and by label, which every report has. */
  readonly tables: ReadonlyArray<ConformanceTable>
  readonly results: ReadonlyArray<ConformanceResult>
}
