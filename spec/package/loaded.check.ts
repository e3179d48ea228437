import { readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { expect } from 'chai'
import { init, parse } from 'es-module-lexer'
import { projectPath } from '../support/shared.js'
import { expectFreshBuild } from './build.js'
import { entryPoints, specifierOf } from './entry-points.js'

const bundleOf = (entry: string): string => projectPath('dist/node', entry, 'index.js')

const imports = new Map<string, ReadonlyArray<string>>()

/** What a built file imports at once. */
const importsOf = (file: string): ReadonlyArray<string> => {
  const known = imports.get(file)
  if (known !== undefined) {
    return known
  }
  const [found] = parse(readFileSync(file, 'utf8'))
  const specifiers = found.flatMap((each) => (each.type === 'static' ? [each.specifier] : []))
  const files = specifiers.map((each) => (each.startsWith('.') ? join(dirname(file), each) : each))
  imports.set(file, files)
  return files
}

/** All that is loaded with a built file, itself among it. */
const loadedBy = (file: string): ReadonlyArray<string> => {
  const loaded = new Set([file])
  for (const each of loaded) {
    if (each.startsWith('/')) {
      for (const imported of importsOf(each)) {
        loaded.add(imported)
      }
    }
  }
  return [...loaded]
}

const packagesIn = (loaded: ReadonlyArray<string>): ReadonlyArray<string> =>
  loaded.filter((each) => !each.startsWith('/') && !each.startsWith('node:'))

const sourcesIn = (loaded: ReadonlyArray<string>): string =>
  loaded
    .filter((each) => each.startsWith('/'))
    .map((file) => readFileSync(file, 'utf8'))
    .join('')

describe('the modules that Node loads', () => {
  before(async () => {
    expectFreshBuild()
    await init
  })

  for (const entry of entryPoints()) {
    const specifier = specifierOf(entry)

    it(`for ${specifier}: few files, and no import of CommonJS, which is slow`, () => {
      const loaded = loadedBy(bundleOf(entry))
      expect(packagesIn(loaded)).to.deep.equal([])
      const files = loaded.filter((each) => each.startsWith('/'))
      const shown = files.map((file) => relative(projectPath('dist/node'), file)).join(', ')
      expect(files.length, shown).to.be.at.most(25)
    })

    it(`for ${specifier}: the same exports as the modules for bundlers`, async () => {
      const [bundled, single] = await Promise.all(
        [bundleOf(entry), projectPath('dist', entry, 'index.js')].map((file) => import(file)),
      )
      expect(Object.keys(bundled as object).sort()).to.deep.equal(Object.keys(single as object).sort())
    })
  }

  it('for nix-wire: no package at all', () => {
    expect(sourcesIn(loadedBy(bundleOf('')))).not.to.contain('requirePackage(')
  })

  for (const entry of ['', 'combinators', 'conversation', 'types', 'grammar', 'store', 'session', 'serve']) {
    it(`for ${specifierOf(entry)}: no cryptography, which is loaded with the first hash`, () => {
      expect(loadedBy(bundleOf(entry))).not.to.include('node:crypto')
    })
  }
})
