import { writeFileSync } from 'node:fs'
import { operationsPage, protocolPage } from './pages.js'

// `npm run docs:protocol`
const write = (name: string, page: string): void => {
  writeFileSync(new URL(`../docs/${name}`, import.meta.url), page)
}

write('protocol.md', protocolPage())
write('operations.md', operationsPage())
