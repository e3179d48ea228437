import { expect } from 'chai'
import { compile, nodeName } from '../../index.js'
import { checkLaws, type LawFailure } from '../../laws/index.js'
import { faults } from './faults.js'

const fewest = (failures: ReadonlyArray<LawFailure>): LawFailure | undefined =>
  [...failures].sort((a, b) => a.cases - b.cases)[0]

describe('the laws find a mistake', () => {
  for (const { title, run } of faults) {
    it(title, async function () {
      const failures = await run((grammar, subject) => checkLaws(grammar, { subject, runs: 200, seed: 7 }))
      const first = fewest(failures)
      expect(first, 'no law is broken').not.to.equal(undefined)
      if (first !== undefined && this.test !== undefined) {
        this.test.title = `${title}: after ${first.cases} cases; ${failures.length} laws broken`
      }
    })
  }

  it('and nothing in the same grammars with the correct codec', async () => {
    for (const { run, grammar } of faults) {
      const failures = await run((each) => checkLaws(each, { subject: compile, runs: 100, seed: 7 }))
      expect(failures, nodeName(grammar.node)).to.deep.equal([])
    }
  })

  it('of each of at least 40 kinds', () => {
    expect(faults.length).to.be.greaterThanOrEqual(40)
    expect(new Set(faults.map(({ title }) => title)).size).to.equal(faults.length)
  })
})
