import { expect } from 'chai'
import { expectTypeOf } from 'expect-type'
import fc from 'fast-check'
import type { Option } from 'fp-ts/lib/Option.js'
import type * as t from 'io-ts'
import { type Grammar, listOf, mapOf, setOf, tuple, u64, utf8 } from '../../combinators/index.js'
import * as G from '../../grammar/index.js'
import { toArbitrary } from '../../interpreters/arbitrary/index.js'
import { type NixJson, nixJsonFor } from '../../nix-json/index.js'
import * as S from '../../serve/index.js'
import { issueReporter } from '../../validation/index.js'
import { rightOf } from '../support/either.js'
import { realisationsByPath } from '../support/protocols.js'
import { describeWithShared } from '../support/shared.js'
import { schemaErrors } from './schemas.js'

const found = <A>(grammar: Grammar<A>, given: object = {}): t.Type<A, NixJson, unknown> => {
  const json = nixJsonFor(grammar, given)
  if (json._tag === 'None') throw new Error('no JSON')
  return json.value
}

const byPath = { version: '1.38', features: [realisationsByPath] } as const

/** Grammars whose values come back from their JSON as they were. */
const exact: ReadonlyArray<readonly [string, Grammar<never>, object]> = [
  ['StorePath', G.StorePath, {}],
  ['OptStorePath', G.OptStorePath, {}],
  ['ContentAddress', G.ContentAddress, {}],
  ['OptContentAddress', G.OptContentAddress, {}],
  ['DerivedPath', G.DerivedPath, {}],
  ['SingleDerivedPath', G.SingleDerivedPath, {}],
  ['DrvOutput by hash', G.DrvOutput, {}],
  ['DrvOutput by path', G.DrvOutput, byPath],
  ['OptTrusted', G.OptTrusted, {}],
  ['BuildMode', G.BuildMode, {}],
  ['a set of paths', setOf(G.StorePath), {}],
  ['a map', mapOf(utf8, u64), {}],
  ['a tuple', tuple(G.Bool64, G.StorePath, listOf(u64)), {}],
  ['serve DrvOutput', S.ServeDrvOutput, { version: '2.8' }],
].map(([name, grammar, given]) => [name as string, grammar as unknown as Grammar<never>, given as object])

describe('nixJsonFor', () => {
  for (const [name, grammar, given] of exact) {
    it(`has JSON for every value of ${name}, which JSON.parse and JSON.stringify keep`, () => {
      const codec = found(grammar, given)
      fc.assert(
        fc.property(toArbitrary(grammar, given), (value) => {
          const json = codec.encode(value)
          const back = codec.decode(json)
          expect(issueReporter.report(back)).to.deep.equal([])
          expect(rightOf(back)).to.deep.equal(value)
          if (
            !/[0-9]{16}/.test(
              JSON.stringify(json, (_, each) => (typeof each === 'bigint' ? `${each}` : each)),
            )
          ) {
            expect(codec.decode(JSON.parse(JSON.stringify(json)))).to.deep.equal(back)
          }
        }),
        { numRuns: 30 },
      )
    })
  }

  it('works with another store directory', () => {
    const codec = found(G.StorePath, { storeDir: '/gnu/store' })
    const name = 'g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-tea'
    expect(codec.decode(name)).to.deep.equal({ _tag: 'Right', right: `/gnu/store/${name}` })
    expect(codec.decode(`/nix/store/${name}`)._tag).to.equal('Left')
  })

  it('has none if Nix has none', () => {
    expect(nixJsonFor(G.GCAction)._tag).to.equal('None')
    expect(nixJsonFor(listOf(G.GCAction))._tag).to.equal('None')
    expect(nixJsonFor(mapOf(u64, utf8))._tag).to.equal('None')
  })

  it('has the type of the values', () => {
    expectTypeOf(nixJsonFor(G.StorePath)).toEqualTypeOf<Option<t.Type<G.StorePath, NixJson, unknown>>>()
    // @ts-expect-error a store path is no number
    expect(() => found(G.StorePath).encode(5)).to.throw()
  })
})

describeWithShared('the schemas of Nix accept', () => {
  const schemas: ReadonlyArray<readonly [schema: string, grammar: Grammar<never>, given: object]> = [
    ['store-path-v1.yaml', G.StorePath, {}],
    ['content-address-v1.yaml', G.ContentAddress, {}],
    ['deriving-path-v1.yaml', G.SingleDerivedPath, {}],
    ['build-trace-entry-v3.yaml', G.Realisation, byPath],
    ['build-trace-entry-v3.yaml#/$defs/value', G.UnkeyedRealisation, {}],
    ['build-result-v1.yaml', G.BuildResult, byPath],
    ['store-object-info-v3.yaml', G.UnkeyedValidPathInfo, {}],
    ['store-object-info-v3.yaml', G.ValidPathInfo, {}],
    ['store-object-info-v3.yaml', S.ServePathInfo, { version: '2.8' }],
  ].map(([schema, grammar, given]) => [
    schema as string,
    grammar as unknown as Grammar<never>,
    given as object,
  ])

  for (const [schema, grammar, given] of schemas) {
    it(`the JSON of ${grammar.node.name}: ${schema}`, () => {
      const codec = found(grammar, given)
      let written = 0
      for (const value of fc.sample(toArbitrary(grammar, given), { numRuns: 40, seed: 9 })) {
        let json: NixJson
        try {
          json = codec.encode(value)
        } catch (error) {
          // A signature may be any text on the wire, and in this JSON it has a key.
          expect(error).to.be.instanceOf(TypeError).and.have.property('message').that.contains('a signature')
          continue
        }
        written++
        const numbers = JSON.parse(
          JSON.stringify(json, (_, each) => (typeof each === 'bigint' ? Number(each) : each)),
        )
        expect(schemaErrors(schema, numbers), JSON.stringify(numbers)).to.equal('')
        expect(issueReporter.report(codec.decode(json))).to.deep.equal([])
      }
      expect(written).to.be.above(10)
    })
  }
})
