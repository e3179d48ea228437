/**
 * The JSON of Nix itself: io-ts codecs between the output of its commands, as in its schemas, and the values of the
 * grammars. What is wrong is the left of an `Either`, as io-ts has it; `issueReporter` prints it.
 *
 * The store directory is `/nix/store`, unless `under` sets another. `encode` throws a TypeError for a value that has
 * no such JSON.
 *
 * @module nix-wire/nix-json
 */
export { BuildResultJson, KeyedBuildResultJson, ServeBuildResultJson } from './build-result.js'
export { DerivationJson, DerivationJsonV3, DerivationsJson } from './derivation.js'
export { DerivedPathJson, SingleDerivedPathJson } from './derived-path.js'
export { nixJsonFor } from './for-grammar.js'
export type { NixJson } from './json.js'
export { ListingJson } from './listing.js'
export type { NixJsonType } from './nix-json-type.js'
export {
  NarInfoJson,
  PathInfosJson,
  ServePathInfoJson,
  UnkeyedValidPathInfoJson,
  ValidPathInfoJson,
} from './path-info.js'
export { DrvOutputJson, RealisationJson, UnkeyedRealisationJson } from './realisation.js'
export {
  type DownloadInfo,
  type ImpureInfo,
  type StoreObjectInfo,
  StoreObjectInfoJson,
  type StoreObjectInfoVersion,
} from './store-object-info.js'
export { ContentAddressJson, HashJson, SignatureJson, StorePathJson } from './texts.js'
