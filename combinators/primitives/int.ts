import { expectNoOptions } from '../expect.js'
import { grammarOf, type IntGrammar } from '../node.js'
import type { Refused } from '../refused.js'
import { show } from '../show.js'
import type { FittingLength } from '../structures/fitting.js'

type Values<Most> = Most extends bigint ? bigint : number

// Nodes have no value types; the type follows from the bound.
const int = <const Most extends number | bigint>(name: string, max: Most): IntGrammar<Values<Most>, Most> =>
  grammarOf<Values<Most>>({
    _tag: 'int',
    name,
    max: BigInt(max),
    value: typeof max === 'bigint' ? 'bigint' : 'number',
  }) as IntGrammar<Values<Most>, Most>

/**
 * Eight bytes, little endian, 0 to 2^64−1. The smaller integers ({@link u32}, {@link u8} …) take eight bytes too;
 * only their upper bound differs.
 *
 * ```ts
 * import { bytesOf, compile, u64 } from 'nix-wire'
 *
 * compile(u64, {}).decode(bytesOf('9a02000000000000')) // => { _tag: 'Right', right: 666n }
 * ```
 *
 * Value: `bigint`. Issues: `UnexpectedEnd`; encoding: `OutOfRange`, `Unrepresentable`.
 */
export const u64: IntGrammar<bigint, 18446744073709551615n> = int('u64', 18446744073709551615n)

/**
 * A {@link u64} of at most 2^63−1, for what a peer keeps in a signed integer and never sends negative, such as a
 * time. Issues: `OutOfRange`. For integers that may be negative use {@link i64}.
 */
export const u63: IntGrammar<bigint, 9223372036854775807n> = int('u63', 9223372036854775807n)

/** A {@link u64} of at most 2^32−1, as a `number`. Issues: `OutOfRange`. */
export const u32: IntGrammar<number, 4294967295> = int('u32', 4294967295)

/** A {@link u64} of at most 255, as a `number`. Issues: `OutOfRange`. */
export const u8: IntGrammar<number, 255> = int('u8', 255)

/**
 * A {@link u64} of at most 2^53−1, as a `number`, for counts of bytes or items. Above 2^53−1 a `number` is not exact.
 */
export const size: IntGrammar<number, 9007199254740991> = int('size', 9007199254740991)

/**
 * A {@link u64} with your own upper bound, as a `number`.
 *
 * ```ts
 * import { bytesOf, compile, intUpTo } from 'nix-wire'
 *
 * const percent = compile(intUpTo(100), {})
 * percent.decode(bytesOf('6400000000000000')) // => { _tag: 'Right', right: 100 }
 * percent.decode(bytesOf('6500000000000000'))._tag // => 'Left'
 * ```
 *
 * @throws RangeError if the bound is not an integer from 0 to 2^53−1.
 */
export const intUpTo: <const Most extends number>(
  max: Most & FittingLength<Most>,
) => IntGrammar<number, Most> = (max, ...more: ReadonlyArray<unknown>) => {
  expectNoOptions('intUpTo', more)
  if (!Number.isSafeInteger(max) || max < 0) {
    throw new RangeError(`not a bound for an integer: ${show(max)} (expected 0 to 2^53−1)`)
  }
  return int<number>('integer', max) as IntGrammar<number, typeof max>
}

type FittingBits<N extends number> = N extends 0 ? Refused<'at least one bit'> : FittingLength<N, 32>

/**
 * A {@link u32} of which only the low `bits` count. The compatible profile drops the higher bits, the canonical
 * profile rejects them.
 *
 * ```ts
 * import { bytesOf, compile, lowBits } from 'nix-wire'
 *
 * compile(lowBits(16)).decode(bytesOf('2601010000000000')) // => { _tag: 'Right', right: 0x126 }
 * ```
 *
 * @throws RangeError if `bits` is not an integer from 1 to 32.
 */
export const lowBits: <const N extends number>(bits: N & FittingBits<N>) => IntGrammar<number> = (
  bits,
  ...more: ReadonlyArray<unknown>
) => {
  expectNoOptions('lowBits', more)
  if (!Number.isInteger(bits) || bits < 1 || bits > 32) {
    throw new RangeError(`not a number of low bits: ${show(bits)} (expected 1 to 32)`)
  }
  return grammarOf<number>({
    _tag: 'int',
    max: 0xffff_ffffn,
    value: 'number',
    keepBits: bits,
  }) as IntGrammar<number>
}
