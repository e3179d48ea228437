import { type Grammar, grammarOf, named, summarised, type TypeOf } from '../../combinators/node.js'
import type { Protocol } from '../../combinators/protocol.js'
import { pure } from '../../combinators/structures/gated.js'
import { optionalByTag } from '../../combinators/structures/optional.js'
import { listOf, setOf } from '../../combinators/structures/sequence.js'
import { struct } from '../../combinators/structures/struct.js'
import type { ProtocolVersion } from '../../combinators/version.js'
import { since } from '../../types/nix-gates.js'
import { AddMultipleInfo } from '../add-multiple-to-store.js'
import { DeterminateBuildResult, DeterminateKeyedBuildResult } from '../build-result.js'
import {
  addTempRoots,
  provenance,
  queryActiveBuilds,
  queryPathInfos,
  versionedAddToStoreMultiple,
} from '../features.js'
import { byProtocol, versioned } from '../gated.js'
import { Bool64 } from '../integers.js'
import { UnkeyedValidPathInfo, ValidPathInfo } from '../path-info.js'
import { UInt64 } from '../primitives.js'
import { StorePath } from '../store-paths.js'
import { Text } from '../strings.js'
import { noArguments, One, type Operation, operation, type Stream } from './operation.js'
import { certain } from './query-path-info.js'
import { operations } from './table.js'

/** A JSON text that says where a path comes from; empty where nothing is known, and without the feature. */
const Provenance = named('Provenance', versioned(provenance, Text, ''))

const UnkeyedInfo_ = struct('UnkeyedPathInfoWithProvenance', {
  info: UnkeyedValidPathInfo,
  provenance: Provenance,
})

/** A path info of Determinate Nix, without its path. */
export interface UnkeyedPathInfoWithProvenance extends TypeOf<typeof UnkeyedInfo_> {}

const UnkeyedInfo: Grammar<UnkeyedPathInfoWithProvenance> = UnkeyedInfo_

const Info_ = struct('PathInfoWithProvenance', { info: ValidPathInfo, provenance: Provenance })

/** A path info of Determinate Nix. */
export interface PathInfoWithProvenance extends TypeOf<typeof Info_> {}

const Info: Grammar<PathInfoWithProvenance> = summarised(
  'a store path with its info, in Determinate Nix',
  Info_,
)

/**
 * The path info before each NAR in the frames of AddMultipleToStore: in the form of protocol 1.16, or with the
 * feature `versionedAddToStoreMultiple` in the negotiated form.
 *
 * Versions: 1.32 and above. Source: the reference implementation, and Determinate Nix for the feature.
 */
export const AddedPathInfo: Grammar<PathInfoWithProvenance> = named(
  'AddedPathInfo',
  byProtocol<PathInfoWithProvenance>(
    [[versionedAddToStoreMultiple, Info]],
    struct('AddedPathInfo', {
      info: AddMultipleInfo,
      provenance: pure(''),
    }),
  ),
)

/** Without a name, so that it is described in place. */
const unnamed = <A>({ node: { name: _, ...node } }: Grammar<A>): Grammar<A> => grammarOf(node)

const AddToStoreRequest = summarised(
  'the request of AddToStore',
  struct('AddToStoreRequestWithProvenance', {
    add: operations.AddToStore.request,
    provenance: Provenance,
  }),
)
const AddToStoreReply = summarised(
  'the reply of AddToStore',
  struct('AddToStoreReplyWithProvenance', {
    added: unnamed(operations.AddToStore.reply),
    provenance: Provenance,
  }),
)
const AddToStoreNarRequest = summarised(
  'the request of AddToStoreNar',
  struct('AddToStoreNarRequestWithProvenance', {
    info: ValidPathInfo,
    provenance: Provenance,
    repair: Bool64,
    dontCheckSigs: Bool64,
  }),
)
const QueryPathInfoReply = summarised(
  'the reply of QueryPathInfo',
  named(
    'QueryPathInfoReplyWithProvenance',
    byProtocol([[since('1.17'), optionalByTag(UInt64, UnkeyedInfo)]], certain(UnkeyedInfo)),
  ),
)
const AddTempRootsRequest = summarised(
  'the request of AddTempRoots',
  struct('AddTempRootsRequest', { paths: setOf(StorePath) }),
)
const QueryPathInfosRequest = summarised(
  'the request of QueryPathInfos',
  struct('QueryPathInfosRequest', { paths: setOf(StorePath) }),
)

/**
 * The operations of Determinate Nix. Three are its own, each with a feature; path infos have one more field with the
 * feature `provenance`; builds may also end as HashMismatch or Cancelled. All others are those of {@link operations}.
 * Its release 3.22 does not have the features `submit-output` and `add-to-store-scanning`.
 *
 * ```ts
 * import { bytesOf, compile } from 'nix-wire'
 * import { determinateOperations } from 'nix-wire/grammar'
 *
 * determinateOperations.QueryPathInfos.id // => 50
 * compile(determinateOperations.QueryPathInfos.request).encode({ paths: [] })
 * // => { _tag: 'Right', right: bytesOf('0000000000000000') }
 * ```
 *
 * Source: Determinate Nix.
 */
export const determinateOperations = {
  ...operations,
  AddToStore: operation({
    ...operations.AddToStore,
    request: AddToStoreRequest,
    reply: AddToStoreReply,
  }),
  QueryPathInfo: operation({
    ...operations.QueryPathInfo,
    reply: QueryPathInfoReply,
  }),
  BuildDerivation: operation({ ...operations.BuildDerivation, reply: DeterminateBuildResult }),
  BuildPathsWithResults: operation({
    ...operations.BuildPathsWithResults,
    reply: listOf(DeterminateKeyedBuildResult),
  }),
  AddToStoreNar: operation({ ...operations.AddToStoreNar, request: AddToStoreNarRequest }),
  AddToStoreScanning: operation({ ...operations.AddToStoreScanning, reply: Info }),
  QueryActiveBuilds: operation({
    id: 48,
    name: 'QueryActiveBuilds',
    summary: 'the running builds, as JSON',
    since: '1.38',
    gate: queryActiveBuilds,
    request: noArguments('QueryActiveBuilds'),
    reply: Text,
  }),
  AddTempRoots: operation({
    id: 49,
    name: 'AddTempRoots',
    summary: 'keeps some paths alive while the connection lasts',
    since: '1.38',
    gate: addTempRoots,
    request: AddTempRootsRequest,
    reply: One,
  }),
  QueryPathInfos: operation({
    id: 50,
    name: 'QueryPathInfos',
    summary: 'the infos of some paths; unknown paths are left out',
    since: '1.38',
    gate: queryPathInfos,
    request: QueryPathInfosRequest,
    reply: listOf(Info),
  }),
} as const

const refused = <Name extends string, Request, Reply, Direction extends Stream['direction'] = never>(
  given: Operation<Name, Request, Reply, Direction>,
): Operation<Name, Request, Reply, Direction> =>
  operation<Name, Request, Reply, Direction>({ ...given, note: 'Always answered by an error.' })

const unknown = <Name extends string, Request, Reply>(
  given: Operation<Name, Request, Reply>,
): Operation<Name, Request, Reply> =>
  operation({ ...given, status: 'removed', note: 'Unknown to newer releases of Lix.' })

/** The only version that Lix speaks, as client and as daemon. It has no features. */
export const lixVersion: ProtocolVersion = '1.35'

/**
 * The operations of Lix, in the forms of {@link operations}. Those for realisations, exports and single facts of a
 * path are always answered by an error. The `removed` ones are unknown to newer releases.
 *
 * ```ts
 * import { lixOperations } from 'nix-wire/grammar'
 *
 * lixOperations.QueryRealisation.note // => 'Always answered by an error.'
 * lixOperations.AddTextToStore.status // => 'removed'
 * ```
 *
 * Source: Lix, August 2026.
 */
export const lixOperations = {
  ...operations,
  HasSubstitutes: refused(operations.HasSubstitutes),
  QueryPathHash: refused(operations.QueryPathHash),
  QueryReferences: refused(operations.QueryReferences),
  AddTextToStore: unknown(operations.AddTextToStore),
  SyncWithGC: unknown(operations.SyncWithGC),
  ExportPath: refused(operations.ExportPath),
  QueryDeriver: refused(operations.QueryDeriver),
  QueryDerivationOutputs: unknown(operations.QueryDerivationOutputs),
  QueryFailedPaths: unknown(operations.QueryFailedPaths),
  ClearFailedPaths: unknown(operations.ClearFailedPaths),
  ImportPaths: refused(operations.ImportPaths),
  QueryDerivationOutputNames: unknown(operations.QueryDerivationOutputNames),
  RegisterDrvOutput: refused(operations.RegisterDrvOutput),
  QueryRealisation: refused(operations.QueryRealisation),
} as const

/**
 * The protocol between a build and the daemon that runs it (`builder-rpc-v0`): one version and one set of features,
 * which will never change.
 *
 * ```ts
 * import { builderRpcProtocol, operationsOf, builderRpcOperations } from 'nix-wire/grammar'
 *
 * operationsOf(builderRpcProtocol, builderRpcOperations).map(({ id }) => id) // => [1, 7, 11, 39, 44, 1000, 1001]
 * ```
 *
 * Source: the reference implementation.
 */
export const builderRpcProtocol: Pick<Protocol, 'version' | 'features'> = {
  version: '1.38',
  features: [
    'add-to-store-scanning',
    'disable-set-options',
    'realisation-with-path-not-hash',
    'submit-output',
  ],
}

const { IsValidPath, AddToStore, AddTempRoot, AddToStoreNar, AddMultipleToStore, SubmitOutput } = operations

/** The operations of `builder-rpc-v0`; all others are rejected. */
export const builderRpcOperations = {
  IsValidPath,
  AddToStore,
  AddTempRoot,
  AddToStoreNar,
  AddMultipleToStore,
  SubmitOutput,
  AddToStoreScanning: operations.AddToStoreScanning,
} as const
