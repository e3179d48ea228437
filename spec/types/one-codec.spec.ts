import { expect } from 'chai'
import { expectTypeOf } from 'expect-type'
import { nodesIn } from '../../combinators/parts.js'
import type { TextFormat } from '../../combinators/text-format.js'
import * as types from '../../types/index.js'
import { allGrammars } from '../support/grammars.js'

const codecs = Object.values(types).filter((value) => value instanceof types.TextType)
const inGrammar = new Set(
  allGrammars
    .flatMap(([, { node }]) => [...nodesIn(node)])
    .flatMap((node) => (node._tag === 'text' && node.format !== null ? [node.format] : [])),
)

describe('a text with rules', () => {
  it('is exported as a codec, which has its format, and not a second time as the format alone', () => {
    const formats = Object.entries(types).filter(
      ([, value]) => typeof value === 'object' && 'parse' in value && 'print' in value,
    )
    expect(formats.map(([name]) => name)).to.deep.equal([])
    expect(codecs).to.have.length.above(15)
  })

  it('has a codec wherever a grammar has the text', () => {
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
})
