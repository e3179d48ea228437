#!/usr/bin/env node
import { join } from 'node:path'
import { readCache, writeCache } from './start/code-cache.js'
import { Scripts } from './start/scripts.js'

/** The build of the command; the bundler inserts it here. */
const build = 'BUILD'

/** The commands that need only a part of the code, by their second word. */
const withParts: ReadonlySet<string> = new Set(['store', 'nar'])

/** The words that decide which code is needed; null if the whole command is. */
const nameOf = ([first = '', second = '', ...others]: ReadonlyArray<string>): string | null => {
  const chosen = withParts.has(first) ? [first, second] : [first]
  const isHelp = [first, second, ...others].some((word) => word === '--help' || word === '-h')
  return isHelp || !chosen.every((word) => /^[a-z][a-z-]{0,30}$/.test(word)) ? null : chosen.join('-')
}

const start = (): void => {
  const name = nameOf(process.argv.slice(2))
  const main = join(__dirname, '../node/command/main.cjs')
  const scripts = new Scripts(name === null ? new Map() : readCache(name, build))
  scripts.load(main)
  if (name !== null) {
    process.on('exit', (code) => {
      const compiled = code === 0 ? scripts.compiled() : null
      if (compiled !== null) {
        writeCache(name, build, compiled)
      }
    })
  }
}

// Other engines have their own caches.
if ('bun' in process.versions || 'deno' in process.versions) {
  void import('./main.js')
} else {
  start()
}
