import { expect } from 'chai'
import fc from 'fast-check'
import { right } from 'fp-ts/lib/Either.js'
import { says } from '../../conversation/index.js'
import type { ContentAddress, DerivationOutput, DerivedPath } from '../../grammar/index.js'
import * as G from '../../grammar/index.js'
import {
  byProtocol,
  compile,
  escapedText,
  type Grammar,
  holds,
  imap,
  intUpTo,
  lazy,
  limited,
  listOf,
  mapOf,
  named,
  openEnumOf,
  optional,
  paddedBytes,
  refine,
  setOf,
  since,
  struct,
  type TextFormat,
  tagged,
  text,
  u8,
  u32,
  u64,
  under,
  until,
  utf8,
  versioned,
} from '../../index.js'
import { supply, toArbitrary, toSessions } from '../../laws/index.js'
import { DerivedPath as DerivedPathText, StorePathName } from '../../types/index.js'
import { samples, Tree } from '../support/arbitrary.js'
import { rightOf } from '../support/either.js'

const depthOf = ({ children }: Tree): number => 1 + Math.max(0, ...children.map(depthOf))

describe('toArbitrary', () => {
  describe('often makes values that are likely to show a mistake', () => {
    it('integers at the bounds of all their types', () => {
      const numbers = samples(u64)
      for (const edge of [
        0n,
        1n,
        2n ** 31n,
        2n ** 32n,
        2n ** 53n - 1n,
        2n ** 53n,
        2n ** 53n + 1n,
        2n ** 64n - 1n,
      ]) {
        expect(numbers).to.include(edge)
      }
      expect(samples(u32)).to.include.members([0, 2 ** 31, 2 ** 32 - 1])
      expect(samples(intUpTo(100))).to.include.members([0, 100])
      expect(Math.max(...samples(intUpTo(100)))).to.equal(100)
    })

    it('texts: empty, __proto__, a byte order mark, NUL, beyond the BMP, about a multiple of 8, more than 130', () => {
      const texts = samples(utf8)
      expect(texts).to.include.members(['', '__proto__', '\ufeff', '\0', '\u{10000}', 'abcdefg', 'abcdefgh'])
      expect(texts.some((each) => each.length > 130)).to.equal(true)
      expect(texts.every((each) => each.isWellFormed())).to.equal(true)
    })

    it('bytes that are not UTF-8, if a text may have them', () => {
      const texts = samples(escapedText)
      expect(texts.filter((each) => !each.isWellFormed()).length).to.be.greaterThan(100)
      expect(texts).to.include('\udcff')
    })

    it('__proto__ as a key', () => {
      expect(samples(mapOf(utf8, u64)).some((map) => map.has('__proto__'))).to.equal(true)
    })

    it('the longest names', () => {
      const lengths = samples(text(StorePathName.format)).map((name) => name.length)
      expect(Math.max(...lengths)).to.equal(211)
      expect(Math.min(...lengths)).to.equal(1)
    })
  })

  describe('sometimes makes large values', () => {
    const shareOf = <A>(values: ReadonlyArray<A>, isLarge: (value: A) => boolean): number =>
      values.filter(isLarge).length / values.length

    it('texts and bytes about 2^8, 2^10, 2^12 and 2^16, one value in twelve', () => {
      const lengths = samples(utf8).map((each) => each.length)
      for (const power of [256, 1024, 4096, 65536]) {
        expect(
          lengths.some((length) => Math.abs(length - power) <= 1),
          `${power}`,
        ).to.equal(true)
      }
      expect(shareOf(lengths, (length) => length > 200)).to.be.within(1 / 20, 1 / 8)
      expect(Math.max(...samples(paddedBytes).map((each) => each.length))).to.be.greaterThan(65534)
      expect(Math.max(...samples(limited(1000, paddedBytes)).map((each) => each.length))).to.equal(1000)
    })

    it('lists, sets and maps of 9 to 257 items', () => {
      for (const [name, sizes] of [
        ['list', samples(listOf(u64)).map((each) => each.length)],
        ['set', samples(setOf(u64)).map((each) => each.length)],
        ['map', samples(mapOf(u64, u64)).map((each) => each.size)],
      ] as const) {
        expect(
          shareOf(sizes, (size) => size > 8),
          name,
        ).to.be.within(1 / 20, 1 / 8)
        expect(
          sizes.some((size) => size > 16 && size < 128),
          name,
        ).to.equal(true)
        // A set keeps one of two equal numbers.
        expect(Math.max(...sizes), name).to.be.within(name === 'list' ? 255 : 200, 257)
      }
    })

    it('recursion in one of several places, and equally deep in a key and a value', () => {
      // With recursion in both of two places of each level, chains would never be finished.
      type Deep = ReadonlyMap<Deep, Deep>
      const Deep: Grammar<Deep> = lazy(() => mapOf(Deep, Deep))
      type Ways = { readonly is: 'end' } | { readonly is: 'a' | 'b' | 'c'; readonly next: Ways }
      const next = struct('Next', { next: lazy((): Grammar<Ways> => Ways) })
      const Ways: Grammar<Ways> = tagged('is', u8, {
        end: [0, struct('End', {})],
        a: [1, next],
        b: [2, next],
        c: [3, next],
      })
      const levels = (ways: Ways): number => (ways.is === 'end' ? 0 : 1 + levels(ways.next))
      const height = (map: Deep): number =>
        map.size === 0 ? 0 : 1 + Math.max(...[...map].flat().map(height))
      expect(Math.max(...samples(Ways).map(levels))).to.equal(64)
      expect(Math.max(...samples(Deep).map(height))).to.equal(63)
    })

    it('recursion 10 levels deep, and as deep as a codec follows', () => {
      const codec = compile(Tree)
      const depths = samples(Tree).map((tree) => {
        rightOf(codec.encode(tree))
        return depthOf(tree)
      })
      expect(depths).to.include(11).and.include(65)
      const archives = samples(G.Nar, '1.38', 500).map((nar) => rightOf(compile(G.Nar).encode(nar)))
      const entries = archives.map((bytes) => Buffer.from(bytes).toString('latin1').split('entry').length)
      expect(entries.some((count) => count >= 64)).to.equal(true)
    })

    it('in one place of a value, and nowhere on request', () => {
      const Names = struct('Names', { a: utf8, b: utf8, c: utf8 })
      const large = samples(Names).map(({ a, b, c }) => [a, b, c].filter((each) => each.length > 200).length)
      expect(Math.max(...large)).to.equal(1)
      const small = fc.sample(toArbitrary(Names, {}, { large: false }), { numRuns: 1000, seed: 1 })
      expect(small.every(({ a }) => a.length < 200)).to.equal(true)
    })
  })

  describe('makes canonical values', () => {
    it('sets in the order of their bytes, each item once', () => {
      for (const set of samples(setOf(utf8))) {
        const bytes = set.map((item) => Buffer.from(item))
        expect([...bytes].sort(Buffer.compare)).to.deep.equal(bytes)
        expect(new Set(set).size).to.equal(set.length)
      }
    })

    it('sets in the order of their format', () => {
      const signed = samples(setOf(G.Signature)).filter((set) => set.length > 1)
      const codec = compile(setOf(G.Signature), {}, { profile: 'canonical' })
      for (const set of signed.slice(0, 100)) {
        const bytes = codec.encode(set)
        expect(bytes._tag === 'Right' && codec.decode(bytes.right)).to.deep.equal(right(set))
      }
      expect(signed.length).to.be.greaterThan(100)
    })

    it('maps in the order of their keys', () => {
      for (const map of samples(mapOf(u64, u8))) {
        const keys = [...map.keys()]
        expect([...keys].sort((a, b) => (a < b ? -1 : 1))).to.deep.equal(keys)
      }
    })

    it('the constant of a field that the protocol does not send', () => {
      const Info = struct('Info', { size: u64, ultimate: versioned(since('1.16'), u8, 7) })
      expect(new Set(samples(Info, '1.15').map(({ ultimate }) => ultimate))).to.deep.equal(new Set([7]))
      expect(new Set(samples(Info, '1.16').map(({ ultimate }) => ultimate)).size).to.be.greaterThan(7)
    })

    it('numbers without a name, if an enumeration is open', () => {
      const Level = openEnumOf(u8, { Low: 0, High: 3, Highest: 255 })
      const values = samples(Level)
      expect(values).to.include.members(['Low', 'High', 'Highest'])
      const numbers = values.filter((each) => typeof each === 'number')
      expect(numbers).to.include.members([1, 254]).and.not.include.members([0])
      expect(numbers.some((each) => [0, 3, 255].includes(each) || each < 0 || each > 255)).to.equal(false)
    })

    it('texts within a limit', () => {
      for (const limit of [0, 1, 3, 4, 9]) {
        const texts = samples(limited(limit, utf8), '1.38', 300)
        expect(Math.max(...texts.map((each) => Buffer.byteLength(each)))).to.equal(limit)
      }
    })
  })

  it('makes no name that consists of dots, whatever comes before it', () => {
    // Among 1,000 values, each of these seeds would give one named `..` without the rule.
    for (const seed of [1, 2, 7]) {
      for (const output of fc.sample(toArbitrary(G.DerivationOutput), { numRuns: 1000, seed })) {
        expect('path' in output ? String(output.path) : '').not.to.match(/^\/nix\/store\/\w{32}-\.\.?$/)
      }
    }
  })

  describe('ends', () => {
    it('however a grammar refers to itself', () => {
      const trees = fc.sample(toArbitrary(Tree, {}, { large: false }), { numRuns: 300, seed: 1 })
      expect(Math.max(...trees.map(depthOf))).to.equal(5)
      expect(Math.min(...trees.map(depthOf))).to.equal(1)
      const deeper = fc.sample(toArbitrary(Tree, {}, { depth: 8 }), { numRuns: 300, seed: 1 })
      expect(Math.max(...deeper.map(depthOf))).to.equal(9)
    })

    it('if two grammars refer to each other', () => {
      interface Even {
        readonly odd: ReadonlyArray<Odd>
      }
      interface Odd {
        readonly even: Even
      }
      const Even: Grammar<Even> = struct('Even', { odd: listOf(lazy(() => Odd)) })
      const Odd: Grammar<Odd> = struct('Odd', { even: lazy(() => Even) })
      expect(
        samples(Even, '1.38', 100).some(({ odd }) => odd.some(({ even }) => even.odd.length > 0)),
      ).to.equal(true)
    })

    it('with an error if every value is infinite', () => {
      interface Endless {
        readonly again: Endless
      }
      const Endless: Grammar<Endless> = struct('Endless', { again: lazy(() => Endless) })
      expect(() => toArbitrary(Endless)).to.throw(TypeError, 'Endless')
    })
  })

  describe('makes the values that a rule requires', () => {
    it('every kind of derivation output', () => {
      const kinds = samples(G.DerivationOutput).map((each: DerivationOutput) => each._tag)
      for (const kind of ['InputAddressed', 'CAFixed', 'CAFloating', 'Deferred', 'Impure'] as const) {
        expect(kinds.filter((each) => each === kind).length, kind).to.be.greaterThan(100)
      }
    })

    it('every kind of content address', () => {
      const kinds = samples(G.ContentAddress).map((each: ContentAddress) => `${each._tag} ${each.algorithm}`)
      expect(new Set(kinds).size).to.equal(20)
    })

    it('every kind of derived path, in both forms', () => {
      const nested = (each: DerivedPath): boolean => each._tag === 'Built' && each.drvPath._tag === 'Built'
      const kind = (each: DerivedPath): string => (each._tag === 'Opaque' ? 'path' : each.outputs._tag)
      for (const version of ['1.29', '1.30'] as const) {
        const paths = samples(G.DerivedPath, version)
        expect([...new Set(paths.map(kind))]).to.have.members(['path', 'All', 'Names'])
        expect(paths.some(nested)).to.equal(version === '1.30')
      }
    })

    it('realisations whose text is canonical, and others', () => {
      const tags = samples(G.Realisation, '1.37').map((each) => each._tag === 'Hash' && each.text._tag)
      expect([...new Set(tags)]).to.have.members(['Some', 'None'])
    })

    it('ascending items, if a list must be in order', () => {
      const ascending = (items: ReadonlyArray<number>) =>
        items.every((each, i) => i === 0 || items[i - 1]! < each)
      for (const list of [listOf(u8), until(u64, { next: 1n, end: 0n }, u8)]) {
        const values = samples(refine(list, 'ascending numbers', ascending))
        expect(values.every(ascending)).to.equal(true)
        expect(Math.max(...values.map((each) => each.length))).to.be.greaterThan(5)
      }
    })

    it('only values that an imap gives back', () => {
      // Two numbers have the same half, of which only one can be written.
      const Half = imap(
        u8,
        (n) => right(Math.floor(n / 2)),
        (half: number) => right(half * 2),
      )
      const codec = compile(Half, {}, { profile: 'canonical' })
      for (const value of samples(Half)) {
        const bytes = codec.encode(value)
        expect(bytes._tag === 'Right' && codec.decode(bytes.right)).to.deep.equal(right(value))
      }
    })
  })

  describe('reports values that it cannot make', () => {
    const Rare = named(
      'Rare',
      refine<bigint>(u64, 'one number in many', (n) => n === 0x6e697863n),
    )

    it('of a refine that hardly any value passes', () => {
      expect(() => samples(Rare)).to.throw(Error, 'no values for Rare')
      const unnamed = struct('S', {
        level: refine(utf8, 'info or warn', (level) => level === 'info' || level === 'warn'),
      })
      expect(() => samples(unnamed)).to.throw(
        Error,
        'no values for utf8 (info or warn): its imap or refine rejects what its grammar allows (none in 10000 tries); supply values, as in { given: [supply(grammar, values)] }',
      )
    })

    it('and uses a supplied arbitrary for them, wherever they stand', () => {
      const arbitrary = toArbitrary(listOf(Rare), {}, { given: [supply(Rare, fc.constant(0x6e697863n))] })
      expect(fc.sample(arbitrary, 50).flat()).to.include(0x6e697863n)
      const Even = refine(u64, 'an even number', (n) => n % 2n === 0n)
      const byVersion = supply(Even, ({ version }) => fc.constant(version === '1.38' ? 2n : 4n))
      expect(fc.sample(toArbitrary(Even, { version: '1.38' }, { given: [byVersion] }), 1)).to.deep.equal([2n])
    })

    it('and says at once what is not an arbitrary', () => {
      const array = ['Oslo'] as unknown as fc.Arbitrary<bigint>
      const wanted = 'must be an arbitrary of fast-check, not an array: fc.constantFrom(...values) makes one'
      expect(() => supply(Rare, array)).to.throw(TypeError, `what supply takes for the values ${wanted}`)
      const late = supply(Rare, () => array)
      expect(() => toArbitrary(Rare, {}, { given: [late] })).to.throw(TypeError, wanted)
      expect(() => toArbitrary(Rare, {}, { formats: { City: array } })).to.throw(
        TypeError,
        `formats of toArbitrary.City ${wanted}`,
      )
      expect(() => toArbitrary(Rare, {}, { given: [Rare as never] })).to.throw(
        TypeError,
        'must be an array of supplies',
      )
      expect(() => toSessions(says('client', 'rare', Rare), { words: { rare: array } })).to.throw(
        TypeError,
        wanted,
      )
    })

    it('and uses a supplied arbitrary for a form that a gate decides, in sets and maps too', () => {
      const Small = imap(
        u8,
        (n) => right(BigInt(n)),
        (n) => right(Number(n)),
      )
      const Wide = byProtocol([[since('1.2'), Small]], u64)
      const given = [supply(Wide, fc.constantFrom(3n, 1n, 2n))]
      for (const version of ['1.1', '1.2'] as const) {
        const sets = fc.sample(toArbitrary(setOf(Wide), { version }, { given }), 100)
        const maps = fc.sample(toArbitrary(mapOf(Wide, u8), { version }, { given }), 100)
        for (const items of [...sets, ...maps.map((map) => [...map.keys()])]) {
          expect(items).to.deep.equal([1n, 2n, 3n].filter((n) => items.includes(n)))
        }
        expect(sets.map(({ length }) => length)).to.include(3)
      }
    })

    it('but not of a format that makes its own texts, under the protocol that is fixed', () => {
      const format: TextFormat<{ readonly cups: number }> = {
        name: 'Cups',
        summary: 'how many cups',
        value: 'structure',
        gates: [since('1.2')],
        texts: (make, given) =>
          make.joined(
            holds(since('1.2'), given) ? 'cups ' : 'c',
            make.oneOf(make.joined('1'), make.joined('23')),
          ),
        parse: (words) => right({ cups: Number(/\d+/.exec(words)?.[0]) }),
        print: ({ cups }, given) => right(`${holds(since('1.2'), given) ? 'cups ' : 'c'}${cups}`),
      }
      const old = under({ version: '1.1', features: [] }, text(format))
      for (const [grammar, words] of [
        [text(format), ['cups 1', 'cups 23']],
        [old, ['c1', 'c23']],
      ] as const) {
        const codec = compile(grammar, { version: '1.2' })
        const texts = fc
          .sample(toArbitrary(grammar, { version: '1.2' }), { numRuns: 50, seed: 1 })
          .map((value) =>
            new TextDecoder().decode(rightOf(codec.encode(value)).subarray(8)).replaceAll('\0', ''),
          )
        expect([...new Set(texts)].sort()).to.deep.equal(words)
      }
      const legacy = under({ version: '1.29', features: [] }, text(DerivedPathText.format))
      expect(fc.sample(toArbitrary(legacy), { numRuns: 200, seed: 1 })).to.have.lengthOf(200)
    })

    it('of an unknown text format, and uses a supplied arbitrary for it', () => {
      const Word = { ...StorePathName.format, name: 'Word' }
      const { pattern: _, ...unknown } = Word
      expect(() => toArbitrary(text(unknown))).to.throw(TypeError, 'Word')
      const given = toArbitrary(optional(text(unknown)), {}, { formats: { Word: fc.constant('abc') } })
      expect(fc.sample(given, 50)).to.deep.include({ _tag: 'Some', value: 'abc' })
    })
  })
})
