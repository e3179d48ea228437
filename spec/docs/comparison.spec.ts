import { createRequire } from 'node:module'
import { expect } from 'chai'
import { bytesOf, compile, enumOf, struct, u8, u64 } from '../../index.js'
import { toKaitai } from '../../interpreters/index.js'
import { decoderOf, read } from '../interpreters/kaitai/compiled.js'
import { projectPath } from '../support/shared.js'

interface BinaryParser {
  endianness(order: 'little'): this
  uint64(name: string, options?: { readonly assert?: (value: bigint) => boolean }): this
  nest(name: string, options: { readonly type: BinaryParser }): this
  bit4(name: string): this
  uint16be(name: string): this
  parse(bytes: Uint8Array): unknown
}

interface Codec {
  decode(bytes: Uint8Array): unknown
  encode(value: unknown): Uint8Array
}

interface Solana {
  getStructCodec(fields: ReadonlyArray<readonly [name: string, codec: Codec]>): Codec
  getU64Codec(): Codec
  getU16Codec(options: { readonly endian: number }): Codec
  getLiteralUnionCodec(values: ReadonlyArray<string>, options: { readonly size: Codec }): Codec
  readonly Endian: { readonly Big: number }
}

/** A library that is installed for the benchmarks. */
const ofBenchmarks = <Library>(name: string): Library =>
  createRequire(projectPath('bench/package.json'))(name) as Library

const { Parser } = ofBenchmarks<{ readonly Parser: new () => BinaryParser }>('binary-parser')
const solana = ofBenchmarks<Solana>('@solana/codecs')

const little = (): BinaryParser => new Parser().endianness('little')

const largest = bytesOf('ffffffffffffffff 0000000000000000')
const broken = bytesOf('0100000000000000 0900000000000000')
const cut = bytesOf('0100000000000000 01000000')

const thrownBy = (task: () => unknown): Error => {
  try {
    task()
  } catch (error) {
    return error as Error
  }
  return expect.fail('it does not throw')
}

/** The whole text of an error, including its own members. */
const saidBy = (error: Error): string =>
  JSON.stringify({ ...error, message: error.message }, (_, value) =>
    typeof value === 'bigint' ? String(value) : value,
  )

/** One message for all of them: an integer, and inside `cup` a number that stands for a name. */
const Order = struct('Order', {
  size: u64,
  cup: struct('Cup', { tea: enumOf(u8, { Black: 0, Green: 1 }) }),
})

describe('the comparison of the README: ways to describe bytes', () => {
  describe('nix-wire', () => {
    it('reads and writes, with bigints', () => {
      const { decode, encode } = compile(Order)
      const value = { size: 2n ** 64n - 1n, cup: { tea: 'Black' } } as const
      expect(decode(largest)).to.deep.equal({ _tag: 'Right', right: value })
      expect(encode(value)).to.deep.equal({ _tag: 'Right', right: largest })
    })

    it('returns an issue with the byte and the field', () => {
      for (const bytes of [broken, cut]) {
        const result = compile(Order).decode(bytes)
        expect(result).to.have.property('_tag', 'Left')
        expect(result).to.have.nested.property('left.offset', 8)
        expect(result).to.have.nested.property('left.path').that.deep.equals(['cup', 'tea'])
      }
    })
  })

  describe('Kaitai Struct', () => {
    it('reads; JavaScript rounds integers above 2^53, and does not write', async () => {
      const decoder = await decoderOf(toKaitai(Order))
      const value = read(decoder, largest)
      expect(value).to.have.property('size', 2 ** 64)
      expect(value).not.to.have.property('_write')
    })

    it('throws, without the byte and the field', async () => {
      const decoder = await decoderOf(toKaitai(Order))
      expect(saidBy(thrownBy(() => read(decoder, broken)))).not.to.match(/offset|srcPath|cup|tea/i)
      expect(saidBy(thrownBy(() => read(decoder, cut)))).not.to.match(/offset|srcPath|cup|tea/i)
    })
  })

  describe('binary-parser', () => {
    const cup = little().uint64('tea', { assert: (value) => value < 2n })
    const parser = little().uint64('size').nest('cup', { type: cup })

    it('reads, with bigints, and cannot write', () => {
      expect(parser.parse(largest)).to.deep.equal({ size: 2n ** 64n - 1n, cup: { tea: 0n } })
      const names = Object.getOwnPropertyNames(Parser.prototype)
      expect(names.filter((name) => /^(encode|write|serialize|build)/i.test(name))).to.deep.equal([])
    })

    it('throws; a failed check has the field, and no error has the byte', () => {
      expect(thrownBy(() => parser.parse(broken)).message).to.contain('cup.tea')
      expect(saidBy(thrownBy(() => parser.parse(cut)))).not.to.match(/\b8\b|\b12\b/)
    })

    it('has small integers, big endian and bit fields', () => {
      const small = new Parser().bit4('a').bit4('b').uint16be('c')
      expect(small.parse(bytesOf('12 0102'))).to.deep.equal({ a: 1, b: 2, c: 258 })
    })
  })

  describe('@solana/codecs', () => {
    const tea = solana.getLiteralUnionCodec(['Black', 'Green'], { size: solana.getU64Codec() })
    const codec = solana.getStructCodec([
      ['size', solana.getU64Codec()],
      ['cup', solana.getStructCodec([['tea', tea]])],
    ])

    it('reads and writes, with bigints', () => {
      const value = { size: 2n ** 64n - 1n, cup: { tea: 'Black' } }
      expect(codec.decode(largest)).to.deep.equal(value)
      expect(codec.encode(value)).to.deep.equal(largest)
    })

    it('throws, without the byte and the field', () => {
      expect(saidBy(thrownBy(() => codec.decode(broken)))).not.to.match(/offset|cup|tea/i)
      expect(saidBy(thrownBy(() => codec.decode(cut)))).not.to.match(/offset|cup|tea/i)
    })

    it('has small integers, big endian', () => {
      const small = solana.getU16Codec({ endian: solana.Endian.Big })
      expect(small.decode(bytesOf('0102'))).to.equal(258)
    })
  })
})
