import { expect } from 'chai'
import fc from 'fast-check'
import type { Grammar } from '../../combinators/index.js'
import * as G from '../../grammar/index.js'
import { toArbitrary } from '../../interpreters/arbitrary/index.js'
import { toMalformed } from '../../interpreters/malformed/index.js'

const runs = 3000

/** What of each hundred messages is broken in which way, as a fuzzer breaks them. */
const sharesOf = (grammar: Grammar<unknown>): ReadonlyMap<string, number> => {
  const malformer = toMalformed(grammar)
  const values = fc.sample(toArbitrary(grammar), { numRuns: runs / 10, seed: 1 })
  const counts = new Map<string, number>()
  for (const [i, value] of values.entries()) {
    for (let way = 0; way < 10; way++) {
      const picked = malformer.pick(value, i * 10 + way)!
      const what = picked.profile === 'canonical' ? 'acceptable' : picked.kind
      counts.set(what, (counts.get(what) ?? 0) + 1)
    }
  }
  return new Map([...counts].map(([what, count]) => [what, count / runs]))
}

describe('the shares of generated inputs', () => {
  const kinds = ['end', 'behind', 'padding', 'length', 'count', 'integer', 'utf8', 'text', 'letter'] as const
  const cases: ReadonlyArray<readonly [string, Grammar<unknown>, ReadonlyArray<string>]> = [
    ['ValidPathInfo', G.ValidPathInfo as Grammar<unknown>, [...kinds]],
    ['BuildResult', G.BuildResult as Grammar<unknown>, [...kinds, 'tag']],
    ['BasicDerivation', G.BasicDerivation as Grammar<unknown>, [...kinds, 'value']],
    ['Nar', G.Nar as Grammar<unknown>, ['end', 'behind', 'padding', 'length', 'tag', 'value', 'constant']],
  ]

  for (const [name, grammar, expected] of cases) {
    it(`are between 1 in 100 and 1 in 6 for each kind of ${name}, and 1 in 5 for acceptable ones if there are any`, () => {
      const shares = sharesOf(grammar)
      for (const kind of expected) {
        expect(shares.get(kind), kind).to.be.within(1 / 100, name === 'Nar' ? 1 / 4 : 1 / 6)
      }
      if (name !== 'Nar') {
        expect(shares.get('acceptable')).to.be.within(1 / 8, 1 / 4)
      }
    })
  }
})
