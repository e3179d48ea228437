import type { Limits, Profile } from '../../combinators/limits.js'
import type { Protocol } from '../../combinators/protocol.js'

export { type Limits, limitsOf, type Profile } from '../../combinators/limits.js'

export interface CompileOptions {
  readonly profile?: Profile
  readonly limits?: Partial<Limits>
  /** Whether code may be generated; false gives closures with the same behaviour. Default: where it is allowed. */
  readonly evaluate?: boolean
}

/** What a grammar becomes a plan under. */
export interface Settings {
  readonly protocol: Protocol
  readonly canonical: boolean
  readonly limits: Limits
  readonly evaluate: boolean
}
