import { callback, checkOptions, type OptionChecks, usual } from '../combinators/options.js'
import type { Protocol } from '../combinators/protocol.js'
import { nixProtocol } from '../types/nix-protocol.js'
import { type Hashing, hashLater, hashNow, type Sha256, synchronous } from './sha256.js'

/** The option for the store directory. */
export interface StoreOptions {
  /** The store directory. Default: `/nix/store`. */
  readonly storeDir?: string
}

/** The options of functions that compute hashes. */
export interface HashingOptions extends StoreOptions {
  /** A synchronous SHA-256. Default: that of Node. */
  readonly sha256?: Sha256
}

const storeChecks: OptionChecks<StoreOptions> = { storeDir: usual.storeDir }

const hashingChecks: OptionChecks<HashingOptions> = { ...storeChecks, sha256: callback }

/** The protocol of store paths. */
export const protocolIn = ({ storeDir }: StoreOptions): Protocol =>
  nixProtocol(storeDir === undefined ? {} : { storeDir })

/** Checks options, and returns the protocol. */
export const storeProtocol = (of: string, options: StoreOptions): Protocol => {
  checkOptions(of, storeChecks, options)
  return protocolIn(options)
}

/**
 * Runs a calculation synchronously.
 *
 * @throws TypeError or RangeError for an invalid option, or if the platform has no synchronous SHA-256.
 */
export const atOnce = <A>(
  of: string,
  options: HashingOptions,
  steps: (protocol: Protocol) => Hashing<A>,
): A => {
  checkOptions(of, hashingChecks, options)
  return hashNow(steps(protocolIn(options)), synchronous(options.sha256))
}

/** Runs a computation with WebCrypto. */
export const later = <A>(
  of: string,
  options: StoreOptions,
  steps: (protocol: Protocol) => Hashing<A>,
): (() => Promise<A>) => {
  const protocol = storeProtocol(of, options)
  return () => hashLater(steps(protocol))
}
