import { expect } from 'chai'
import { expectTypeOf } from 'expect-type'
import fc from 'fast-check'
import * as t from 'io-ts'
import { listOf, struct, u8, u64, utf8 } from '../../combinators/index.js'
import { toArbitrary } from '../../interpreters/arbitrary/index.js'
import { type Json, parseJson, printJson, toJson } from '../../interpreters/index.js'
import { issueReporter, toJsonType } from '../../validation/index.js'
import { rightOf } from '../support/either.js'
import { allGrammars } from '../support/grammars.js'

const Tea = struct('Tea', { name: utf8, grams: u64 })

const linesOf = (input: unknown): ReadonlyArray<string> => issueReporter.report(toJsonType(Tea).decode(input))

describe('toJsonType', () => {
  it('reads the results of JSON.parse and of parseJson, for every grammar', () => {
    for (const [name, grammar] of allGrammars) {
      const type = toJsonType(grammar)
      for (const value of fc.sample(toArbitrary(grammar), { numRuns: 4, seed: 5 })) {
        const json = rightOf(toJson(grammar, {}, value))
        expect(type.encode(value), name).to.deep.equal(json)
        expect(type.is(value), name).to.equal(true)
        const text = printJson(json)
        const back = type.decode(rightOf(parseJson(text)))
        expect(back._tag, name).to.equal('Right')
        expect(type.encode(rightOf(back)), name).to.deep.equal(json)
        if (!/[0-9]{16}/.test(text)) {
          expect(type.decode(JSON.parse(text)), name).to.deep.equal(back)
        }
      }
    }
  })

  it('rejects anything but JSON, and rounded integers', () => {
    const cyclic: { name: string; grams?: unknown } = { name: 'cha' }
    cyclic.grams = cyclic
    expect(linesOf({ name: 'cha', grams: 2 ** 53 })[0]).to.contain('grams')
    expect(linesOf({ name: 'cha', grams: 1.5 })[0]).to.contain('expected an integer, got 1.5')
    expect(linesOf({ name: 'cha', grams: undefined })[0]).to.contain('expected JSON, got undefined')
    expect(linesOf({ name: 'cha', grams: new Date(0) })[0]).to.contain('expected JSON, got an object (Date)')
    expect(linesOf(cyclic)[0]).to.contain('more than 1000 levels')
    expect(linesOf({ name: 'cha' })[0]).to.contain('grams')
    expect(linesOf(JSON.parse('{"name":"cha","grams":1,"__proto__":{}}'))[0]).to.contain('no field but')
  })

  it('composes with other codecs, and has their types', () => {
    const Order = t.type({ teas: toJsonType(listOf(Tea)) })
    expect(Order.decode({ teas: [{ name: 'cha', grams: 7 }] })).to.deep.equal({
      _tag: 'Right',
      right: { teas: [{ name: 'cha', grams: 7n }] },
    })
    expect(issueReporter.report(Order.decode({ teas: [{ name: 'cha', grams: -7 }] }))[0]).to.contain(
      '[0].grams',
    )
    const type = toJsonType(u8)
    expectTypeOf<t.TypeOf<typeof type>>().toEqualTypeOf<number>()
    expectTypeOf<t.OutputOf<typeof type>>().toEqualTypeOf<Json>()
    expect(() => type.encode(300)).to.throw(TypeError, 'not a value of')
  })
})
