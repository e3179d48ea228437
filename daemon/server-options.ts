import {
  signal as abortSignal,
  flag,
  type OptionChecks,
  version,
  word,
  words,
} from '../combinators/options.js'
import type { SupportedVersions } from '../grammar/negotiation.js'
import type { OperationTable, operations } from '../grammar/operations/table.js'
import { operationTable } from '../grammar/operations/table-option.js'
import { type ServeTimes, serveTimes } from './server-times.js'
import { type SideOptions, sideOptions } from './side-options.js'

export interface ServeOptions<T extends OperationTable = typeof operations>
  extends SideOptions,
    SupportedVersions,
    ServeTimes {
  /** The operations whose requests are read. Default: those of Nix. */
  readonly operations?: T
  /** The features to name. Default: those that Nix 2.35 names. */
  readonly features?: ReadonlyArray<string>
  /** The release of Nix to name; since 1.33. */
  readonly nixVersion?: string
  /**
   * Whether the client is trusted; since 1.35 the client is told. Operations for trusted clients are rejected for
   * others. Default: false.
   */
  readonly trusted?: boolean
  /** Ends the connection. */
  readonly signal?: AbortSignal
}

/** How each option is checked. */
export const serveChecks: OptionChecks<ServeOptions> = {
  ...sideOptions,
  newest: version,
  oldest: version,
  operations: operationTable,
  features: words,
  nixVersion: word,
  trusted: flag,
  ...serveTimes,
  signal: abortSignal,
}
