import { setImmediate } from 'node:timers/promises'
import { expectIterable } from '../../combinators/expect.js'
import {
  callback,
  checkOptions,
  number,
  type OptionChecks,
  oneOf,
  signal,
  usual,
} from '../../combinators/options.js'
import type { Protocol } from '../../combinators/protocol.js'
import type { FuzzOutcome } from '../../fuzz/index.js'
import { hasTraceback } from '../../fuzz/standard-error.js'
import type { Vector } from '../../vectors/index.js'
import type { CodecTold, CodecUnderTest, RunningCodec } from './codec.js'
import { type Acceptable, type CodecCheck, codecChecks, type Judgement, judgementsOf } from './judge.js'

export interface CodecRunOptions {
  /** The protocol for the parts that a type does not depend on, so that a program always gets a version. */
  readonly defaults?: Partial<Protocol>
  /** What the program should do with acceptable messages. Default: `either`. */
  readonly acceptable?: Acceptable
  /** The highest grade to test, 0 to 3. Default: the highest that the program can reach. */
  readonly grade?: number
  /** Ends the run; the result has the answers so far. */
  readonly signal?: AbortSignal
  /** Is called after each answer. */
  readonly onProgress?: (asked: number, failed: number) => void
}

const optionChecks: OptionChecks<CodecRunOptions> = {
  defaults: usual.protocol,
  acceptable: oneOf(['either', 'accept', 'refuse']),
  grade: number,
  signal,
  onProgress: callback,
}

/** The result of one vector. */
export interface CodecResult {
  readonly vector: Vector
  /** The outcome of each check, in the order of grades; empty if the program could not answer. */
  readonly judgements: ReadonlyArray<Judgement>
  /** The reason why the program could not answer; else null. */
  readonly skipped: string | null
}

/** The result of a run. */
export interface CodecRun {
  readonly command: string
  readonly tells: ReadonlyArray<CodecTold>
  /** The checks that were made, in the order of grades. */
  readonly checks: ReadonlyArray<CodecCheck>
  readonly seconds: number
  /** True if it was ended before all vectors were tried. */
  readonly isAborted: boolean
  /** The number of correct rejections with a traceback on standard error: they may be crashes. */
  readonly tracebacks: number
  readonly results: ReadonlyArray<CodecResult>
}

/**
 * The longest time that vectors are made and answers judged without a turn of the event loop, in milliseconds.
 */
const longestTurn = 25

/**
 * Tests another codec with vectors: whether it accepts and rejects correctly and, as far as it reports them, whether
 * it writes the same bytes back, reads the right value, and names the invalid byte.
 *
 * ```ts
 * import { listOf, u64 } from 'nix-wire'
 * import { adapterCodec, gradeOf, runCodec } from 'nix-wire/conformance'
 * import { vectorsOf } from 'nix-wire/vectors'
 *
 * const codec = adapterCodec({ command: ['node', 'examples/adapters/adapter.mjs'] })
 * const run = await runCodec(vectorsOf(listOf(u64), { type: 'List<UInt64>' }), codec)
 * gradeOf(run) // => 3
 * ```
 *
 * The promise rejects with a `ProgramError` if the program cannot be run.
 *
 * @throws TypeError or RangeError, immediately, for unknown or invalid options.
 */
export const runCodec = (
  vectors: Iterable<Vector>,
  codec: CodecUnderTest,
  options: CodecRunOptions = {},
): Promise<CodecRun> => {
  expectIterable('the vectors of runCodec', vectors)
  if (typeof (codec as Partial<CodecUnderTest> | null)?.open !== 'function') {
    throw new TypeError('runCodec takes what adapterCodec or programCodec gives')
  }
  checkOptions('runCodec', optionChecks, options)
  return run(vectors, codec, options)
}

const run = async (
  vectors: Iterable<Vector>,
  codec: CodecUnderTest,
  options: CodecRunOptions,
): Promise<CodecRun> => {
  const running = await codec.open()
  return runOpened(vectors, codec.command, running, options)
}

/** The same with a codec that has been started, and is ended afterwards. */
export const runOpened = async (
  vectors: Iterable<Vector>,
  command: string,
  running: RunningCodec,
  options: CodecRunOptions,
): Promise<CodecRun> => {
  const { defaults, acceptable = 'either', grade = 3, signal: stop, onProgress } = options
  const started = performance.now()
  const checks = codecChecks.filter(
    (check, i) => i <= grade && (check === 'verdict' || running.tells.includes(check)),
  )
  const results: Array<CodecResult> = []
  let [asked, failed, tracebacks] = [0, 0, 0]
  let turnAt = performance.now()
  const iterator = vectors[Symbol.iterator]()
  const judge = (i: number, vector: Vector, outcome: FuzzOutcome): void => {
    const judgements = judgementsOf(vector, outcome, running.tells, acceptable)?.filter(({ check }) =>
      checks.includes(check),
    )
    if (outcome._tag === 'refuses' && outcome.stderr !== undefined && hasTraceback(outcome.stderr)) {
      tracebacks++
    }
    failed += judgements?.some(({ wrong }) => wrong !== null) === true ? 1 : 0
    results[i] = {
      vector,
      judgements: judgements ?? [],
      skipped: outcome._tag === 'skips' ? outcome.why : null,
    }
    onProgress?.(results.length, failed)
  }
  const work = async (): Promise<void> => {
    while (stop?.aborted !== true) {
      const { value: vector, done } = iterator.next()
      if (done === true) {
        return
      }
      const i = asked++
      judge(i, vector, await running.ask({ vector, protocol: { ...defaults, ...vector.protocol } }))
      if (performance.now() - turnAt > longestTurn) {
        await setImmediate()
        turnAt = performance.now()
      }
    }
  }
  try {
    await stoppedBy(stop, Promise.all(Array.from({ length: running.capacity }, work)))
    if (stop?.aborted !== true) {
      await running.close()
    }
  } finally {
    running.kill()
  }
  return {
    command,
    tells: running.tells,
    checks,
    seconds: (performance.now() - started) / 1000,
    isAborted: stop?.aborted === true,
    tracebacks,
    // A run that was ended lacks some answers.
    results: results.filter((each) => each !== undefined),
  }
}

/** Whichever comes first: the end of the work, or a signal. */
const stoppedBy = async (stop: AbortSignal | undefined, work: Promise<unknown>): Promise<void> => {
  if (stop === undefined) {
    await work
    return
  }
  let onAbort = (): void => {}
  const aborted = new Promise<void>((resolve) => {
    onAbort = resolve
    stop.addEventListener('abort', onAbort)
  })
  try {
    await Promise.race([work, aborted, ...(stop.aborted ? [Promise.resolve()] : [])])
  } finally {
    stop.removeEventListener('abort', onAbort)
  }
}
