import type { Candidate, Origin } from './candidates.js'
import type { Input } from './inputs.js'
import type { Mistake } from './mistake.js'
import type { FuzzOutcome } from './outcome.js'

/** One mistake of a target. All inputs that show it are counted, and the smallest one is kept. */
export interface Finding {
  readonly mistake: Mistake
  readonly input: Input
  readonly outcome: FuzzOutcome
  /** The number of inputs that showed it. */
  readonly count: number
  /** The length in bytes of the first input that showed it; `run` is the number of that input. */
  readonly firstLength: number
  readonly firstRun: number
  readonly minimised: boolean
}

/** A finding while the run lasts. */
export interface OpenFinding extends Finding {
  readonly origin: Origin
}

/** The key that inputs with the same mistake share. */
export const keyOf = ({ kind, place, rule }: Told): string =>
  JSON.stringify(kind === 'crash' || kind === 'hang' ? [kind, rule] : [kind, place, rule])

/** What a report says about a mistake. */
type Told = { readonly [K in 'kind' | 'place' | 'rule']: string }

/** Whether the rule was only inferred from the issue of the codec, not broken on purpose. */
const isRough = ({ kind }: Input): boolean => kind === 'damaged' || kind === 'given'

const roughKeyOf = ({ kind, place, tag }: Mistake, { expected: { verdict } }: Input): string =>
  `${kind} ${place} ${tag} ${verdict}`

/** Findings by the key of their mistake. */
export class Findings {
  readonly #byKey = new Map<string, OpenFinding>()
  /** Wrong verdicts by place and issue, whatever the rule. */
  readonly #rough = new Map<string, string>()

  get size(): number {
    return this.#byKey.size
  }

  get all(): ReadonlyArray<OpenFinding> {
    return [...this.#byKey.values()]
  }

  /**
   * Counts a mistake; for a new one the input is kept. A random change counts as a rule of the same place, if there is
   * one.
   */
  add({ input, origin }: Candidate, outcome: FuzzOutcome, mistake: Mistake, run: number): void {
    const key = keyOf(mistake)
    const known = this.#byKey.get(key)
    if (known !== undefined) {
      this.#byKey.set(key, { ...known, count: known.count + 1 })
      return
    }
    const roughKey = roughKeyOf(mistake, input)
    const alike = mistake.kind === 'verdict' ? this.#rough.get(roughKey) : undefined
    const other = alike === undefined ? undefined : this.#byKey.get(alike)
    if (other !== undefined && isRough(input)) {
      this.#byKey.set(alike!, { ...other, count: other.count + 1 })
      return
    }
    const isReplaced = other !== undefined && isRough(other.input)
    if (isReplaced) {
      this.#byKey.delete(alike!)
    }
    if (other === undefined || isReplaced) {
      this.#rough.set(roughKey, key)
    }
    this.#byKey.set(key, {
      mistake,
      input,
      outcome,
      origin,
      count: 1 + (isReplaced ? other.count : 0),
      firstLength: input.bytes.length,
      firstRun: isReplaced ? other.firstRun : run,
      minimised: false,
    })
  }

  /** Keeps a smaller input with the same mistake. */
  shrink({ mistake }: OpenFinding, smaller: Pick<OpenFinding, 'input' | 'outcome' | 'mistake'>): void {
    const key = keyOf(mistake)
    this.#byKey.set(key, { ...this.#byKey.get(key)!, ...smaller, minimised: true })
  }
}
