import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { expect } from 'chai'
import { modulesOf, typeErrors, writeModules } from '../support/doc-examples.js'
import { run } from '../support/doc-runtime.js'
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
  '`conversation`': 'conversation/index.ts',
  '`types`': 'types/index.ts',
  '`interpreters': 'interpreters/compile/index.ts',
  '`grammar`': 'grammar/index.ts',
  '`store`': 'store/index.ts',
  '`stream`': 'stream/index.ts',
  '`serve`': 'serve/index.ts',
  '`laws`': 'laws/index.ts',
  '`session`': 'session/index.ts',
  'fp-ts': 'node_modules/fp-ts/lib/Either.js',
  'io-ts': 'node_modules/io-ts/lib/index.js',
  arcsecond: 'node_modules/arcsecond/index.js',
  'fast-check': 'node_modules/fast-check/lib/fast-check.js',
  'lossless-json': 'node_modules/lossless-json/lib/esm/index.js',
  '@standard-schema': 'node_modules/@standard-schema/spec/dist/index.d.ts',
  preact: 'node_modules/preact/dist/preact.js',
  '@noble/hashes': 'node_modules/@noble/hashes/sha2.js',
  Node: 'node:net',
}

describe('CONTRIBUTING.md', () => {
  const text = readFileSync(projectPath('CONTRIBUTING.md'), 'utf8')
  const rows = text
    .split('\n')
    .filter((line) => /^\| `[a-z/-]+\/`/.test(line))
    .map((line) => line.split('|').map((cell) => cell.trim()))

  it('has the layers, and what each may import', () => {
    for (const { name, to } of rules.filter((rule) => rule.name.endsWith('-imports'))) {
      const layer = name.replace('-imports', '').replace(/\(.*\)/, '')
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

  it('names commands and files that exist, or that its examples make', () => {
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

/** What is beside the blocks of a recipe, in the files around: what they import, and what comes of them. */
const around: { readonly [title: string]: { readonly before: string; readonly behind: string } } = {
  'An operation': {
    before: `
      import { struct, type Gate, feature, type Grammar, type TypeOf, protocol } from 'nix-wire/combinators'
      import { Int, UInt64 } from 'nix-wire/grammar'
      import { compile } from 'nix-wire'
      import { byPath, operation } from '../grammar/operations/operation.js'
      export const closureSize: Gate = feature('closure-size')`,
    behind: `
      compile(QueryClosureSize.reply, { features: ['closure-size'] }).size({ paths: 7, bytes: 100n }) // => 16`,
  },
  'A combinator': {
    before: `
      import { type Grammar, listOf, refine, u8 } from 'nix-wire/combinators'
      import { compile } from 'nix-wire'`,
    behind: `
      compile(nonEmpty(listOf(u8)), {}).encode([])._tag // => 'Left'
      compile(nonEmpty(listOf(u8)), {}).encode([1])._tag // => 'Right'`,
  },
  'An interpreter': {
    before: `
      import { type AnyGrammar, type ResolvedNode, nodeName } from '../combinators/node.js'
      import type { Protocol } from '../combinators/protocol.js'
      import { protocolFor } from '../combinators/protocol-for.js'
      import { resolved } from '../combinators/resolved.js'
      import { bool64, listOf, mapOf, since, struct, u64, utf8, versioned } from 'nix-wire/combinators'`,
    behind: `
      const Info = struct('Info', { size: u64, tags: listOf(utf8), old: versioned(since('1.16'), bool64, false) })
      typeText(mapOf(utf8, Info), { version: '1.15' }) // => 'Map<string, { size: bigint; tags: Array<string>; old: boolean }>'`,
  },
}

const fence = (code: string): string => `\`\`\`ts\n${code.trim()}\n\`\`\`\n`

describe('the recipes of CONTRIBUTING.md', () => {
  const text = readFileSync(projectPath('CONTRIBUTING.md'), 'utf8')
  const recipes = text
    .split(/^## /m)
    .filter((section) => /^ *```ts/m.test(section))
    .map((section) => {
      const [title = ''] = section.split('\n')
      // The first block is the file that the recipe makes; the rest, in some, is for a test.
      const [block = ''] = /^ *```ts$[\s\S]*?^ *```$/m.exec(section) ?? []
      return { title, block }
    })
  const modules = recipes.flatMap(({ title, block }) => {
    const { before = '', behind = '' } = around[title] ?? {}
    return modulesOf(`recipe ${title}.md`, [fence(before), block, fence(behind)].join('\n'))
  })

  it('are all tested here', () => {
    expect(recipes.map(({ title }) => title)).to.deep.equal(Object.keys(around))
  })

  it('type-check', () => {
    writeModules(modules)
    expect(typeErrors(modules).join('\n')).to.equal('')
  })

  for (const { source, path } of modules) {
    it(`${source} works`, async () => {
      writeModules(modules)
      const { failure } = await run(pathToFileURL(path).href)
      if (failure !== undefined) {
        throw failure.error
      }
    })
  }
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
