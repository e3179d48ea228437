import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { expect } from 'chai'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { projectPath } from '../support/shared.js'
import { pack, type Tarball } from './pack.js'

const require = createRequire(import.meta.url)

const kilobytes = (bytes: number): string => `${Math.round(bytes / 1000)} kB`

describe('the package of npm pack', () => {
  let folder: string
  let tarball: Tarball

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'nix-wire-'))
    tarball = pack(folder)
    const { paths, size, unpackedSize } = tarball
    console.log(`    ${paths.length} files, ${kilobytes(size)} packed, ${kilobytes(unpackedSize)} unpacked`)
  })

  after(() => rmSync(folder, { recursive: true }))

  it('has its texts, its examples, the built library, command and page, and nothing else', () => {
    const built =
      /^dist\/((bytes|combinators|conversation|interpreters|types|grammar|session|store|stream|serve|daemon|nix-json|validation|laws|fuzz|vectors|conformance)\/.*|index)\.(js|d\.ts)$/
    const bundled = /^dist\/(node\/.*\.c?js|cli\/(main\.js|package\.json))$/
    const examples = tarball.paths.filter((path) => path.startsWith('examples/'))
    const there = readdirSync(projectPath('examples'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name !== 'tsconfig.json')
      .map((entry) => join(relative(projectPath(), entry.parentPath), entry.name))
    expect(examples).to.have.members(there)
    const others = tarball.paths.filter(
      (path) => !built.test(path) && !bundled.test(path) && !examples.includes(path),
    )
    expect(others).to.have.members([
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'SECURITY.md',
      'THIRD-PARTY-LICENCES.md',
      'dist/inspect/index.html',
      'package.json',
    ])
    expect(
      tarball.paths.filter((path) => /\/(spec|test|bench)\/|\.(spec|test|check)\./.test(path)),
    ).to.deep.equal([])
  })

  it('has the types of every module', () => {
    const paths = new Set(tarball.paths)
    // The modules that Node loads in their place have the same types, and the command has none.
    const modules = tarball.paths.filter(
      (path) => path.endsWith('.js') && /^dist\/(?!(node|cli)\/)/.test(path),
    )
    expect(modules).not.to.have.lengthOf(0)
    expect(modules.filter((path) => !paths.has(path.replace(/\.js$/, '.d.ts')))).to.deep.equal([])
  })

  it('passes publint', async () => {
    const bytes = readFileSync(tarball.file)
    const { messages, pkg } = await publint({ pack: { tarball: new Uint8Array(bytes).buffer }, strict: true })
    expect(messages.map((message) => formatMessage(message, pkg))).to.deep.equal([])
  })

  // The rule that is ignored says that `require` cannot load ES modules. Every Node that the package is for can.
  it('passes attw except for the resolution of Node 10', () => {
    const attw = join(dirname(require.resolve('@arethetypeswrong/cli/package.json')), 'dist/index.js')
    const args = [
      '--no-definitely-typed',
      '--profile',
      'node16',
      '--ignore-rules',
      'cjs-resolves-to-esm',
      '--',
    ]
    const { status, stdout, stderr } = spawnSync(process.execPath, [attw, ...args, tarball.file], {
      encoding: 'utf8',
    })
    expect(status, `${stdout}${stderr}`).to.equal(0)
  })
})
