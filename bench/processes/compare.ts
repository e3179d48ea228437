import { median, quantile, type Result } from '../measure.js'
import { Random } from '../workloads/random.js'
import { type Command, peak, run, type Took } from './command.js'

/** One way to do the work, as a whole process. */
export interface Contestant {
  readonly name: string
  readonly command: Command
  /** Prepares the next run; it is not timed. */
  readonly prepare?: () => void
  /** Throws if the run before has not done the work right, so that it is not timed. */
  readonly check?: () => void
  /** The wanted ratio of wall time to the base. */
  readonly atMost?: number
  readonly note?: string
}

export interface Comparison {
  readonly id: string
  readonly title: string
  readonly bytes: number
  /** The first is the base. */
  readonly contestants: readonly Contestant[]
}

const once = ({ prepare, command }: Contestant): Took => {
  prepare?.()
  return run(command)
}

/**
 * Runs all contestants in every round, in a new order each time; ratios of wall time are taken within a round.
 */
export const compare = async (
  { id, title, bytes, contestants }: Comparison,
  rounds: number,
  onRound: () => void,
): Promise<Result> => {
  const runners = contestants.map((contestant) => ({ ...contestant, took: [] as Took[], mebibytes: 0 }))
  for (const runner of runners) {
    once(runner)
    runner.check?.()
    runner.prepare?.()
    runner.mebibytes = await peak(runner.command)
  }
  const random = new Random(7)
  for (let round = 0; round < rounds; round++) {
    for (const runner of random.shuffled(runners)) {
      runner.took.push(once(runner))
    }
    onRound()
  }
  const base = runners[0] as (typeof runners)[number]
  return {
    id,
    title,
    base: base.name,
    bytes,
    rounds,
    rows: runners.map(({ name, took, mebibytes, atMost, note }) => {
      const ratios = took.map(({ wall }, round) => wall / (base.took[round] as Took).wall)
      const processor = median(took.map((each) => each.processor))
      return {
        name,
        ratio: median(ratios),
        quartiles: [quantile(ratios, 0.25), quantile(ratios, 0.75)],
        best: Math.min(...took.map(({ wall }) => wall)) / Math.min(...base.took.map(({ wall }) => wall)),
        milliseconds: median(took.map(({ wall }) => wall)),
        mebibytes,
        ...(atMost !== undefined && { target: atMost }),
        note: [`${processor.toFixed(0)} ms of processor time`, ...(note === undefined ? [] : [note])].join(
          '; ',
        ),
      }
    }),
  }
}
