import type { Option } from 'fp-ts/lib/Option.js'
import { type Grammar, named } from '../combinators/node.js'
import { text } from '../combinators/primitives/text.js'
import { optional } from '../combinators/structures/optional.js'
import * as T from '../types/index.js'

/**
 * The full path of a store object: store directory, hash, name. The compatible profile cleans it up (`//`, `/./`,
 * `..`, a slash at the end), like the reference implementation.
 *
 * ```ts
 * import { bytesOf, compile } from 'nix-wire'
 * import { StorePath } from 'nix-wire/grammar'
 *
 * const wire = bytesOf(`
 *   2e00000000000000
 *   2f67 6e75 2f73 746f 7265 2f67 3177 3768 7933 7167 3177 3768 7933 7167 3177 3768
 *   7933 7167 3177 3768 7933 712d 666f 0000`)
 * compile(StorePath, { storeDir: '/gnu/store' }).decode(wire)
 * // => { _tag: 'Right', right: '/gnu/store/g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-fo' }
 * ```
 *
 * The store directory is that of the protocol; it is not negotiated. Versions: all. Issues: those of String,
 * `InvalidText`, `NotCanonical`. Source: serialization, StorePath, which requires the `-` after the hash; no release
 * checks it.
 */
export const StorePath: Grammar<T.StorePath> = text(T.StorePath.format)
export type StorePath = T.StorePath

/**
 * A store path without its store directory: `hash-name`. Used by AddBuildLog, in the JSON of a realisation, and by
 * RegisterDrvOutput from 1.27 to 1.30.
 *
 * ```ts
 * import { bytesOf, compile } from 'nix-wire'
 * import { BaseStorePath } from 'nix-wire/grammar'
 *
 * const wire = bytesOf(`
 *   2400000000000000 6731773768793371 6731773768793371 6731773768793371
 *   6731773768793371 2d666f6f00000000`)
 * compile(BaseStorePath).decode(wire)
 * // => { _tag: 'Right', right: 'g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-foo' }
 * ```
 *
 * Versions: all. Issues: those of String, `InvalidText`. Source: serialization, BaseStorePath.
 */
export const BaseStorePath: Grammar<T.BaseStorePath> = text(T.BaseStorePath.format)
export type BaseStorePath = T.BaseStorePath

/**
 * The name of a store object: 1 to 211 bytes out of `0-9a-zA-Z+-._?=`. It is not `.` or `..`, and does not begin with
 * `.-` or `..-`.
 *
 * ```ts
 * import { bytesOf, compile } from 'nix-wire'
 * import { StorePathName } from 'nix-wire/grammar'
 *
 * compile(StorePathName).decode(bytesOf('0300000000000000 666f6f 0000000000')) // => { _tag: 'Right', right: 'foo' }
 * ```
 *
 * Versions: all; the rule on leading dots is that of Nix 2.21 and above. Issues: those of String, `InvalidText`.
 * Source: serialization, StorePathName, which does not limit the length.
 */
export const StorePathName: Grammar<T.StorePathName> = text(T.StorePathName.format)
export type StorePathName = T.StorePathName

/**
 * The hash part of a store path: 32 nix32 symbols.
 *
 * ```ts
 * import { bytesOf, compile } from 'nix-wire'
 * import { StorePathHash } from 'nix-wire/grammar'
 *
 * compile(StorePathHash).decode(bytesOf(`
 *   2000000000000000 6731773768793371 6731773768793371 6731773768793371 6731773768793371`))
 * // => { _tag: 'Right', right: 'g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q' }
 * ```
 *
 * Versions: all. Issues: those of String, `InvalidText`. Source: serialization, StorePathHash.
 */
export const StorePathHash: Grammar<T.StorePathHash> = text(T.StorePathHash.format)
export type StorePathHash = T.StorePathHash

/**
 * The name of a derivation's output. It follows the rules of {@link StorePathName}.
 *
 * ```ts
 * import { bytesOf, compile } from 'nix-wire'
 * import { OutputName } from 'nix-wire/grammar'
 *
 * compile(OutputName).decode(bytesOf('0300000000000000 6f7574 0000000000')) // => { _tag: 'Right', right: 'out' }
 * ```
 *
 * Versions: all. Issues: those of String, `InvalidText`. Source: serialization, OutputName; no release checks it on
 * the wire.
 */
export const OutputName: Grammar<T.OutputName> = text(T.OutputName.format)
export type OutputName = T.OutputName

/**
 * A {@link StorePath}, or the empty text for none.
 *
 * ```ts
 * import { bytesOf, compile } from 'nix-wire'
 * import { OptStorePath } from 'nix-wire/grammar'
 *
 * compile(OptStorePath).decode(bytesOf('0000000000000000')) // => { _tag: 'Right', right: { _tag: 'None' } }
 * ```
 *
 * Versions: all. Issues: those of StorePath. Source: serialization, OptStorePath.
 */
export const OptStorePath: Grammar<Option<T.StorePath>> = named('OptStorePath', optional(StorePath))
