import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/**
 * The single modules, which bundlers take, import fp-ts by `imports` of package.json: bundlers get its ES modules, of which
 * they leave out what is not used, and whatever else runs them its CommonJS. Node cannot read the former.
 */

const dist = fileURLToPath(new URL('dist/', import.meta.url))
const others = /^(node|cli|inspect)\//

for (const name of readdirSync(dist, { recursive: true })) {
  if (name.endsWith('.js') && !others.test(name)) {
    const code = readFileSync(dist + name, 'utf8')
    const changed = code.replace(/(['"])fp-ts\/lib\/(\w+)\.js\1/g, '$1#fp-ts/$2$1')
    if (changed !== code) {
      writeFileSync(dist + name, changed)
    }
  }
}
