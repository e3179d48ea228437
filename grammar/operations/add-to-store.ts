import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { isSome, none, type Option, some } from 'fp-ts/lib/Option.js'
import { type Grammar, named, type TypeOf } from '../../combinators/node.js'
import { imap } from '../../combinators/structures/imap.js'
import { setOf } from '../../combinators/structures/sequence.js'
import { struct } from '../../combinators/structures/struct.js'
import type * as T from '../../types/index.js'
import { since } from '../../types/nix-gates.js'
import { ContentAddressMethodWithAlgo } from '../content-address.js'
import { FileIngestionMethod } from '../enums.js'
import { byProtocol } from '../gated.js'
import { Bool64 } from '../integers.js'
import { type UnkeyedValidPathInfo, ValidPathInfo } from '../path-info.js'
import { StorePath } from '../store-paths.js'
import { HashAlgorithm, Text } from '../strings.js'
import { total } from '../total.js'
import { operation } from './operation.js'

const Request = struct('AddToStoreRequest', {
  name: Text,
  method: ContentAddressMethodWithAlgo,
  references: setOf(StorePath),
  repair: Bool64,
})

/** The request of AddToStore. */
export interface AddToStoreRequest extends TypeOf<typeof Request> {}

const OldRequest = struct('AddToStoreRequest', {
  name: Text,
  fixed: Bool64,
  recursive: FileIngestionMethod,
  hashAlgo: HashAlgorithm,
})

const usual: T.ContentAddressMethodWithAlgo = { _tag: 'NixArchive', algorithm: 'sha256' }

const isUsual = ({ _tag, algorithm }: T.ContentAddressMethodWithAlgo): boolean =>
  _tag === usual._tag && algorithm === usual.algorithm

const oldRequest: Grammar<AddToStoreRequest> = imap(
  OldRequest,
  ({ name, fixed, recursive, hashAlgo }): Either<string, AddToStoreRequest> =>
    right({
      name,
      method: fixed ? { _tag: recursive, algorithm: hashAlgo } : usual,
      references: [],
      repair: false,
    }),
  total('a request of AddToStore', ({ name, method, references, repair }: AddToStoreRequest) => {
    const { _tag: recursive, algorithm: hashAlgo } = method
    if (recursive !== 'Flat' && recursive !== 'NixArchive') {
      return left('the method Flat or NixArchive (below protocol 1.25)')
    }
    return references.length > 0 || repair
      ? left('neither references nor repair (below protocol 1.25)')
      : right({ name, fixed: !isUsual(method), recursive, hashAlgo })
  }),
)

/** The reply of AddToStore: the path, and since 1.25 its path info. */
export interface AddToStoreReply {
  readonly path: T.StorePath
  readonly info: Option<UnkeyedValidPathInfo>
}

const withInfo: Grammar<AddToStoreReply> = imap(
  ValidPathInfo,
  ({ path, info }): Either<string, AddToStoreReply> => right({ path, info: some(info) }),
  total('a path and its info', ({ path, info }: AddToStoreReply) =>
    isSome(info) ? right({ path, info: info.value }) : left('a path info (protocol 1.25 and above)'),
  ),
)

const pathOnly: Grammar<AddToStoreReply> = imap(
  StorePath,
  (path): Either<string, AddToStoreReply> => right({ path, info: none }),
  total('a path', ({ path, info }: AddToStoreReply) =>
    isSome(info) ? left('no path info (below protocol 1.25)') : right(path),
  ),
)

/**
 * Adds files to the store, under a path that follows from their content. Since 1.25 the dump comes in frames: a NAR
 * for the methods NixArchive and Git, the bytes of the file for Flat and Text. Below it is a NAR for all methods, as
 * it is.
 *
 * Below 1.25 the method is three fields. `fixed` is 0 exactly where it is `fixed:r:sha256`, and the other two are not
 * looked at then; there are no references, no other methods, and the reply is no more than the path.
 *
 * ```ts
 * import { bytesOf, compile } from 'nix-wire'
 * import { operations } from 'nix-wire/grammar'
 *
 * compile(operations.AddToStore.request, { version: '1.24' }).decode(bytesOf(`
 *   0100000000000000 7800000000000000 0100000000000000 0000000000000000 0400000000000000 7368613100000000`))
 * // => {
 * //   _tag: 'Right',
 * //   right: { name: 'x', method: { _tag: 'Flat', algorithm: 'sha1' }, references: [], repair: false },
 * // }
 * ```
 *
 * The daemon checks `name` after it has read the dump. Versions: all. Issues: those of the fields, `NotCanonical` for
 * another writing of `fixed:r:sha256`; encoding: `Unrepresentable` for what has no form below 1.25. Source:
 * operations, AddToStore, which has `fixed` the other way round and a NAR for all methods.
 */
export const AddToStore = operation({
  id: 7,
  name: 'AddToStore',
  summary: 'adds files under a path that follows from their content',
  since: '1.2',
  request: named('AddToStoreRequest', byProtocol<AddToStoreRequest>([[since('1.25'), Request]], oldRequest)),
  reply: named('AddToStoreReply', byProtocol<AddToStoreReply>([[since('1.25'), withInfo]], pathOnly)),
  streams: [
    { gate: since('1.25'), direction: 'upload', way: 'framed', content: 'Dump' },
    { gate: since('1.2'), direction: 'upload', way: 'raw', content: 'Nar' },
  ],
  trust: 'restricted',
  note: '`repair` is for trusted clients.',
})
