import type { Result } from '../measure.js'

/** What is not measured, and why. */
export interface Skipped {
  readonly skipped: string
}

export interface ProcessBenchmark {
  readonly id: string
  readonly title: string
  readonly run: (rounds: number, onRound: () => void) => Promise<Result | Skipped>
}
