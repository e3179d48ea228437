import { readFileSync, writeFileSync } from 'node:fs'
import { projectPath } from '../../support/shared.js'
import { decoders } from './decoders.js'
import { tableOf } from './refusals.js'

/** Tries broken messages, and writes how many are refused into the guide: `npx tsx spec/interpreters/kaitai/write-table.ts`. */
const guide = projectPath('docs/guide/kaitai-struct.md')
const { newest } = await decoders()
const text = readFileSync(guide, 'utf8')
writeFileSync(
  guide,
  text.replace(/\| what is wrong .*?\n(?!\|)/s, () => `${tableOf(newest)}\n`),
)
