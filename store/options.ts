import { callback, checkOptions, type OptionChecks, usual } from '../combinators/options.js'
import type { Protocol } from '../combinators/protocol.js'
import { nixProtocol } from '../types/nix-protocol.js'
import { type Hashing, hashLater, hashNow, type Sha256, synchronous } from './sha256.js'

/** Where store paths lie. */
export interface StoreOptions {
  /** `/nix/store` unless it is given. */
  readonly storeDir?: string
}

/** What a calculation of digests works with. */
export interface HashingOptions extends StoreOptions {
  /** A SHA-256 that answers at once; Node's unless it is given. */
  readonly sha256?: Sha256
}

const storeChecks: OptionChecks<StoreOptions> = { storeDir: usual.storeDir }

const hashingChecks: OptionChecks<HashingOptions> = { ...storeChecks, sha256: callback }

/** The protocol under which store paths are read and written. */
export const protocolIn = ({ storeDir }: StoreOptions): Protocol =>
  nixProtocol(storeDir === undefined ? {} : { storeDir })

/** Holds options to what there is, and gives the protocol. */
export const storeProtocol = (of: string, options: StoreOptions): Protocol => {
  checkOptions(of, storeChecks, options)
  return protocolIn(options)
}

/**
 * Does a calculation at once.
 *
 * @throws TypeError or RangeError for a wrong option, or where there is no SHA-256 that answers at once.
 */
export const atOnce = <A>(
  of: string,
  options: HashingOptions,
  steps: (protocol: Protocol) => Hashing<A>,
): A => {
  checkOptions(of, hashingChecks, options)
  return hashNow(steps(protocolIn(options)), synchronous(options.sha256))
}

/** Does a calculation with WebCrypto. */
export const later = <A>(
  of: string,
  options: StoreOptions,
  steps: (protocol: Protocol) => Hashing<A>,
): (() => Promise<A>) => {
  const protocol = storeProtocol(of, options)
  return () => hashLater(steps(protocol))
}
