import type { Limits, Profile } from '../../combinators/limits.js'
import { callback, elsewhere, flag, type OptionChecks, usual } from '../../combinators/options.js'
import type { Protocol } from '../../combinators/protocol.js'
import { show } from '../../combinators/show.js'
import type { Hashing } from '../machine/meter.js'
import type { Side } from '../node.js'

export interface ObserveOptions {
  /** The parts of the protocol that are known before the first message. */
  readonly protocol?: Partial<Protocol>
  readonly profile?: Profile
  /** The limits of a message. Raw bytes and the content of frames and pieces have no limit, and take no memory. */
  readonly limits?: Partial<Limits>
  /** Allows code to be generated; see `CompileOptions` of nix-wire. Default: true, unless the platform forbids it. */
  readonly evaluate?: boolean
  /** Makes a hash for the raw bytes of a key, or returns null for none. Default: none. */
  readonly hash?: (side: Side, key: string) => Hashing | null
  /** The most bytes of one side that may wait for the other side. Default: 128 MiB. */
  readonly maxWaiting?: number
}

const highest = 2 ** 32

/** @throws RangeError for an invalid size. */
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
