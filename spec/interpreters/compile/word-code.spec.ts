import { expect } from 'chai'
import {
  type AnyGrammar,
  bool64,
  type Grammar,
  listOf,
  setOf,
  strictBool,
  struct,
  tuple,
  u8,
  u32,
  u64,
} from '../../../combinators/index.js'
import { type Codec, compile, type Limits } from '../../../interpreters/index.js'
import { NixReader } from '../../../stream/index.js'
import { rightOf } from '../../support/either.js'
import { concat, int } from '../../support/wire.js'

const Words = struct('Words', { byte: u8, word: u32, big: u64, strict: strictBool, lax: bool64 })
const good = { byte: 1, word: 2 ** 32 - 1, big: 2n ** 64n - 1n, strict: true, lax: false }

const pair = (
  grammar: AnyGrammar,
  limits: Partial<Limits> = {},
): readonly [Codec<unknown>, Codec<unknown>] => {
  const any = grammar as Grammar<unknown>
  return [compile(any, {}, { limits }), compile(any, {}, { limits, evaluate: false })]
}

/** A list of so many with something else in one place. */
const withOther = (count: number, at: number, item: unknown, other: unknown): ReadonlyArray<unknown> =>
  Array.from({ length: count }, (_, i) => (i === at ? other : item))

// Without generated code, a codec reads and writes word by word.
describe('runs of 8-byte words in generated code', () => {
  const noWords: ReadonlyArray<
    readonly [grammar: AnyGrammar, item: unknown, others: ReadonlyArray<unknown>]
  > = [
    [u8, 255, [256, -1, 0.5, Number.NaN, '1', 1n, null, undefined, new Number(1), -0]],
    [u32, 7, [2 ** 32, -1, 2 ** 53, Number.POSITIVE_INFINITY, true]],
    [u64, 2n ** 64n - 1n, [2n ** 64n, -1n, -(2n ** 64n), 1, '1', Object(1n)]],
    [bool64, true, [1, 0, 'true', null, new Boolean(true)]],
  ]

  it('are rejected at the same word as one by one', () => {
    for (const [grammar, item, others] of noWords) {
      const [generated, plain] = pair(listOf(grammar as Grammar<unknown>))
      for (const other of others) {
        for (const [count, at] of [
          [1, 0],
          [3, 1],
          [1024, 1023],
          [1500, 1024],
          [5000, 4999],
        ] as const) {
          const values = withOther(count, at, item, other)
          expect(generated.encode(values), `${String(other)} at ${at}`).to.deep.equal(plain.encode(values))
        }
      }
    }
    const [generated, plain] = pair(tuple(u8, Words))
    for (const [i, [, , others]] of noWords.entries()) {
      for (const other of others) {
        const value = [1, { ...good, [['byte', 'word', 'big', 'lax'][i]!]: other }]
        expect(generated.encode(value)).to.deep.equal(plain.encode(value))
      }
    }
    expect(generated.encode([1, good])).to.deep.equal(plain.encode([1, good]))
  })

  it('have the room of the target or the limit', () => {
    const values = Array.from({ length: 1030 }, (_, i) => i % 256)
    const rows = Array.from({ length: 3 }, () => good)
    for (const [grammar, value] of [
      [listOf(u8), values],
      [listOf(Words), rows],
    ] as const) {
      const size = rightOf(compile(grammar as Grammar<unknown>).encode(value)).length
      for (const less of [0, 1, 7, 8, 9, 16, 40, 48, size - 8, size]) {
        const [generated, plain] = pair(grammar).map((codec) => {
          const target = new Uint8Array(size - less)
          return { written: codec.encodeInto(value, target, 0), target }
        })
        expect(generated?.written, `${less} too few`).to.deep.equal(plain?.written)
        const [limited, other] = pair(grammar, { message: size - less })
        expect(limited.encode(value)).to.deep.equal(other.encode(value))
      }
    }
  })

  it('are read as far as they have arrived', async () => {
    const bytes = concat(int(20), ...Array.from({ length: 20 }, (_, i) => int(i % 3 === 0 ? 0 : 1)))
    for (const item of [u8, u32, u64, bool64, strictBool] as ReadonlyArray<AnyGrammar>) {
      const grammar = listOf(item as Grammar<unknown>)
      const [generated, plain] = pair(grammar)
      for (let end = 0; end <= bytes.length; end += 3) {
        expect(generated.decode(bytes.subarray(0, end))).to.deep.equal(plain.decode(bytes.subarray(0, end)))
      }
      for (const at of [1, 7, 20]) {
        for (const word of [2, 256, 2 ** 32, 2n ** 64n - 1n]) {
          const other = bytes.slice()
          other.set(int(word), 8 * at)
          expect(generated.decode(other)).to.deep.equal(plain.decode(other))
          const chunks = Array.from({ length: 12 }, (_, i) => other.subarray(14 * i, 14 * (i + 1)))
          expect(await new NixReader(chunks).readValue(grammar)()).to.deep.equal(plain.decode(other))
        }
      }
    }
  })

  it('read each item of a value once, and those of a set in their order', () => {
    const asked: Array<string> = []
    const items = new Proxy([1, 2, 3], {
      get: (target, key) => {
        asked.push(String(key))
        return Reflect.get(target, key) as unknown
      },
    })
    rightOf(compile(listOf(u8)).encode(items))
    expect(asked.filter((key) => /^\d$/.test(key))).to.deep.equal(['0', '1', '2'])
    expect(rightOf(compile(setOf(u8)).encode([3, 1]))).to.deep.equal(concat(int(2), int(1), int(3)))
  })
})
