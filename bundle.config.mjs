import { readdirSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

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

/**
 * What Node loads: the same modules in few files, since Node takes about half a millisecond for each. Bundlers get
 * the modules one by one, to leave out what is not used.
 */
export default defineConfig({
  publicDir: false,
  logLevel: 'warn',
  plugins: [withoutModulesOfCommand],
  resolve: {
    alias: [
      // Modules of which only what is used is taken; plain values come out of them, the same as of the reader's own.
      { find: /^fp-ts\/lib\//, replacement: 'fp-ts/es6/' },
    ],
  },
  // arcsecond and io-ts know what is theirs by its class, and so there may be one of each only.
  ssr: { noExternal: true, external: ['arcsecond', 'fast-check', 'io-ts'] },
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
      output: {
        entryFileNames: ({ name }) => (name === 'cli/main' ? '[name].js' : 'node/[name].js'),
        chunkFileNames: 'node/chunks/[name]-[hash].js',
        codeSplitting: {
          groups: [
            // What `nix-wire nar` is made of, with all that it needs; it starts without the rest.
            {
              name: 'nar',
              test: /dist\/stream\/nar\/(parser|packed-batches|unpack-batches)\.js/,
              priority: 2,
            },
            { name: 'commander', test: /commander/ },
            { name: 'core', test: /(dist\/(bytes|combinators|interpreters\/(compile|json|explain))|fp-ts)/ },
            { name: 'types', test: /dist\/types\// },
            { name: 'grammar', test: /dist\/grammar\// },
            { name: 'store', test: /dist\/store\// },
            { name: 'stream', test: /dist\/stream\// },
            { name: 'session', test: /dist\/session\// },
            { name: 'serve', test: /dist\/serve\// },
            { name: 'daemon', test: /dist\/daemon\/(?!proxy)/ },
          ],
        },
      },
    },
  },
})
