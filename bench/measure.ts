import { Random } from './workloads/random.js'

/** One way to do the work of a benchmark. */
export interface Contestant {
  readonly name: string
  /** Does the work once; what it gives is dropped, or kept where the benchmark says so. */
  readonly run: () => unknown
  /** Refuses to be timed (by throwing) where the work is not done right. */
  readonly check: () => void | Promise<void>
  /** The ratio to the base that it is to reach: at most, or at least (of the base's speed, for peers). */
  readonly target?: { readonly atMost: number }
  /** By how many times nix-wire is to be ahead of it. */
  readonly aheadBy?: number
  /** What is different about its work. */
  readonly note?: string
}

export interface Benchmark {
  readonly id: string
  readonly title: string
  /** Wire bytes of one run, from which the speed is. */
  readonly bytes: number
  /** The contestant the others are divided by. */
  readonly base: string
  readonly contestants: readonly Contestant[]
  /** What the runs of one round give lives to the round's end. */
  readonly keep?: boolean
}

export interface Row {
  readonly name: string
  /** Processor time of this contestant over that of the base, each pair from one round: the median, and quartiles. */
  readonly ratio: number
  readonly quartiles: readonly [number, number]
  /** The ratio of each one's best round: what is left when the machine had other work to do. */
  readonly best: number
  /** Milliseconds of processor time of one run, the median. */
  readonly milliseconds: number
  /** By how many MiB of resident memory a process grows that does this work alone, ten times. */
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

/** Microseconds of the whole process, the collector's and the compiler's threads included. */
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

/** How much of everything: what a benchmark's numbers are worth is a matter of patience. */
export interface Patience {
  readonly rounds: number
  /** Microseconds that a contestant warms up for, at least. */
  readonly warmUp: number
  /** Microseconds of work in one round: enough for the clock, and for the young generation to be collected within. */
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

/** All contestants in every round, in a new order each time; ratios are of one round. */
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
