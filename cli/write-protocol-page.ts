import { writeFileSync } from 'node:fs'
import { protocolPage } from './protocol-page.js'

// `npm run docs:protocol`
writeFileSync(new URL('../docs/protocol.md', import.meta.url), protocolPage())
