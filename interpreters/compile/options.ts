import type { Limits, Profile } from '../../combinators/limits.js'
import { callback, flag, type OptionChecks, usual } from '../../combinators/options.js'
import type { Protocol } from '../../combinators/protocol.js'
import type { Making, OnCode } from './code.js'

export { type Limits, limitsOf, type Profile } from '../../combinators/limits.js'

export interface CompileOptions {
  readonly profile?: Profile
  readonly limits?: Partial<Limits>
  /** Whether code may be generated; false gives closures with the same behaviour. Default: where it is allowed. */
  readonly evaluate?: boolean
  /**
   * Cuts the texts that `decode` gives out of one string made of the whole message, where they are ASCII: for values
   * that are looked at and dropped it saves half of the time. As long as one of the texts lives, the whole message
   * lives with it. Default: false, each text is a string of its own.
   */
  readonly slices?: boolean
  /** Is shown the code that is generated, one function at a time: for looking at, and for profiling. */
  readonly onCode?: OnCode
}

/** How each option is checked. */
export const compileOptions: OptionChecks<CompileOptions> = {
  profile: usual.profile,
  limits: usual.limits,
  evaluate: flag,
  slices: flag,
  onCode: callback,
}

/** What a grammar becomes a plan under. */
export interface Settings extends Making {
  readonly protocol: Protocol
  readonly canonical: boolean
  readonly limits: Limits
  readonly slices: boolean
}
