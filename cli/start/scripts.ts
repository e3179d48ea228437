import { readFileSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { Script } from 'node:vm'
import { apart } from '../is-terminal.js'
import type { Compiled } from './code-cache.js'

/**
 * The `require` of the file that starts the command, which is CommonJS when it is built: for files outside the command.
 */
const requireOther = (specifier: string): unknown => require(specifier)

/** Replaces `import()`, which a script does not have. */
const importModule = (url: string): Promise<unknown> => import(url)

/** Loads CommonJS files like `require`, with code that is compiled already if there is some. */
export class Scripts {
  readonly #compiled: Compiled
  readonly #loaded = new Map<string, Loaded>()

  constructor(compiled: Compiled) {
    this.#compiled = compiled
  }

  load(file: string): object {
    const known = this.#loaded.get(file)
    if (known !== undefined) {
      return known.module.exports
    }
    const name = nameOf(file)
    const cachedData = this.#compiled.get(name)
    const script = new Script(wrapped(readFileSync(file, 'utf8')), {
      filename: file,
      ...(cachedData === undefined ? {} : { cachedData }),
    })
    const module = { exports: {} }
    this.#loaded.set(file, {
      script,
      name,
      module,
      isNew: cachedData === undefined || script.cachedDataRejected === true,
    })
    const run = script.runInThisContext() as Wrapper
    const folder = dirname(file)
    const require = Object.assign(
      (specifier: string): unknown =>
        specifier.startsWith('.') ? this.load(join(folder, specifier)) : requireOther(specifier),
      { importModule },
    )
    run.call(module.exports, module.exports, require, module, file, folder)
    return module.exports
  }

  /** The code to cache; null if nothing new was compiled. */
  compiled(): Compiled | null {
    const loaded = [...this.#loaded.values()]
    if (!loaded.some(({ isNew }) => isNew)) {
      return null
    }
    const isLoaded = new Set(loaded.map(({ name }) => partOf(name)))
    return new Map([
      ...[...this.#compiled].filter(([name]) => !isLoaded.has(partOf(name))),
      ...loaded.map(({ name, script }) => [name, script.createCachedData()] as const),
    ])
  }
}

interface Loaded {
  readonly script: Script
  readonly name: string
  readonly module: { exports: object }
  readonly isNew: boolean
}

type Wrapper = (
  exports: object,
  require: (specifier: string) => unknown,
  module: { exports: object },
  filename: string,
  dirname: string,
) => void

/** Wraps a file without adding a line, so that errors have the line numbers of the file. */
const wrapped = (source: string): string =>
  `(function (exports, require, module, __filename, __dirname) {${source}\n})`

/**
 * The name of a file for the cache; a file changed by hand has another one. All projects with the same build share it,
 * wherever it is installed: the cache would grow with each of them.
 */
const nameOf = (file: string): string => {
  const { size, mtimeNs } = statSync(file, apart)
  return `${basename(file)} ${size} ${mtimeNs}`
}

const partOf = (name: string): string => name.slice(0, name.indexOf(' '))
