/**
 * The semantic texts of the Nix protocol. Each is an io-ts codec between a text and its value, and (as `XFormat`)
 * what a grammar needs of it.
 *
 * @module nix-wire/types
 */
export { fromBase16, fromBase64, fromNix32, toBase16, toBase64, toNix32 } from './base-encodings.js'
export {
  BaseStorePath,
  type BaseStorePathBrand,
  BaseStorePathFormat,
  StorePathHash,
  type StorePathHashBrand,
  StorePathHashFormat,
} from './base-store-path.js'
export {
  ContentAddress,
  ContentAddressFormat,
  contentAddressHash,
  contentAddressOf,
} from './content-address.js'
export {
  type ContentAddressMethod,
  ContentAddressMethodWithAlgo,
  ContentAddressMethodWithAlgoFormat,
  DerivationOutputMethod,
  DerivationOutputMethodFormat,
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
export {
  DerivationOutputHash,
  type DerivationOutputHashBrand,
  DerivationOutputHashFormat,
} from './derivation-output-hash.js'
export { DerivedPath, DerivedPathFormat } from './derived-path.js'
export type { BuiltPath, OpaquePath, SingleBuiltPath, SingleDerivedPath } from './derived-path-value.js'
export {
  Base16Digest,
  type Base16DigestBrand,
  Base16DigestFormat,
  Nix32Digest,
  type Nix32DigestBrand,
  Nix32DigestFormat,
} from './digest-encodings.js'
export { type DrvOutput, DrvOutputByHash, DrvOutputByHashFormat, type DrvOutputByPath } from './drv-output.js'
export { type Hash, type HashTexts, hashBytes, hashFromBytes, hashTo, parseHash } from './hash.js'
export { digestSize, HashAlgorithm, HashAlgorithmFormat, hashAlgorithms } from './hash-algorithm.js'
export { HashDigest, type HashDigestBrand, HashDigestFormat } from './hash-digest.js'
export { NARHash, type NARHashBrand, NARHashFormat } from './nar-hash.js'
export type { AllOutputs, NamedOutputs, OutputsSpec } from './outputs-spec.js'
export { Path, type PathBrand, PathFormat } from './path.js'
export {
  type Realisation,
  RealisationByHash,
  RealisationByHashFormat,
  type RealisationByPath,
} from './realisation.js'
export {
  AnySignatureFormat,
  Signature,
  type SignatureBrand,
  SignatureFormat,
  signatureBytes,
  signatureKeyName,
} from './signature.js'
export {
  StorePath,
  type StorePathBrand,
  StorePathFormat,
  StrictStorePath,
  StrictStorePathFormat,
} from './store-path.js'
export {
  OutputName,
  type OutputNameBrand,
  OutputNameFormat,
  StorePathName,
  type StorePathNameBrand,
  StorePathNameFormat,
} from './store-path-name.js'
export {
  baseStorePathOf,
  isDerivationPath,
  storePathHashOf,
  storePathIn,
  storePathNameOf,
} from './store-path-parts.js'
export { showTextIssue, TextType } from './text-type.js'
