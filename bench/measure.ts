import { Random } from './workloads/random.js'

/** One way to do the work of a benchmark. */
export interface Contestant {
  readonly name: string
  /** Does the work once; its result is dropped, or kept if the benchmark says so. */
  readonly run: () => unknown
  /** Throws if the work is not done right, so that it is not timed. */
  readonly check: () => void | Promise<void>
  /** The wanted ratio to the base: at most, or for peers at least. */
  readonly target?: { readonly atMost: number }
  /** How many times faster than it nix-wire should be. */
  readonly aheadBy?: number
  /** How its work differs. */
  readonly note?: string
}

export interface Benchmark {
  readonly id: string
  readonly title: string
  /** The bytes of one run on the wire, from which the speed is calculated. */
  readonly bytes: number
  /** The contestant by whose time the others are divided. */
  readonly base: string
  readonly contestants: readonly Contestant[]
  /** Whether the results of a round are kept until its end. */
  readonly keep?: boolean
}

export interface Row {
  readonly name: string
  /**
   * Processor time of this contestant divided by that of the base in the same round: the median, and quartiles.
   */
  readonly ratio: number
  readonly quartiles: readonly [number, number]
  /** The ratio of the best rounds, which other work of the machine affects least. */
  readonly best: number
  /** Milliseconds of processor time of one run, the median. */
  readonly milliseconds: number
  /** The growth of a process that does only this work ten times, in MiB of resident memory. */
  readonly mebibytes?: number
  readonly target?: number
  readonly aheadBy?: number
  readonly note?: string
}

export interface Result {
  readonly id: string
  readonly title: string
  readonly base: string
  readonly bytes: number
  readonly rounds: number
  readonly rows: readonly Row[]
}

export const quantile = (values: readonly number[], q: number): number => {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (sorted.length - 1) * q
  const low = sorted[Math.floor(at)] as number
  const high = sorted[Math.ceil(at)] as number
  return low + (high - low) * (at - Math.floor(at))
}

export const median = (values: readonly number[]): number => quantile(values, 0.5)

/** Microseconds of the whole process, including the threads of the collector and the compiler. */
const processorTime = (): number => {
  const { user, system } = process.cpuUsage()
  return user + system
}

const collect = (): void => {
  if (globalThis.gc === undefined) {
    throw new Error('run it with node --expose-gc')
  }
  globalThis.gc()
}

/** The amount of work: more patience makes the numbers more reliable. */
export interface Patience {
  readonly rounds: number
  /** The least warm-up of a contestant, in microseconds. */
  readonly warmUp: number
  /** Microseconds of work in one round: enough for the clock, and for collections of the young generation. */
  readonly work: number
}

export const patient = (rounds: number): Patience => ({ rounds, warmUp: 300_000, work: 40_000 })
export const brief = (rounds: number): Patience => ({ rounds, warmUp: 100_000, work: 15_000 })

interface Runner extends Contestant {
  readonly times: number[]
  runs: number
}

const timed = async (runner: Runner, keep: boolean): Promise<number> => {
  const kept: unknown[] = []
  if (keep) {
    // The garbage of the contestant before must not be collected during this one. If values are dropped, a full
    // collection would do harm: it shrinks the young generation, and its growth then costs more than the work.
    collect()
  }
  const start = processorTime()
  for (let i = 0; i < runner.runs; i++) {
    const result = runner.run()
    const value = result instanceof Promise ? await result : result
    if (keep) {
      kept.push(value)
    }
  }
  return (processorTime() - start) / runner.runs
}

const warmUp = async (runner: Runner, keep: boolean, patience: Patience): Promise<void> => {
  const start = processorTime()
  do {
    await runner.run()
  } while (processorTime() - start < patience.warmUp)
  const once = await timed(runner, keep)
  runner.runs = Math.max(1, Math.min(1000, Math.ceil(patience.work / Math.max(once, 1))))
}

/** Runs all contestants in every round, in a new order each time; ratios are taken within a round. */
export const measure = async (
  benchmark: Benchmark,
  patience: Patience,
  onRound: () => void,
): Promise<Result> => {
  const keep = benchmark.keep === true
  const runners: Runner[] = benchmark.contestants.map((contestant) => ({ ...contestant, times: [], runs: 1 }))
  for (const runner of runners) {
    await runner.check()
  }
  for (const runner of runners) {
    await warmUp(runner, keep, patience)
  }
  const { rounds } = patience
  const random = new Random(7)
  for (let round = 0; round < rounds; round++) {
    for (const runner of random.shuffled(runners)) {
      runner.times.push(await timed(runner, keep))
    }
    onRound()
  }
  const base = runners.find(({ name }) => name === benchmark.base)
  if (base === undefined) {
    throw new Error(`${benchmark.id}: no contestant is called ${benchmark.base}`)
  }
  return {
    id: benchmark.id,
    title: benchmark.title,
    base: benchmark.base,
    bytes: benchmark.bytes,
    rounds,
    rows: runners.map((runner) => {
      const ratios = runner.times.map((time, round) => time / (base.times[round] as number))
      return {
        name: runner.name,
        ratio: median(ratios),
        quartiles: [quantile(ratios, 0.25), quantile(ratios, 0.75)],
        best: Math.min(...runner.times) / Math.min(...base.times),
        milliseconds: median(runner.times) / 1000,
        ...(runner.target && { target: runner.target.atMost }),
        ...(runner.aheadBy !== undefined && { aheadBy: runner.aheadBy }),
        ...(runner.note !== undefined && { note: runner.note }),
      }
    }),
  }
}
