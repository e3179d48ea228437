import { existsSync, readFileSync } from 'node:fs'
import { expect } from 'chai'
import { right } from 'fp-ts/lib/Either.js'
import {
  bytesOf,
  type Grammar,
  limited,
  listOf,
  mapOf,
  ordVersion,
  type ProtocolVersion,
  parseVersion,
  versionBits,
} from '../../combinators/index.js'
import * as G from '../../grammar/index.js'
import { compile } from '../../interpreters/index.js'
import { issueOf } from '../support/either.js'
import { profiles } from '../support/protocols.js'
import { describeWithShared, sharedPath } from '../support/shared.js'

interface Vector {
  readonly name: string
  readonly hex: string
}

interface ReaderCase {
  readonly name: string
  readonly chunks: ReadonlyArray<string>
  readonly read: string
  readonly limit?: readonly [number, number | 'max']
  readonly error?: string
}

interface Vectors {
  readonly bytes: ReadonlyArray<Vector & { readonly text: string }>
  readonly string: ReadonlyArray<Vector & { readonly text: string }>
  readonly u64: ReadonlyArray<Vector & { readonly value: string }>
  readonly bool: ReadonlyArray<Vector & { readonly value: boolean; readonly canonical: boolean }>
  readonly list_of_u64: ReadonlyArray<Vector & { readonly value: ReadonlyArray<string> }>
  readonly map_of_u64_to_u64: ReadonlyArray<
    Vector & { readonly value: ReadonlyArray<readonly [string, string]> }
  >
  readonly reader: ReadonlyArray<ReaderCase>
  readonly protocol_version: ReadonlyArray<{ readonly u64: string; readonly text?: string }>
  readonly protocol_version_order: ReadonlyArray<ProtocolVersion>
}

const file = sharedPath('vectors', 'seed-vectors.json')

const readsAndWrites = <A>(grammar: Grammar<A>, vectors: ReadonlyArray<Vector>, values: ReadonlyArray<A>) => {
  vectors.forEach(({ name, hex }, i) => {
    for (const options of profiles) {
      it(`${name}, ${options.profile}`, () => {
        const codec = compile(grammar, {}, options)
        const value = values[i] as A
        expect(codec.decode(bytesOf(hex))).to.deep.equal(right(value))
        expect(codec.encode(value)).to.deep.equal(right(bytesOf(hex)))
      })
    }
  })
}

/** A reader's error as an issue of a codec that is given all the bytes there are. */
const readerIssues: { readonly [name: string]: readonly [tag: string, offset: number] } = {
  'non-zero padding': ['NonZeroPadding', 10],
  "length over the caller's limit of 50": ['LimitExceeded', 0],
  'length whose 8-byte alignment overflows u64': ['LimitExceeded', 0],
  'string that is not UTF-8 (a lone surrogate)': ['NotUtf8', 8],
  'readNumber at end of stream': ['UnexpectedEnd', 0],
  'readBytes at end of stream': ['UnexpectedEnd', 0],
}

describeWithShared("the vectors of the seed's own tests", () => {
  const vectors: Vectors = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}

  describe('bytes', () => {
    const values = vectors.bytes.map(({ text }) => new TextEncoder().encode(text))
    readsAndWrites(G.Bytes, vectors.bytes, values)
  })

  describe('strings', () => {
    const values = vectors.string.map(({ text }) => text)
    readsAndWrites(G.String, vectors.string, values)
    readsAndWrites(G.Text, vectors.string, values)
  })

  describe('integers', () => {
    const values = vectors.u64.map(({ value }) => BigInt(value))
    readsAndWrites(G.UInt64, vectors.u64, values)
  })

  describe('booleans', () => {
    for (const { name, hex, value, canonical } of vectors.bool) {
      it(name, () => {
        const bytes = bytesOf(hex)
        expect(compile(G.Bool64).decode(bytes)).to.deep.equal(right(value))
        const read = compile(G.Bool64, {}, { profile: 'canonical' }).decode(bytes)
        const written = compile(G.Bool64).encode(value)
        if (canonical) {
          expect(read).to.deep.equal(right(value))
          expect(written).to.deep.equal(right(bytes))
        } else {
          expect(issueOf(read)).to.include({ _tag: 'NotCanonical', offset: 0 })
          expect(written).not.to.deep.equal(right(bytes))
        }
      })
    }
  })

  describe('lists', () => {
    const values = vectors.list_of_u64.map(({ value }) => value.map(BigInt))
    readsAndWrites(listOf(G.UInt64), vectors.list_of_u64, values)
  })

  describe('maps', () => {
    const values = vectors.map_of_u64_to_u64.map(
      ({ value }) => new Map(value.map(([key, item]) => [BigInt(key), BigInt(item)])),
    )
    readsAndWrites(mapOf(G.UInt64, G.UInt64), vectors.map_of_u64_to_u64, values)
  })

  describe('messages that a reader rejects although they are complete', () => {
    for (const [name, [tag, offset]] of Object.entries(readerIssues)) {
      it(name, () => {
        const found = vectors.reader.find((each) => each.name === name)
        expect(found).to.have.property('error')
        const { chunks = [], read = '', limit } = found ?? {}
        const bytes = bytesOf(chunks.join(''))
        const most = limit?.[1]
        const grammars: { readonly [read: string]: Grammar<unknown> } = {
          number: G.UInt64 as Grammar<unknown>,
          string: G.String as Grammar<unknown>,
          bytes: G.Bytes as Grammar<unknown>,
          bytesLimited: (typeof most === 'number' ? limited(most, G.Bytes) : G.Bytes) as Grammar<unknown>,
        }
        for (const options of profiles) {
          const codec = compile(grammars[read] as Grammar<unknown>, {}, options)
          expect(issueOf(codec.decode(bytes))).to.include({ _tag: tag, offset })
        }
      })
    }
  })

  describe('protocol versions', () => {
    for (const { u64, text } of vectors.protocol_version) {
      it(u64, () => {
        const bytes = new Uint8Array(8)
        new DataView(bytes.buffer).setBigUint64(0, BigInt(u64), true)
        const read = compile(G.ProtocolVersion, {}, { profile: 'canonical' }).decode(bytes)
        if (text === undefined) {
          expect(issueOf(read)).to.include({ _tag: 'NotCanonical', offset: 0 })
        } else {
          expect(read).to.deep.equal(right(text))
          expect(compile(G.ProtocolVersion).encode(text as ProtocolVersion)).to.deep.equal(right(bytes))
          expect(versionBits(text as ProtocolVersion)).to.equal(Number(u64))
          expect(parseVersion(text)._tag).to.equal('Some')
        }
      })
    }

    it('are ordered', () => {
      const order = vectors.protocol_version_order
      expect(order).to.have.length.above(1)
      order.forEach((low, i) => {
        order.forEach((high, j) => {
          expect(ordVersion.compare(low, high)).to.equal(Math.sign(i - j))
        })
      })
    })
  })
})
