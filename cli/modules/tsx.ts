import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { isObject } from '../../combinators/expect.js'

const api = './esm/api'

/**
 * The API of the tsx that is installed where a module is, as `import` finds it; null if there is none. The one that
 * `require` finds cannot register itself.
 */
export const tsxBeside = (url: string): string | null => {
  const require = createRequire(url)
  try {
    const manifest = require.resolve('tsx/package.json')
    const entry = importOf(fieldOf(fieldOf(require(manifest), 'exports'), api))
    return entry === null ? null : pathToFileURL(join(dirname(manifest), entry)).href
  } catch {
    return null
  }
}

const fieldOf = (value: unknown, name: string): unknown =>
  isObject(value) && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined

/** The file that conditional exports name for `import`. */
const importOf = (exported: unknown): string | null => {
  if (typeof exported === 'string') {
    return exported
  }
  const chosen = fieldOf(exported, 'import') ?? fieldOf(exported, 'default')
  return chosen === undefined ? null : importOf(chosen)
}
