import { readFileSync, writeFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createContext, runInContext } from 'node:vm'
import { expect } from 'chai'
import * as esbuild from 'esbuild'
import { build } from 'vite'
import { blocksOf } from '../support/doc-shell.js'
import { projectPath } from '../support/shared.js'

const recipe = readFileSync(projectPath('docs/recipes/use-it-in-a-browser.md'), 'utf8')

/** The recipe, which tells each value that it says. */
const told = (): string => {
  const block = blocksOf(recipe).find(({ language }) => language === 'ts')
  const code = (block?.body ?? []).join('\n')
  return `globalThis.told = []\n${code.replace(/^(\S.*)(\n\/\/ | \/\/ )=> /gm, 'told.push($1) // => ')}`
}

const oneField = `
import { compile, u64 } from 'nix-wire'
globalThis.codec = compile(u64)`

type Bundler = (entry: string) => Promise<string>

const bundlers: { readonly [name: string]: Bundler } = {
  vite: async (entry) => {
    const built = await build({
      root: projectPath(),
      configFile: false,
      logLevel: 'error',
      publicDir: false,
      build: {
        write: false,
        target: 'es2022',
        reportCompressedSize: false,
        lib: { entry, formats: ['iife'], name: 'page', fileName: 'page' },
        minify: true,
      },
    })
    const [result] = Array.isArray(built) ? built : [built]
    return result !== undefined && 'output' in result ? result.output[0].code : expect.fail('no output')
  },
  esbuild: async (entry) => {
    const { outputFiles } = await esbuild.build({
      entryPoints: [entry],
      bundle: true,
      minify: true,
      write: false,
      target: 'es2022',
      logLevel: 'error',
    })
    return outputFiles[0]!.text
  },
}

/** The entry points that the recipe's table gives to browsers. */
const entries = [...recipe.matchAll(/^\| (`nix-wire.*?) +\| (?!no:)/gm)].flatMap(([, names = '']) =>
  [...names.matchAll(/`(?:nix-wire\/?)?([\w-]*)`/g)].map(([, name = '']) => name),
)

/** What a page has, and nothing that only Node has. */
const page = () => createContext({ TextEncoder, TextDecoder, Uint8Array })

for (const [name, bundle] of Object.entries(bundlers)) {
  describe(`the package, bundled by ${name} for a browser`, () => {
    let folder = ''
    before(async () => {
      await mkdir(projectPath('.doc-examples'), { recursive: true })
      folder = await mkdtemp(projectPath('.doc-examples', 'bundle-'))
    })
    after(() => rm(folder, { recursive: true }))

    const bundled = async (code: string): Promise<string> => {
      const entry = join(folder, 'entry.js')
      writeFileSync(entry, code)
      return bundle(entry)
    }

    it('runs the recipe', async () => {
      const context = page()
      runInContext(await bundled(told()), context)
      const [job, tag, kinds, ...others] = JSON.parse(
        runInContext(
          `JSON.stringify(told, (_, each) => (typeof each === 'bigint' ? String(each) : each))`,
          context,
        ) as string,
      )
      expect(job).to.deep.equal({ _tag: 'Right', right: { id: '7', name: 'tea' } })
      expect([tag, kinds, others]).to.deep.equal(['more', ['handshake', 'operation', 'end'], []])
    })

    it('has all entry points of the recipe', async () => {
      expect(entries).to.include.members(['', 'session', 'stream', 'laws']).and.not.to.include('daemon')
      const imports = entries.map((entry, i) => `import * as m${i} from 'nix-wire${entry && `/${entry}`}'`)
      const all = `globalThis.all = [${entries.map((_, i) => `Object.keys(m${i}).length`).join()}]`
      const code = await bundled([...imports, all].join('\n'))
      expect(code).not.to.match(/["']node:(?!crypto)/)
    })

    it('has a codec of one field as small as the recipe claims', async () => {
      const code = await bundled(oneField)
      const [, kilobytes] = /one field[^.]*?(\d+) kB/.exec(recipe) ?? []
      expect(Math.round(code.length / 1000)).to.be.at.most(Number(kilobytes))
      expect(typeof runInContext(`${code}; codec.decode`, page())).to.equal('function')
    })
  })
}
