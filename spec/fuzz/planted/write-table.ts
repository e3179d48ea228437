import { readFileSync, writeFileSync } from 'node:fs'
import { projectPath } from '../../support/shared.js'
import { foundIn } from './campaigns.js'
import { faults } from './faults.js'
import { keyOf, tableOf } from './table.js'

/** Tries all faults, and writes in which run each is found into the guide: `npx tsx spec/fuzz/planted/write-table.ts`. */
const guide = projectPath('docs/guide/fuzz-your-decoder.md')
const found = new Map<string, number | null>()
for (const fault of faults) {
  found.set(keyOf(fault), await foundIn(fault))
}
const text = readFileSync(guide, 'utf8')
writeFileSync(
  guide,
  text.replace(/\| type .*?\n(?!\|)/s, () => `${tableOf(found)}\n`),
)
