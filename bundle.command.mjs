import { createHash } from 'node:crypto'
import { readdirSync, rmSync } from 'node:fs'
import { defineConfig } from 'vite'
import { alias, dist, grouped, inAscii } from './bundle-shared.mjs'

/** Nobody imports the modules of the command: what is left of them is the bundle. */
const withoutModules = {
  name: 'without-modules',
  closeBundle: () => {
    for (const name of readdirSync(dist('cli')).filter(
      (each) => !['main.js', 'package.json'].includes(each),
    )) {
      rmSync(dist(`cli/${name}`), { recursive: true })
    }
  },
}

/** What starts the command is told what it starts; and `require` takes it for CommonJS. */
const named = {
  name: 'named',
  enforce: 'post',
  generateBundle(_, bundle) {
    const chunks = Object.values(bundle)
    const all = chunks.map(({ fileName, code }) => `${fileName}\n${code}`).sort()
    const build = createHash('sha256').update(all.join('\n')).digest('hex').slice(0, 24)
    bundle['cli/main.js'].code = bundle['cli/main.js'].code.replace('BUILD', build)
    this.emitFile({ type: 'asset', fileName: 'cli/package.json', source: '{ "type": "commonjs" }\n' })
  },
}

/** A script has no `import()` of its own: what loads it has, and is no such script. */
const importing = {
  name: 'importing',
  enforce: 'post',
  renderChunk: (code, { fileName, moduleIds }) =>
    fileName.startsWith('node/') &&
    !moduleIds.includes(dist('cli/start/scripts.js')) &&
    /\bimport\(/.test(code)
      ? `const importModule = require.importModule ?? ((url) => import(url));\n${code.replace(/\bimport\(/g, 'importModule(')}`
      : null,
}

/** Parts of Node that take milliseconds to load. */
const heavy = [
  'child_process',
  'crypto',
  'http',
  'module',
  'net',
  'readline',
  'stream',
  'worker_threads',
  'zlib',
]

/** Loads these when something in them is asked for. */
const late = {
  name: 'late',
  enforce: 'post',
  renderChunk: (code) => {
    const required = new RegExp(`^let (node_\\w+) = (require\\("node:(?:${heavy.join('|')})"\\));$`, 'gm')
    const names = []
    const changed = code.replace(required, (_, name, load) => {
      names.push(name)
      return `let ${name}_; const ${name} = () => ${name}_ ??= ${load};`
    })
    return names.reduce((text, name) => {
      const [, bare] = new RegExp(`(.*\\b${name}\\b(?![.]| = ).*)`).exec(text) ?? []
      if (bare !== undefined) {
        throw new Error(`more is taken of ${name} than what is in it: ${bare}`)
      }
      return text.replace(new RegExp(`\\b${name}\\.`, 'g'), `${name}().`)
    }, changed)
  },
}

/** Starts no programs of ours in the place of a command, and so needs nothing that starts programs. */
const commander = {
  name: 'commander',
  transform: (code, id) => {
    if (!id.endsWith('/commander/lib/command.js')) {
      return null
    }
    const line = "const childProcess = require('node:child_process');"
    if (!code.includes(line)) {
      throw new Error(`there is no ${line} in commander any more`)
    }
    return code.replace(line, '')
  },
}

/** The commands that people wait for, which open as few files as they can, and the others. */
const often = { decode: 5, encode: 5, store: 5, nar: 3 }

const doors = () =>
  new Map([
    // Its own parts are compiled at each start.
    [dist('cli/starter.js'), 20],
    [dist('cli/main.js'), 5],
    ...readdirSync(dist('cli/commands'))
      .filter((file) => file.endsWith('.js'))
      .map((file) => [dist(`cli/commands/${file}`), often[file.slice(0, -3)] ?? 0.3]),
  ])

/**
 * The command, in files of CommonJS. Node starts them without its loader of ES modules, and takes what V8 has compiled of
 * them before from a cache.
 */
export default defineConfig({
  publicDir: false,
  logLevel: 'warn',
  plugins: [commander, importing, late, inAscii, named, withoutModules],
  resolve: { alias },
  ssr: { noExternal: true, external: ['fast-check'] },
  build: {
    ssr: true,
    outDir: dist('.'),
    emptyOutDir: false,
    target: 'es2022',
    minify: false,
    rolldownOptions: {
      input: { 'cli/main': dist('cli/starter.js'), 'node/command/main': dist('cli/main.js') },
      output: {
        format: 'cjs',
        entryFileNames: ({ name }) => `${name}.${name === 'cli/main' ? 'js' : 'cjs'}`,
        chunkFileNames: 'node/command/[name]-[hash].cjs',
        comments: false,
        codeSplitting: {
          groups: [
            {
              name: grouped(doors, false),
              debugName: 'parts',
              includeDependenciesRecursively: false,
            },
          ],
        },
      },
    },
  },
})
