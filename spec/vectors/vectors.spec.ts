import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect } from 'chai'
import { type Either, map, right } from 'fp-ts/lib/Either.js'
import {
  bytesOf,
  type Grammar,
  listOf,
  refine,
  setOf,
  struct,
  u8,
  u64,
  utf8,
} from '../../combinators/index.js'
import type { Issue } from '../../combinators/issue.js'
import type { Profile } from '../../combinators/limits.js'
import type { Protocol } from '../../combinators/protocol.js'
import { protocolFor } from '../../combinators/protocol-for.js'
import * as G from '../../grammar/index.js'
import { sections } from '../../grammar/sections.js'
import { serveSections } from '../../grammar/serve/sections.js'
import { compile, fromJson, toJson } from '../../interpreters/index.js'
import { dissected, otherReaders, streamed } from '../../laws/readers.js'
import {
  listOfGroups,
  printVectors,
  type Vector,
  vectorFlags,
  vectorSchema,
  vectorsOf,
} from '../../vectors/index.js'
import { issueOf, rightOf } from '../support/either.js'

const named = [...sections, ...serveSections].flatMap(({ grammars }) => grammars)

const made = new Map<string, ReadonlyArray<Vector>>()

/** The vectors of a type, made once for all tests. */
const vectorsFor = ([name, grammar]: (typeof named)[number]): ReadonlyArray<Vector> => {
  const vectors = made.get(name) ?? [...vectorsOf(grammar as Grammar<unknown>, { type: name })]
  made.set(name, vectors)
  return vectors
}

type Read = (bytes: Uint8Array) => Promise<Either<Issue, unknown>>

/** All our readers, by their names. */
const readersOf = (
  grammar: Grammar<unknown>,
  given: Protocol,
  profile: Profile,
): ReadonlyArray<readonly [name: string, read: Read]> => {
  const settings = { profile, limits: {} }
  const codec = compile(grammar, given, { profile })
  return [
    ['the compiled codec', async (bytes) => codec.decode(bytes)],
    ['the dissector', async (bytes) => dissected(grammar, given, settings, bytes)],
    ...otherReaders.map(({ name, decodeAt }) => {
      const read = decodeAt(grammar, given, settings)
      return [
        name,
        async (bytes: Uint8Array) => map(({ value }: { value: unknown }) => value)(read(bytes, 0)),
      ] as const
    }),
    [
      'the reader of streams',
      async (bytes) =>
        map(({ value }: { value: unknown }) => value)(await streamed(grammar, given, settings, [bytes])),
    ],
  ]
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

describe('vectorsOf', () => {
  it('use the values that are given for an inner grammar', () => {
    const City = refine(utf8, 'a city', (name) => name === 'Oslo' || name === 'Rome')
    const Trip = struct('Trip', { to: listOf(City), days: u8 })
    const values = [{ grammar: City, values: () => ['Rome', 'Oslo'] }]
    const valid = [...vectorsOf(Trip, { values })].filter(({ result }) => result === 'valid')
    const texts = valid.map(({ bytes }) => new TextDecoder().decode(bytes))
    for (const name of ['Rome', 'Oslo']) {
      expect(
        texts.some((text) => text.includes(name)),
        name,
      ).to.equal(true)
    }
    expect([...vectorsOf(City)]).to.deep.equal([])
    expect([...vectorsOf(City, { values })].length).to.be.greaterThan(4)
    const wrong = { values: [{ grammar: City, values: ['Rome'] as never }] }
    expect(() => vectorsOf(City, wrong)).to.throw(TypeError, 'must be a function, not an object (Array)')
  })

  it('has the bytes of the specification', () => {
    const valid = [...vectorsOf(G.UInt64)].filter(({ result }) => result === 'valid')
    expect(valid.map(({ value, bytes }) => [String(value), hex(bytes)])).to.deep.include.members([
      ['0', '0000000000000000'],
      ['72623859790382856', '0807060504030201'],
      ['18446744073709551615', 'ffffffffffffffff'],
      ['9007199254740993', '0100000000002000'],
    ])
  })

  it('treats a bool as the specification says', () => {
    const odd = [...vectorsOf(G.Bool64)].filter(({ result }) => result === 'acceptable')
    expect(odd.map(({ bytes, value, canonical }) => [hex(bytes), value, hex(canonical!)])).to.deep.include([
      '0200000000000000',
      true,
      '0100000000000000',
    ])
  })

  it('gives the byte of wrong padding', () => {
    const padding = [...vectorsOf(utf8)].filter(({ flags }) => flags.includes('padding'))
    expect(padding.length).to.be.greaterThan(2)
    for (const { bytes, issue, result } of padding) {
      expect(result).to.equal('invalid')
      expect(issue?.tag).to.equal('NonZeroPadding')
      expect(bytes[issue!.offset]).not.to.equal(0)
      expect(bytes.subarray(issue!.offset + 1).every((byte) => byte === 0)).to.equal(true)
    }
  })

  it('is the same in every run, and each id once', () => {
    const some = named.slice(0, 40)
    const all = some.map((type) => printVectors(type[0], vectorsFor(type)))
    const again = some.map(([name, grammar]) =>
      printVectors(name, vectorsOf(grammar as never, { type: name })),
    )
    expect(again).to.deep.equal(all)
    const ids = all.flatMap((text) => text.match(/^\{"id":"[0-9a-f]{16}"/gm) ?? [])
    expect(ids.length).to.be.greaterThan(500)
    expect(new Set(ids).size).to.equal(ids.length)
  })

  it('has ids that stay the same between releases', () => {
    const ids = [...vectorsOf(G.Bool64)].slice(0, 3).map(({ id, rule }) => [id, rule])
    expect(ids).to.deep.equal([
      ['5db4dba9ac8cca1b', 'true'],
      ['128685a9bc901d75', 'false'],
      ['d5e8919a8435efd1', 'message: 0 or 1'],
    ])
  })

  it('has vectors for every protocol that changes the bytes, named by it', () => {
    const groups = listOfGroups(vectorsOf(G.ValidPathInfo))
    expect(groups.map(({ protocol }) => protocol.version)).to.deep.equal(['1.15', '1.16'])
    const one = listOfGroups(vectorsOf(G.ValidPathInfo, { protocol: { version: '1.38' } }))
    expect(one.map(({ protocol }) => protocol.version)).to.deep.equal(['1.38'])
  })

  it('makes vectors of any grammar, with each kind of rule', () => {
    const Order = struct('Order', { tea: utf8, cups: listOf(u64), with: setOf(u8) })
    const all = [...vectorsOf(Order)]
    expect(all[0]).to.deep.include({
      type: 'Order',
      protocol: {},
      result: 'valid',
      rule: 'the usual value',
      value: { tea: 'tea', cups: [1n], with: [1n] },
      bytes: bytesOf(
        '0300000000000000 7465610000000000 0100000000000000 0100000000000000 0100000000000000 0100000000000000',
      ),
    })
    const flags = new Set(all.flatMap((each) => each.flags))
    for (const flag of [
      'padding',
      'padding-overflow',
      'truncated',
      'trailing-bytes',
      'duplicate-key',
      'not-utf-8',
    ] as const) {
      expect(flags, flag).to.include(flag)
    }
    expect(all.filter(({ result }) => result === 'invalid').length).to.be.within(8, 16)
    expect([...vectorsOf(Order, { broken: 100 })].length).to.be.greaterThan(all.length + 20)
  })

  it('breaks a valid vector, and names it', () => {
    const all = [...vectorsOf(G.BuildResult)]
    const valid = new Set(all.flatMap(({ id, result }) => (result === 'valid' ? [id] : [])))
    for (const { source, result } of all) {
      expect(source === null).to.equal(result === 'valid')
      expect(source === null || valid.has(source)).to.equal(true)
    }
  })

  it('rejects unknown options, at once', () => {
    expect(() => vectorsOf(u64, { broken: -1 })).to.throw(RangeError, 'whole number of at least 0')
    expect(() => vectorsOf(u64, { number: 1 } as never)).to.throw(TypeError)
    expect(() => vectorsOf({} as never)).to.throw(TypeError)
  })
})

describe('the vectors of each type', () => {
  const ajv = new Ajv2020({ allowUnionTypes: true })
  const isVectors = ajv.compile(vectorSchema)

  for (const type of named) {
    const [name] = type
    const grammar = type[1] as Grammar<unknown>
    it(`give the listed results in all our readers, each broken one with a known flag: ${name}`, async () => {
      const vectors = vectorsFor(type)
      for (const { flags, result } of vectors) {
        expect(result === 'valid' || flags.length > 0).to.equal(true)
        expect(Object.keys(vectorFlags)).to.include.members([...flags])
      }
      const file: unknown = JSON.parse(printVectors(name, vectors))
      expect(isVectors(file), JSON.stringify(isVectors.errors)).to.equal(true)
      for (const { protocol, vectors: own } of listOfGroups(vectors)) {
        await expectRead(grammar, protocolFor('a test', grammar.node, protocol), own)
      }
    })
  }
})

const expectRead = async (
  grammar: Grammar<unknown>,
  given: Protocol,
  vectors: ReadonlyArray<Vector>,
): Promise<void> => {
  const canonicalCodec = compile(grammar, given, { profile: 'canonical' })
  for (const [name, read] of readersOf(grammar, given, 'compatible')) {
    for (const { bytes, result, rule, value, issue } of vectors) {
      const outcome = await read(bytes)
      if (result !== 'invalid') {
        expect(toJson(grammar, given, rightOf(outcome)), `${name}: ${rule}`).to.deep.equal(right(value))
      } else if (seesAll(name) || issue?.tag !== 'TrailingBytes') {
        expect(saidBy(outcome), `${name}: ${rule}`).to.deep.equal(issue)
      }
    }
  }
  for (const [name, read] of readersOf(grammar, given, 'canonical')) {
    for (const { bytes, result, rule, value, issue } of vectors) {
      if (result === 'valid') {
        expect(toJson(grammar, given, rightOf(await read(bytes))), `${name}: ${rule}`).to.deep.equal(
          right(value),
        )
      } else if (result === 'acceptable') {
        expect(saidBy(await read(bytes)), `${name}: ${rule}`).to.deep.equal(issue)
      }
    }
  }
  for (const { bytes, result, rule, value, issue, canonical } of vectors) {
    if (result === 'valid') {
      const meant = rightOf(fromJson(grammar, given, value!))
      expect(canonicalCodec.encode(meant), rule).to.deep.equal(right(bytes))
    } else if (canonical !== null && issue?.tag !== 'InvalidText') {
      // A text that is not strict keeps its form.
      expect(canonicalCodec.decode(canonical)._tag, rule).to.equal('Right')
    }
  }
}

/** What stands behind a message only those see that are given all of it. */
const seesAll = (name: string): boolean => name === 'the compiled codec' || name === 'the dissector'

const saidBy = (outcome: Either<Issue, unknown>) => {
  const { _tag: tag, offset, path } = issueOf(outcome)
  return { tag, offset, path }
}
