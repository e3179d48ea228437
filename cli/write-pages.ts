import { mkdirSync, writeFileSync } from 'node:fs'
import { pages } from './pages.js'

// `npm run docs:protocol`
for (const folder of ['diagrams', 'issues']) {
  mkdirSync(new URL(`../docs/${folder}`, import.meta.url), { recursive: true })
}
for (const [name, page] of Object.entries(pages)) {
  writeFileSync(new URL(`../docs/${name}`, import.meta.url), page())
}
