import { readFileSync } from 'node:fs'
import { inflateSync } from 'node:zlib'
import { expect } from 'chai'
import { projectPath } from '../support/shared.js'
import { buildSmallSite, type SmallSite } from './small-site.js'

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
/** What is on a table. */
export type Table = { ${keys} }
/** How long a tea takes. */
export const minutesOf = ({ minutes }: Tea): number => minutes
/** A tea. */
export interface Tea { readonly minutes: number }
`,
  'docs/guide/steep.md': '# Steep tea\n\nWait for it. Then drink; see notes.md and https://example.org/.\n',
}

/** A part of the menu. */
interface Part {
  readonly text: string
  readonly path?: string
  readonly children?: ReadonlyArray<Part>
}

describe('what the site leaves out', () => {
  it('is no type of options', () => {
    const { intentionallyNotExported } = JSON.parse(readFileSync(projectPath('typedoc.json'), 'utf8')) as {
      readonly intentionallyNotExported: ReadonlyArray<string>
    }
    expect(intentionallyNotExported.filter((name) => name.endsWith('Options'))).to.deep.equal([])
  })
})

describe('the site', () => {
  let site: SmallSite
  const page = (name: string): string => site.page(name)

  before(async () => {
    site = await buildSmallSite(files)
    expect(site.isClean).to.equal(true)
  })
  after(() => site?.remove())

  /** What a script of the site assigns, compressed. */
  const unpacked = (name: string, variable: string): unknown => {
    const [, data = ''] = new RegExp(`${variable} = "([^"]+)"`).exec(page(`assets/${name}.js`)) ?? []
    return JSON.parse(inflateSync(Buffer.from(data, 'base64')).toString())
  }

  it('has the guides on the first level of the menu', () => {
    const menu = unpacked('navigation', 'navigationData') as ReadonlyArray<Part>
    expect(menu.map(({ text }) => text))
      .to.include('Steep tea')
      .and.not.to.include('Guide')
  })

  it('has the page of a module in the menu below it, since a link cannot open and close', () => {
    const menu = unpacked('navigation', 'navigationData') as ReadonlyArray<Part>
    const [first] = menu.find(({ text }) => text === 'Modules')?.children ?? []
    expect([first?.text, first?.path]).to.deep.equal(['first', undefined])
    expect([first?.children?.[0]?.text, first?.children?.[0]?.path]).to.deep.equal([
      'Overview',
      'modules/first.html',
    ])
  })

  it('takes an address for a link, and a file name for none', () => {
    const text = page('documents/Steep_tea.html')
    expect(text).to.contain('href="https://example.org/"').and.not.to.contain('http://notes.md')
  })

  it('begins the page of a function with its summary, and folds a long type', () => {
    const text = page('functions/first.Cup.html')
    expect(text.indexOf('A cup of tea.')).to.be.lessThan(text.indexOf('key29'))
    expect(text).to.match(/<details class="signature-fold">/)
    expect(page('functions/second.pour.html')).not.to.contain('signature-fold')
  })

  it('shows the whole of a type on its own page', () => {
    const text = page('types/second.Table.html')
    expect(text).to.contain('key29').and.not.to.contain('signature-fold')
  })

  it('names a parameter by its type if the sources take it apart', () => {
    const text = page('functions/second.minutesOf.html')
    expect(text).to.match(/>tea</).and.not.to.contain('__namedParameters')
  })

  it('finds each name once, with its summary', () => {
    const { rows } = unpacked('search', 'searchData') as {
      readonly rows: ReadonlyArray<{ readonly name: string; readonly url: string }>
    }
    expect(rows.map(({ name }) => name).sort()).to.deep.equal([
      'Cup',
      'Steep tea',
      'Table',
      'Tea',
      'first',
      'minutesOf',
      'pour',
      'second',
    ])
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
