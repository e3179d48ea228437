import type { Candidate, Making } from './candidates.js'
import { Causes, otherReason } from './cause.js'
import type { Filter } from './filter.js'
import type { Format } from './format.js'
import type { Input } from './inputs.js'
import { type Mistake, mistakesOf } from './mistake.js'
import type { FuzzOutcome } from './outcome.js'

/** An outcome with its mistakes, and the input that shows them. */
export interface Judged {
  readonly candidate: Candidate
  readonly outcome: FuzzOutcome
  readonly mistakes: ReadonlyArray<Mistake>
}

/** The same mistakes, with another cause than the form of the input. */
const withCause = ({ candidate, outcome, mistakes }: Judged, cause: string): Judged => {
  const { input } = candidate
  return {
    candidate: { ...candidate, input: { ...input, expected: { ...input.expected, detail: null } } },
    outcome,
    mistakes: mistakes.map((mistake) => ({
      ...mistake,
      cause,
      group: `${mistake.place === '' ? 'message' : mistake.place}: refused for ${cause}`,
    })),
  }
}

/** Finds the mistakes in outcomes. */
export class Judging<A> {
  readonly #format: Format<A>
  readonly #making: Making<A>
  readonly #filter: Filter
  readonly #ask: (input: Input) => Promise<FuzzOutcome>
  readonly #causes: Causes<A>

  constructor(
    format: Format<A>,
    making: Making<A>,
    filter: Filter,
    ask: (input: Input) => Promise<FuzzOutcome>,
  ) {
    this.#format = format
    this.#making = making
    this.#filter = filter
    this.#ask = ask
    this.#causes = new Causes(format, making.inputs)
  }

  /**
   * The mistakes in an outcome. If an acceptable input is refused, others tell whether that is because of its form: if
   * the same is refused in the canonical form as well, that is the mistake.
   */
  async of(candidate: Candidate, outcome: FuzzOutcome): Promise<Judged> {
    const { input } = candidate
    const told = (its: Candidate, of: FuzzOutcome): Judged => ({
      candidate: its,
      outcome: of,
      mistakes: mistakesOf(this.#format, this.#making.check, its.input, of),
    })
    const judged = told(candidate, outcome)
    const isReported = (its: Judged): boolean =>
      its.mistakes.some((mistake) => this.#filter.reports(its.candidate.input, mistake))
    if (outcome._tag !== 'refuses' || input.expected.rule === 'valid' || !isReported(judged)) {
      return judged
    }
    const value = this.#causes.canonical(input.bytes)
    if (value !== null) {
      const valid = this.#making.inputs.valid(value)
      const its = { ...valid, kind: input.kind === 'acceptable' ? valid.kind : input.kind }
      const canonical = told({ input: its, origin: { _tag: 'value', value } }, await this.#ask(its))
      if (canonical.outcome._tag === 'refuses' && canonical.mistakes.length > 0) {
        return isReported(canonical) ? canonical : withCause(judged, otherReason)
      }
    }
    const cause = await this.#causes.other(
      input,
      async (other) => (await this.#ask(other))._tag === 'accepts',
    )
    return cause === null ? judged : withCause(judged, cause)
  }
}
