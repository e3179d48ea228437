import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { expectNoOptions } from '../expect.js'
import { type Grammar, grammarOf, type IntGrammar, type Node, nodeName, nodeOf } from '../node.js'
import { strictBool } from '../primitives/bool.js'
import type { IsWide, Refused } from '../refused.js'
import { casesOf, checkMark, integerOf } from './choice.js'
import type { Fitting, FittingKeys } from './fitting.js'
import { imap } from './imap.js'
import { checkKey } from './struct.js'

/** The masks of {@link flagsOf}, one bit each. */
export type FlagMasks = { readonly [name: string]: number | bigint }

type OneBitEach<C extends FlagMasks> = {
  readonly [K in keyof C]: IsWide<C[K]> extends true
    ? unknown
    : `${C[K]}` extends OneBit
      ? unknown
      : Refused<'one bit: 1, 2, 4, 8 …'>
}

/** The powers of two that eight bytes hold. */
type OneBit = `${
  | 1
  | 2
  | 4
  | 8
  | 16
  | 32
  | 64
  | 128
  | 256
  | 512
  | 1024
  | 2048
  | 4096
  | 8192
  | 16384
  | 32768
  | 65536
  | 131072
  | 262144
  | 524288
  | 1048576
  | 2097152
  | 4194304
  | 8388608
  | 16777216
  | 33554432
  | 67108864
  | 134217728
  | 268435456
  | 536870912
  | 1073741824
  | 2147483648
  | 4294967296n
  | 8589934592n
  | 17179869184n
  | 34359738368n
  | 68719476736n
  | 137438953472n
  | 274877906944n
  | 549755813888n
  | 1099511627776n
  | 2199023255552n
  | 4398046511104n
  | 8796093022208n
  | 17592186044416n
  | 35184372088832n
  | 70368744177664n
  | 140737488355328n
  | 281474976710656n
  | 562949953421312n
  | 1125899906842624n
  | 2251799813685248n
  | 4503599627370496n
  | 9007199254740992n
  | 18014398509481984n
  | 36028797018963968n
  | 72057594037927936n
  | 144115188075855872n
  | 288230376151711744n
  | 576460752303423488n
  | 1152921504606846976n
  | 2305843009213693952n
  | 4611686018427387904n
  | 9223372036854775808n}`

/** A plain readonly object with a boolean for each flag. */
export type FlagsValue<C extends FlagMasks> = C extends unknown
  ? { readonly [K in keyof C & string]: boolean }
  : never

/**
 * Flags in one integer, one bit each. The value has a boolean for each flag.
 *
 * ```ts
 * import { bytesOf, compile, flagsOf, u8 } from 'nix-wire'
 *
 * const Access = flagsOf(u8, { read: 4, write: 2, execute: 1 })
 * compile(Access).decode(bytesOf('0500000000000000'))
 * // => { _tag: 'Right', right: { read: true, write: false, execute: true } }
 * compile(Access).decode(bytesOf('0900000000000000'))._tag // => 'Left'
 * ```
 *
 * Issues: those of the integer, and `InvalidValue` for a bit without a name; encoding: `Unrepresentable` for anything
 * but an object of these booleans.
 *
 * @throws TypeError for a bit with two names, or a grammar that is not an integer; RangeError for a mask that is not
 * one bit, or a bit that the integer does not have.
 */
export const flagsOf: <T extends IntGrammar<number> | IntGrammar<bigint>, const C extends FlagMasks>(
  integer: T,
  masks: C & Fitting<T, C> & FittingKeys<C> & OneBitEach<C>,
) => Grammar<FlagsValue<C>> = (integer, masks, ...more: ReadonlyArray<unknown>) => {
  expectNoOptions('flagsOf', more)
  const node = nodeOf('what flagsOf takes', integer)
  const bits = bitsOf(node, masks)
  const all = bits.reduce((sum, [, mask]) => sum | mask, 0n)
  const isNumber = node._tag === 'int' && node.value === 'number'
  const named = bits.map(([name, mask]) => `${name} (${mask})`).join(', ')
  const from = (wire: number | bigint): Either<string, Flags> => {
    const set = BigInt(wire)
    return (set & ~all) === 0n
      ? right(Object.fromEntries(bits.map(([name, mask]) => [name, (set & mask) !== 0n])))
      : left(`no bits other than ${named}`)
  }
  const to = (flags: Flags): Either<string, number | bigint> => {
    if (!isFlags(flags, bits)) {
      return left('an object with a boolean for each flag')
    }
    const set = bits.reduce((sum, [name, mask]) => (flags[name] === true ? sum | mask : sum), 0n)
    return right(isNumber ? Number(set) : set)
  }
  const nearest = (wire: number | bigint): number | bigint => {
    const set = BigInt(wire) & all
    return isNumber ? Number(set) : set
  }
  const json = grammarOf<Flags>({
    _tag: 'struct',
    shape: 'record',
    fields: bits.map(([key]) => ({ key, node: strictBool.node })),
  })
  // A node loses the names, which the type keeps.
  return grammarOf({
    ...imap(grammarOf<number | bigint>(node), from, to, { json, nearest }).node,
    summary: `flags ${named}`,
  })
}

type Flags = { readonly [name: string]: boolean }
type Bits = ReadonlyArray<readonly [name: string, mask: bigint]>

const isFlags = (flags: unknown, bits: Bits): boolean =>
  typeof flags === 'object' &&
  flags !== null &&
  bits.every(([name]) => Object.hasOwn(flags, name) && typeof (flags as Flags)[name] === 'boolean')

const bitsOf = (node: Node, masks: FlagMasks): Bits => {
  if (node._tag !== 'int') {
    throw new TypeError(`flags are bits of an unsigned integer, not of ${nodeName(node)}`)
  }
  const taken = new Map<bigint, string>()
  return casesOf(masks).map(([name, value]) => {
    checkKey(name)
    const mask = integerOf(`the mask of ${name}`, value)
    if (mask <= 0n || (mask & (mask - 1n)) !== 0n) {
      throw new RangeError(`the mask of ${name}, ${mask}, is not one bit (expected 1, 2, 4, 8 …)`)
    }
    const other = taken.get(mask)
    if (other !== undefined) {
      throw new TypeError(`the bit ${mask} of ${name} belongs to ${other} already`)
    }
    checkMark(node, mask)
    taken.set(mask, name)
    return [name, mask]
  })
}
