/**
 * The daemon protocol: a grammar for each section of the specification, under its name there. A type and its grammar
 * share a name.
 *
 * Grammars are data and do not fail. What the handshake decides is an `Either`: a refusal, or a version. An operation
 * that may not exist is an `Option`.
 *
 * @module nix-wire/grammar
 */

export { newestVersion, nixDefaults, nixProtocol } from '../types/nix-protocol.js'
export {
  AddMultipleInfo,
  AddMultipleItem,
  AddMultipleToStore,
} from './add-multiple-to-store.js'
export {
  BuildResult,
  type DeterminateBuildResult,
  type DeterminateKeyedBuildResult,
  KeyedBuildResult,
  OptMicroseconds,
} from './build-result.js'
export type { BuiltOutput, BuiltOutputs } from './built-outputs.js'
export { ClientHandshakeInfo } from './client-handshake-info.js'
export {
  ContentAddress,
  ContentAddressMethodWithAlgo,
  OptContentAddress,
  OptContentAddressMethodWithAlgo,
} from './content-address.js'
export { type CallOf, type CallsOf, callOf, callsOf } from './conversation/call.js'
export type { Contents } from './conversation/contents.js'
export { handshake } from './conversation/handshake.js'
export { type WorkerOf, workerOf, workerTurns } from './conversation/worker.js'
export { BasicDerivation, DerivationOutput } from './derivation.js'
export { DerivedPath } from './derived-path.js'
export { determinate } from './determinate.js'
export {
  ActivityType,
  BuildMode,
  BuildStatus,
  type DeterminateBuildStatus,
  type DeterminateResultType,
  FieldType,
  FileIngestionMethod,
  GCAction,
  OptTrusted,
  ResultType,
  Verbosity,
} from './enums.js'
export { Error, TraceLine } from './error.js'
export { ExportInfo, ExportPath, ImportPaths } from './export.js'
export {
  addTempRoots,
  addToStoreScanning,
  deleteDeadSpecificReferrers,
  disableSetOptions,
  provenance,
  queryActiveBuilds,
  queryPathInfos,
  realisationWithPath,
  submitOutput,
  versionedAddToStoreMultiple,
} from './features.js'
export { Field } from './field.js'
export { GCPaths, SpecificPaths } from './gc-paths.js'
export {
  ClientHello,
  CpuAffinity,
  CpuAffinityFlag,
  FeatureList,
  ReserveSpace,
  ServerHello,
} from './handshake.js'
export { Bool, Bool64, Int, Int64, ProtocolVersion, Size, Time, UInt8 } from './integers.js'
export {
  type ActivityFields,
  activityFields,
  type BuildWaiting,
  type RawFields,
  type ResultFields,
  resultFields,
} from './log-fields.js'
export {
  type LogError,
  LogFields,
  type LogLast,
  LogMessage,
  type LogNext,
  type LogRead,
  type LogResult,
  type LogStartActivity,
  type LogStopActivity,
  type LogWrite,
  readReply,
} from './logging.js'
export {
  Nar,
  type NarDirectory,
  type NarEntry,
  NarNode,
  type NarRegular,
  type NarSymlink,
} from './nar.js'
export { Nario, NarioInfo, NarioPath } from './nario.js'
export {
  acceptClient,
  acceptServer,
  guixVersion,
  type HandshakeRefusal,
  negotiateFeatures,
  negotiateVersion,
  oldestVersion,
  type SupportedVersions,
  showHandshakeRefusal,
} from './negotiation.js'
export * from './operations/index.js'
export { SubstitutablePathInfo, UnkeyedValidPathInfo, ValidPathInfo } from './path-info.js'
export { Bytes, UInt64 } from './primitives.js'
export { DrvOutput, Realisation, UnkeyedRealisation } from './realisation.js'
export { type Section, sections } from './sections.js'
export { SingleDerivedPath } from './single-derived-path.js'
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
