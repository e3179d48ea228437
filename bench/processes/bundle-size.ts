import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'vite'
import type { Row } from '../measure.js'
import type { ProcessBenchmark } from './process-benchmark.js'

const root = fileURLToPath(new URL('../../', import.meta.url))

/**
 * What a web page would load: everything that an entry point needs, tree-shaken and minified, in one file.
 */
const bundled = async (source: string): Promise<Uint8Array> => {
  const entry = `${root}entry.js`
  const result = await build({
    root,
    configFile: false,
    logLevel: 'silent',
    build: {
      write: false,
      target: 'es2022',
      modulePreload: false,
      rolldownOptions: { input: entry },
    },
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id === entry ? entry : null),
        load: (id) => (id === entry ? source : null),
      },
    ],
  })
  const [{ output }] = (Array.isArray(result) ? result : [result]) as [{ output: { code: string }[] }]
  return Buffer.from(output.map(({ code }) => code).join(''))
}

const entries = {
  'compile, and a grammar of its own': `
    import { compile, struct, u64, utf8 } from 'nix-wire'
    globalThis.codec = compile(struct('Job', { id: u64, name: utf8 }))`,
  'compile, and one integer': `
    import { compile, u64 } from 'nix-wire'
    globalThis.codec = compile(u64)`,
  'compile, and Bool64 of nix-wire/grammar': `
    import { compile } from 'nix-wire'
    import { Bool64 } from 'nix-wire/grammar'
    globalThis.codec = compile(Bool64)`,
  'compile, and ValidPathInfo of nix-wire/grammar': `
    import { compile } from 'nix-wire'
    import { ValidPathInfo } from 'nix-wire/grammar'
    globalThis.codec = compile(ValidPathInfo)`,
  'all of nix-wire': `import * as all from 'nix-wire'; globalThis.all = { ...all }`,
}

const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(1)} kB`

const id = 'bundle-size'
const title = 'Bundled, tree-shaken and minified for a browser: ratios of bytes; nothing is timed'

export const bundleSize: ProcessBenchmark = {
  id,
  title,
  run: async () => {
    const sizes: { name: string; size: number; gzipped: number }[] = []
    for (const [name, source] of Object.entries(entries)) {
      const code = await bundled(source)
      sizes.push({ name, size: code.length, gzipped: gzipSync(code, { level: 9 }).length })
    }
    const first = sizes[0]!
    return {
      id,
      title,
      base: first.name,
      bytes: first.size,
      rounds: 1,
      rows: sizes.map(({ name, size, gzipped }): Row => {
        const ratio = size / first.size
        return {
          name,
          ratio,
          quartiles: [ratio, ratio],
          best: ratio,
          milliseconds: 0,
          note: `${kilobytes(size)}, with gzip ${kilobytes(gzipped)}`,
        }
      }),
    }
  },
}
