import { expect } from 'chai'
import fc from 'fast-check'
import { isRight } from 'fp-ts/lib/Either.js'
import { none, some } from 'fp-ts/lib/Option.js'
import type { Grammar } from '../../combinators/node.js'
import { protocolFor } from '../../combinators/protocol-for.js'
import { Format } from '../../fuzz/format.js'
import { contentsOf, fewer } from '../../fuzz/simpler.js'
import * as G from '../../grammar/index.js'
import { sections } from '../../grammar/sections.js'
import { listOf, mapOf, optionalByTag, struct, type TypeOf, u8, u64, utf8 } from '../../index.js'
import { toArbitrary } from '../../interpreters/arbitrary/index.js'

const formatOf = <A>(grammar: Grammar<A>): Format<A> =>
  new Format(grammar, protocolFor('simpler', grammar.node, {}), 'compatible')

/** Takes the first simpler value that can be encoded, until there is none. */
const simplest = <A>(format: Format<A>, value: A, simplify: typeof fewer): { value: A; steps: number } => {
  let steps = 0
  for (let best = value; ; steps++) {
    const next = [...simplify(format, best)].find((each) => isRight(format.compatible.encode(each)))
    if (next === undefined || steps > 2000) {
      return { value: best, steps }
    }
    best = next
  }
}

describe('simpler values', () => {
  const Order = struct('Order', {
    tea: utf8,
    cups: listOf(u64),
    milk: optionalByTag(u8, u64),
    prices: mapOf(utf8, u64),
  })
  const order = { tea: 'mint', cups: [7n, 8n], milk: some(3n), prices: new Map([['mint', 5n]]) }

  it('have fewer items first, and the letters as they were', () => {
    const first = [...fewer(formatOf(Order), order)]
    expect(first[0]).to.deep.equal({ ...order, cups: [] })
    expect(first.map(({ tea }) => tea)).to.deep.equal(first.map(() => 'mint'))
    const { value } = simplest(formatOf(Order), order, fewer)
    expect(value).to.deep.equal({ tea: 'mint', cups: [], milk: none, prices: new Map() })
  })

  it('have shorter texts and smaller integers then, and as many items', () => {
    const { value } = simplest(formatOf(Order), order, contentsOf)
    expect(value).to.deep.equal({ tea: '', cups: [0n, 0n], milk: some(0n), prices: new Map([['mint', 0n]]) })
  })

  it('keep the form of a text', () => {
    const path = '/nix/store/43c29sgdpjbvrxsal68273n6g81s2kni-letter.txt'
    const shorter = [...contentsOf(formatOf(G.StorePath), path as TypeOf<typeof G.StorePath>)]
    expect(shorter).not.to.have.lengthOf(0)
    expect(shorter.every((text) => text.length < path.length && text.startsWith('/nix/store/'))).to.equal(
      true,
    )
  })

  for (const { grammars } of sections) {
    for (const [name, grammar] of grammars) {
      it(`of ${name} come to an end, and never grow`, () => {
        const format = formatOf(grammar as Grammar<unknown>)
        for (const value of fc.sample(toArbitrary(format.grammar, format.protocol), {
          numRuns: 5,
          seed: 1,
        })) {
          for (const simplify of [fewer, contentsOf]) {
            const { value: last, steps } = simplest(format, value, simplify)
            expect(steps).to.be.lessThan(2000)
            expect(format.bytesOf(last).length).to.be.at.most(format.bytesOf(value).length)
          }
        }
      })
    }
  }
})
