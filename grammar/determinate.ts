import { anyOf, type Gate } from '../combinators/gate.js'
import {
  addTempRoots,
  provenance,
  queryActiveBuilds,
  queryPathInfos,
  versionedAddToStoreMultiple,
} from './features.js'

/** Both sides are Determinate Nix: they agreed on a feature that no other has. */
export const determinate: Gate = anyOf(
  addTempRoots,
  provenance,
  queryActiveBuilds,
  queryPathInfos,
  versionedAddToStoreMultiple,
)
