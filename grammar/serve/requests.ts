import { type Grammar, named, summarised, type TypeOf } from '../../combinators/node.js'
import { listOf, setOf } from '../../combinators/structures/sequence.js'
import { struct } from '../../combinators/structures/struct.js'
import { under } from '../../combinators/structures/under.js'
import type * as T from '../../types/index.js'
import { OptContentAddress } from '../content-address.js'
import { BasicDerivation } from '../derivation.js'
import { DerivedPath } from '../derived-path.js'
import { Bool, Bool64, Time } from '../integers.js'
import { UInt64 } from '../primitives.js'
import { OptStorePath, StorePath } from '../store-paths.js'
import { NARHash, Signature } from '../strings.js'
import { ServeBuildOptions } from './build-options.js'

/** The store paths in a reply. */
export const ServePaths: Grammar<ReadonlyArray<T.StorePath>> = summarised(
  'store paths',
  named('ServePaths', setOf(StorePath)),
)

const QueryValidPaths_ = struct('ServeQueryValidPathsRequest', {
  lock: Bool,
  substitute: Bool,
  paths: setOf(StorePath),
})

/** Asks which of some paths are valid. With `lock` they stay valid while the connection lasts (temporary roots). */
export const ServeQueryValidPathsRequest: Grammar<ServeQueryValidPathsRequest> = summarised(
  'which of some paths are valid, perhaps after substitution',
  QueryValidPaths_,
)
export interface ServeQueryValidPathsRequest extends TypeOf<typeof QueryValidPaths_> {}

const QueryPathInfos_ = struct('ServeQueryPathInfosRequest', { paths: setOf(StorePath) })

/** Asks for the infos of some paths. The server leaves out paths that it does not have. */
export const ServeQueryPathInfosRequest: Grammar<ServeQueryPathInfosRequest> = summarised(
  'the infos of some paths',
  QueryPathInfos_,
)
export interface ServeQueryPathInfosRequest extends TypeOf<typeof QueryPathInfos_> {}

const DumpStorePath_ = struct('ServeDumpStorePathRequest', { path: StorePath })

/** Asks for the archive of a path. */
export const ServeDumpStorePathRequest: Grammar<ServeDumpStorePathRequest> = summarised(
  'the archive of a path',
  DumpStorePath_,
)
export interface ServeDumpStorePathRequest extends TypeOf<typeof DumpStorePath_> {}

const ExportPaths_ = struct('ServeExportPathsRequest', { sign: Bool, paths: listOf(StorePath) })

/** Asks for paths with their archives, as `nix-store --export` writes them. `sign` is obsolete and ignored. */
export const ServeExportPathsRequest: Grammar<ServeExportPathsRequest> = summarised(
  'paths with their archives',
  ExportPaths_,
)
export interface ServeExportPathsRequest extends TypeOf<typeof ExportPaths_> {}

/**
 * What to build or substitute. In all versions it has the form of a {@link DerivedPath} below 1.30 of the worker
 * protocol, in which a path that ends in `.drv` means all outputs of that derivation.
 */
export const ServeDerivedPath: Grammar<T.DerivedPath> = summarised(
  'what to build or substitute, in the form of old protocols',
  named('ServeDerivedPath', under({ version: '1.29', features: [] }, DerivedPath)),
)

const BuildPaths_ = struct('ServeBuildPathsRequest', {
  paths: listOf(ServeDerivedPath),
  options: ServeBuildOptions,
})

/** Builds derivations and substitutes paths. */
export const ServeBuildPathsRequest: Grammar<ServeBuildPathsRequest> = summarised(
  'builds derivations and substitutes paths',
  BuildPaths_,
)
export interface ServeBuildPathsRequest extends TypeOf<typeof BuildPaths_> {}

const QueryClosure_ = struct('ServeQueryClosureRequest', {
  includeOutputs: Bool,
  paths: setOf(StorePath),
})

/** Asks for the closure of some paths, including themselves. */
export const ServeQueryClosureRequest: Grammar<ServeQueryClosureRequest> = summarised(
  'the closure of some paths',
  QueryClosure_,
)
export interface ServeQueryClosureRequest extends TypeOf<typeof QueryClosure_> {}

const BuildDerivation_ = struct('ServeBuildDerivationRequest', {
  drvPath: StorePath,
  drv: BasicDerivation,
  options: ServeBuildOptions,
})

/** Builds a derivation that is sent along and need not be in the store. */
export const ServeBuildDerivationRequest: Grammar<ServeBuildDerivationRequest> = summarised(
  'builds a derivation that is sent along',
  BuildDerivation_,
)
export interface ServeBuildDerivationRequest extends TypeOf<typeof BuildDerivation_> {}

const AddToStoreNar_ = struct('ServeAddToStoreNarRequest', {
  path: StorePath,
  deriver: OptStorePath,
  narHash: NARHash,
  references: setOf(StorePath),
  registrationTime: Time,
  narSize: UInt64,
  ultimate: Bool64,
  signatures: setOf(Signature),
  ca: OptContentAddress,
})

/** Adds a path; its archive of exactly `narSize` bytes follows. Servers reject a size of 0. */
export const ServeAddToStoreNarRequest: Grammar<ServeAddToStoreNarRequest> = summarised(
  'a path to add, whose archive follows',
  AddToStoreNar_,
)
export interface ServeAddToStoreNarRequest extends TypeOf<typeof AddToStoreNar_> {}
