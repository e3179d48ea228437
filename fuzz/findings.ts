import type { Candidate, Origin } from './candidates.js'
import type { Input, InputKind } from './inputs.js'
import type { Mistake } from './mistake.js'
import type { FuzzOutcome } from './outcome.js'

/** One mistake of a target. All inputs that show it are counted, and the smallest one is kept. */
export interface Finding {
  readonly mistake: Mistake
  readonly input: Input
  readonly outcome: FuzzOutcome
  /** The number of inputs that showed it. */
  readonly count: number
  /** The places of the grammar in which it showed, in the order in which they were found; not all if they are many. */
  readonly places: ReadonlyArray<string>
  /**
   * For a wrong verdict, the rules of its group that showed it, without their places, in the order in which they were
   * found; not all if they are many. Empty if no rule was broken on purpose.
   */
  readonly rules: ReadonlyArray<string>
  /** The length in bytes of the first input that showed it; `run` is the number of that input. */
  readonly firstLength: number
  readonly firstRun: number
  /** Whether no smaller input was found: the minimising came to its end in time. */
  readonly minimised: boolean
}

/** A finding while the run lasts. */
export interface OpenFinding extends Finding {
  readonly origin: Origin
}

/** The key that inputs with the same mistake share. */
export const keyOf = ({ kind, group }: Told): string => JSON.stringify([kind, group])

/** What a report says about a mistake. */
type Told = { readonly [K in 'kind' | 'group']: string }

/** The most places and the most rules of a finding that are kept. */
const mostKept = 50

/** The places or the rules of a finding, with others. */
export const withOthers = (
  known: ReadonlyArray<string>,
  others: ReadonlyArray<string>,
): ReadonlyArray<string> =>
  others.every((each) => known.includes(each))
    ? known
    : [...new Set([...known, ...others])].slice(0, mostKept)

/** The broken rule that shows a mistake, if there is one. */
const rulesOf = ({ kind }: Mistake, { expected: { detail } }: Input): ReadonlyArray<string> =>
  kind === 'verdict' && detail !== null ? [detail] : []

/** Whether the rule was only inferred from the issue of the codec, not broken on purpose. */
export const isRough = (kind: InputKind): boolean => kind === 'damaged' || kind === 'given'

/** The tags of rules that hold wherever there is such a thing as a length, whatever it is of. */
const anywhere: ReadonlySet<string> = new Set([
  'NonZeroPadding',
  'LimitExceeded',
  'UnexpectedEnd',
  'FramesEnd',
  'TrailingBytes',
])

/** Texts have the same group for all rules. */
const roughKeyOf = ({ place, tag, group }: Mistake, { expected: { verdict, isOfText } }: Input): string =>
  `${tag} ${verdict} ${anywhere.has(tag ?? '') ? '' : isOfText ? group : place}`

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
   * Counts a mistake; for a new one the input is kept. A random change counts as a rule of the same place or text, if
   * there is one.
   */
  add(candidate: Candidate, outcome: FuzzOutcome, mistake: Mistake, run: number): void {
    const { input } = candidate
    const key = keyOf(mistake)
    const roughKey = mistake.kind === 'verdict' ? roughKeyOf(mistake, input) : null
    const alike = roughKey === null ? undefined : this.#rough.get(roughKey)
    const other = alike === undefined ? undefined : this.#byKey.get(alike)
    if (other !== undefined && isRough(input.kind)) {
      this.#count(alike!, input, mistake)
      return
    }
    const isReplaced = other !== undefined && isRough(other.input.kind)
    if (roughKey !== null && (other === undefined || isReplaced)) {
      this.#rough.set(roughKey, key)
    }
    if (!isReplaced) {
      this.#add(key, candidate, outcome, mistake, run)
      return
    }
    this.#byKey.delete(alike!)
    for (const [rough, its] of this.#rough) {
      if (its === alike) {
        this.#rough.set(rough, key)
      }
    }
    this.#add(key, candidate, outcome, mistake, other.firstRun, other)
  }

  #add(
    key: string,
    { input, origin }: Candidate,
    outcome: FuzzOutcome,
    mistake: Mistake,
    firstRun: number,
    replaced?: Finding,
  ): void {
    if (this.#byKey.has(key)) {
      this.#count(key, input, mistake, replaced)
      return
    }
    this.#byKey.set(key, {
      mistake,
      input,
      outcome,
      origin,
      count: 1 + (replaced?.count ?? 0),
      places: withOthers([mistake.place], replaced?.places ?? []),
      rules: rulesOf(mistake, input),
      firstLength: input.bytes.length,
      firstRun,
      minimised: false,
    })
  }

  #count(key: string, input: Input, mistake: Mistake, replaced?: Finding): void {
    const known = this.#byKey.get(key)!
    this.#byKey.set(key, {
      ...known,
      count: known.count + 1 + (replaced?.count ?? 0),
      places: withOthers(known.places, [mistake.place, ...(replaced?.places ?? [])]),
      rules: withOthers(known.rules, rulesOf(mistake, input)),
    })
  }

  /** Keeps a smaller input with the same mistake. */
  shrink({ mistake }: OpenFinding, smaller: Pick<OpenFinding, 'input' | 'outcome' | 'mistake'>): void {
    const key = keyOf(mistake)
    const known = this.#byKey.get(key)!
    const { mistake: its, input } = smaller
    this.#byKey.set(key, {
      ...known,
      ...smaller,
      places: withOthers([its.place], known.places),
      rules: withOthers(rulesOf(its, input), known.rules),
    })
  }

  /** No smaller input shows the same. */
  settle({ mistake }: OpenFinding): void {
    const key = keyOf(mistake)
    this.#byKey.set(key, { ...this.#byKey.get(key)!, minimised: true })
  }
}
