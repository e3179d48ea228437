import type { Option } from 'fp-ts/lib/Option.js'
import { type Grammar, named } from '../combinators/node.js'
import { text } from '../combinators/primitives/text.js'
import { optional } from '../combinators/structures/optional.js'
import * as T from '../types/index.js'

/**
 * The method and the algorithm by which a store object's path is computed from its content: `text:sha256`,
 * `fixed:sha256`, `fixed:r:sha256`, `fixed:git:sha1`.
 *
 * ```ts
 * import { bytesOf, compile } from 'nix-wire'
 * import { ContentAddressMethodWithAlgo } from 'nix-wire/grammar'
 *
 * compile(ContentAddressMethodWithAlgo).decode(bytesOf('0a00000000000000 66697865643a73686131 000000000000'))
 * // => { _tag: 'Right', right: { _tag: 'Flat', algorithm: 'sha1' } }
 * ```
 *
 * Versions: 1.25 and above (AddToStore). Issues: those of String, `InvalidText`. Source: serialization,
 * ContentAddressMethodWithAlgo, which has no `fixed:git:`.
 */
export const ContentAddressMethodWithAlgo: Grammar<T.ContentAddressMethodWithAlgo> = text(
  T.ContentAddressMethodWithAlgo.format,
)
export type ContentAddressMethodWithAlgo = T.ContentAddressMethodWithAlgo

/**
 * A {@link ContentAddressMethodWithAlgo}, or the empty text for none.
 *
 * ```ts
 * import { bytesOf, compile } from 'nix-wire'
 * import { OptContentAddressMethodWithAlgo } from 'nix-wire/grammar'
 *
 * compile(OptContentAddressMethodWithAlgo).decode(bytesOf('0000000000000000'))
 * // => { _tag: 'Right', right: { _tag: 'None' } }
 * ```
 *
 * Issues: those of ContentAddressMethodWithAlgo. Source: serialization, OptContentAddressMethodWithAlgo.
 */
export const OptContentAddressMethodWithAlgo: Grammar<Option<T.ContentAddressMethodWithAlgo>> = named(
  'OptContentAddressMethodWithAlgo',
  optional(ContentAddressMethodWithAlgo),
)

/**
 * The content address of a store object: method, algorithm and digest, with the digest in nix32. The compatible
 * profile also accepts base16 and base64, distinguished by their length.
 *
 * ```ts
 * import { bytesOf, compile } from 'nix-wire'
 * import { ContentAddress } from 'nix-wire/grammar'
 *
 * const wire = bytesOf(`
 *   3300000000000000 66697865643a7368 61313a3030303030 3030303030303030
 *   3030303030303030 3030303030303030 3030303030303030 3030300000000000`)
 * compile(ContentAddress).decode(wire)
 * // => { _tag: 'Right', right: { _tag: 'Flat', algorithm: 'sha1', digest: '00000000000000000000000000000000' } }
 * ```
 *
 * Versions: all. Issues: those of String, `InvalidText`, `NotCanonical`. Source: serialization, ContentAddress.
 */
export const ContentAddress: Grammar<T.ContentAddress> = text(T.ContentAddress.format)
export type ContentAddress = T.ContentAddress

/**
 * A {@link ContentAddress}, or the empty text for none.
 *
 * ```ts
 * import { bytesOf, compile } from 'nix-wire'
 * import { OptContentAddress } from 'nix-wire/grammar'
 *
 * compile(OptContentAddress).decode(bytesOf('0000000000000000')) // => { _tag: 'Right', right: { _tag: 'None' } }
 * ```
 *
 * Versions: 1.16 and above (path info). Issues: those of ContentAddress. Source: serialization, OptContentAddress.
 */
export const OptContentAddress: Grammar<Option<T.ContentAddress>> = named(
  'OptContentAddress',
  optional(ContentAddress),
)
