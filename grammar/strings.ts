import type { Option } from 'fp-ts/lib/Option.js'
import { type Grammar, named, summarised, type TextGrammar } from '../combinators/node.js'
import { escapedText, text, utf8 } from '../combinators/primitives/text.js'
import { optional } from '../combinators/structures/optional.js'
import * as T from '../types/index.js'

/**
 * Bytes that are UTF-8, as a `string`: what the formats with an alphabet are written in. Where Nix checks no characters
 * there is a {@link Text} in its place.
 *
 * ```ts
 * import { bytesOf, compile } from 'nix-wire'
 * import { String } from 'nix-wire/grammar'
 *
 * compile(String).encode('hello') // => { _tag: 'Right', right: bytesOf('0500000000000000 68656c6c6f000000') }
 * ```
 *
 * Versions: all. Issues: `UnexpectedEnd`, `NonZeroPadding`, `NotUtf8`, `LimitExceeded`; encoding:
 * `Unrepresentable` for a lone surrogate. Source: serialization, String.
 */
const String_: TextGrammar = summarised('a text in UTF-8', named('String', utf8))

export { String_ as String }

/**
 * A text of any bytes: names, log lines, error messages, keys and values of a derivation's environment. It is usually
 * UTF-8, but need not be: each byte that is not UTF-8 becomes a lone surrogate, U+DC80 to U+DCFF, and is written back
 * as the same byte. Sets and map keys are ordered by the bytes.
 *
 * ```ts
 * import { bytesOf, compile } from 'nix-wire'
 * import { Text } from 'nix-wire/grammar'
 *
 * const wire = bytesOf('0200000000000000 41ff 000000000000')
 * compile(Text).decode(wire) // => { _tag: 'Right', right: 'A\udcff' }
 * compile(Text).encode('A\udcff') // => { _tag: 'Right', right: wire }
 * ```
 *
 * Versions: all. Issues: `UnexpectedEnd`, `NonZeroPadding`, `LimitExceeded`; encoding: `Unrepresentable` for other
 * lone surrogates. Source: serialization, String.
 */
export const Text: TextGrammar = summarised('a text that may not be UTF-8', named('Text', escapedText))

/**
 * The absolute path of a file.
 *
 * ```ts
 * import { bytesOf, compile } from 'nix-wire'
 * import { Path } from 'nix-wire/grammar'
 *
 * compile(Path).decode(bytesOf('0400000000000000 2f746d70 00000000')) // => { _tag: 'Right', right: '/tmp' }
 * ```
 *
 * Versions: all. Issues: those of String, `InvalidText`. Source: serialization, Path.
 */
export const Path: Grammar<T.Path> = text(T.Path.format)
export type Path = T.Path

/**
 * The SHA-256 of a NAR: 64 lower-case hex digits. The compatible profile accepts every form that the reference
 * implementation accepts (nix32, base64, upper case, with the prefix `sha256:`, SRI) and normalises it.
 *
 * ```ts
 * import { bytesOf, compile } from 'nix-wire'
 * import { NARHash } from 'nix-wire/grammar'
 *
 * const wire = bytesOf(`
 *   4000000000000000 3135653363353630 3839346362623237 3038356366363562
 *   3561326563623138 3438386339393934 3937663435333162 3639303761373538
 *   3163653664353237`)
 * compile(NARHash).decode(wire)
 * // => {
 * //   _tag: 'Right',
 * //   right: '15e3c560894cbb27085cf65b5a2ecb18488c999497f4531b6907a7581ce6d527',
 * // }
 * ```
 *
 * Versions: all. Issues: those of String, `InvalidText`, `NotCanonical`. Source: serialization, NARHash, which has
 * base16 only.
 */
export const NARHash: Grammar<T.NARHash> = text(T.NARHash.format)
export type NARHash = T.NARHash

/**
 * A signature of a path or a realisation: `keyName:base64`. The compatible profile reads and writes any text, with
 * bytes that are not UTF-8 as in {@link Text}; `Signature.is` of `nix-wire/types` says whether one has the right
 * form. Sets of signatures are ordered by key name, then by the decoded bytes.
 *
 * ```ts
 * import { bytesOf, compile } from 'nix-wire'
 * import { Signature } from 'nix-wire/grammar'
 *
 * compile(Signature).decode(bytesOf('0600000000000000 6b3a41413d3d 0000')) // => { _tag: 'Right', right: 'k:AA==' }
 *
 * const free = bytesOf('0600000000000000 756e6b6e6f77 0000')
 * compile(Signature).decode(free) // => { _tag: 'Right', right: 'unknow' }
 * compile(Signature, {}, { profile: 'canonical' }).decode(free)._tag // => 'Left'
 * ```
 *
 * Versions: all. Issues: `UnexpectedEnd`, `NonZeroPadding`, `LimitExceeded`; in the canonical profile `InvalidText`,
 * `NotCanonical`. Source: serialization, Signature, which leaves the form open; Nix enforces it since 2.34, Lix
 * never.
 */
export const Signature: Grammar<string> = text(T.AnySignature.format, 'escaped')

/**
 * The name of a hash algorithm.
 *
 * ```ts
 * import { bytesOf, compile } from 'nix-wire'
 * import { HashAlgorithm } from 'nix-wire/grammar'
 *
 * compile(HashAlgorithm).decode(bytesOf('0600000000000000 736861323536 0000')) // => { _tag: 'Right', right: 'sha256' }
 * ```
 *
 * Versions: all. Issues: those of String, `InvalidText`. Source: serialization, HashAlgorithm, which has no blake3
 * (Nix 2.27, experimental).
 */
export const HashAlgorithm: Grammar<T.HashAlgorithm> = text(T.HashAlgorithm.format)
export type HashAlgorithm = T.HashAlgorithm

/**
 * A digest in base16, nix32 or base64, without its algorithm. The text is kept as it is.
 *
 * ```ts
 * import { bytesOf, compile } from 'nix-wire'
 * import { HashDigest } from 'nix-wire/grammar'
 *
 * const wire = bytesOf(`
 *   3400000000000000 307367396635386c 316a6a3838773670 64726664706a3578
 *   3962317a7277737a 6b38346a38317a76 6279333671397768 6868716100000000`)
 * compile(HashDigest).decode(wire)
 * // => { _tag: 'Right', right: '0sg9f58l1jj88w6pdrfdpj5x9b1zrwszk84j81zvby36q9whhhqa' }
 * ```
 *
 * Versions: all. Issues: those of String, `InvalidText`. Source: serialization, HashDigest.
 */
export const HashDigest: Grammar<T.HashDigest> = text(T.HashDigest.format)
export type HashDigest = T.HashDigest

/**
 * A {@link HashDigest}, or the empty text for none.
 *
 * ```ts
 * import { bytesOf, compile } from 'nix-wire'
 * import { OptHashDigest } from 'nix-wire/grammar'
 *
 * compile(OptHashDigest).decode(bytesOf('0000000000000000')) // => { _tag: 'Right', right: { _tag: 'None' } }
 * ```
 *
 * Versions: all. Issues: those of HashDigest. Source: serialization, OptHashDigest.
 */
export const OptHashDigest: Grammar<Option<T.HashDigest>> = named('OptHashDigest', optional(HashDigest))
