import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { isNone, none, type Option, some } from 'fp-ts/lib/Option.js'
import type { Protocol } from '../combinators/protocol.js'
import type { ContentAddress, NARHash, StorePath } from '../types/index.js'
import { type Hash, NARHash as NARHashType } from '../types/index.js'
import { object, optional, required, usually } from './members.js'
import { NixJsonType } from './nix-json-type.js'
import { type Codec, codec, flag, integer, listOf, natural, nullable, oneOf, text, viewed } from './parts.js'
import { contentAddress, HashJson, signature, storePathIn } from './texts.js'

/** The versions of the format: 1 has texts, 2 has an object for the content address, 3 also for each signature. */
export type StoreObjectInfoVersion = 1 | 2 | 3

/** The members that depend on the store and not on the object alone. */
export interface ImpureInfo {
  readonly deriver: Option<StorePath>
  /** The time of registration, in seconds since 1970. */
  readonly registrationTime: Option<bigint>
  readonly ultimate: boolean
  readonly signatures: ReadonlyArray<string>
}

/** The download in a binary cache. */
export interface DownloadInfo {
  readonly url: string
  readonly compression: Option<string>
  readonly downloadHash: Option<Hash>
  readonly downloadSize: Option<bigint>
}

/** The information about a store object in Nix's JSON. */
export interface StoreObjectInfo {
  readonly version: StoreObjectInfoVersion
  readonly path: Option<StorePath>
  readonly narHash: NARHash
  readonly narSize: bigint
  readonly references: ReadonlyArray<StorePath>
  readonly ca: Option<ContentAddress>
  readonly impure: Option<ImpureInfo>
  readonly download: Option<DownloadInfo>
  /** The size of the object's closure, in bytes. */
  readonly closureSize: Option<bigint>
  readonly closureDownloadSize: Option<bigint>
}

const narHash: Codec<NARHash> = viewed(
  'NARHash',
  HashJson,
  ({ algorithm, digest }) =>
    algorithm === 'sha256' && NARHashType.is(digest)
      ? right(digest)
      : left(`a sha256 hash, not ${algorithm}`),
  (digest) => ({ algorithm: 'sha256' as const, digest }),
)

const notTold = <A>(type: Codec<A>) => usually(nullable(type), none)

/** All members, in one version. */
const membersOf = (version: StoreObjectInfoVersion, given: Protocol) => {
  const path = storePathIn(given, version === 1 ? 'whole' : 'base')
  return object('StoreObjectInfo', {
    version: usually(oneOf(1, 2, 3), 1),
    storeDir: usually(oneOf(given.storeDir), given.storeDir),
    path: optional(path),
    narHash: required(narHash),
    narSize: required(natural),
    references: required(listOf(path)),
    ca: notTold(contentAddress(version === 1 ? 'text' : 'object')),
    deriver: optional(nullable(path)),
    registrationTime: optional(nullable(integer)),
    ultimate: optional(flag),
    signatures: optional(listOf(signature(version === 3 ? 'object' : 'text'))),
    url: optional(text),
    compression: optional(text),
    downloadHash: optional(HashJson),
    downloadSize: optional(natural),
    closureSize: optional(natural),
    closureDownloadSize: optional(natural),
  })
}

type Members = ReturnType<typeof membersOf>['_A']

/** Makes none within none a plain none. */
const flat = <A>(value: Option<Option<A>>): Option<A> => (isNone(value) ? none : value.value)

const orElse = <A>(value: Option<A>, otherwise: A): A => (isNone(value) ? otherwise : value.value)

/** Releases before 2.19 leave out impure members without contents. */
const impureOf = ({ deriver, registrationTime, ultimate, signatures }: Members): Option<ImpureInfo> =>
  [deriver, registrationTime, ultimate, signatures].some(({ _tag }) => _tag === 'Some')
    ? some({
        deriver: flat(deriver),
        registrationTime: flat(registrationTime),
        ultimate: orElse(ultimate, false),
        signatures: orElse(signatures, []),
      })
    : none

const downloadOf = ({ url, compression, downloadHash, downloadSize }: Members): Option<DownloadInfo> =>
  isNone(url) ? none : some({ url: url.value, compression, downloadHash, downloadSize })

const fromMembers = (members: Members): Either<string, StoreObjectInfo> => {
  const { version, path, narHash: hash, narSize, references, ca, closureSize, closureDownloadSize } = members
  return right({
    version: version as StoreObjectInfoVersion,
    path,
    narHash: hash,
    narSize,
    references,
    ca,
    impure: impureOf(members),
    download: downloadOf(members),
    closureSize,
    closureDownloadSize,
  })
}

const impureMembers = (impure: Option<ImpureInfo>) => {
  if (isNone(impure)) {
    return { deriver: none, registrationTime: none, ultimate: none, signatures: none }
  }
  const { deriver, registrationTime, ultimate, signatures } = impure.value
  return {
    deriver: some(deriver),
    registrationTime: some(registrationTime),
    ultimate: some(ultimate),
    signatures: some(signatures),
  }
}

const downloadMembers = (download: Option<DownloadInfo>) =>
  isNone(download)
    ? { url: none, compression: none, downloadHash: none, downloadSize: none }
    : { ...download.value, url: some(download.value.url) }

const toMembers =
  (storeDir: string) =>
  ({ impure, download, ...info }: StoreObjectInfo): Members => ({
    ...info,
    ...impureMembers(impure),
    ...downloadMembers(download),
    storeDir,
  })

/**
 * The information about a store object, in versions 1, 2 and 3 of the format; a value is written in its own version.
 * The impure members are absent if only the object itself is described, and those of a download are absent outside a
 * binary cache. The output of `nix path-info --json` of older releases, without a version, is read as version 1.
 *
 * ```ts
 * import { StoreObjectInfoJson } from 'nix-wire/nix-json'
 *
 * const read = StoreObjectInfoJson.decode({
 *   version: 2,
 *   storeDir: '/nix/store',
 *   narHash: 'sha256-FePFYIlMuycIXPZbWi7LGEiMmZSX9FMbaQenWBzm1Sc=',
 *   narSize: 34878,
 *   references: ['g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-bar'],
 *   ca: null,
 * })
 * read._tag === 'Right' && read.right.references // => ['/nix/store/g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-bar']
 * ```
 *
 * Issues: a store directory other than that of the codec's protocol; a hash of the archive that is not sha256.
 * Source: Nix's schema store-object-info-v3.
 */
export const StoreObjectInfoJson: NixJsonType<StoreObjectInfo> = new NixJsonType(
  'StoreObjectInfoJson',
  (given) => {
    const versions = {
      1: viewed('StoreObjectInfo', membersOf(1, given), fromMembers, toMembers(given.storeDir)),
      2: viewed('StoreObjectInfo', membersOf(2, given), fromMembers, toMembers(given.storeDir)),
      3: viewed('StoreObjectInfo', membersOf(3, given), fromMembers, toMembers(given.storeDir)),
    }
    // Each codec reads the forms of all versions.
    return codec('StoreObjectInfo', versions[3].validate, (info) => versions[info.version].encode(info))
  },
)
