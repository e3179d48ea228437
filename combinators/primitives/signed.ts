import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { type Grammar, named, summarised } from '../node.js'
import { imap } from '../structures/imap.js'
import { u64 } from './int.js'

/** Two's complement of 64 bits for any range: the upper bytes of a negative number are ff. */
const signed = <A extends number | bigint>(
  bits: number,
  json: 'number' | 'bigint',
  present: (integer: bigint) => A,
): Grammar<A> => {
  const [least, most] = [-(2n ** BigInt(bits - 1)), 2n ** BigInt(bits - 1) - 1n]
  const expected = `an integer from ${least} to ${most}`
  const fits = (integer: bigint): boolean => integer >= least && integer <= most
  const from = (wire: bigint): Either<string, A> => {
    const integer = BigInt.asIntN(64, wire)
    return fits(integer) ? right(present(integer)) : left(expected)
  }
  const to = (value: A): Either<string, bigint> => {
    const isInteger = typeof value === json && (json === 'bigint' || Number.isSafeInteger(value))
    const integer = isInteger ? BigInt(value) : null
    return integer !== null && fits(integer) ? right(BigInt.asUintN(64, integer)) : left(expected)
  }
  const nearest = (wire: bigint): bigint => BigInt.asUintN(64, BigInt.asIntN(bits, wire))
  return summarised(
    `a signed integer in two's complement of 64 bits, ${least} to ${most}`,
    named(`i${bits}`, imap(u64, from, to, { json, nearest })),
  )
}

/**
 * Eight bytes, little endian, two's complement: −2^63 to 2^63−1.
 *
 * ```ts
 * import { bytesOf, compile, i64 } from 'nix-wire'
 *
 * compile(i64).decode(bytesOf('feffffffffffffff')) // => { _tag: 'Right', right: -2n }
 * compile(i64).encode(666n) // => { _tag: 'Right', right: bytesOf('9a02000000000000') }
 * ```
 *
 * Value: `bigint`. Sets and map keys are ordered as unsigned integers, so negative numbers come last. If negative
 * numbers must not occur use {@link u63}. Issues: `UnexpectedEnd`; encoding: `Unrepresentable`.
 */
export const i64: Grammar<bigint> = signed(64, 'bigint', (integer) => integer)

/**
 * An {@link i64} of −2^31 to 2^31−1, as a `number`. It takes eight bytes too: negative numbers are sign-extended.
 *
 * ```ts
 * import { bytesOf, compile, i32 } from 'nix-wire'
 *
 * compile(i32).encode(-40) // => { _tag: 'Right', right: bytesOf('d8ffffffffffffff') }
 * compile(i32).decode(bytesOf('d8ffffff00000000'))._tag // => 'Left'
 * ```
 *
 * Issues: `UnexpectedEnd`, `InvalidValue` outside the range; encoding: `Unrepresentable`.
 */
export const i32: Grammar<number> = signed(32, 'number', Number)

/** An {@link i32} of −32768 to 32767. */
export const i16: Grammar<number> = signed(16, 'number', Number)

/** An {@link i32} of −128 to 127. */
export const i8: Grammar<number> = signed(8, 'number', Number)
