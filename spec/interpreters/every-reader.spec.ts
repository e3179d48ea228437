import { expect } from 'chai'
import { type Either, map } from 'fp-ts/lib/Either.js'
import {
  type AnyGrammar,
  type FieldPath,
  type Grammar,
  type Issue,
  listOf,
  listToEnd,
  lowBits,
  mapOf,
  setOf,
  u8,
  u64,
  until,
  utf8,
} from '../../combinators/index.js'
import type { Limits, Profile } from '../../combinators/limits.js'
import * as G from '../../grammar/index.js'
import { compile, dissect, fromJson, runParser, toJson, toParser } from '../../interpreters/index.js'
import { NixReader } from '../../stream/nix-reader.js'
import { issueOf, rightOf } from '../support/either.js'
import { concat, int, padded } from '../support/wire.js'

type Read = (
  grammar: Grammar<unknown>,
  bytes: Uint8Array,
  limits?: Partial<Limits>,
  profile?: Profile,
) => Promise<Either<Issue, unknown>>

const readers: { readonly [name: string]: Read } = {
  'the codec': async (grammar, bytes, limits = {}, profile = 'compatible') =>
    compile(grammar, {}, { limits, profile }).decode(bytes),
  'the codec without generated code': async (grammar, bytes, limits = {}, profile = 'compatible') =>
    compile(grammar, {}, { limits, profile, evaluate: false }).decode(bytes),
  'the arcsecond parser': async (grammar, bytes, limits = {}, profile = 'compatible') =>
    map(({ value }: { readonly value: unknown }) => value)(
      runParser(toParser(grammar, {}, { limits, profile }), bytes),
    ),
  'the dissector': async (grammar, bytes, limits = {}, profile = 'compatible') =>
    dissect(grammar, {}, bytes, { limits, profile }).result,
  'the stream, byte by byte': (grammar, bytes, limits = {}, profile = 'compatible') =>
    new NixReader(
      Array.from(bytes, (byte) => Uint8Array.of(byte)),
      { limits, profile },
    ).readValue(grammar)(),
}

const words = (...texts: ReadonlyArray<string>): Uint8Array => concat(...texts.map((text) => padded(text)))

const nameOf = (i: number): string => `entry-${String(i).padStart(3, '0')}`

/** An archive with one directory of so many empty files. */
const directory = (entries: number): Uint8Array =>
  concat(
    words('nix-archive-1', '(', 'type', 'directory'),
    ...Array.from({ length: entries }, (_, i) =>
      words('entry', '(', 'name', nameOf(i), 'node', '(', 'type', 'regular', 'contents', '', ')', ')'),
    ),
    words(')'),
  )

/** The same collection with so many items, and where the issue is when one is too many. */
const collections: ReadonlyArray<{
  readonly name: string
  readonly grammar: Grammar<unknown>
  readonly bytes: (items: number) => Uint8Array
  readonly offset: number
  readonly path: FieldPath
}> = [
  {
    name: 'a list',
    grammar: listOf(u64) as Grammar<unknown>,
    bytes: (items) => concat(int(items), ...Array.from({ length: items }, (_, i) => int(i))),
    offset: 0,
    path: [],
  },
  {
    name: 'a set',
    grammar: setOf(u64) as Grammar<unknown>,
    bytes: (items) => concat(int(items), ...Array.from({ length: items }, (_, i) => int(i))),
    offset: 0,
    path: [],
  },
  {
    name: 'a map',
    grammar: mapOf(u64, u64) as Grammar<unknown>,
    bytes: (items) => concat(int(items), ...Array.from({ length: items }, (_, i) => concat(int(i), int(7)))),
    offset: 0,
    path: [],
  },
  {
    name: 'items up to a mark',
    grammar: until(u64, { next: 1n, end: 0n }, u64) as Grammar<unknown>,
    bytes: (items) => concat(...Array.from({ length: items }, (_, i) => concat(int(1), int(i))), int(0)),
    offset: 32,
    path: [2],
  },
  {
    name: 'items up to the end',
    grammar: listToEnd(u64) as Grammar<unknown>,
    bytes: (items) => concat(...Array.from({ length: items }, (_, i) => int(i))),
    offset: 16,
    path: [2],
  },
]

for (const [reader, read] of Object.entries(readers)) {
  describe(`${reader}, on its own`, () => {
    it('reads a directory with more entries than the depth limit', async () => {
      const { root } = rightOf(await read(G.Nar as Grammar<unknown>, directory(70))) as G.Nar
      expect(root.type === 'directory' && root.entries.map(({ name }) => name)).to.deep.equal(
        Array.from({ length: 70 }, (_, i) => nameOf(i)),
      )
    })

    for (const { name, grammar, bytes, offset, path } of collections) {
      it(`keeps the limit of a collection for ${name}`, async () => {
        const limits = { collection: 2 }
        expect((await read(grammar, bytes(2), limits))._tag).to.equal('Right')
        expect((await read(grammar, bytes(3)))._tag).to.equal('Right')
        expect(issueOf(await read(grammar, bytes(3), limits))).to.deep.include({
          _tag: 'LimitExceeded',
          limit: 'collection',
          maximum: 2,
          offset,
          path,
        })
      })
    }

    it('uses only the low bits of a count of which only those matter', async () => {
      const count = lowBits(2)
      const counted: ReadonlyArray<readonly [name: string, grammar: AnyGrammar]> = [
        ['list', listOf(u64, { count })],
        ['set', setOf(u64, { count })],
        ['map', mapOf(u64, u64, { count })],
      ]
      for (const [name, each] of counted) {
        const grammar = each as Grammar<unknown>
        const items = [1, 7, 2, 8].slice(0, name === 'map' ? 4 : 2)
        const bytes = (announced: number | bigint): Uint8Array =>
          concat(int(announced), ...items.map((item) => int(item)))
        const value = await read(grammar, bytes(2))
        expect(rightOf(value)).to.have.property(name === 'map' ? 'size' : 'length', 2)
        for (const announced of [6, 2 ** 31 + 2]) {
          expect(await read(grammar, bytes(announced)), name).to.deep.equal(value)
          expect(issueOf(await read(grammar, bytes(announced), {}, 'canonical'))).to.include({
            _tag: 'NotCanonical',
            offset: 0,
          })
        }
        expect(issueOf(await read(grammar, bytes(2n ** 32n + 2n)))).to.include({
          _tag: 'OutOfRange',
          offset: 0,
        })
        expect(issueOf(await read(grammar, bytes(6), { collection: 1 }))).to.include({
          _tag: 'LimitExceeded',
        })
      }
    })

    it('ends the path of an issue in the key of a map with key, and in its value with value', async () => {
      const Nested = mapOf(utf8, mapOf(u8, u8)) as Grammar<unknown>
      const entry = (key: number, value: number): Uint8Array =>
        concat(int(2), padded('a'), int(0), padded('b'), int(2), int(1), int(1), int(key), int(value))
      expect((await read(Nested, entry(2, 2)))._tag).to.equal('Right')
      expect(issueOf(await read(Nested, entry(256, 2))).path).to.deep.equal([1, 'value', 1, 'key'])
      expect(issueOf(await read(Nested, entry(2, 256))).path).to.deep.equal([1, 'value', 1, 'value'])
      expect(issueOf(await read(Nested, entry(2, 2).subarray(0, -1))).path).to.deep.equal([
        1,
        'value',
        1,
        'value',
      ])
    })
  })
}

describe('every writer, used alone,', () => {
  it('writes no more items than the low bits of a count announce', () => {
    const count = lowBits(2)
    for (const evaluate of [true, false]) {
      const { encode } = compile(listOf(u8, { count }), {}, { evaluate })
      expect(rightOf(encode([1, 2, 3]))[0]).to.equal(3)
      expect(issueOf(encode([1, 2, 3, 4]))).to.include({ _tag: 'LimitExceeded', offset: 0 })
      const sizes = new Map([0, 1, 2, 3].map((n) => [n, n]))
      expect(issueOf(compile(mapOf(u8, u8, { count }), {}, { evaluate }).encode(sizes))._tag).to.equal(
        'LimitExceeded',
      )
    }
  })

  const Sizes = mapOf(utf8, u8)
  const wrong = new Map([
    ['a', 1],
    ['b', 256],
  ])

  it('ends the path of an issue in the value of a map with value', () => {
    for (const evaluate of [true, false]) {
      expect(issueOf(compile(Sizes, {}, { evaluate }).encode(wrong)).path).to.deep.equal([1, 'value'])
    }
    const Times = mapOf(u64, u8)
    expect(
      issueOf(
        fromJson(Times, {}, [
          [1n, 1n],
          [2n, 256n],
        ]),
      ).path,
    ).to.deep.equal([1, 'value'])
    const paths = mapOf(u64, G.StorePath)
    const path = 'x' as string as G.StorePath
    expect(issueOf(toJson(paths, {}, new Map([[1n, path]]))).path).to.deep.equal([0, 'value'])
  })
})
