import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect } from 'chai'
import fc from 'fast-check'
import {
  type Grammar,
  i64,
  lazy,
  listOf,
  mapOf,
  openEnumOf,
  optionalByOpenTag,
  optionalByTag,
  setOf,
  struct,
  tagged,
  tuple,
  u8,
  u32,
  u63,
  u64,
  utf8,
} from '../../combinators/index.js'
import * as G from '../../grammar/index.js'
import { toArbitrary } from '../../interpreters/arbitrary/index.js'
import { printJson, toJson, toJsonSchema } from '../../interpreters/json/index.js'
import { rightOf } from '../support/either.js'
import { allGrammars } from '../support/grammars.js'
import { realisationsByPath } from '../support/protocols.js'

// Ajv's own check of each schema is on: an invalid schema throws.
const ajv = new Ajv2020({ strict: true, strictTypes: false })

const validator = (grammar: Grammar<unknown>, given: object) => {
  const validate = ajv.compile(toJsonSchema(grammar, given))
  return (json: unknown): string => (validate(json) ? '' : ajv.errorsText(validate.errors))
}

describe('toJsonSchema', () => {
  const protocols = [
    { version: '1.10' as const },
    { version: '1.28' as const },
    { version: '1.38' as const, features: [realisationsByPath] },
  ]

  for (const [name, grammar] of allGrammars) {
    it(`accepts all JSON that toJson prints of ${name}`, () => {
      for (const given of protocols) {
        const errors = validator(grammar, given)
        fc.assert(
          fc.property(toArbitrary(grammar, given), (value) => {
            const text = printJson(rightOf(toJson(grammar, given, value)), 0)
            expect(errors(JSON.parse(text)), text).to.equal('')
          }),
          { numRuns: 20 },
        )
      }
    })
  }

  const refuses = <A>(grammar: Grammar<A>, json: unknown): void => {
    expect(validator(grammar as Grammar<unknown>, {})(json), JSON.stringify(json)).not.to.equal('')
  }

  it('accepts sets of numbers that a validator cannot tell apart', () => {
    const large = [2n ** 63n - 11n, 2n ** 63n - 1n]
    const Either = setOf(tagged('is', u64, { One: [1, {}] }, { Other: ['tag', {}] }))
    const cases: ReadonlyArray<readonly [Grammar<never>, unknown]> = [
      [setOf(u63) as never, large],
      [setOf(i64) as never, large],
      [
        setOf(tuple(u8, listOf(u64))) as never,
        [
          [1, [large[0]]],
          [1, [large[1]]],
        ],
      ],
      [Either as never, large.map((tag) => ({ is: 'Other', tag }))],
    ]
    for (const [grammar, value] of cases) {
      const given = JSON.parse(printJson(rightOf(toJson(grammar, {}, value as never)), 0))
      expect(validator(grammar as never, {})(given)).to.equal('')
    }
    refuses(setOf(u32), [1, 1])
    refuses(setOf(utf8), ['a', 'a'])
  })

  it('rejects anything but a JSON form', () => {
    refuses(G.UInt8, 256)
    refuses(G.UInt8, 1.5)
    refuses(G.UInt8, -1)
    refuses(G.UInt64, '7')
    refuses(G.BuildMode, 'Other')
    refuses(G.StorePath, '/nix/store/short')
    refuses(G.StorePath, '/nix/store/g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-..')
    refuses(G.StorePath, '/nix/storeXg1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-a')
    refuses(G.Signature, 7)
    refuses(G.OptMicroseconds, [])
    refuses(G.Field, { type: 'Int', value: 'text' })
    refuses(G.Field, { type: 'Other' })
    refuses(struct('S', { a: u8 }), {})
    refuses(struct('S', { a: u8 }), { a: 1, b: 2 })
    refuses(tuple(u8, utf8), [1])
    refuses(tuple(u8, utf8), [1, 'x', 2])
    refuses(mapOf(u64, u8), { 1: 2 })
    refuses(mapOf(utf8, u8), [['a', 1]])
  })

  it('knows the store directory', () => {
    const inGnu = '/gnu/store/g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-a'
    expect(validator(G.StorePath as Grammar<unknown>, { storeDir: '/gnu/store' })(inGnu)).to.equal('')
    refuses(G.StorePath, inGnu)
  })

  it('allows names and other numbers for an open enum', () => {
    const errors = validator(openEnumOf(u32, { Low: 0 }) as Grammar<unknown>, {})
    expect([errors('Low'), errors(9)]).to.deep.equal(['', ''])
    for (const other of ['High', 0, 2 ** 32, 1.5]) {
      expect(errors(other)).not.to.equal('')
    }
  })

  it('excludes the tags of cases from the case for every other tag', () => {
    const errors = validator(
      tagged('is', u64, { A: [0, {}] }, { B: ['b', { x: u8 }] }) as Grammar<unknown>,
      {},
    )
    expect([errors({ is: 'A' }), errors({ is: 'B', b: 7, x: 1 })]).to.deep.equal(['', ''])
    for (const other of [{ is: 'B', b: 0, x: 1 }, { is: 'B', x: 1 }, { is: 'A', b: 7, x: 1 }, { is: 'C' }]) {
      expect(errors(other)).not.to.equal('')
    }
  })

  it('distinguishes a kept number from a value, as the JSON form does', () => {
    const errors = validator(optionalByOpenTag(u32, u64) as Grammar<unknown>, {})
    expect([errors(null), errors([1]), errors(7)]).to.deep.equal(['', '', ''])
    expect(errors(1)).not.to.equal('')
  })

  it('is finite for a recursive grammar', () => {
    interface Tree {
      readonly label: bigint
      readonly children: ReadonlyArray<Tree>
    }
    const Tree: Grammar<Tree> = struct('Tree', { label: u64, children: listOf(lazy(() => Tree)) })
    const errors = validator(Tree as Grammar<unknown>, {})
    expect(errors({ label: 1, children: [{ label: 2, children: [] }] })).to.equal('')
    expect(errors({ label: 1, children: [{ label: 2 }] })).not.to.equal('')
  })

  it('distinguishes an option of an option, as the JSON form does', () => {
    const grammar = optionalByTag(u8, optionalByTag(u8, u64)) as Grammar<unknown>
    const errors = validator(grammar, {})
    expect([errors(null), errors([null]), errors([7])]).to.deep.equal(['', '', ''])
    expect(errors(7)).not.to.equal('')
  })
})
