import { isSome, type Option } from 'fp-ts/lib/Option.js'
import type { Gate } from '../combinators/gate.js'
import type { ProtocolVersion } from '../combinators/version.js'
import {
  addTempRoots,
  provenance,
  queryActiveBuilds,
  queryPathInfos,
  versionedAddToStoreMultiple,
} from '../grammar/features.js'
import { guixVersion } from '../grammar/negotiation.js'
import { determinateOperations, lixOperations, lixVersion } from '../grammar/operations/dialects.js'
import { type OperationTable, operations } from '../grammar/operations/table.js'

/** Whose daemon it is, as far as the handshake shows. */
export type Dialect = 'Nix' | 'Determinate' | 'Lix' | 'Guix'

/** What a daemon says of itself. */
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

// Releases of Lix begin with 2.90, and stay at a protocol that Nix left with 2.20.
const lixRelease = /^2\.9\d/

/** A daemon of Determinate Nix has features that no other has, negotiated or not. */
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

/** What the daemons of a dialect answer. */
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
