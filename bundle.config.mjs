import { readdirSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'
import { partsOf } from './bundle-parts.mjs'

const entries = [
  'combinators',
  'conversation',
  'interpreters',
  'types',
  'grammar',
  'store',
  'stream',
  'session',
  'serve',
  'daemon',
  'nix-json',
  'validation',
  'laws',
  'fuzz',
  'vectors',
  'conformance',
]
const dist = (path) => fileURLToPath(new URL(`dist/${path}`, import.meta.url))

/** Nobody imports the modules of the command: what is left of them is the bundle. */
const withoutModulesOfCommand = {
  name: 'without-modules-of-command',
  closeBundle: () => {
    for (const name of readdirSync(dist('cli')).filter((each) => each !== 'main.js')) {
      rmSync(dist(`cli/${name}`), { recursive: true })
    }
  },
}

/** The commands that people wait for, which open as few files as they can, and the others. */
const commands = { decode: 3, nar: 3, store: 3 }
const often = { index: 3, 'grammar/index': 3, 'daemon/index': 3, 'cli/main': 3 }

const doors = () =>
  new Map([
    ...['index', ...entries.map((name) => `${name}/index`), 'cli/main'].map((name) => [
      dist(`${name}.js`),
      often[name] ?? 1,
    ]),
    ...readdirSync(dist('cli/commands'))
      .filter((file) => file.endsWith('.js'))
      .map((file) => [dist(`cli/commands/${file}`), commands[file.slice(0, -3)] ?? 0.3]),
  ])

let parts = null

const partOf = (id, bundle) => {
  const infoOf = (each) => bundle.getModuleInfo(each)
  parts ??= partsOf(
    doors(),
    (each) => infoOf(each)?.importedIds.filter((other) => infoOf(other)?.code != null) ?? [],
    (each) => infoOf(each).code.length,
  )
  return parts.get(id) ?? null
}

/** Packages of CommonJS that stay outside: to import one, Node looks through its source for names of exports. */
const required = ['arcsecond', 'fast-check', 'io-ts']

/** Requires them instead. */
const requiring = {
  name: 'requiring',
  renderChunk: (code) => {
    const imports = new RegExp(`^import (.+) from "(${required.join('|')})";$`, 'gm')
    const changed = code.replace(imports, (_, names, specifier) => {
      const bound = names.replace(/^\* as /, '').replaceAll(' as ', ': ')
      return `const ${bound} = requirePackage("${specifier}")${/^\w/.test(names) ? '.default' : ''};`
    })
    return changed === code
      ? null
      : `import { createRequire } from "node:module";\nconst requirePackage = createRequire(import.meta.url);\n${changed}`
  },
}

/** Without one character above U+007F V8 keeps a source in one byte each, and is faster all along; comments have some. */
const inAscii = {
  name: 'in-ascii',
  // Vite writes each chunk anew when it is rendered.
  enforce: 'post',
  generateBundle: (_, bundle) => {
    for (const chunk of Object.values(bundle)) {
      if (chunk.type === 'chunk' && !chunk.code.includes('String.raw')) {
        chunk.code = chunk.code.replace(/[\u0080-\uffff]/g, escaped)
      }
    }
  },
}

const escaped = (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`

/**
 * What Node loads: the same modules in few files, since Node takes about half a millisecond for each. Bundlers get
 * the modules one by one, to leave out what is not used.
 */
export default defineConfig({
  publicDir: false,
  logLevel: 'warn',
  plugins: [requiring, inAscii, withoutModulesOfCommand],
  resolve: {
    alias: [
      // Modules of which only what is used is taken; plain values come out of them, the same as of the reader's own.
      { find: /^fp-ts\/lib\//, replacement: 'fp-ts/es6/' },
    ],
  },
  // arcsecond and io-ts know what is theirs by its class, and so there may be one of each only.
  ssr: { noExternal: true, external: required },
  build: {
    ssr: true,
    outDir: dist('.'),
    emptyOutDir: false,
    target: 'es2022',
    minify: false,
    rolldownOptions: {
      input: {
        index: dist('index.js'),
        ...Object.fromEntries(entries.map((name) => [`${name}/index`, dist(`${name}/index.js`)])),
        'cli/main': dist('cli/main.js'),
      },
      preserveEntrySignatures: 'allow-extension',
      output: {
        entryFileNames: ({ name }) => (name === 'cli/main' ? '[name].js' : 'node/[name].js'),
        chunkFileNames: 'node/chunks/[name]-[hash].js',
        comments: false,
        codeSplitting: {
          groups: [{ name: partOf, debugName: 'parts', includeDependenciesRecursively: false }],
        },
      },
    },
  },
})
