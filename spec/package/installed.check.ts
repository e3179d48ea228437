import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { build } from 'vite'
import { projectPath } from '../support/shared.js'
import { Consumer } from './consumer.js'
import { entryPoints, specifierOf } from './entry-points.js'
import { pack } from './pack.js'
import { writeTour } from './tour.js'

const entries = entryPoints()
const importing = entries.map((entry, i) => `import * as m${i} from '${specifierOf(entry)}'`).join('\n')
const requiring = entries.map((entry, i) => `import m${i} = require('${specifierOf(entry)}')`).join('\n')
const all = `[${entries.map((_, i) => `m${i}`).join(', ')}]`
const printCounts = `console.log(JSON.stringify(${all}.map((module) => Object.keys(module).length)))\n`

/** Compilers that users have, besides the newest, which checks all the rest; the oldest that does comes first. */
const olderCompilers = ['typescript-5.4@npm:typescript@5.4', 'typescript-5.9@npm:typescript@5.9']
const compilers = [
  ...olderCompilers.map((each) => join('node_modules', each.split('@')[0]!)),
  projectPath('node_modules/typescript'),
]

/** How a user says it, and one line that is wrong: were a type lost, it would pass. */
const use = `
const Job = root.struct('Job', { name: root.utf8, state: root.enumOf(root.u8, { Queued: 0 }) })
export const job: root.TypeOf<typeof Job> = { name: 'tea', state: 'Queued' }
export const path = (client: daemon.Client<typeof grammar.operations>) =>
  client.promises.queryPathFromHashPart({ hashPart: 'g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q' })
export const wrong: root.TypeOf<typeof grammar.UInt64> = 1
`
const names = ['root', 'grammar', 'daemon'] as const
const specifier = (name: string): string => specifierOf(name === 'root' ? '' : name)
const useImporting = names.map((name) => `import * as ${name} from '${specifier(name)}'`).join('\n') + use
const useRequiring = names.map((name) => `import ${name} = require('${specifier(name)}')`).join('\n') + use
const wrongLine = (file: string): string =>
  `${file}: TS2322: Type 'number' is not assignable to type 'bigint'.`

describe('the package, installed', () => {
  let consumer: Consumer

  before(() => {
    consumer = new Consumer()
    consumer.install(pack(consumer.folder).file)
    consumer.write('esm.mts', `${importing}\nexport const modules = ${all}\n`)
    consumer.write('cjs.cts', `${requiring}\nexport const modules = ${all}\n`)
    consumer.write('use.mts', useImporting)
    consumer.write('use.cts', useRequiring)
    consumer.write('bundled.ts', `${importing}\nexport const modules = ${all}\n`)
    consumer.write(
      'late.cts',
      `export const late = import('nix-wire/grammar').then(({ StorePath }) => StorePath)\n`,
    )
  })

  after(() => consumer?.remove())

  it('has every entry point as an ES module and for CommonJS, with the same exports', () => {
    consumer.write('esm.mjs', `${importing}\n${printCounts}`)
    consumer.write('cjs.cjs', `${requiring.replaceAll('import', 'const')}\n${printCounts}`)
    const counts = JSON.parse(consumer.run('node', 'esm.mjs')) as ReadonlyArray<number>
    expect(counts).to.have.lengthOf(entries.length)
    expect(Math.min(...counts)).to.be.greaterThan(0)
    // A module that is required may have one more: the mark of an ES module.
    expect(JSON.parse(consumer.run('node', 'cjs.cjs'))).to.deep.equal(counts)
    expect(consumer.run('node', '-p', "require('nix-wire/package.json').name")).to.equal('nix-wire\n')
  })

  it('does what the README shows', () => {
    writeTour(consumer)
    expect(consumer.run('node', 'run-tour.js')).to.match(/^up to line \d+\n$/)
  })

  it('has the command', () => {
    expect(consumer.run('npx', '--no-install', 'nix-wire', '--help')).to.match(/^Usage: nix-wire /)
    const message = 'examples/messages/valid-path-info-1.34.bin'
    consumer.copy(message)
    const printed = consumer.run(
      'npx',
      '--no-install',
      'nix-wire',
      'decode',
      'ValidPathInfo',
      '-p',
      '1.34',
      message,
    )
    const [, readme] = /^```json\n([^`]*)```/m.exec(readFileSync(projectPath('README.md'), 'utf8'))!
    expect(printed).to.equal(readme)
  })

  it('has laws without mocha, and says what describeLaws requires', () => {
    consumer.write(
      'laws.mjs',
      `import { bool64 } from 'nix-wire'
import { checkLaws, describeLaws } from 'nix-wire/laws'
console.log(await checkLaws(bool64, { runs: 5 }))
try { describeLaws(bool64) } catch (error) { console.log(error.message) }
`,
    )
    expect(consumer.run('node', 'laws.mjs')).to.equal(
      '[]\ndescribeLaws needs the global describe and it of a test runner such as mocha; without them use checkLaws\n',
    )
  })

  it('can be bundled for a browser', async () => {
    consumer.write(
      'page.js',
      `import { compile, hexOf } from 'nix-wire'
import { Bool64 } from 'nix-wire/grammar'
import { StorePath } from 'nix-wire/types'
const encoded = compile(Bool64).encode(true)
console.log(hexOf(encoded.right), StorePath.is('tea'))
`,
    )
    await build({
      root: consumer.folder,
      configFile: false,
      logLevel: 'warn',
      build: {
        lib: { entry: 'page.js', formats: ['es'], fileName: 'page' },
        outDir: 'bundle',
        rollupOptions: {
          onwarn: (warning) => {
            throw new Error(warning.message)
          },
        },
      },
    })
    const bundle = readFileSync(join(consumer.folder, 'bundle/page.js'), 'utf8')
    expect(bundle).not.to.match(/\b(import|require)\b[^;\n]*['"]/)
    expect(consumer.run('node', 'bundle/page.js')).to.equal('0100000000000000 false\n')
  })

  describe('has types', () => {
    before(() => consumer.install('@types/node@20', ...olderCompilers))

    // There, CommonJS is that of Node 16, in which no ES module can be required: only import() is left.
    it('under node16, from ES modules, and from CommonJS by import()', async () => {
      const errors = await consumer.typeErrors(['esm.mts', 'use.mts', 'late.cts', 'cjs.cts'], {
        module: 'node16',
      })
      const refused = errors.filter((error) => error.startsWith('cjs.cts: TS1471: '))
      expect(refused).to.have.lengthOf(entries.length)
      expect(errors.filter((error) => !refused.includes(error))).to.deep.equal([wrongLine('use.mts')])
    })

    for (const module of ['node20', 'nodenext']) {
      it(`under ${module}, from ES modules and CommonJS`, async () => {
        const files = ['esm.mts', 'use.mts', 'cjs.cts', 'use.cts']
        expect(await consumer.typeErrors(files, { module })).to.have.members(
          ['use.mts', 'use.cts'].map(wrongLine),
        )
      })
    }

    it('for older compilers', async () => {
      const errors = await Promise.all(
        compilers.map((compiler) => consumer.typeErrors(['use.mts'], { module: 'nodenext' }, compiler)),
      )
      expect(errors).to.deep.equal(compilers.map(() => [wrongLine('use.mts')]))
    })

    it('for the compilers of the README, the oldest first', () => {
      const [, said] =
        /TypeScript (5\.\d+) or newer/.exec(readFileSync(projectPath('README.md'), 'utf8')) ?? []
      expect(`typescript-${said}`).to.equal(olderCompilers[0]!.split('@')[0])
    })

    it('for the examples', async () => {
      consumer.copy('examples')
      const files = readdirSync(projectPath('examples'), { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.ts'))
        .map((file) => `examples/${file}`)
      expect(files).to.have.lengthOf.above(4)
      expect(await consumer.typeErrors(files, { module: 'nodenext' })).to.deep.equal([])
    })

    it('under bundler', async () => {
      const options = { module: 'preserve', moduleResolution: 'bundler' }
      expect(await consumer.typeErrors(['bundled.ts', 'use.mts'], options)).to.deep.equal([
        wrongLine('use.mts'),
      ])
    })
  })
})
