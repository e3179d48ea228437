import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { projectPath } from '../../support/shared.js'
import { skipped, skippedButInCi } from '../../support/skipped.js'
import { foundIn, isPython, type Tried, tried } from './campaigns.js'
import { faults, javaScriptTypes, type PlantedType, pythonTypes } from './faults.js'
import { PythonDecoders } from './python.js'
import { keyOf, tableOf } from './table.js'

const hasPython = spawnSync('python3', ['--version']).status === 0

const expectPython = (test: Mocha.Context): void => {
  if (!hasPython) {
    skippedButInCi(test, 'there is no python3')
  }
}

const runs = 5000

describe('decoders in other languages', () => {
  let python: PythonDecoders | undefined
  after(() => python?.end())

  const started = (): PythonDecoders => {
    python ??= new PythonDecoders()
    return python
  }
  const all = new Map<PlantedType, Promise<Tried>>()
  /** The results of a type, computed once for all tests. */
  const triedOnce = (test: Mocha.Context, type: PlantedType): Promise<Tried> => {
    if (isPython(type)) {
      expectPython(test)
    }
    const known = all.get(type) ?? tried(type, runs, started)
    all.set(type, known)
    return known
  }
  const types = [...Object.keys(javaScriptTypes), ...Object.keys(pythonTypes)] as Array<PlantedType>

  for (const type of types) {
    it(`pass ${runs} runs if they are correct: ${type}`, async function () {
      const { accused, runs: done } = await triedOnce(this, type)
      expect(accused).to.deep.equal([])
      expect(done).to.equal(runs)
    })
  }

  for (const fault of faults) {
    it(`fail with a mistake in ${fault.type}: ${fault.fault}`, async function () {
      const { found } = await triedOnce(this, fault.type)
      expect([...found.keys()], `found in ${fault.runs} runs`).to.include(keyOf(fault))
    })
  }

  it('fail as the guide says', async function () {
    if (all.size < types.length) {
      return skipped(this, 'not all were tried')
    }
    const found = new Map((await Promise.all(all.values())).flatMap((each) => [...each.found]))
    const guide = readFileSync(projectPath('docs/guide/fuzz-your-decoder.md'), 'utf8')
    expect(guide, 'npx tsx spec/fuzz/planted/write-table.ts writes the table anew').to.include(tableOf(found))
  })

  // One of each check in each language, since a whole run finds the same as its parts.
  for (const name of [
    'lengths of 32 bits',
    'byte order mark dropped',
    'counts of 32 bits',
    'minors of 7 bits',
    'lengths of 16 bits',
  ]) {
    it(`fail in the same run of fuzz: ${name}`, async function () {
      const fault = faults.findLast((each) => each.fault === name)!
      const { found } = await triedOnce(this, fault.type)
      expect(await foundIn(fault)).to.equal(found.get(keyOf(fault)))
    })
  }

  it('have mistakes of many kinds: each sort of input is needed twice, and values are compared ten times', () => {
    const ofSort = new Map<string, number>()
    for (const { sort } of faults) {
      ofSort.set(sort, (ofSort.get(sort) ?? 0) + 1)
    }
    expect(faults.length).to.be.greaterThanOrEqual(40)
    expect(new Set(faults.map(({ type }) => type)).size).to.be.greaterThanOrEqual(12)
    expect(Math.min(...ofSort.values())).to.be.greaterThanOrEqual(2)
    expect(ofSort.get('wrong value')).to.be.greaterThanOrEqual(10)
    expect(new Set(faults.map(keyOf)).size).to.equal(faults.length)
  })
})
