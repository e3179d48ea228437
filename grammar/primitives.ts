import { type Grammar, type IntGrammar, named, summarised } from '../combinators/node.js'
import { paddedBytes } from '../combinators/primitives/bytes.js'
import { u64 } from '../combinators/primitives/int.js'

/**
 * Eight bytes, little endian, 0 to 2^64−1. Values are `bigint`, since real ones exceed 2^53.
 *
 * ```ts
 * import { bytesOf, compile } from 'nix-wire'
 * import { UInt64 } from 'nix-wire/grammar'
 *
 * compile(UInt64).decode(bytesOf('9a02000000000000')) // => { _tag: 'Right', right: 666n }
 * ```
 *
 * Versions: all. Issues: `UnexpectedEnd`; encoding: `OutOfRange`. Source: serialization, UInt64.
 */
export const UInt64: IntGrammar<bigint> = summarised('an unsigned 64-bit integer', named('UInt64', u64))

/**
 * A length ({@link UInt64}), that many bytes, then zeros up to the next multiple of 8.
 *
 * ```ts
 * import { bytesOf, compile } from 'nix-wire'
 * import { Bytes } from 'nix-wire/grammar'
 *
 * compile(Bytes).encode(new Uint8Array([0x74, 0x65, 0x61]))
 * // => { _tag: 'Right', right: bytesOf('0300000000000000 746561 0000000000') }
 * ```
 *
 * Versions: all. Issues: `UnexpectedEnd`, `NonZeroPadding`, `LimitExceeded`. Source: serialization, Bytes; the
 * padding must be zero, which the specification does not say.
 */
export const Bytes: Grammar<Uint8Array> = summarised(
  'bytes: their length, then the bytes, then zero padding',
  named('Bytes', paddedBytes),
)
