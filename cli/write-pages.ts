import { mkdirSync, writeFileSync } from 'node:fs'
import { pages } from './pages.js'

// `npm run docs:protocol`
mkdirSync(new URL('../docs/diagrams', import.meta.url), { recursive: true })
for (const [name, page] of Object.entries(pages)) {
  writeFileSync(new URL(`../docs/${name}`, import.meta.url), page())
}
