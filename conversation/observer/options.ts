import type { Limits, Profile } from '../../combinators/limits.js'
import { callback, elsewhere, flag, type OptionChecks, usual } from '../../combinators/options.js'
import type { Protocol } from '../../combinators/protocol.js'
import { show } from '../../combinators/show.js'
import type { Hashing } from '../machine/meter.js'
import type { Side } from '../node.js'

export interface ObserveOptions {
  /** What is known of the protocol before the first word. */
  readonly protocol?: Partial<Protocol>
  readonly profile?: Profile
  /** What a message may take; bytes that flow and what is carried have no limit, nor need they memory. */
  readonly limits?: Partial<Limits>
  /** Whether code may be generated. Default: where it is allowed. */
  readonly evaluate?: boolean
  /** Makes a hash of what flows under a key, or null for none. Default: none. */
  readonly hash?: (side: Side, key: string) => Hashing | null
  /** How many bytes of one side may wait for the other side, at most: 128 MiB. */
  readonly maxWaiting?: number
}

const highest = 2 ** 32

/** @throws RangeError for what cannot be a size. */
export const maxWaitingOf = ({ maxWaiting = 128 * 2 ** 20 }: ObserveOptions): number => {
  if (!Number.isInteger(maxWaiting) || maxWaiting < 0 || maxWaiting > highest) {
    throw new RangeError(`maxWaiting must be an integer from 0 to ${highest}, not ${show(maxWaiting)}`)
  }
  return maxWaiting
}

export const observeChecks: OptionChecks<ObserveOptions> = {
  protocol: usual.protocol,
  profile: usual.profile,
  limits: usual.limits,
  evaluate: flag,
  hash: callback,
  maxWaiting: elsewhere,
}
