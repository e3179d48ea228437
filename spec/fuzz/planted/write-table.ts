import { readFileSync, writeFileSync } from 'node:fs'
import { projectPath } from '../../support/shared.js'
import { tried } from './campaigns.js'
import { faults } from './faults.js'
import { PythonDecoders } from './python.js'
import { tableOf } from './table.js'

/**
 * Tries all faults, and writes into the guide in which run each is found: `npx tsx spec/fuzz/planted/write-table.ts`.
 */
const guide = projectPath('docs/guide/fuzz-your-decoder.md')
const python = new PythonDecoders()
const found = new Map<string, number>()
for (const type of new Set(faults.map((fault) => fault.type))) {
  for (const [key, run] of (await tried(type, 5000, () => python)).found) {
    found.set(key, run)
  }
}
python.end()
const text = readFileSync(guide, 'utf8')
writeFileSync(
  guide,
  text.replace(/\| type .*?\n(?!\|)/s, () => `${tableOf(found)}\n`),
)
