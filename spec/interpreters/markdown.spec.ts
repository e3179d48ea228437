import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { grammarPage } from '../../cli/commands/grammar-page.js'
import { Failure } from '../../cli/failure.js'
import { pages, protocolPage } from '../../cli/pages.js'
import { since, struct, u64, utf8, versioned } from '../../combinators/index.js'
import { AddMultipleToStore } from '../../grammar/add-multiple-to-store.js'
import { ExportPath, ImportPaths } from '../../grammar/export.js'
import { innerGrammars } from '../../grammar/inner.js'
import { sections } from '../../grammar/sections.js'
import { toMarkdown, toMarkdownPage } from '../../interpreters/markdown/index.js'
import { correctionsOf, factsOf } from '../support/protocol-page.js'
import { describeWithShared, projectPath, sharedPath } from '../support/shared.js'

const checkedIn = (name: string): string => readFileSync(projectPath('docs', name), 'utf8')

describeWithShared('the page of the protocol, beside the document it follows', () => {
  const document = factsOf(readFileSync(sharedPath('seeds', 'serialization.md'), 'utf8'))
  const streams = [
    ['AddMultipleToStore', AddMultipleToStore],
    ['ExportPath', ExportPath],
    ['ImportPaths', ImportPaths],
  ] as const
  const ours = factsOf(toMarkdownPage('', '', [...sections, { title: 'Streams', grammars: streams }]))
  const corrections = correctionsOf(checkedIn('corrections.md'))

  /** Titles of groups, and what combinators are for. */
  const notGrammars = [
    'Int serializers',
    'Bytes serializers',
    'Complex serializers',
    'List of x',
    'Map of x to y',
    'Set of x',
    'Framed',
  ]

  it('reads the document: sections, fields, numbers', () => {
    const facts = [...document.values()].reduce((sum, { size }) => sum + size, 0)
    expect(document.size).to.be.greaterThan(55)
    expect(facts).to.be.greaterThan(160)
    expect([...(document.get('UnkeyedValidPathInfo') ?? [])]).to.include.members([
      'references :: Set of StorePath',
      'ultimate if since 1.16',
      'ultimate defaults to false',
    ])
    expect([...(document.get('Error') ?? [])]).to.include('type = Error')
  })

  it('has every section', () => {
    expect([...document.keys()].filter((section) => !ours.has(section))).to.deep.equal(notGrammars)
  })

  it('has every enum value, field, type, gate and default, except where a correction says otherwise', () => {
    const missing = [...document].flatMap(([section, facts]) =>
      [...facts].filter((fact) => !ours.get(section)?.has(fact)).map((fact) => `${section}: ${fact}`),
    )
    expect(missing).to.have.members(corrections.map(({ section, says }) => `${section}: ${says}`))
  })

  it('has what the corrections say instead', () => {
    for (const { section, writes } of corrections) {
      if (writes !== null) {
        expect([...(ours.get(section) ?? [])], section).to.include(writes)
      }
    }
    expect(corrections.length).to.be.greaterThan(20)
  })
})

describe('the printed pages', () => {
  for (const [name, page] of Object.entries(pages)) {
    it(`docs/${name} is up to date; \`npm run docs:protocol\` writes it`, () => {
      expect(checkedIn(name)).to.equal(page())
    })
  }

  it('show every grammar once', () => {
    const titles = ['protocol.md', 'handshake.md', 'logging.md'].flatMap((name) =>
      [...checkedIn(name).matchAll(/^### (.*)$/gm)].map(([, title]) => title!),
    )
    const names = [...sections.flatMap(({ grammars }) => grammars), ...innerGrammars()].map(([name]) => name)
    expect(titles.sort()).to.deep.equal([...names].sort())
  })
})

describe('docs/versions-and-features.md', () => {
  const rowOf = (first: string): ReadonlyArray<string> =>
    checkedIn('versions-and-features.md')
      .split('\n')
      .find((line) => line.startsWith(`| ${first} |`))!
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim())

  it('lists what each version added and removed', () => {
    expect(rowOf('1.26')).to.deep.equal([
      '1.26',
      '',
      'Error `type`, Error `level`, Error `name`, Error `havePos`, Error `traces`',
      'Error `exitStatus`',
    ])
    expect(rowOf('1.32')[1]).to.equal('AddMultipleToStore, AddBuildLog')
    expect(rowOf('1.23')[2]).to.equal('framed upload of AddToStoreNar')
  })

  it('lists what each feature changes', () => {
    expect(rowOf('`submit-output`')[1]).to.equal('operation SubmitOutput')
    expect(rowOf('`realisation-with-path-not-hash`')[1]).to.contain('form of Realisation')
  })
})

describe('docs/protocol.md', () => {
  it('links only to sections that it has', () => {
    const page = protocolPage()
    const anchors = new Set([...page.matchAll(/^#+ (.*)$/gm)].map(([, title]) => title!.toLowerCase()))
    const links = [...page.matchAll(/\]\(#([^)]*)\)/g)].map(([, anchor]) => anchor!)
    expect(links.length).to.be.greaterThan(100)
    expect(links.filter((anchor) => !anchors.has(anchor))).to.deep.equal([])
  })
})

describe('toMarkdown', () => {
  it('says when a field is on the wire, and its value otherwise', () => {
    const Reply = struct('Reply', { text: utf8, size: versioned(since('1.16'), u64, 0n) })
    expect(toMarkdown('Reply', Reply)).to.equal(`### Reply

- text :: \`utf8\` (padded UTF-8)

#### If protocol version is 1.16 or above

- size :: \`u64\` (0 to 2^64−1) (defaults to 0)`)
  })
})

describe('the page of one type', () => {
  it('is the same as its section of docs/protocol.md', () => {
    expect(checkedIn('protocol.md')).to.contain(grammarPage('UnkeyedValidPathInfo'))
  })

  it('exists for a type expression', () => {
    expect(grammarPage('Map<String,UInt64>')).to.contain('Map of [String](#string) to [UInt64](#uint64)')
  })

  it('is not available for an invalid type', () => {
    expect(() => grammarPage('Nonsense')).to.throw(Failure)
  })
})
