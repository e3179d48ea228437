import type { OperationTable } from '../../grammar/operations/table.js'
import type { SessionOptions } from '../../session/options.js'

// What a view takes of one value: a larger one is not shown, and neither is what follows it.
const limits = { message: 8 * 2 ** 20 }

// Messages are printed as they come: at the end of an operation no more than these are told once more.
const keep = 100

/** What is known of what passes. */
export interface ViewGiven {
  readonly storeDir?: string | undefined
  /** Those of the daemon, if they are not the usual ones. */
  readonly operations?: OperationTable | undefined
}

/** How what passes is read to be shown. */
export const viewOptions = ({ storeDir, operations }: ViewGiven): SessionOptions => ({
  progress: true,
  keep,
  limits,
  ...(storeDir === undefined ? {} : { storeDir }),
  ...(operations === undefined ? {} : { operations }),
})
