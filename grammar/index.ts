/**
 * The protocol, one grammar for each section of the specification, under the names it has there. A type and its
 * grammar share a name.
 */

export {
  BuildResult,
  type BuiltOutput,
  type BuiltOutputs,
  KeyedBuildResult,
  OptMicroseconds,
} from './build-result.js'
export { ClientHandshakeInfo } from './client-handshake-info.js'
export {
  ContentAddress,
  ContentAddressMethodWithAlgo,
  OptContentAddress,
  OptContentAddressMethodWithAlgo,
} from './content-address.js'
export { BasicDerivation, DerivationOutput } from './derivation.js'
export { DerivedPath } from './derived-path.js'
export {
  ActivityType,
  BuildMode,
  BuildStatus,
  FieldType,
  FileIngestionMethod,
  GCAction,
  OptTrusted,
  ResultType,
  Verbosity,
} from './enums.js'
export { Error, TraceLine } from './error.js'
export { realisationWithPath } from './features.js'
export { Field } from './field.js'
export { Bool, Bool64, Int, Int64, ProtocolVersion, Size, Time, UInt8 } from './integers.js'
export { SubstitutablePathInfo, UnkeyedValidPathInfo, ValidPathInfo } from './path-info.js'
export { Bytes, UInt64 } from './primitives.js'
export { DrvOutput, Realisation, UnkeyedRealisation } from './realisation.js'
export { type Section, sections } from './sections.js'
export {
  BaseStorePath,
  OptStorePath,
  OutputName,
  StorePath,
  StorePathHash,
  StorePathName,
} from './store-paths.js'
export {
  HashAlgorithm,
  HashDigest,
  NARHash,
  OptHashDigest,
  Path,
  Signature,
  String,
  Text,
} from './strings.js'
