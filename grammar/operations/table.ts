import { fromNullable, type Option } from 'fp-ts/lib/Option.js'
import { holds } from '../../combinators/gate.js'
import type { TypeOf } from '../../combinators/node.js'
import type { Protocol } from '../../combinators/protocol.js'
import { nixProtocol } from '../../types/nix-protocol.js'
import { AddBuildLog } from './add-build-log.js'
import { AddIndirectRoot } from './add-indirect-root.js'
import { AddMultipleToStore } from './add-multiple-to-store.js'
import { AddPermRoot } from './add-perm-root.js'
import { AddSignatures } from './add-signatures.js'
import { AddTempRoot } from './add-temp-root.js'
import { AddTextToStore } from './add-text-to-store.js'
import { AddToStore } from './add-to-store.js'
import { AddToStoreNar } from './add-to-store-nar.js'
import { AddToStoreScanning } from './add-to-store-scanning.js'
import { BuildDerivation } from './build-derivation.js'
import { BuildPaths } from './build-paths.js'
import { BuildPathsWithResults } from './build-paths-with-results.js'
import { ClearFailedPaths } from './clear-failed-paths.js'
import { CollectGarbage } from './collect-garbage.js'
import { EnsurePath } from './ensure-path.js'
import { ExportPath } from './export-path.js'
import { FindRoots } from './find-roots.js'
import { HasSubstitutes } from './has-substitutes.js'
import { ImportPath } from './import-path.js'
import { ImportPaths } from './import-paths.js'
import { IsValidPath } from './is-valid-path.js'
import { NarFromPath } from './nar-from-path.js'
import { OldCollectGarbage } from './old-collect-garbage.js'
import type { AnyOperation } from './operation.js'
import { OptimiseStore } from './optimise-store.js'
import { QueryAllValidPaths } from './query-all-valid-paths.js'
import { QueryDerivationOutputMap } from './query-derivation-output-map.js'
import { QueryDerivationOutputNames } from './query-derivation-output-names.js'
import { QueryDerivationOutputs } from './query-derivation-outputs.js'
import { QueryDeriver } from './query-deriver.js'
import { QueryFailedPaths } from './query-failed-paths.js'
import { QueryMissing } from './query-missing.js'
import { QueryPathFromHashPart } from './query-path-from-hash-part.js'
import { QueryPathHash } from './query-path-hash.js'
import { QueryPathInfo } from './query-path-info.js'
import { QueryRealisation } from './query-realisation.js'
import { QueryReferences } from './query-references.js'
import { QueryReferrers } from './query-referrers.js'
import { QuerySubstitutablePathInfo } from './query-substitutable-path-info.js'
import { QuerySubstitutablePathInfos } from './query-substitutable-path-infos.js'
import { QuerySubstitutablePaths } from './query-substitutable-paths.js'
import { QueryValidDerivers } from './query-valid-derivers.js'
import { QueryValidPaths } from './query-valid-paths.js'
import { Quit } from './quit.js'
import { RegisterDrvOutput } from './register-drv-output.js'
import { SetOptions } from './set-options.js'
import { SubmitOutput } from './submit-output.js'
import { SyncWithGC } from './sync-with-gc.js'
import { VerifyStore } from './verify-store.js'

/**
 * All operations that daemons have or had, by name, in the order of their ids.
 *
 * An operation is plain data: its id, its grammars, its streams, the protocols that have it. Client, server and
 * session decoder are derived from this table.
 *
 * ```ts
 * import { bytesOf, compile } from 'nix-wire'
 * import { operations } from 'nix-wire/grammar'
 *
 * const { QueryValidPaths } = operations
 * QueryValidPaths.id // => 31
 * compile(QueryValidPaths.request, { version: '1.37' }).encode({ paths: [], substitute: true })
 * // => { _tag: 'Right', right: bytesOf('0000000000000000 0100000000000000') }
 * ```
 *
 * On the wire a request is the id as an Int, then `request`, then the upload if there is one. The daemon answers with
 * LogMessages up to `Last`, then `reply`, then the download if there is one; or with LogMessages up to `Error`.
 * Source: operations.
 */
export const operations = {
  Quit,
  IsValidPath,
  HasSubstitutes,
  QueryPathHash,
  QueryReferences,
  QueryReferrers,
  AddToStore,
  AddTextToStore,
  BuildPaths,
  EnsurePath,
  AddTempRoot,
  AddIndirectRoot,
  SyncWithGC,
  FindRoots,
  OldCollectGarbage,
  ExportPath,
  ImportPath,
  QueryDeriver,
  SetOptions,
  CollectGarbage,
  QuerySubstitutablePathInfo,
  QueryDerivationOutputs,
  QueryAllValidPaths,
  QueryFailedPaths,
  ClearFailedPaths,
  QueryPathInfo,
  ImportPaths,
  QueryDerivationOutputNames,
  QueryPathFromHashPart,
  QuerySubstitutablePathInfos,
  QueryValidPaths,
  QuerySubstitutablePaths,
  QueryValidDerivers,
  OptimiseStore,
  VerifyStore,
  BuildDerivation,
  AddSignatures,
  NarFromPath,
  AddToStoreNar,
  QueryMissing,
  QueryDerivationOutputMap,
  RegisterDrvOutput,
  QueryRealisation,
  AddMultipleToStore,
  AddBuildLog,
  BuildPathsWithResults,
  AddPermRoot,
  SubmitOutput,
  AddToStoreScanning,
} as const

type Operations = typeof operations

export type OperationName = keyof Operations

/**
 * The request of an operation.
 *
 * ```ts
 * import type { RequestOf } from 'nix-wire/grammar'
 *
 * const request: RequestOf<'VerifyStore'> = { checkContents: true, repair: false }
 * ```
 */
export type RequestOf<Name extends OperationName> = TypeOf<Operations[Name]['request']>

/**
 * The reply of an operation; `undefined` if it has no reply value.
 *
 * ```ts
 * import type { ReplyOf } from 'nix-wire/grammar'
 *
 * const reply: ReplyOf<'IsValidPath'> = true
 * ```
 */
export type ReplyOf<Name extends OperationName> = TypeOf<Operations[Name]['reply']>

/** A table of operations by name. */
export interface OperationTable {
  readonly [name: string]: AnyOperation
}

/**
 * The operations of a table that a protocol has, in the order of the table. They include those that newer daemons
 * have removed, since the protocol does not say which release a daemon is.
 *
 * ```ts
 * import { operationsOf } from 'nix-wire/grammar'
 *
 * operationsOf({ version: '1.38' }).some(({ name }) => name === 'SubmitOutput') // => false
 * operationsOf({ version: '1.38', features: ['submit-output'] }).some(({ name }) => name === 'SubmitOutput') // => true
 * ```
 *
 * @throws RangeError for an invalid protocol.
 */
export const operationsOf = (
  given: Partial<Protocol>,
  table: OperationTable = operations,
): ReadonlyArray<AnyOperation> => {
  const agreed = nixProtocol(given)
  return Object.values(table).filter(({ gate }) => holds(gate, agreed))
}

/**
 * The operation with an id, if the protocol has it.
 *
 * ```ts
 * import { option as O } from 'fp-ts'
 * import { operationById, operations } from 'nix-wire/grammar'
 *
 * operationById(47, { version: '1.36' }) // => O.some(operations.AddPermRoot)
 * operationById(47, { version: '1.35' }) // => O.none
 * ```
 *
 * @throws RangeError for an invalid protocol.
 */
export const operationById = (
  id: number,
  given: Partial<Protocol>,
  table: OperationTable = operations,
): Option<AnyOperation> => fromNullable(operationsOf(given, table).find((each) => each.id === id))
