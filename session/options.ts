import type { Limits } from '../combinators/limits.js'
import { checkOptions, flag, type OptionChecks, usual } from '../combinators/options.js'
import type { OperationTable } from '../grammar/operations/table.js'
import { operationTable } from '../grammar/operations/table-option.js'
import { type NarLimits, narLimitsCheck } from '../stream/nar/options.js'

export interface SessionOptions {
  /**
   * The store directory of both sides. It is not sent; where it is not given, it is `/nix/store`, or what the first
   * store path in the traffic says.
   */
  readonly storeDir?: string
  readonly limits?: Partial<Limits>
  readonly narLimits?: Partial<NarLimits>
  /** The operations there are: those of Nix, or of Determinate Nix where one of its features was negotiated. */
  readonly operations?: OperationTable
  /**
   * How many messages of a log and paths of a stream an event holds at most: 100,000, and of each no more than the bytes
   * that the `message` limit allows. The others are counted.
   */
  readonly keep?: number
  /**
   * How many bytes of one side may wait for the other side, at most: 128 MiB. A session that is recorded needs none of
   * this to be large, as each side is read when its turn comes.
   */
  readonly maxWaiting?: number
  /** How many issues of each side that are not fatal are told at most: 100. The others are counted. */
  readonly issues?: number
  /** Whether there are `started` and `message` events too, for those who watch. */
  readonly progress?: boolean
}

const highest = 2 ** 32

const countOf = (given: number | undefined, otherwise: number, what: string): number => {
  const count = given ?? otherwise
  if (!Number.isInteger(count) || count < 0 || count > highest) {
    throw new RangeError(`${what} must be an integer from 0 to ${highest}, not ${count}`)
  }
  return count
}

/** @throws RangeError for what cannot be a count. */
export const keepOf = ({ keep }: SessionOptions): number => countOf(keep, 100_000, 'keep')

/** @throws RangeError for what cannot be a size. */
export const maxWaitingOf = ({ maxWaiting }: SessionOptions): number =>
  countOf(maxWaiting, 128 * 2 ** 20, 'maxWaiting')

/** @throws RangeError for what cannot be a count. */
export const issuesOf = ({ issues }: SessionOptions): number => countOf(issues, 100, 'issues')

const checks: OptionChecks<SessionOptions> = {
  storeDir: usual.storeDir,
  limits: usual.limits,
  narLimits: narLimitsCheck,
  operations: operationTable,
  keep: (_, value) => {
    countOf(value as number, 0, 'keep')
  },
  maxWaiting: (_, value) => {
    countOf(value as number, 0, 'maxWaiting')
  },
  issues: (_, value) => {
    countOf(value as number, 0, 'issues')
  },
  progress: flag,
}

/** @throws TypeError or RangeError for options that cannot work. */
export const checkSessionOptions = (options: SessionOptions): void =>
  checkOptions('a session', checks, options)
