import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { projectPath } from '../../support/shared.js'
import { skipped, skippedButInCi } from '../../support/skipped.js'
import { foundIn, isPython, tried } from './campaigns.js'
import { faults, javaScriptTypes, type PlantedType, pythonTypes } from './faults.js'
import { keyOf, tableOf } from './table.js'

const hasPython = spawnSync('python3', ['--version']).status === 0

const expectPython = (test: Mocha.Context): void => {
  if (!hasPython) {
    skippedButInCi(test, 'there is no python3')
  }
}

const runs = 5000

describe('foreign decoders', () => {
  const found = new Map<string, number | null>()

  for (const fault of faults) {
    it(`fail in ${fault.type} for this: ${fault.fault}`, async function () {
      if (isPython(fault.type)) {
        expectPython(this)
      }
      const run = await foundIn(fault)
      found.set(keyOf(fault), run)
      expect(run, `not found in ${fault.runs} runs`).not.to.equal(null)
    })
  }

  it('fail as the guide says', function () {
    if (found.size < faults.length) {
      return skipped(this, 'not all were tried')
    }
    const guide = readFileSync(projectPath('docs/guide/fuzz-your-decoder.md'), 'utf8')
    expect(guide, 'npx tsx spec/fuzz/planted/write-table.ts writes the table anew').to.include(tableOf(found))
  })

  for (const type of [...Object.keys(javaScriptTypes), ...Object.keys(pythonTypes)] as Array<PlantedType>) {
    it(`of ${type} that are right pass ${runs} runs`, async function () {
      if (isPython(type)) {
        expectPython(this)
      }
      const report = await tried(type, runs)
      const accused = report.findings.map(
        ({ mistake: { kind, place, rule }, input: { bytes, expected } }) => ({
          kind,
          place,
          rule,
          why: expected.why,
          bytes: Buffer.from(bytes.subarray(0, 500)).toString('hex'),
        }),
      )
      expect(accused).to.deep.equal([])
      expect(report).to.include({ runs, skipped: 0 })
    })
  }

  it('are of many kinds: each sort of input is needed twice, and values are compared ten times', () => {
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
