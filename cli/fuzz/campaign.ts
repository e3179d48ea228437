import type fastCheck from 'fast-check'
import type { Target } from '../sample/messages.js'
import { type Input, Inputs } from './inputs.js'
import { type Answer, type Ran, runProgram } from './program.js'
import { shrinkBytes } from './shrink.js'

export interface CampaignOptions {
  readonly target: Target
  readonly command: string
  readonly seed: number
  readonly jobs: number
  /** The most runs; shrinking comes on top. */
  readonly runs: number
  /** The most seconds, and those that the program has for one input. */
  readonly seconds: number
  readonly timeout: number
  /** How many different findings end the campaign. */
  readonly findings: number
}

/** A mistake of the program, with the smallest input that was found to show it. */
export interface Finding {
  readonly input: Input
  readonly answer: Answer
  readonly stderr: string
  /** How many bytes the input had that showed it first. */
  readonly firstLength: number
}

export interface Standing {
  readonly runs: number
  readonly findings: ReadonlyArray<Finding>
  readonly elapsed: number
}

/** Where an input came from, so that it can be made smaller. */
type Origin =
  | { readonly _tag: 'value'; readonly batch: number; readonly index: number }
  | { readonly _tag: 'bytes' }

interface Candidate {
  readonly input: Input
  readonly origin: Origin
}

const batchSize = 100

/** Whether an answer is wrong; a crash or a hang always is. */
const isWrong = ({ expected }: Input, answer: Answer): boolean => answer._tag !== expected.answer

const signatureOf = ({ expected }: Input, answer: Answer): string =>
  // A crash is one and the same whatever the input was meant to be.
  answer._tag === 'accepts' || answer._tag === 'refuses'
    ? `${answer._tag}: ${expected.signature}`
    : answer._tag === 'crashes'
      ? `${answer._tag}: ${answer.how}`
      : answer._tag

/** Feeds a program until time, runs or findings are up. */
export class Campaign {
  readonly #options: CampaignOptions
  readonly #inputs: Inputs
  readonly #findings: Array<Finding> = []
  readonly #known = new Set<string>()
  readonly #started = performance.now()
  #runs = 0

  constructor(options: CampaignOptions) {
    this.#options = options
    this.#inputs = new Inputs(options.target)
  }

  get standing(): Standing {
    return {
      runs: this.#runs,
      findings: this.#findings,
      elapsed: (performance.now() - this.#started) / 1000,
    }
  }

  async run(): Promise<void> {
    // Loaded only where it is needed: it takes longer than all the rest.
    const [{ default: fc }, { toArbitrary }] = await Promise.all([
      import('fast-check'),
      import('../../interpreters/arbitrary/index.js'),
    ])
    const { target, jobs } = this.#options
    const values = toArbitrary(target.grammar, target.protocol)
    const candidates = this.#candidates(fc, values)
    const work = async (): Promise<void> => {
      while (!this.#over()) {
        const { value: candidate, done } = await candidates.next()
        if (done === true) {
          return
        }
        this.#runs++
        const ran = await this.#try(candidate.input)
        if (isWrong(candidate.input, ran.answer)) {
          await this.#found(fc, values, candidate, ran)
        }
      }
    }
    await Promise.all(Array.from({ length: jobs }, work))
  }

  #over(): boolean {
    const { runs, seconds, findings } = this.#options
    return this.#runs >= runs || this.standing.elapsed >= seconds || this.#findings.length >= findings
  }

  #try(input: Input): Promise<Ran> {
    return runProgram(this.#options.command, input.bytes, this.#options.timeout)
  }

  /** Of each value: its message, messages that break it, and a damaged one. The same for the same seed. */
  async *#candidates(
    fc: typeof fastCheck,
    values: fastCheck.Arbitrary<unknown>,
  ): AsyncGenerator<Candidate, void, void> {
    for (let turn = 0; ; turn++) {
      const batch = (this.#options.seed + turn * 7919) | 0
      const choices = fc.sample(fc.array(fc.nat(), { minLength: 6, maxLength: 6 }), {
        numRuns: batchSize,
        seed: batch,
      })
      for (const [index, value] of fc.sample(values, { numRuns: batchSize, seed: batch }).entries()) {
        const origin: Origin = { _tag: 'value', batch, index }
        const valid = this.#inputs.valid(value)
        yield { input: valid, origin }
        const [damage = 0, ...ways] = choices[index] ?? []
        for (const way of ways) {
          const input = this.#inputs.malformed(value, way)
          if (input !== null) {
            yield { input, origin }
          }
        }
        const damaged = this.#inputs.judged(damagedBytes(valid.bytes, damage))
        if (damaged !== null) {
          yield { input: damaged, origin: { _tag: 'bytes' } }
        }
      }
    }
  }

  async #found(
    fc: typeof fastCheck,
    values: fastCheck.Arbitrary<unknown>,
    { input, origin }: Candidate,
    ran: Ran,
  ): Promise<void> {
    const signature = signatureOf(input, ran.answer)
    if (this.#known.has(signature)) {
      return
    }
    this.#known.add(signature)
    let best: Finding = { input, answer: ran.answer, stderr: ran.stderr, firstLength: input.bytes.length }
    const shows = async (smaller: Input): Promise<boolean> => {
      const again = await this.#try(smaller)
      const same = isWrong(smaller, again.answer) && signatureOf(smaller, again.answer) === signature
      if (same) {
        best = { ...best, input: smaller, answer: again.answer, stderr: again.stderr }
      }
      return same
    }
    if (origin._tag === 'value') {
      await this.#shrinkValue(fc, values, input, origin, shows)
    } else {
      await shrinkBytes(input.bytes, async (bytes) => {
        const judged = this.#inputs.judged(bytes)
        return judged !== null && (await shows(judged))
      })
    }
    this.#findings.push(best)
  }

  /** Lets fast-check make the value smaller that the input was made of. */
  async #shrinkValue(
    fc: typeof fastCheck,
    values: fastCheck.Arbitrary<unknown>,
    { expected }: Input,
    { batch, index }: Origin & { readonly _tag: 'value' },
    shows: (smaller: Input) => Promise<boolean>,
  ): Promise<void> {
    const anyShows = async (value: unknown): Promise<boolean> => {
      const smaller =
        expected.answer === 'accepts'
          ? [this.#inputs.valid(value)]
          : this.#inputs.breaking(value, expected.signature)
      for (const each of smaller) {
        if (await shows(each)) {
          return true
        }
      }
      return false
    }
    await fc.check(
      fc.asyncProperty(values, async (value) => !(await anyShows(value))),
      { seed: batch, path: String(index), numRuns: 1, interruptAfterTimeLimit: 30_000 },
    )
  }
}

/** Two bytes changed, one of them often a small number or the start of a padded length. */
const damagedBytes = (bytes: Uint8Array, choice: number): Uint8Array => {
  if (bytes.length === 0) {
    return Uint8Array.of(choice & 0xff)
  }
  const damaged = bytes.slice()
  const at = choice % bytes.length
  damaged[at] = (damaged[at]! + 1 + ((choice >>> 8) % 255)) & 0xff
  if (choice % 3 === 0) {
    const word = Math.floor(at / 8) * 8
    damaged[word] = (choice >>> 16) & 0x0f
  }
  return damaged
}
