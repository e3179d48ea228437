import { anyOf, type Gate } from '../combinators/gate.js'
import {
  addTempRoots,
  provenance,
  queryActiveBuilds,
  queryPathInfos,
  versionedAddToStoreMultiple,
} from './features.js'

/** Holds if both sides are Determinate Nix: they agreed on a feature that no other implementation has. */
export const determinate: Gate = anyOf(
  addTempRoots,
  provenance,
  queryActiveBuilds,
  queryPathInfos,
  versionedAddToStoreMultiple,
)
