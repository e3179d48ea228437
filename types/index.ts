/**
 * The texts of the Nix protocol: store paths, hashes, signatures and so on. Each is an io-ts codec between a text and
 * its value; its `format` is for grammars, as in `text(StorePath.format)`. What is wrong with a text is the left of
 * an `Either`: that of `make` has the position.
 *
 * The `decode` of io-ts returns its `Validation`, an `Either` too. `encode`, and functions on hashes and signatures,
 * throw a TypeError for an invalid value (its brand came from a cast).
 *
 * @module nix-wire/types
 */
export { fromBase16, fromBase64, fromNix32, toBase16, toBase64, toNix32 } from './base-encodings.js'
export {
  BaseStorePath,
  type BaseStorePathBrand,
  StorePathHash,
  type StorePathHashBrand,
} from './base-store-path.js'
export { ContentAddress, contentAddressHash, contentAddressOf } from './content-address.js'
export {
  type ContentAddressMethod,
  ContentAddressMethodWithAlgo,
  DerivationOutputMethod,
} from './content-address-method.js'
export {
  type CAFixedOutput,
  type CAFloatingOutput,
  type DeferredOutput,
  type DerivationOutput,
  type DerivationOutputTexts,
  derivationOutputFromTexts,
  derivationOutputToTexts,
  type ImpureOutput,
  type InputAddressedOutput,
} from './derivation-output.js'
export { DerivationOutputHash, type DerivationOutputHashBrand } from './derivation-output-hash.js'
export { DerivedPath } from './derived-path.js'
export type { BuiltPath, OpaquePath, SingleBuiltPath, SingleDerivedPath } from './derived-path-value.js'
export {
  Base16Digest,
  type Base16DigestBrand,
  Nix32Digest,
  type Nix32DigestBrand,
} from './digest-encodings.js'
export { type DrvOutput, DrvOutputByHash, type DrvOutputByPath } from './drv-output.js'
export { type Hash, type HashTexts, hashBytes, hashFromBytes, hashTo, parseHash } from './hash.js'
export { digestSize, HashAlgorithm, hashAlgorithms } from './hash-algorithm.js'
export { HashDigest, type HashDigestBrand } from './hash-digest.js'
export {
  NARHash,
  type NARHashBrand,
  PrefixedNARHash,
  type PrefixedNARHashBrand,
  prefixedNARHash,
} from './nar-hash.js'
export type { AllOutputs, NamedOutputs, OutputsSpec } from './outputs-spec.js'
export { Path, type PathBrand } from './path.js'
export { type Realisation, RealisationByHash, type RealisationByPath } from './realisation.js'
export {
  AnySignature,
  Signature,
  type SignatureBrand,
  signatureBytes,
  signatureKeyName,
} from './signature.js'
export { StorePath, type StorePathBrand, StrictStorePath } from './store-path.js'
export {
  OutputName,
  type OutputNameBrand,
  StorePathName,
  type StorePathNameBrand,
} from './store-path-name.js'
export {
  baseStorePathOf,
  isDerivationPath,
  storePathHashOf,
  storePathIn,
  storePathNameOf,
} from './store-path-parts.js'
export { showTextIssue, TextType } from './text-type.js'
