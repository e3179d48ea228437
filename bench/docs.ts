import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { chart } from './chart.js'
import { performanceTable } from './performance-table.js'
import type { Report } from './report.js'

/** Writes the chart and the table of the documentation from the results of a full run. */

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

const report = JSON.parse(readFileSync(at('./results.json'), 'utf8')) as Report
writeFileSync(at('../docs/performance.svg'), chart(report))
writeFileSync(at('../docs/performance-table.md'), performanceTable(report))
