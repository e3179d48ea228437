import type { Limits, Profile } from '../../combinators/limits.js'
import { number, type OptionChecks, usual } from '../../combinators/options.js'

export interface DissectOptions {
  readonly profile?: Profile
  readonly limits?: Partial<Limits>
  /** The most issues to list; the others are only counted. Default: 100. */
  readonly issues?: number
}

export const dissectOptions: OptionChecks<DissectOptions> = {
  profile: usual.profile,
  limits: usual.limits,
  issues: number,
}
