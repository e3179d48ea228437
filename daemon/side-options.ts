import { type OptionChecks, usual } from '../combinators/options.js'
import type { Limits, Profile } from '../interpreters/compile/resumable.js'

/** The options of either side on its messages. */
export interface SideOptions {
  readonly storeDir?: string
  readonly limits?: Partial<Limits>
  readonly profile?: Profile
}

/** How each option is checked. */
export const sideOptions: OptionChecks<SideOptions> = {
  storeDir: usual.storeDir,
  limits: usual.limits,
  profile: usual.profile,
}
