import { readdirSync, readFileSync } from 'node:fs'
import { expect } from 'chai'
import { projectPath } from '../support/shared.js'
import { apiReports } from './api-reports.js'
import { expectFreshBuild } from './build.js'

describe('the reports of the public surface', () => {
  let reports: ReadonlyMap<string, string>

  before(() => {
    expectFreshBuild()
    reports = apiReports()
  })

  it('are there, and no others', () => {
    const files = readdirSync(projectPath('api')).filter((name) => name.endsWith('.api.md'))
    expect(files.sort()).to.deep.equal([...reports.keys()].sort())
  })

  it('are up to date: `npm run api` writes a change of the surface', () => {
    for (const [file, text] of reports) {
      expect(readFileSync(projectPath('api', file), 'utf8'), `api/${file}`).to.equal(text)
    }
  })
})
