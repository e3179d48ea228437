import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { isSome } from 'fp-ts/lib/Option.js'
import { type Grammar, type IntGrammar, named, summarised } from '../combinators/node.js'
import { bool32, bool64 } from '../combinators/primitives/bool.js'
import { lowBits, size, u8, u32, u63 } from '../combinators/primitives/int.js'
import { imap } from '../combinators/structures/imap.js'
import {
  parseVersion,
  type ProtocolVersion as Version,
  versionBits,
  versionFromBits,
} from '../combinators/version.js'

/**
 * An integer of at most 2^32−1, as a `number`: operation codes, counts of fields, replies that are always 1.
 *
 * ```ts
 * import { bytesOf, compile } from 'nix-wire'
 * import { Int } from 'nix-wire/grammar'
 *
 * compile(Int).decode(bytesOf('ffffffff00000000')) // => { _tag: 'Right', right: 4294967295 }
 * compile(Int).decode(bytesOf('0000000001000000'))._tag // => 'Left'
 * ```
 *
 * Versions: all. Issues: `UnexpectedEnd`, `OutOfRange`. Source: serialization, Int.
 */
export const Int: IntGrammar<number, 4294967295> = summarised('an integer below 2^32', named('Int', u32))

/**
 * An integer from 0 to 2^63−1, as a `bigint`. Negative numbers are rejected in encoding, since decoders would read
 * them as too large.
 *
 * ```ts
 * import { bytesOf, compile } from 'nix-wire'
 * import { Int64 } from 'nix-wire/grammar'
 *
 * compile(Int64).decode(bytesOf('0065cd1d00000000')) // => { _tag: 'Right', right: 500000000n }
 * compile(Int64).encode(-1n)._tag // => 'Left'
 * ```
 *
 * Versions: all. Issues: `UnexpectedEnd`, `OutOfRange`. Source: serialization, Int64, which allows negative numbers
 * to be written.
 */
export const Int64: IntGrammar<bigint> = summarised(
  'a signed 64-bit integer, never negative',
  named('Int64', u63),
)

/**
 * An integer of at most 255, as a `number`.
 *
 * ```ts
 * import { bytesOf, compile } from 'nix-wire'
 * import { UInt8 } from 'nix-wire/grammar'
 *
 * compile(UInt8).decode(bytesOf('ff00000000000000')) // => { _tag: 'Right', right: 255 }
 * ```
 *
 * Versions: all. Issues: `UnexpectedEnd`, `OutOfRange`. Source: serialization, UInt8.
 */
export const UInt8: IntGrammar<number, 255> = summarised('an integer below 256', named('UInt8', u8))

/**
 * A length or a count, as a `number` of at most 2^53−1. Above that a `number` is not exact.
 *
 * ```ts
 * import { bytesOf, compile } from 'nix-wire'
 * import { Size } from 'nix-wire/grammar'
 *
 * compile(Size).decode(bytesOf('ffffffffffff1f00')) // => { _tag: 'Right', right: 9007199254740991 }
 * compile(Size).decode(bytesOf('0000000000002000'))._tag // => 'Left'
 * ```
 *
 * Versions: all. Issues: `UnexpectedEnd`, `OutOfRange`. Source: serialization, Size.
 */
export const Size: IntGrammar<number> = summarised('a number of bytes or items', named('Size', size))

/**
 * A time in seconds since 1970 (UTC), as a `bigint` of at most 2^63−1.
 *
 * ```ts
 * import { bytesOf, compile } from 'nix-wire'
 * import { Time } from 'nix-wire/grammar'
 *
 * compile(Time).decode(bytesOf('7f5b000000000000')) // => { _tag: 'Right', right: 23423n }
 * ```
 *
 * Versions: all. Issues: `UnexpectedEnd`, `OutOfRange`. Source: serialization, Time.
 */
export const Time: IntGrammar<bigint> = summarised('seconds since 1970', named('Time', u63))

/**
 * An integer of at most 2^32−1: 0 is false, everything else is true. It is written as 0 or 1, and the canonical
 * profile accepts only those two.
 *
 * ```ts
 * import { bytesOf, compile } from 'nix-wire'
 * import { Bool } from 'nix-wire/grammar'
 *
 * compile(Bool).decode(bytesOf('0200000000000000')) // => { _tag: 'Right', right: true }
 * compile(Bool).decode(bytesOf('0000000001000000'))._tag // => 'Left'
 * ```
 *
 * Used by: replies of IsValidPath and VerifyStore, `substitute` of QueryValidPaths, all flags of SetOptions.
 * Versions: all. Issues: `UnexpectedEnd`, `OutOfRange`, `NotCanonical`. Source: serialization, Bool.
 */
export const Bool: Grammar<boolean> = summarised('a boolean, as a 32-bit integer', named('Bool', bool32))

/**
 * A {@link UInt64}: 0 is false, everything else is true. It is written as 0 or 1, and the canonical profile accepts
 * only those two.
 *
 * The compatible profile follows the specification. The releases of Nix do not: each one that was tried (2.3, 2.8,
 * 2.26, 2.34) rejects 2 and above in `ultimate` of a path info, `isNonDeterministic` of a build result, `repair` and
 * `dontCheckSigs` of the AddToStore operations, the request of VerifyStore, and `ignoreLiveness` of CollectGarbage.
 * (A 0 or 1 that says whether a record follows, as in the reply of QueryPathInfo, is another grammar, and accepts
 * nothing else.)
 *
 * ```ts
 * import { bytesOf, compile } from 'nix-wire'
 * import { Bool64 } from 'nix-wire/grammar'
 *
 * const wire = bytesOf('ffffffffffffffff')
 * compile(Bool64).decode(wire) // => { _tag: 'Right', right: true }
 * compile(Bool64, {}, { profile: 'canonical' }).decode(wire)._tag // => 'Left'
 * ```
 *
 * Versions: all. Issues: `UnexpectedEnd`, `NotCanonical`. Source: serialization, Bool64.
 */
export const Bool64: Grammar<boolean> = summarised('a boolean, as a 64-bit integer', named('Bool64', bool64))

/**
 * A protocol version: major in bits 8 to 15, minor in bits 0 to 7. The compatible profile drops higher bits, like the
 * reference implementation; the canonical profile rejects them.
 *
 * ```ts
 * import { bytesOf, compile } from 'nix-wire'
 * import { ProtocolVersion } from 'nix-wire/grammar'
 *
 * compile(ProtocolVersion).decode(bytesOf('2501000000000000')) // => { _tag: 'Right', right: '1.37' }
 * ```
 *
 * Versions: all. Issues: `UnexpectedEnd`, `OutOfRange`, `NotCanonical`. Source: handshake.
 */
export const ProtocolVersion: Grammar<Version> = summarised(
  'a protocol version such as 1.37',
  named(
    'ProtocolVersion',
    imap(
      lowBits(16),
      (bits) => right(versionFromBits(bits)),
      (version: Version): Either<string, number> =>
        // A number or an array may look like a version after conversion to a string.
        typeof version === 'string' && isSome(parseVersion(version))
          ? right(versionBits(version))
          : left('a version such as 1.37'),
      { json: 'string' },
    ),
  ),
)
