/** The verdict of a case: `passed`, failed as expected (`known`), `failed`, or not tried (`skipped`). */
export type ConformanceVerdict = 'passed' | 'known' | 'failed' | 'skipped'

/** The result of one case. All its texts may come from a program under test; reports escape them. */
export interface ConformanceResult {
  /** The id of the case: the same in every run, so that a list of expected failures can name it. */
  readonly id: string
  /** The section of the report that it belongs to: a type, or a part of the protocol. */
  readonly section: string
  /** What was tried, on one line. */
  readonly title: string
  readonly verdict: ConformanceVerdict
  /** What is wrong or missing, on one line; empty if it passed. */
  readonly message: string
  /** The classes of mistakes that it reveals, for a second table. */
  readonly labels?: ReadonlyArray<string>
  /** Details, one per line: the bytes, what was expected, the command that reproduces it. */
  readonly details?: ReadonlyArray<string>
  readonly seconds?: number
}

/** A table above the list of results. */
export interface ConformanceTable {
  readonly title: string
  readonly head: ReadonlyArray<string>
  readonly rows: ReadonlyArray<ReadonlyArray<string>>
}

/** The content of a report. */
export interface ConformanceReport {
  readonly title: string
  /** The result in one sentence. */
  readonly summary: string
  /** What was tested: the program, the versions. */
  readonly facts: ReadonlyArray<readonly [name: string, value: string]>
  /** Notes for the reader. */
  readonly notes: ReadonlyArray<string>
  /** Tables besides those by section and by label, which every report has. */
  readonly tables: ReadonlyArray<ConformanceTable>
  readonly results: ReadonlyArray<ConformanceResult>
}
