import { expect } from 'chai'
import fc from 'fast-check'
import { bytesOf } from '../../combinators/index.js'
import * as G from '../../grammar/index.js'
import { toArbitrary } from '../../interpreters/arbitrary/index.js'
import { dissect } from '../../interpreters/dissect/index.js'
import { printJson, toJson, toJsonAsItIs } from '../../interpreters/json/index.js'
import { toMalformed } from '../../interpreters/malformed/index.js'
import { rightOf } from '../support/either.js'
import { allGrammars } from '../support/grammars.js'
import { realisationsByPath } from '../support/protocols.js'

describe('the JSON form of a value as it is', () => {
  const protocols = [
    { version: '1.10' as const },
    { version: '1.28' as const },
    { version: '1.38' as const, features: [realisationsByPath] },
  ]

  for (const [name, grammar] of allGrammars) {
    it(`is that of toJson for ${name}, and shows invalid parts`, () => {
      for (const given of protocols) {
        const values = fc.sample(toArbitrary(grammar, given), { numRuns: 20, seed: 3 })
        for (const value of values) {
          const shown = printJson(toJsonAsItIs(grammar, given, value))
          expect(shown).to.equal(printJson(rightOf(toJson(grammar, given, value))))
        }
        for (const { bytes, rule } of toMalformed(grammar, given).sample(values, 9)) {
          const { tree } = dissect(grammar, given, bytes)
          if (tree?.complete === true) {
            expect(() => JSON.parse(printJson(toJsonAsItIs(grammar, given, tree.value))), rule).not.to.throw()
          }
        }
      }
    })
  }

  it('shows the value on the wire in place of a valid one', () => {
    const view = (grammar: (typeof allGrammars)[number][1], hex: string): string =>
      printJson(toJsonAsItIs(grammar, {}, dissect(grammar, {}, bytesOf(hex)).tree?.value))
    expect(view(G.BuildStatus as never, '6300000000000000')).to.equal('99')
    expect(view(G.OptTrusted as never, '0300000000000000')).to.equal('3')
    expect(view(G.StorePath as never, '0200000000000000 68ff000000000000')).to.equal('"h\\udcff"')
    expect(view(G.OptStorePath as never, '0200000000000000 6869000000000000')).to.equal('"hi"')
    expect(view(G.DerivedPath as never, '0200000000000000 6869000000000000')).to.equal('"hi"')
    // A floating output has a method, and no path.
    expect(
      view(
        G.DerivationOutput as never,
        '0200000000000000 6869000000000000 0800000000000000 723a736861323536 0000000000000000',
      ),
    ).to.equal('{"path":"hi","hashAlgo":"r:sha256","hash":null}')
  })
})
