import { expect } from 'chai'
import { exampleBytes } from '../../cli/pages/combinators/page.js'
import { wordGroups } from '../../cli/pages/combinators/words.js'
import { expressionValue } from '../../cli/pages/example-scope.js'
import * as combinators from '../../combinators/index.js'
import type { Grammar } from '../../combinators/node.js'
import { compile } from '../../interpreters/compile/index.js'
import { grammarWords } from '../support/grammar-words.js'

const words = wordGroups.flatMap((group) => group.words)

describe('the page of combinators', () => {
  it('has a row for each export of nix-wire/combinators, and no other row', () => {
    expect([...new Set(words.map(({ word }) => word))]).to.have.members(Object.keys(combinators))
  })

  it('has an example for each combinator', () => {
    const shown = words.flatMap(({ word, example }) => (example === undefined ? [] : [word]))
    expect(shown).to.include.members(grammarWords.filter((word) => word !== 'alphabet'))
  })

  for (const { word, example } of words) {
    if (example === undefined) continue
    it(`shows bytes of ${example.grammar} that decode to its value`, () => {
      const { grammar, value, protocol = {} } = example
      expect(grammar).to.match(new RegExp(`\\b${word}\\b`))
      const codec = compile(expressionValue(grammar) as Grammar<unknown>, protocol)
      const decoded = codec.decode(exampleBytes(example))
      const expected = expressionValue(value)
      if (word === 'withBytes') {
        expect(decoded).to.have.nested.property('right.value', 7)
      } else {
        expect(decoded).to.deep.equal({ _tag: 'Right', right: expected })
      }
    })
  }
})
