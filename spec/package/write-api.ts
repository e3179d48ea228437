import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { projectPath } from '../support/shared.js'
import { apiReports } from './api-reports.js'
import { expectFreshBuild } from './build.js'

expectFreshBuild()
const reports = apiReports()
mkdirSync(projectPath('api'), { recursive: true })
for (const file of readdirSync(projectPath('api')).filter((name) => name.endsWith('.api.md'))) {
  rmSync(projectPath('api', file))
}
for (const [file, text] of reports) {
  writeFileSync(projectPath('api', file), text)
}
