import { expect } from 'chai'
import { expectTypeOf } from 'expect-type'
import fc from 'fast-check'
import type { Eq } from 'fp-ts/lib/Eq.js'
import { none, some } from 'fp-ts/lib/Option.js'
import type { Ord } from 'fp-ts/lib/Ord.js'
import { listOf, mapOf, setOf, struct, u64, utf8 } from '../../combinators/index.js'
import * as G from '../../grammar/index.js'
import { toArbitrary } from '../../interpreters/arbitrary/index.js'
import { compile, parseJson, toJson } from '../../interpreters/index.js'
import { eqOf, ordOf, showOf } from '../../validation/index.js'
import { rightOf } from '../support/either.js'
import { holdsEq, holdsOrd } from '../support/fp-ts-laws.js'
import { allGrammars } from '../support/grammars.js'

describe('eqOf and ordOf', () => {
  for (const [name, grammar] of allGrammars) {
    it(`obey the laws for ${name}`, () => {
      const values = fc.sample(toArbitrary(grammar), { numRuns: 8, seed: 1 })
      const value = fc.constantFrom(...values)
      holdsEq(eqOf(grammar), value)
      holdsOrd(ordOf(grammar), value)
    })

    it(`find two values of ${name} equal if the wire has the same bytes for them`, () => {
      const { encode } = compile(grammar)
      const { equals } = eqOf(grammar)
      const values = fc.sample(toArbitrary(grammar), { numRuns: 8, seed: 2 })
      for (const a of values) {
        for (const b of values) {
          const same = Buffer.compare(rightOf(encode(a)), rightOf(encode(b))) === 0
          expect(equals(a, b), name).to.equal(same)
        }
      }
    })
  }

  it('ignore the order of sets and maps, but not that of lists', () => {
    expect(eqOf(setOf(u64)).equals([1n, 2n], [2n, 1n])).to.equal(true)
    expect(eqOf(listOf(u64)).equals([1n, 2n], [2n, 1n])).to.equal(false)
    const [ab, ba] = [
      new Map([
        ['a', 1n],
        ['b', 2n],
      ]),
      new Map([
        ['b', 2n],
        ['a', 1n],
      ]),
    ]
    expect(eqOf(mapOf(utf8, u64)).equals(ab, ba)).to.equal(true)
  })

  it('order values like a set on the wire', () => {
    const paths = fc.sample(toArbitrary(G.StorePath), { numRuns: 20, seed: 3 })
    const written = rightOf(compile(setOf(G.StorePath)).encode(paths))
    const read = rightOf(compile(listOf(G.StorePath)).decode(written))
    expect([...new Set(paths)].sort(ordOf(G.StorePath).compare)).to.deep.equal(read)
  })

  it('have the type of the values of the grammar', () => {
    expectTypeOf(eqOf(u64)).toEqualTypeOf<Eq<bigint>>()
    expectTypeOf(ordOf(utf8)).toEqualTypeOf<Ord<string>>()
    // @ts-expect-error a text is no integer
    expect(() => eqOf(u64).equals('a', 1n)).not.to.throw()
  })
})

describe('showOf', () => {
  it('is the JSON form on one line', () => {
    for (const [name, grammar] of allGrammars) {
      for (const value of fc.sample(toArbitrary(grammar), { numRuns: 3, seed: 4 })) {
        const shown = showOf(grammar).show(value)
        expect(rightOf(parseJson(shown)), name).to.deep.equal(rightOf(toJson(grammar, {}, value)))
        expect(shown, name).not.to.match(/[\p{Cc}\p{Cf}]/u)
      }
    }
  })

  it('is an issue for a value of another type', () => {
    const Tea = struct('Tea', { note: utf8, grams: u64 })
    expect(showOf(Tea).show({ note: 'x', grams: -1n })).to.match(/^not a value of Tea: OutOfRange /)
    expect(showOf(G.OptStorePath).show(none)).to.equal('null')
    expect(showOf(G.OptTrusted).show(some('Trusted'))).to.equal('"Trusted"')
  })
})
