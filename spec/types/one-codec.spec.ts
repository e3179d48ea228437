import { expect } from 'chai'
import { expectTypeOf } from 'expect-type'
import type { Grammar } from '../../combinators/node.js'
import { nodesIn } from '../../combinators/parts.js'
import type { TextFormat } from '../../combinators/text-format.js'
import type * as G from '../../grammar/index.js'
import * as types from '../../types/index.js'
import { allGrammars } from '../support/grammars.js'

const codecs = Object.values(types).filter((value) => value instanceof types.TextType)
const inGrammar = new Set(
  allGrammars
    .flatMap(([, { node }]) => [...nodesIn(node)])
    .flatMap((node) => (node._tag === 'text' && node.format !== null ? [node.format] : [])),
)

type Grammars = typeof G
type Codecs = typeof types
type Shared = keyof Grammars & keyof Codecs

/** The codecs whose namesake in the grammar has other values. */
type Apart = {
  [K in Shared]: [Grammars[K], Codecs[K]] extends [Grammar<infer A>, types.TextType<infer B>]
    ? [A, B, Grammars[K]] extends [B, A, Grammar<B>]
      ? never
      : K
    : K
}[Shared]

describe('a text with rules', () => {
  it('is exported as a codec, which has its format, and not as a format too', () => {
    const formats = Object.entries(types).filter(
      ([, value]) => typeof value === 'object' && 'parse' in value && 'print' in value,
    )
    expect(formats.map(([name]) => name)).to.deep.equal([])
    expect(codecs).to.have.length.above(15)
  })

  it('has a codec if a grammar has the text', () => {
    const known = new Set<unknown>(codecs.map(({ format }) => format))
    const without = [...inGrammar].filter((format) => !known.has(format))
    expect(without.map(({ name }) => name)).to.deep.equal([])
    expect(inGrammar.size).to.be.above(12)
  })

  it('has the values of its codec', () => {
    expectTypeOf(types.StorePath.format).toEqualTypeOf<TextFormat<types.StorePath>>()
    expectTypeOf(types.ContentAddress.format).toEqualTypeOf<TextFormat<types.ContentAddress>>()
    expectTypeOf(types.AnySignature.format).toEqualTypeOf<TextFormat<string>>()
  })

  it('has the values of its grammar under the same name; a signature on the wire may be any text', () => {
    expectTypeOf<Apart>().toEqualTypeOf<'Signature'>()
    expectTypeOf<'StorePath' | 'ContentAddress' | 'Path' | 'DerivedPath'>().toExtend<Shared>()
  })

  it('has one type for each name, in the types and in the grammar', () => {
    expectTypeOf<G.StorePath>().toEqualTypeOf<types.StorePath>()
    expectTypeOf<G.BaseStorePath>().toEqualTypeOf<types.BaseStorePath>()
    expectTypeOf<G.StorePathName>().toEqualTypeOf<types.StorePathName>()
    expectTypeOf<G.StorePathHash>().toEqualTypeOf<types.StorePathHash>()
    expectTypeOf<G.OutputName>().toEqualTypeOf<types.OutputName>()
    expectTypeOf<G.Path>().toEqualTypeOf<types.Path>()
    expectTypeOf<G.NARHash>().toEqualTypeOf<types.NARHash>()
    expectTypeOf<G.HashAlgorithm>().toEqualTypeOf<types.HashAlgorithm>()
    expectTypeOf<G.HashDigest>().toEqualTypeOf<types.HashDigest>()
    expectTypeOf<G.ContentAddress>().toEqualTypeOf<types.ContentAddress>()
    expectTypeOf<G.ContentAddressMethodWithAlgo>().toEqualTypeOf<types.ContentAddressMethodWithAlgo>()
    expectTypeOf<G.DerivedPath>().toEqualTypeOf<types.DerivedPath>()
    expectTypeOf<G.SingleDerivedPath>().toEqualTypeOf<types.SingleDerivedPath>()
    expectTypeOf<G.DerivationOutput>().toEqualTypeOf<types.DerivationOutput>()
    expectTypeOf<G.DrvOutput>().toEqualTypeOf<types.DrvOutput>()
    expectTypeOf<G.Realisation>().toEqualTypeOf<types.Realisation>()
  })
})
