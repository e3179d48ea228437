import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'
import { getOrElse, isNone, map as mapOption, none, type Option, some } from 'fp-ts/lib/Option.js'
import * as t from 'io-ts'
import type { Protocol } from '../combinators/protocol.js'
import type { UnkeyedValidPathInfo, ValidPathInfo } from '../grammar/path-info.js'
import type { ServePathInfo } from '../grammar/serve/path-info.js'
import { type NarInfo, narInfoOf } from '../store/nar-info.js'
import type { NARHash, StorePath } from '../types/index.js'
import { isMembers } from './json.js'
import { object, required } from './members.js'
import { NixJsonType } from './nix-json-type.js'
import { type Codec, codec, listOf, mapOf, nullable, oneOf, viewed } from './parts.js'
import { type ImpureInfo, type StoreObjectInfo, StoreObjectInfoJson } from './store-object-info.js'
import { storePathIn } from './texts.js'

/** The defaults of members that are missing in JSON about the object only. */
const nothingImpure: ImpureInfo = {
  deriver: none,
  registrationTime: none,
  ultimate: false,
  signatures: [],
}

/** The path info of a daemon, from the members of JSON. An unknown time is 0. */
const unkeyedOf = ({ impure, narHash, narSize, references, ca }: StoreObjectInfo): UnkeyedValidPathInfo => {
  const { deriver, registrationTime, ultimate, signatures } = getOrElse(() => nothingImpure)(impure)
  return {
    deriver,
    narHash,
    references,
    registrationTime: getOrElse(() => 0n)(registrationTime),
    narSize,
    ultimate,
    signatures,
    ca,
  }
}

const infoOf = (info: UnkeyedValidPathInfo): StoreObjectInfo => {
  const { deriver, narHash, references, registrationTime, narSize, ultimate, signatures, ca } = info
  return {
    version: 3,
    path: none,
    narHash,
    narSize,
    references,
    ca,
    impure: some({
      deriver,
      registrationTime: registrationTime === 0n ? none : some(registrationTime),
      ultimate,
      signatures,
    }),
    download: none,
    closureSize: none,
    closureDownloadSize: none,
  }
}

/**
 * A path info without its path: version 3 of the format, with its impure members. Other versions are read too.
 *
 * ```ts
 * import { UnkeyedValidPathInfoJson } from 'nix-wire/nix-json'
 *
 * const read = UnkeyedValidPathInfoJson.decode({
 *   narHash: 'sha256-FePFYIlMuycIXPZbWi7LGEiMmZSX9FMbaQenWBzm1Sc=', narSize: 34878, references: [], ca: null,
 *   deriver: null, registrationTime: 23423, ultimate: true, signatures: [], storeDir: '/nix/store', version: 3,
 * })
 * read._tag === 'Right' && [read.right.registrationTime, read.right.ultimate] // => [23423n, true]
 * ```
 *
 * Source: Nix's schema store-object-info-v3.
 */
export const UnkeyedValidPathInfoJson: NixJsonType<UnkeyedValidPathInfo> = new NixJsonType(
  'UnkeyedValidPathInfoJson',
  (given) =>
    viewed(
      'UnkeyedValidPathInfo',
      StoreObjectInfoJson.under(given),
      (info) => right(unkeyedOf(info)),
      infoOf,
    ),
)

/**
 * A path info with its path under `path`.
 *
 * Source: Nix's schema store-object-info-v3.
 */
export const ValidPathInfoJson: NixJsonType<ValidPathInfo> = new NixJsonType('ValidPathInfoJson', (given) =>
  viewed(
    'ValidPathInfo',
    StoreObjectInfoJson.under(given),
    (info) =>
      isNone(info.path) ? left('a member "path"') : right({ path: info.path.value, info: unkeyedOf(info) }),
    ({ path, info }) => ({ ...infoOf(info), path: some(path) }),
  ),
)

/** Nix writes zeros if the serve protocol does not send the hash. */
const noHash = '0'.repeat(64) as NARHash

/**
 * A path info of the serve protocol: without the time, and with `ultimate` false.
 *
 * Source: the reference implementation.
 */
export const ServePathInfoJson: NixJsonType<ServePathInfo> = new NixJsonType('ServePathInfoJson', (given) =>
  viewed(
    'ServePathInfo',
    StoreObjectInfoJson.under(given),
    (info): Either<string, ServePathInfo> => {
      const { registrationTime, ultimate, narHash, narSize, ...rest } = unkeyedOf(info)
      return registrationTime !== 0n || ultimate
        ? left('no time and no "ultimate", which the serve protocol does not send')
        : right({
            ...rest,
            downloadSize: narSize,
            narSize,
            narHash: narHash === noHash ? none : some(narHash),
          })
    },
    ({ downloadSize: _, narHash, ...rest }) =>
      infoOf({ ...rest, narHash: getOrElse(() => noHash)(narHash), registrationTime: 0n, ultimate: false }),
  ),
)

const downloadOf = ({ url, compression, fileHash, fileSize }: NarInfo): StoreObjectInfo['download'] =>
  some({ url, compression: some(compression), downloadHash: fileHash, downloadSize: fileSize })

/** The default compression of a cache in Nix. */
const usualCompression = 'bzip2'

/**
 * The JSON of a narinfo: a path info of a binary cache, with the members of the download. Unknown lines of the
 * narinfo are not in it.
 *
 * Issues: JSON without a path or without a URL. Source: Nix's schema store-object-info-v3, narInfo.
 */
export const NarInfoJson: NixJsonType<NarInfo> = new NixJsonType('NarInfoJson', (given) =>
  viewed(
    'NarInfo',
    StoreObjectInfoJson.under(given),
    (info): Either<string, NarInfo> => {
      const { path, download } = info
      if (isNone(path) || isNone(download)) return left(`a member "${isNone(path) ? 'path' : 'url'}"`)
      const { url, compression, downloadHash, downloadSize } = download.value
      return right(
        narInfoOf(
          { path: path.value, info: unkeyedOf(info) },
          {
            url,
            compression: getOrElse(() => usualCompression)(compression),
            fileHash: downloadHash,
            fileSize: downloadSize,
          },
        ),
      )
    },
    (info) => ({ ...infoOf(info.info), path: some(info.path), download: downloadOf(info) }),
  ),
)

/** The member that marks an invalid path in old lists. */
const invalid = (given: Protocol) =>
  object('PathInfo', { path: required(storePathIn(given)), valid: required(oneOf(false)) })

type Entry = readonly [StorePath, Option<StoreObjectInfo>]

/** The list that releases up to 2.18 print. It can only be read. */
const listed = (given: Protocol, info: Codec<StoreObjectInfo>): Codec<Infos> => {
  const missing = invalid(given)
  const one = codec<Entry>(
    'PathInfo',
    (input, context) => {
      if (isMembers(input) && input.valid === false) {
        const path = missing.validate(input, context)
        return isLeft(path) ? path : t.success([path.right.path, none])
      }
      const read = info.validate(input, context)
      if (isLeft(read)) return read
      const { path } = read.right
      return isNone(path)
        ? t.failure(input, context, 'expected a member "path"')
        : t.success([path.value, some(read.right)])
    },
    ([path]) => path,
  )
  return viewed(
    'PathInfos',
    listOf(one),
    (all): Either<string, Infos> => right(new Map(all)),
    (all) => [...all],
  )
}

/** The path infos of Nix; none for an invalid path. */
type Infos = ReadonlyMap<StorePath, Option<StoreObjectInfo>>

const isWrapped = (input: unknown): input is { readonly info: unknown } =>
  isMembers(input) && Object.hasOwn(input, 'info')

/**
 * The output of `nix path-info --json`: path infos, by their paths. It is written as by Nix 2.34 in its second
 * format. A list, as of releases up to 2.18, and an object with whole paths are read too.
 *
 * Source: the reference implementation.
 */
export const PathInfosJson: NixJsonType<Infos> = new NixJsonType('PathInfosJson', (given) => {
  const info = StoreObjectInfoJson.under(given)
  const infos = mapOf(storePathIn(given), nullable(info))
  const list = listed(given, info)
  const second = (each: StoreObjectInfo): StoreObjectInfo => ({ ...each, version: 2, path: none })
  return codec(
    'PathInfos',
    (input, context) =>
      Array.isArray(input)
        ? list.validate(input, context)
        : infos.validate(isWrapped(input) ? input.info : input, context),
    (map) => ({
      info: infos.encode(new Map([...map].map(([path, each]) => [path, mapOption(second)(each)]))),
      storeDir: given.storeDir,
      version: 2,
    }),
  )
})
