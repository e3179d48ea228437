import { none, some } from 'fp-ts/lib/Option.js'
import {
  type Grammar,
  listOf,
  mapOf,
  optionalByTag,
  paddedBytes,
  struct,
  u8,
  u64,
  utf8,
} from '../../combinators/index.js'

/** Many values, made when they are measured: each collection goes through all that is kept. */
const each =
  <A>(make: (i: number) => A) =>
  (): ReadonlyArray<A> =>
    Array.from({ length: 200_000 }, (_, i) => make(i))

const nested = struct('Outer', {
  a: struct('Inner', { x: u64, y: u8 }),
  b: struct('Text', { z: utf8 }),
})

/** The most memory for each byte of the message: twice what the guide's table has, since collectors differ. */
export const shapes: ReadonlyArray<
  readonly [shape: string, grammar: Grammar<never>, values: () => unknown, most: number]
> = [
  ['numbers below 2^32', listOf(u8), each((i) => i % 256), 3],
  ['bigints', listOf(u64), each((i) => 2n ** 40n + BigInt(i)), 8],
  ['empty texts', listOf(utf8), each(() => ''), 3],
  ['short texts', listOf(utf8), each((i) => `k${i}`), 5],
  ['store paths', listOf(utf8), each((i) => `/nix/store/${`${i}`.padStart(32, '0')}-name`), 4],
  ['empty byte strings', listOf(paddedBytes), each(() => new Uint8Array(0)), 48],
  ['maps, each with one entry', listOf(mapOf(u64, u64)), each((i) => new Map([[BigInt(i), 1n]])), 20],
  ['empty maps', listOf(mapOf(u64, u64)), each(() => new Map()), 48],
  ['empty lists', listOf(listOf(u64)), each(() => []), 10],
  ['structs in structs', listOf(nested), each((i) => ({ a: { x: BigInt(i), y: 1 }, b: { z: `${i}` } })), 10],
  ['options without a value', listOf(optionalByTag(u8, u64)), each(() => none), 3],
  ['options of bigints', listOf(optionalByTag(u8, u64)), each((i) => some(BigInt(i))), 8],
] as ReadonlyArray<readonly [string, Grammar<unknown>, () => unknown, number]> as never
