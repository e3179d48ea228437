import { type AnyGrammar, type Grammar, isGrammar } from '../../combinators/node.js'
import * as G from '../../grammar/index.js'
import { describeLaws } from '../../laws/index.js'

/** Few values, since there are many grammars: the whole is to take less than a minute. */
const few = { runs: 20, items: 4 }

// The laws hold for any values of a grammar.
const hold = (grammar: AnyGrammar, options: Parameters<typeof describeLaws>[1] = few): void => {
  describeLaws(grammar as Grammar<unknown>, options)
}

describe('every grammar of the protocol, at every version, with every feature it depends on', () => {
  const listed = new Set<unknown>(
    G.sections.flatMap(({ grammars }) => grammars.map(([, grammar]) => grammar)),
  )

  for (const { title, grammars } of G.sections) {
    describe(title, () => {
      for (const [, grammar] of grammars) {
        hold(grammar)
      }
    })
  }

  describe('not in a section', () => {
    for (const grammar of Object.values(G)) {
      if (isGrammar(grammar) && !listed.has(grammar)) {
        hold(grammar)
      }
    }
  })

  describe('in another store directory', () => {
    for (const grammar of [G.ValidPathInfo, G.DerivedPath, G.BasicDerivation]) {
      hold(grammar, { ...few, storeDir: '/gnu/store', versions: ['1.29', '1.38'] })
    }
  })
})
