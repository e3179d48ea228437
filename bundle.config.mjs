import { defineConfig } from 'vite'
import { alias, dist, grouped, inAscii } from './bundle-shared.mjs'

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
/** The entry points that people wait for, which open as few files as they can. */
const often = { index: 10, 'grammar/index': 10, 'daemon/index': 10 }

const doors = new Map(
  ['index', ...entries.map((name) => `${name}/index`)].map((name) => [dist(`${name}.js`), often[name] ?? 1]),
)

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

/**
 * What Node loads: the same modules in few files, since Node takes about half a millisecond for each. Bundlers get
 * the modules one by one, to leave out what is not used.
 */
export default defineConfig({
  publicDir: false,
  logLevel: 'warn',
  plugins: [requiring, inAscii],
  resolve: { alias },
  // arcsecond and io-ts check with instanceof, so there may be only one copy of each.
  ssr: { noExternal: true, external: required },
  build: {
    ssr: true,
    outDir: dist('.'),
    emptyOutDir: false,
    target: 'es2022',
    minify: false,
    rolldownOptions: {
      // Vite warns about slow plugins on a busy machine.
      checks: { bundlerTimings: false },
      input: {
        index: dist('index.js'),
        ...Object.fromEntries(entries.map((name) => [`${name}/index`, dist(`${name}/index.js`)])),
      },
      preserveEntrySignatures: 'allow-extension',
      output: {
        entryFileNames: 'node/[name].js',
        chunkFileNames: 'node/chunks/[name]-[hash].js',
        comments: false,
        codeSplitting: {
          groups: [
            {
              name: grouped(() => doors),
              debugName: 'parts',
              includeDependenciesRecursively: false,
            },
          ],
        },
      },
    },
  },
})
