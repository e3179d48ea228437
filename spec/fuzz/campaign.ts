import { setImmediate } from 'node:timers/promises'
import type { Bounds } from '../../cli/fuzz/progress.js'
import type { OpenTarget, Target, Trial } from './trial.js'

export interface CampaignOptions extends Bounds {
  readonly targets: ReadonlyArray<Target>
  readonly seed: number
  /** The only input of a batch to try, counted from 0; null for all. */
  readonly input: number | null
}

/** What failed, with the smallest input that was found to show it. */
export interface Finding {
  readonly target: string
  /** The place of the input among all: in the first batch of this seed. */
  readonly seed: number
  readonly input: number
  readonly trial: Trial
  readonly error: unknown
}

export interface Tally {
  inputs: number
  /** Of processor time. */
  milliseconds: number
}

/** Microseconds; a failure by slowness would take hours to make smaller. */
const mostShrinking = 20_000_000

/** The seed of the batch after so many others. */
const seedOf = (seed: number, turn: number): number => (seed + turn * 7919) % 2 ** 31

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** Findings with the same key count as one: the text without values and numbers. */
const signatureOf = (target: string, error: unknown): string =>
  `${target}: ${messageOf(error)
    .replace(/[0-9]+/g, '#')
    .slice(0, 40)}`

/**
 * Tries batches of all targets in turn, until inputs, time or findings reach their limit or it is stopped.
 */
export class Campaign {
  readonly #options: CampaignOptions
  readonly #findings: Array<Finding> = []
  readonly #known = new Set<string>()
  readonly #started = performance.now()
  readonly tallies: ReadonlyMap<string, Tally>
  #stopped = false
  /** Errors that no trial awaits. */
  #lost: Array<unknown> = []

  constructor(options: CampaignOptions) {
    this.#options = options
    this.tallies = new Map(options.targets.map(({ name }) => [name, { inputs: 0, milliseconds: 0 }]))
  }

  get standing() {
    const runs = [...this.tallies.values()].reduce((sum, { inputs }) => sum + inputs, 0)
    return { runs, findings: this.#findings.length, seconds: (performance.now() - this.#started) / 1000 }
  }

  stop(): void {
    this.#stopped = true
  }

  /** `between` is called after each batch, and `found` at once. */
  async run(between: () => void, found: (finding: Finding) => void): Promise<void> {
    const { targets, seed, input } = this.#options
    const opened: Array<readonly [Target, OpenTarget]> = []
    const lose = (error: unknown) => {
      this.#lost.push(error)
    }
    process.on('uncaughtException', lose)
    process.on('unhandledRejection', lose)
    try {
      for (const target of targets) {
        opened.push([target, await target.open()])
      }
      for (let turn = 0; !this.#isOver() && (turn === 0 || input === null); turn++) {
        for (const [{ name }, { batch }] of opened) {
          await this.#tryAll(name, seedOf(seed, turn), batch, found)
          between()
          // Lets signals be handled, and errors that no trial awaits.
          await setImmediate()
        }
      }
    } finally {
      for (const [, { close }] of opened) {
        await close()
      }
      process.off('uncaughtException', lose)
      process.off('unhandledRejection', lose)
    }
  }

  #isOver(): boolean {
    const { runs, seconds, findings } = this.#options
    const standing = this.standing
    return (
      this.#stopped || standing.runs >= runs || standing.seconds >= seconds || standing.findings >= findings
    )
  }

  async #tryAll(
    target: string,
    seed: number,
    batch: OpenTarget['batch'],
    found: (finding: Finding) => void,
  ): Promise<void> {
    const { input } = this.#options
    const tally = this.tallies.get(target)!
    const before = process.cpuUsage()
    let at = 0
    for (const trial of batch(seed)) {
      if (this.#isOver()) {
        break
      }
      if (input === null || input === at) {
        tally.inputs++
        const failure = await this.#try(trial)
        if (failure !== null) {
          const finding = await this.#note(target, seed, at, trial, failure.error)
          if (finding !== null) {
            found(finding)
          }
        }
      }
      at++
    }
    const { user, system } = process.cpuUsage(before)
    tally.milliseconds += (user + system) / 1000
  }

  async #try({ run }: Trial): Promise<{ readonly error: unknown } | null> {
    try {
      const running = run()
      if (running !== undefined) {
        await running
        // Its leftovers may throw a little later.
        await setImmediate()
      }
    } catch (error) {
      this.#lost = []
      return { error }
    }
    const [error] = this.#lost.splice(0)
    return error === undefined ? null : { error }
  }

  /** Makes the input of a new finding small; null for a known one. */
  async #note(
    target: string,
    seed: number,
    input: number,
    trial: Trial,
    error: unknown,
  ): Promise<Finding | null> {
    const signature = signatureOf(target, error)
    if (this.#known.has(signature)) {
      return null
    }
    this.#known.add(signature)
    let last = error
    const before = process.cpuUsage()
    const shrunk = await trial.shrunk(async (smaller) => {
      if (process.cpuUsage(before).user > mostShrinking) {
        return false
      }
      const failure = await this.#try(smaller)
      const isSame = failure !== null && signatureOf(target, failure.error) === signature
      if (isSame) {
        last = failure.error
      }
      return isSame
    })
    const finding = { target, seed, input, trial: shrunk, error: last }
    this.#findings.push(finding)
    return finding
  }
}
