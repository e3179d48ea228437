import { type Either, left, mapLeft, right } from 'fp-ts/lib/Either.js'
import { none } from 'fp-ts/lib/Option.js'
import { type Grammar, named, summarised, type TypeOf } from '../../combinators/node.js'
import { text } from '../../combinators/primitives/text.js'
import { imap } from '../../combinators/structures/imap.js'
import { optional } from '../../combinators/structures/optional.js'
import { setOf } from '../../combinators/structures/sequence.js'
import { struct } from '../../combinators/structures/struct.js'
import * as T from '../../types/index.js'
import { OptContentAddress } from '../content-address.js'
import { UInt64 } from '../primitives.js'
import { OptStorePath, StorePath } from '../store-paths.js'
import { Signature } from '../strings.js'
import { since, versioned } from './protocol.js'

const PrefixedNARHash = named(
  'PrefixedNARHash',
  imap(
    text(T.PrefixedNARHash.format),
    (prefixed): Either<string, T.NARHash> => mapLeft(T.showTextIssue)(T.NARHash.make(prefixed)),
    (hash: T.NARHash) =>
      T.NARHash.is(hash) ? right(T.prefixedNARHash(hash)) : left('a sha256 hash in base16'),
  ),
)

const OptPrefixedNARHash = named('OptPrefixedNARHash', optional(PrefixedNARHash))

const ServePathInfo_ = struct('ServePathInfo', {
  deriver: OptStorePath,
  references: setOf(StorePath),
  downloadSize: UInt64,
  narSize: UInt64,
  narHash: versioned(since('2.4'), OptPrefixedNARHash, none),
  ca: versioned(since('2.4'), OptContentAddress, none),
  signatures: versioned(since('2.4'), setOf(Signature), []),
})

/**
 * A path info without its path. Servers write the size of the archive as `downloadSize`.
 *
 * ```ts
 * import { bytesOf, compile } from 'nix-wire'
 * import { ServePathInfo } from 'nix-wire/serve'
 * import { option as O } from 'fp-ts'
 *
 * const wire = bytesOf('0000000000000000 0000000000000000 3e88000000000000 3e88000000000000')
 * const unknown = { narHash: O.none, ca: O.none, signatures: [] }
 * compile(ServePathInfo, { version: '2.3' }).decode(wire)
 * // => { _tag: 'Right', right: { deriver: O.none, references: [], downloadSize: 34878n, narSize: 34878n, ...unknown } }
 * ```
 *
 * Versions: all; the last three fields since 2.4. Issues: those of its fields; encoding: `Unrepresentable` for one of
 * these three below 2.4. Source: the reference implementation, where it is UnkeyedValidPathInfo.
 */
export const ServePathInfo: Grammar<ServePathInfo> = summarised('the info of a path', ServePathInfo_)
export interface ServePathInfo extends TypeOf<typeof ServePathInfo_> {}
