/**
 * The texts beside the wire: narinfo and nix-cache-info, `.drv` files, signatures, the computation of store paths;
 * listings of archives, and references in them. Nothing here uses files or the network, and everything runs in a
 * browser.
 *
 * What is wrong is the left of an `Either`. Functions that need digests or signatures use those of Node, or the ones
 * that you pass; `tasks` has the same functions with WebCrypto, as `TaskEither`. So are `listingOf` and
 * `referencesIn`, which read streams.
 *
 * @module nix-wire/store
 */
export { CacheInfo } from './cache-info.js'
export { type DerivationJsonOptions, derivationJson } from './derivation/json.js'
export {
  type DerivationHashes,
  type FindDerivation,
  type FindDerivationLater,
  hashModulo,
} from './derivation/modulo.js'
export {
  derivationPath,
  type NamedDerivation,
  outputPaths,
  parseNamedDerivation,
  withFixedPaths,
} from './derivation/paths.js'
export { Derivation } from './derivation/text.js'
export { basicDerivationOf, type InputOutputs } from './derivation/value.js'
export {
  areOutputsWithin,
  DerivedPathText,
  hasOutput,
  OutputsText,
  type SelectedOutputs,
  selectedOutputs,
  unionOfOutputs,
} from './derived-path.js'
export type { Ed25519 } from './ed25519.js'
export { fingerprint, type Signable, withSignature } from './fingerprint.js'
export type { WithText } from './kept-text.js'
export { PublicKey, type PublicKeyBrand, parseSecretKey, type SecretKey } from './keys.js'
export type { OtherLine } from './lines.js'
export {
  type ListedDirectory,
  type ListedFile,
  type ListedLink,
  ListingBuilder,
  type ListingNode,
  type ListingOptions,
  listingIssues,
  listingOf,
  parseListing,
  parseListingNode,
  printListing,
  printListingNode,
} from './listing/index.js'
export { type NarFile, NarInfo, narInfoOf } from './nar-info.js'
export type { HashingOptions, StoreOptions } from './options.js'
export { placeholder, type UpstreamOutput, upstreamPlaceholder } from './placeholder.js'
export { ReferenceScanner, referencesIn } from './references.js'
export type { Sha256 } from './sha256.js'
export { type SigningOptions, sign, type Verdict, verify } from './signatures.js'
export {
  type ContentAddressed,
  contentAddressedPath,
  type InputAddressed,
  outputPath,
  type TextObject,
  textPath,
} from './store-path.js'
export type { BrokenText, StoreText } from './store-text.js'
export { type Tasks, tasks } from './tasks.js'
export { type StoreTextIssue, showStoreTextIssue } from './text-issue.js'
