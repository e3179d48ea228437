import type { Limits, Profile } from '../../combinators/limits.js'
import { callback, flag, type OptionChecks, usual } from '../../combinators/options.js'
import type { Protocol } from '../../combinators/protocol.js'
import type { Making, OnCode } from './code.js'

export { type Limits, limitsOf, type Profile } from '../../combinators/limits.js'

export interface CompileOptions {
  readonly profile?: Profile
  readonly limits?: Partial<Limits>
  /**
   * Allows the codec to generate JavaScript code (`new Function`); with false it consists of closures with the same
   * behaviour. Default: true, unless the platform forbids it.
   */
  readonly evaluate?: boolean
  /**
   * Makes `decode` cut ASCII texts out of one string of the whole message. That saves half of the time for values
   * that are looked at and dropped, but each of the texts keeps the whole message in memory. Default: false, so that
   * each text is a separate string.
   */
  readonly slices?: boolean
  /** Receives the generated code, one function at a time, for inspection and profiling. */
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

/** The settings that a grammar is compiled with. */
export interface Settings extends Making {
  readonly protocol: Protocol
  readonly canonical: boolean
  readonly limits: Limits
  readonly slices: boolean
}
