import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { expect } from 'chai'
import { projectPath } from '../support/shared.js'

interface Rule {
  readonly name: string
  readonly to: { readonly pathNot?: ReadonlyArray<string> }
}

const require = createRequire(import.meta.url)
const rules = (require(projectPath('.dependency-cruiser.cjs')) as { readonly forbidden: ReadonlyArray<Rule> })
  .forbidden

/** Something to import, as the page calls it, and a file of it. */
const imports = {
  '`bytes`': 'bytes/utf8.ts',
  '`combinators`': 'combinators/text-format.ts',
  '`types`': 'types/index.ts',
  '`interpreters': 'interpreters/compile/index.ts',
  '`grammar`': 'grammar/index.ts',
  '`stream`': 'stream/index.ts',
  '`laws`': 'laws/index.ts',
  '`daemon': 'daemon/session/index.ts',
  'fp-ts': 'node_modules/fp-ts/lib/Either.js',
  'io-ts': 'node_modules/io-ts/lib/index.js',
  arcsecond: 'node_modules/arcsecond/index.js',
  'fast-check': 'node_modules/fast-check/lib/fast-check.js',
  'lossless-json': 'node_modules/lossless-json/lib/esm/index.js',
  preact: 'node_modules/preact/dist/preact.js',
  '@noble/hashes': 'node_modules/@noble/hashes/sha2.js',
  Node: 'node:net',
}

describe('CONTRIBUTING.md', () => {
  const text = readFileSync(projectPath('CONTRIBUTING.md'), 'utf8')
  const rows = text
    .split('\n')
    .filter((line) => /^\| `[a-z]+\/`/.test(line))
    .map((line) => line.split('|').map((cell) => cell.trim()))

  it('has the layers, and what each may import', () => {
    for (const { name, to } of rules.filter((rule) => rule.name.endsWith('-imports'))) {
      const layer = name.replace('-imports', '')
      const row = rows.find(([, folder]) => folder === `\`${layer}/\``)
      expect(row, layer).not.to.equal(undefined)
      for (const [called, file] of Object.entries(imports).filter(
        ([, path]) => !path.startsWith(`${layer}/`),
      )) {
        const may = (to.pathNot ?? []).some((pattern) => new RegExp(pattern).test(file))
        expect(row?.[3]?.includes(called), `${layer}: ${called}`).to.equal(may)
      }
    }
  })

  it('names commands and files that are there, or that its examples make', () => {
    const { scripts } = JSON.parse(readFileSync(projectPath('package.json'), 'utf8')) as {
      readonly scripts: Readonly<Record<string, string>>
    }
    const commands = [...text.matchAll(/npm run ([a-z:]+)/g)].map(([, name = '']) => name)
    expect(commands.filter((name) => scripts[name] === undefined)).to.deep.equal([])
    const made = [...text.matchAll(/`([^`]+)`, new\b/g)].map(([, path]) => path)
    expect(made).to.have.lengthOf(5)
    const named = [...text.matchAll(/`([a-z.-]+\/[\w./-]*\.\w+)`/g)].map(([, path = '']) => path)
    expect(named.filter((path) => !made.includes(path) && !existsSync(projectPath(path)))).to.deep.equal([])
    expect(made.filter((path) => existsSync(projectPath(path ?? '')))).to.deep.equal([])
  })
})

describe('CHANGELOG.md', () => {
  it('keeps the form', () => {
    const text = readFileSync(projectPath('CHANGELOG.md'), 'utf8')
    const { version } = JSON.parse(readFileSync(projectPath('package.json'), 'utf8')) as {
      readonly version: string
    }
    const headings = text.match(/^## .*$/gm) ?? []
    expect(headings[0]).to.equal('## [Unreleased]')
    for (const heading of headings.slice(1)) {
      expect(heading).to.match(/^## \[\d+\.\d+\.\d+\] - \d{4}-\d{2}-\d{2}$/)
    }
    // The package's own version is the last one released, or the one that is being made.
    expect([version, undefined]).to.include(/\[(\d[^\]]*)\]/.exec(headings[1] ?? '')?.[1])
    const kinds = text.match(/^### .*$/gm) ?? []
    expect(kinds).not.to.have.lengthOf(0)
    for (const kind of kinds) {
      expect(kind).to.match(/^### (Added|Changed|Deprecated|Removed|Fixed|Security)$/)
    }
  })
})
