import { since } from '../../combinators/gate.js'
import { type Grammar, named, type TypeOf } from '../../combinators/node.js'
import type { Protocol } from '../../combinators/protocol.js'
import { byProtocol, pure, versioned } from '../../combinators/structures/gated.js'
import { optionalByTag } from '../../combinators/structures/optional.js'
import { listOf, setOf } from '../../combinators/structures/sequence.js'
import { struct } from '../../combinators/structures/struct.js'
import type { ProtocolVersion } from '../../combinators/version.js'
import { AddMultipleInfo } from '../add-multiple-to-store.js'
import {
  addTempRoots,
  provenance,
  queryActiveBuilds,
  queryPathInfos,
  versionedAddToStoreMultiple,
} from '../features.js'
import { Bool64 } from '../integers.js'
import { UnkeyedValidPathInfo, ValidPathInfo } from '../path-info.js'
import { UInt64 } from '../primitives.js'
import { StorePath } from '../store-paths.js'
import { Text } from '../strings.js'
import { noArguments, One, type Operation, operation } from './operation.js'
import { certain } from './query-path-info.js'
import { operations } from './table.js'

/** A JSON text that says where a path comes from; empty where nothing is known, and without the feature. */
const Provenance = named('Provenance', versioned(provenance, Text, ''))

const UnkeyedInfo_ = struct('UnkeyedPathInfoWithProvenance', {
  info: UnkeyedValidPathInfo,
  provenance: Provenance,
})

/** What a Determinate store knows of a path. */
export interface UnkeyedPathInfoWithProvenance extends TypeOf<typeof UnkeyedInfo_> {}

const UnkeyedInfo: Grammar<UnkeyedPathInfoWithProvenance> = UnkeyedInfo_

const Info_ = struct('PathInfoWithProvenance', { info: ValidPathInfo, provenance: Provenance })

/** A path, and what a Determinate store knows of it. */
export interface PathInfoWithProvenance extends TypeOf<typeof Info_> {}

const Info: Grammar<PathInfoWithProvenance> = Info_

/**
 * What stands before each NAR in the frames of AddMultipleToStore: a ValidPathInfo in the form of protocol 1.16; with
 * the feature `versionedAddToStoreMultiple` in the form that was negotiated.
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

const AddToStoreRequest = struct('AddToStoreRequest', {
  add: operations.AddToStore.request,
  provenance: Provenance,
})
const AddToStoreReply = struct('AddToStoreReply', {
  added: operations.AddToStore.reply,
  provenance: Provenance,
})
const AddToStoreNarRequest = struct('AddToStoreNarRequest', {
  info: ValidPathInfo,
  provenance: Provenance,
  repair: Bool64,
  dontCheckSigs: Bool64,
})

/**
 * The operations of Determinate Nix: three of its own, each with a feature, and those whose path infos have one more
 * field with the feature `provenance`. All others are those of {@link operations}.
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
    reply: named(
      'QueryPathInfoReply',
      byProtocol([[since('1.17'), optionalByTag(UInt64, UnkeyedInfo)]], certain(UnkeyedInfo)),
    ),
  }),
  AddToStoreNar: operation({ ...operations.AddToStoreNar, request: AddToStoreNarRequest }),
  AddToStoreScanning: operation({ ...operations.AddToStoreScanning, reply: Info }),
  QueryActiveBuilds: operation({
    id: 48,
    name: 'QueryActiveBuilds',
    summary: 'the builds that run, as JSON',
    since: '1.38',
    gate: queryActiveBuilds,
    request: noArguments('QueryActiveBuilds'),
    reply: Text,
  }),
  AddTempRoots: operation({
    id: 49,
    name: 'AddTempRoots',
    summary: 'keeps some paths while the connection lasts',
    since: '1.38',
    gate: addTempRoots,
    request: struct('AddTempRootsRequest', { paths: setOf(StorePath) }),
    reply: One,
  }),
  QueryPathInfos: operation({
    id: 50,
    name: 'QueryPathInfos',
    summary: 'what the store knows of some paths; unknown ones are left out',
    since: '1.38',
    gate: queryPathInfos,
    request: struct('QueryPathInfosRequest', { paths: setOf(StorePath) }),
    reply: listOf(Info),
  }),
} as const

const refused = <Name extends string, Request, Reply>(
  given: Operation<Name, Request, Reply>,
): Operation<Name, Request, Reply> => operation({ ...given, note: 'Always answered by an error.' })

/** The one version that Lix speaks, as client and as daemon; it has no features. */
export const lixVersion: ProtocolVersion = '1.35'

/**
 * The operations of Lix. Those on realisations are answered by errors, and many obsolete and removed ones are
 * unknown to it; the forms are those of {@link operations}.
 *
 * Source: Lix.
 */
export const lixOperations = {
  ...operations,
  RegisterDrvOutput: refused(operations.RegisterDrvOutput),
  QueryRealisation: refused(operations.QueryRealisation),
} as const

/**
 * What a build may speak with the daemon that runs it (`builder-rpc-v0`): one version and one set of features, which
 * will never change.
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

/** The operations of `builder-rpc-v0`; any other is refused. */
export const builderRpcOperations = {
  IsValidPath,
  AddToStore,
  AddTempRoot,
  AddToStoreNar,
  AddMultipleToStore,
  SubmitOutput,
  AddToStoreScanning: operations.AddToStoreScanning,
} as const
