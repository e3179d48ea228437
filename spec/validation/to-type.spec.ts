import { expect } from 'chai'
import { expectTypeOf } from 'expect-type'
import fc from 'fast-check'
import * as t from 'io-ts'
import { PathReporter } from 'io-ts/lib/PathReporter.js'
import { bytesOf, literal, since, strictBool, struct, u64, utf8, versioned } from '../../combinators/index.js'
import { toArbitrary } from '../../interpreters/arbitrary/index.js'
import { compile, toMalformed, toValidator } from '../../interpreters/index.js'
import { isGrammarError, toType } from '../../validation/index.js'
import { issueOf, rightOf } from '../support/either.js'
import { allGrammars } from '../support/grammars.js'

const Tea = struct('Tea', { name: utf8, hot: strictBool })
const wire = bytesOf('0300000000000000 636861 0000000000 0100000000000000')
const wrong = bytesOf('0300000000000000 636861 0000000009 0200000000000000')

describe('toType', () => {
  it('is an io-ts codec between bytes and values, and composes with others', () => {
    const type = toType(Tea)
    expect(type).to.be.instanceOf(t.Type)
    expect(type.name).to.equal('Tea')
    expect(type.decode(wire)).to.deep.equal({ _tag: 'Right', right: { name: 'cha', hot: true } })
    expect(type.encode({ name: 'cha', hot: true })).to.deep.equal(wire)
    expect([
      type.is({ name: 'cha', hot: true }),
      type.is({ name: 'cha' }),
      type.is(wire),
      type.is(null),
    ]).to.deep.equal([true, false, false, false])
    const Cup = t.type({ label: t.string, tea: type })
    expect(Cup.decode({ label: 'mine', tea: wire })._tag).to.equal('Right')
  })

  it('has the path of each issue in the context of its error, and the issue itself', () => {
    const Cup = t.type({ label: t.string, tea: toType(Tea) })
    // The error of the label has no issue.
    const errors = issueOf(Cup.decode({ label: 7, tea: wrong })).filter(isGrammarError)
    expect(errors.map(({ context }) => context.map(({ key, type }) => [key, type.name]))).to.deep.equal([
      [
        ['', '{ label: string, tea: Tea }'],
        ['tea', 'Tea'],
        ['name', 'utf8'],
      ],
      [
        ['', '{ label: string, tea: Tea }'],
        ['tea', 'Tea'],
        ['hot', 'strictBool'],
      ],
    ])
    expect(errors.map(({ issue }) => issue)).to.deep.equal(issueOf(toValidator(Tea)(wrong)))
  })

  it('is readable by the reporters of io-ts', () => {
    expect(PathReporter.report(toType(Tea).decode(wrong))).to.deep.equal([
      'NonZeroPadding at byte 15, name, in utf8: expected a zero byte, got 0x9',
      'OutOfRange at byte 16, hot, in strictBool: expected an integer from 0 to 1, got 2',
    ])
    expect(PathReporter.report(toType(u64).decode('tea'))).to.deep.equal([
      'InvalidValue at byte 0, (top level), in u64: expected a Uint8Array, got a string',
    ])
  })

  it('agrees with the codec on every grammar', () => {
    for (const [name, grammar] of allGrammars) {
      const [type, codec] = [toType(grammar), compile(grammar)]
      const values = fc.sample(toArbitrary(grammar), { numRuns: 4, seed: 7 })
      for (const value of values) {
        const bytes = rightOf(codec.encode(value))
        expect(type.decode(bytes), name).to.deep.equal(codec.decode(bytes))
        expect(type.encode(value), name).to.deep.equal(bytes)
        expect(type.is(value), name).to.equal(true)
      }
      for (const { bytes, profile } of toMalformed(grammar).sample(values, 2)) {
        expect(toType(grammar, {}, { profile }).decode(bytes)._tag, name).to.equal('Left')
      }
    }
  })

  it('accepts the options of a codec, and rejects others at once', () => {
    const two = bytesOf('0200000000000000')
    expect(issueOf(toType(Tea, {}, { issues: 1 }).decode(wrong))).to.have.lengthOf(1)
    expect(toType(struct('One', { one: literal(u64, 1n) })).decode(two)._tag).to.equal('Left')
    expect(() => toType(u64, {}, { issue: 1 } as never)).to.throw(TypeError, '"issue"')
    expect(() => toType(versioned(since('1.2'), u64, 0n))).to.throw(TypeError, 'depends on a version')
    expect(() => toType(u64).encode(-1n)).to.throw(TypeError, 'not a value of u64: OutOfRange')
  })

  it('has the types that io-ts expects', () => {
    const type = toType(Tea)
    expectTypeOf<t.TypeOf<typeof type>>().toEqualTypeOf<{ readonly name: string; readonly hot: boolean }>()
    expectTypeOf<t.OutputOf<typeof type>>().toEqualTypeOf<Uint8Array>()
    expectTypeOf<t.InputOf<typeof type>>().toEqualTypeOf<unknown>()
    // @ts-expect-error a text is no boolean
    expect(() => type.encode({ name: 'cha', hot: 'yes' })).to.throw(TypeError)
  })
})
