import type { OperationTable } from '../../grammar/operations/table.js'
import type { SessionOptions } from '../../session/options.js'

// The limit of one value in a view: a larger one and everything after it are not shown.
const limits = { message: 8 * 2 ** 20 }

// Messages are printed as they come; the end of an operation repeats at most this many.
const keep = 100

/** The known facts about the traffic. */
export interface ViewGiven {
  readonly storeDir?: string | undefined
  /** The operations of the daemon, if they are not the usual ones. */
  readonly operations?: OperationTable | undefined
}

/** The options for reading the traffic that is shown. */
export const viewOptions = ({ storeDir, operations }: ViewGiven): SessionOptions => ({
  progress: true,
  keep,
  limits,
  ...(storeDir === undefined ? {} : { storeDir }),
  ...(operations === undefined ? {} : { operations }),
})
