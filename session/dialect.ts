import { isSome, none, type Option } from 'fp-ts/lib/Option.js'
import type { Gate } from '../combinators/gate.js'
import type { ProtocolVersion } from '../combinators/version.js'
import type { ClientHandshakeInfo } from '../grammar/client-handshake-info.js'
import {
  addTempRoots,
  provenance,
  queryActiveBuilds,
  queryPathInfos,
  versionedAddToStoreMultiple,
} from '../grammar/features.js'
import type { ServerHello } from '../grammar/handshake.js'
import { guixVersion } from '../grammar/negotiation.js'
import { determinateOperations, lixOperations, lixVersion } from '../grammar/operations/dialects.js'
import { type OperationTable, operations } from '../grammar/operations/table.js'

/** The implementation of the daemon, as far as the handshake shows it. */
export type Dialect = 'Nix' | 'Determinate' | 'Lix' | 'Guix'

/** What a daemon sends about itself. */
export interface DaemonWords {
  readonly serverVersion: ProtocolVersion
  readonly serverFeatures: ReadonlyArray<string>
  readonly daemonNixVersion: Option<string>
}

const determinateFeatures: ReadonlySet<string> = new Set(
  [addTempRoots, provenance, queryActiveBuilds, queryPathInfos, versionedAddToStoreMultiple].flatMap(
    (gate: Gate) => (gate._tag === 'feature' ? [gate.feature] : []),
  ),
)

// Releases of Lix begin at 2.90, and keep the protocol version that Nix left in 2.20.
const lixRelease = /^2\.9\d/

/**
 * The implementation of a daemon. Determinate Nix is recognised by features that no other has, negotiated or not.
 */
export const dialectOf = (words: DaemonWords): Dialect => {
  const { serverVersion, serverFeatures, daemonNixVersion } = words
  if (serverVersion === guixVersion) {
    return 'Guix'
  }
  if (serverFeatures.some((name) => determinateFeatures.has(name))) {
    return 'Determinate'
  }
  const isLix =
    serverVersion === lixVersion && isSome(daemonNixVersion) && lixRelease.test(daemonNixVersion.value)
  return isLix ? 'Lix' : 'Nix'
}

/** The operations that the daemons of a dialect support. */
export const tableOf = (dialect: Dialect): OperationTable => {
  switch (dialect) {
    case 'Determinate':
      return determinateOperations
    case 'Lix':
      return lixOperations
    case 'Nix':
    case 'Guix':
      return operations
  }
}

/** Collects what a daemon sends about itself in a handshake. */
export class DialectWords {
  #serverVersion: ProtocolVersion | null = null
  #serverFeatures: ReadonlyArray<string> = []
  #daemonNixVersion: Option<string> = none

  /** Takes the message with this key; returns whether it tells anything about the dialect. */
  take(key: string, value: unknown): boolean {
    switch (key) {
      case 'hello':
        this.#serverVersion = (value as ServerHello).version
        return true
      case 'daemonFeatures':
        this.#serverFeatures = value as ReadonlyArray<string>
        return true
      case 'info':
        this.#daemonNixVersion = (value as ClientHandshakeInfo).daemonNixVersion
        return true
      default:
        return false
    }
  }

  get dialect(): Dialect {
    return this.#serverVersion === null
      ? 'Nix'
      : dialectOf({
          serverVersion: this.#serverVersion,
          serverFeatures: this.#serverFeatures,
          daemonNixVersion: this.#daemonNixVersion,
        })
  }
}
