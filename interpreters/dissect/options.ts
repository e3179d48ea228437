import type { Limits, Profile } from '../../combinators/limits.js'
import { number, type OptionChecks, usual } from '../../combinators/options.js'

export interface DissectOptions {
  readonly profile?: Profile
  readonly limits?: Partial<Limits>
  /** How many issues are listed at most: 100. The others are counted. */
  readonly issues?: number
}

export const dissectOptions: OptionChecks<DissectOptions> = {
  profile: usual.profile,
  limits: usual.limits,
  issues: number,
}
