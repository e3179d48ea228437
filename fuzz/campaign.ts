import { setImmediate } from 'node:timers/promises'
import { batchSize, type Candidate, candidatesOf, type Making } from './candidates.js'
import { type Clock, systemClock } from './clock.js'
import type { Filter } from './filter.js'
import { Findings, keyOf, type OpenFinding } from './findings.js'
import type { Format } from './format.js'
import type { Input } from './inputs.js'
import { type Judged, Judging } from './judging.js'
import { minimise } from './minimise.js'
import type { Mistake } from './mistake.js'
import type { FuzzOutcome } from './outcome.js'
import { ProgramError } from './process/program-error.js'
import { hasTraceback } from './standard-error.js'
import type { RunningTarget } from './targets/target.js'

/** The bounds of a run, and the part of it that this process does. */
export interface Bounds {
  readonly runs: number
  readonly seconds: number
  readonly findings: number
  /** The most seconds for minimising the findings. */
  readonly minimise: number
  /** The part that this process does, from 0; `parts` is the number of parts. */
  readonly part: number
  readonly parts: number
}

/** The progress of a run. */
export interface Standing {
  readonly runs: number
  /** Inputs that the target could not answer. */
  readonly skipped: number
  /** Values without JSON in the form of the run. */
  readonly uncompared: number
  /** Inputs that the target rejected. */
  readonly refused: number
  /** Correct rejections with a traceback on standard error. */
  readonly tracebacks: number
  readonly seconds: number
  /** The number of different findings. */
  readonly findings: number
}

/** The reason why a run ended; `empty` if it, or its shard, has no inputs. */
export type FuzzEnding = 'runs' | 'time' | 'findings' | 'inputs' | 'aborted' | 'empty'

/** A program that fails for this many inputs at the start cannot read any. */
const hopeless = 16

/** The longest time that inputs are made without a turn of the event loop, in milliseconds. */
const longestTurn = 25

/** A value that cannot be given to an encoder. */
const hasNoJson: FuzzOutcome = { _tag: 'skips', why: 'the value has no JSON in this form' }

/**
 * Feeds inputs to a target until time, runs or findings reach their limit, and then makes the findings smaller.
 */
export class Campaign<A> {
  readonly #format: Format<A>
  readonly #target: RunningTarget<A>
  readonly #making: Making<A>
  readonly #filter: Filter
  readonly #bounds: Bounds
  readonly #given: Iterator<Candidate> | null
  readonly #clock: Clock
  readonly #judging: Judging<A>
  readonly #findings = new Findings()
  readonly #started: number
  #runs = 0
  #skipped = 0
  #uncompared = 0
  #refused = 0
  #tracebacks = 0
  #answered = 0
  #readsValid = false
  #ending: FuzzEnding | null = null
  #isAborted = false
  #abort: () => void = () => {}
  #turnAt: number

  /** The time begins when the target was started. */
  constructor(
    format: Format<A>,
    target: RunningTarget<A>,
    making: Making<A>,
    filter: Filter,
    bounds: Bounds,
    given: Iterable<Candidate> | null,
    clock: Clock = systemClock,
    started: number = clock.now(),
  ) {
    this.#clock = clock
    this.#started = started
    this.#turnAt = clock.now()
    this.#format = format
    this.#target = target
    this.#making = making
    this.#judging = new Judging(format, making, filter, (input) => this.#ask(input))
    this.#filter = filter
    this.#bounds = bounds
    this.#given = given?.[Symbol.iterator]() ?? null
  }

  get standing(): Standing {
    return {
      runs: this.#runs,
      skipped: this.#skipped,
      uncompared: this.#uncompared,
      refused: this.#refused,
      tracebacks: this.#tracebacks,
      seconds: this.#elapsed,
      findings: this.#findings.size,
    }
  }

  get findings(): ReadonlyArray<OpenFinding> {
    return this.#findings.all
  }

  /** The seconds since the start. */
  get #elapsed(): number {
    return (this.#clock.now() - this.#started) / 1000
  }

  /** Ends the run at once, without making findings smaller. */
  abort(): void {
    this.#isAborted = true
    this.#ending ??= 'aborted'
    this.#abort()
  }

  async run(): Promise<FuzzEnding> {
    const { seconds, minimise: most } = this.#bounds
    // In a limited time, findings are made smaller within it.
    const kept = Math.min(most, seconds / 4)
    const aborted = new Promise<void>((resolve) => {
      this.#abort = resolve
    })
    if (this.#isAborted) {
      return 'aborted'
    }
    await this.#until(seconds, aborted, () => this.#search(kept))
    this.#ending ??= 'time'
    const left = Math.min(most, seconds - this.#elapsed)
    if (!this.#isAborted && this.#findings.size > 0 && left > 0) {
      await this.#until(this.#elapsed + left, aborted, () => this.#minimise(left))
    }
    return this.#isAborted ? 'aborted' : this.#ending
  }

  /** Runs some work until it is done, or until that many seconds after the start. */
  async #until(seconds: number, aborted: Promise<void>, work: () => Promise<void>): Promise<void> {
    let cancel = (): void => {}
    const late = new Promise<void>((resolve) => {
      cancel = this.#clock.after((seconds - this.#elapsed) * 1000, resolve)
    })
    try {
      await Promise.race([work(), late, aborted])
    } finally {
      cancel()
    }
  }

  /** `kept` is the time at the end for making findings smaller, in seconds. */
  async #search(kept: number): Promise<void> {
    const candidates = this.#given ?? this.#made()
    const { seconds, findings } = this.#bounds
    const isOver = (): boolean => {
      const late = this.#elapsed >= seconds - (this.#findings.size > 0 ? kept : 0)
      this.#ending ??= late ? 'time' : null
      return this.#ending !== null
    }
    const work = async (): Promise<void> => {
      while (!isOver()) {
        const { value: candidate, done } = candidates.next()
        if (done === true) {
          this.#ending ??= this.#runs === 0 ? 'empty' : this.#given === null ? 'runs' : 'inputs'
          return
        }
        const run = ++this.#runs
        const outcome = await this.#ask(candidate.input)
        const judged = this.#isStopped ? null : await this.#judging.of(candidate, outcome)
        if (judged === null || this.#isStopped) {
          return
        }
        this.#count(candidate, judged, outcome, run)
        if (this.#findings.size >= findings) {
          // Answers that are still pending are ignored.
          this.#ending = 'findings'
          return
        }
        if (this.#isTurn) {
          await this.#turn()
        }
      }
    }
    await Promise.all(Array.from({ length: this.#target.capacity }, work))
  }

  get #isStopped(): boolean {
    return this.#ending === 'time' || this.#ending === 'findings' || this.#isAborted
  }

  get #isTurn(): boolean {
    return this.#clock.now() - this.#turnAt > longestTurn
  }

  /** Lets timers and signals be handled. */
  async #turn(): Promise<void> {
    await setImmediate()
    this.#turnAt = this.#clock.now()
  }

  *#made(): Generator<Candidate, void, void> {
    const { runs, part, parts } = this.#bounds
    for (let batch = part; batch * batchSize < runs; batch += parts) {
      let left = runs - batch * batchSize
      for (const candidate of candidatesOf(this.#making, batch)) {
        if (left-- <= 0) {
          break
        }
        yield candidate
      }
    }
  }

  #ask({ bytes, json, value }: Input): Promise<FuzzOutcome> {
    if (this.#making.check !== 'encode') {
      return this.#target.decode(bytes)
    }
    return json === undefined ? Promise.resolve(hasNoJson) : this.#target.encode(json, value as A)
  }

  #count({ input }: Candidate, judged: Judged, outcome: FuzzOutcome, run: number): void {
    if (outcome === hasNoJson || (outcome._tag === 'accepts' && !this.#isComparable(input))) {
      this.#uncompared++
    } else if (outcome._tag === 'skips') {
      this.#skipped++
    }
    this.#refused += outcome._tag === 'refuses' ? 1 : 0
    if (outcome._tag === 'refuses' && outcome.stderr !== undefined && hasTraceback(outcome.stderr)) {
      this.#tracebacks++
    }
    const { candidate, mistakes } = judged
    this.#expectHope(input, outcome, mistakes)
    for (const mistake of mistakes) {
      if (this.#filter.reports(candidate.input, mistake) && this.#findings.size < this.#bounds.findings) {
        this.#findings.add(candidate, judged.outcome, mistake, run)
      }
    }
  }

  /** @throws ProgramError for a program that fails in the same way for all of the first inputs. */
  #expectHope(input: Input, outcome: FuzzOutcome, [mistake]: ReadonlyArray<Mistake>): void {
    const isExit = outcome._tag === 'crashes' && outcome.how.startsWith('exit code')
    if (this.#answered === Number.POSITIVE_INFINITY || outcome._tag === 'skips') {
      return
    }
    if (!isExit || mistake === undefined || this.#findings.size > 1) {
      this.#answered = Number.POSITIVE_INFINITY
      return
    }
    this.#readsValid ||= input.expected.verdict === 'accepts'
    if (++this.#answered >= hopeless && this.#readsValid) {
      throw new ProgramError(
        `the program fails for each of the first ${this.#answered} inputs, the valid ones included: ${mistake.rule}`,
      )
    }
  }

  #isComparable({ bytes, expected: { verdict } }: Input): boolean {
    return this.#making.check !== 'value' || verdict === 'refuses' || this.#format.isComparable(bytes)
  }

  /** Each finding gets an equal share of the remaining time. */
  async #minimise(seconds: number): Promise<void> {
    const { now } = this.#clock
    const deadline = now() + seconds * 1000
    const { all } = this.#findings
    for (const [i, finding] of all.entries()) {
      const until = now() + (deadline - now()) / (all.length - i)
      const isLate = (): boolean => this.#isAborted || now() >= until
      const key = keyOf(finding.mistake)
      const isDone = await minimise(this.#format, this.#making, finding, isLate, async (smaller) => {
        const { origin } = finding
        const { candidate, outcome, mistakes } = await this.#judging.of(
          { input: smaller, origin },
          await this.#ask(smaller),
        )
        const mistake = mistakes.find((each) => keyOf(each) === key)
        if (this.#isTurn) {
          await this.#turn()
        }
        if (mistake === undefined || this.#isAborted) {
          return false
        }
        this.#findings.shrink(finding, { input: candidate.input, outcome, mistake })
        return true
      })
      if (isDone) {
        this.#findings.settle(finding)
      }
    }
  }
}
