import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { chart } from './chart.js'
import { performanceTable } from './performance-table.js'
import type { Report } from './report.js'

/** Writes the chart and the table of the documentation from the results of a full run; --check: compares them. */

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

const read = (name: string): Report => JSON.parse(readFileSync(at(name), 'utf8')) as Report

const report = read('./results.json')
const pages = {
  'performance.svg': chart(report),
  'performance-table.md': performanceTable(report, read('./results-newest.json')),
}
for (const [name, content] of Object.entries(pages)) {
  const file = at(`../docs/${name}`)
  if (!process.argv.includes('--check')) {
    writeFileSync(file, content)
  } else if (readFileSync(file, 'utf8') !== content) {
    throw new Error(`docs/${name} is not what bench/results.json says: npm run docs:performance`)
  }
}
