import type { Limits } from '../combinators/limits.js'
import { checkOptions, flag, type OptionChecks, usual } from '../combinators/options.js'
import type { OperationTable } from '../grammar/operations/table.js'
import { operationTable } from '../grammar/operations/table-option.js'
import { type NarLimits, narLimitsCheck } from '../stream/nar/options.js'

export interface SessionOptions {
  /**
   * The store directory of both sides, which is not sent. Default: that of the first store path in the traffic, or
   * `/nix/store`.
   */
  readonly storeDir?: string
  readonly limits?: Partial<Limits>
  readonly narLimits?: Partial<NarLimits>
  /**
   * The table of operations. Default: that of Nix, or that of Determinate Nix if one of its features was negotiated.
   */
  readonly operations?: OperationTable
  /**
   * The most messages of a log, and the most paths of a stream, that an event has; the bytes of each list are limited
   * by the `message` limit. The others are counted. Default: 100,000.
   */
  readonly keep?: number
  /**
   * The most bytes of one side that may wait for the other side. It can be low for a recorded session, since each
   * side is read in turn. Default: 128 MiB.
   */
  readonly maxWaiting?: number
  /** The most issues of each side, besides fatal ones, that are reported; the others are counted. Default: 100. */
  readonly issues?: number
  /** Adds `started` and `message` events, for a live view. Default: false. */
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

/** @throws RangeError for an invalid count. */
export const keepOf = ({ keep }: SessionOptions): number => countOf(keep, 100_000, 'keep')

/** @throws RangeError for an invalid size. */
export const maxWaitingOf = ({ maxWaiting }: SessionOptions): number =>
  countOf(maxWaiting, 128 * 2 ** 20, 'maxWaiting')

/** @throws RangeError for an invalid count. */
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

/** @throws TypeError or RangeError for invalid options. */
export const checkSessionOptions = (options: SessionOptions): void =>
  checkOptions('a session', checks, options)
