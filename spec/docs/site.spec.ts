import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inflateSync } from 'node:zlib'
import { expect } from 'chai'
import { generate } from '../../docs/site/generate.js'
import { projectPath } from '../support/shared.js'

const keys = Array.from({ length: 30 }, (_, i) => `readonly key${i}: string`).join('; ')

const files: { readonly [name: string]: string } = {
  'index.ts': `/** @module first */
export * from './second.js'
/** A cup of tea. More about it. */
export const Cup = (options: { ${keys} }): string => Object.keys(options).join()
/** What is in a cup. */
export interface Cup { readonly leaf: string }
`,
  'second.ts': `/** @module second */
/** Pours something. */
export const pour = (minutes: number): number => minutes
`,
  'typedoc.json': '{ "entryPoints": ["index.ts", "second.ts"], "tsconfig": "tsconfig.json" }',
  'docs/guide/steep.md': '# Steep tea\n\nWait for it. Then drink.\n',
  'tsconfig.json': JSON.stringify({
    compilerOptions: {
      module: 'nodenext',
      moduleResolution: 'nodenext',
      target: 'es2022',
      strict: true,
      types: [],
    },
    files: ['index.ts', 'second.ts'],
  }),
}

describe('the site', () => {
  let folder = ''
  const page = (name: string): string => readFileSync(join(folder, 'site', name), 'utf8')

  before(async () => {
    mkdirSync(projectPath('.doc-examples'), { recursive: true })
    folder = mkdtempSync(projectPath('.doc-examples', 'site-'))
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(join(folder, name, '..'), { recursive: true })
      writeFileSync(join(folder, name), text)
    }
    const isClean = await generate(folder, {
      options: join(folder, 'typedoc.json'),
      projectDocuments: [join(folder, 'docs/guide/steep.md')],
      out: join(folder, 'site'),
      readme: 'none',
      logLevel: 'Warn',
      navigation: { includeGroups: true },
      githubPages: false,
      // A copy of the sources may not be a clone.
      disableSources: true,
    })
    expect(isClean).to.equal(true)
  })
  after(() => rmSync(folder, { recursive: true }))

  /** What a script of the site assigns, compressed. */
  const unpacked = (name: string, variable: string): unknown => {
    const [, data = ''] = new RegExp(`${variable} = "([^"]+)"`).exec(page(`assets/${name}.js`)) ?? []
    return JSON.parse(inflateSync(Buffer.from(data, 'base64')).toString())
  }

  it('has the guides on the first level of the menu', () => {
    const menu = unpacked('navigation', 'navigationData') as ReadonlyArray<{ readonly text: string }>
    expect(menu.map(({ text }) => text))
      .to.include('Steep tea')
      .and.not.to.include('Guide')
  })

  it('marks the main part of a page', () => {
    expect(page('functions/first.Cup.html')).to.contain('role="main"')
  })

  it('begins the page of a function with its summary, and folds a long type', () => {
    const text = page('functions/first.Cup.html')
    expect(text.indexOf('A cup of tea.')).to.be.lessThan(text.indexOf('key29'))
    expect(text).to.match(/<details class="signature-fold">/)
    expect(page('functions/second.pour.html')).not.to.contain('signature-fold')
  })

  it('finds each name once, with its summary', () => {
    const { rows } = unpacked('search', 'searchData') as {
      readonly rows: ReadonlyArray<{ readonly name: string; readonly url: string }>
    }
    expect(rows.map(({ name }) => name).sort()).to.deep.equal(['Cup', 'Steep tea', 'first', 'pour', 'second'])
    const sentences = JSON.parse(page('assets/sentences.js').replace(/^[^{]*/, '')) as {
      readonly [url: string]: string
    }
    const of = (name: string) => sentences[rows.find((row) => row.name === name)?.url ?? '']
    expect([of('Cup'), of('pour'), of('Steep tea')]).to.deep.equal([
      'A cup of tea.',
      'Pours something.',
      'Wait for it.',
    ])
  })
})
