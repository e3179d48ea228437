import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { expect } from 'chai'
import { documentedFiles } from '../support/doc-examples.js'
import { blocksOf } from '../support/doc-shell.js'
import { projectPath } from '../support/shared.js'

const pages = [
  'CHANGELOG.md',
  'SECURITY.md',
  ...readdirSync(projectPath('examples'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `examples/${name}`),
  ...documentedFiles().filter((name) => name.endsWith('.md')),
]

/** A page without its blocks of code, and without code in a line. */
const proseOf = (name: string): string => {
  const text = readFileSync(projectPath(name), 'utf8')
  const lines = text.split('\n')
  for (const { line, body } of blocksOf(text)) {
    lines.fill('', line - 1, line + 1 + body.length)
  }
  return lines.join('\n').replace(/`[^`\n]*`/g, (code) => code.replace(/[[\]()#<>]/g, ' '))
}

/** The anchors that GitHub gives the headings of a page. */
const anchorsOf = (prose: string): ReadonlySet<string> => {
  const anchors = new Set<string>()
  for (const [, heading] of prose.matchAll(/^#{1,6} +(.*)$/gm)) {
    const plain = heading!
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .trim()
      .toLowerCase()
    const slug = plain.replace(/[^\p{L}\p{N}\p{M}\p{Pc} -]/gu, '').replaceAll(' ', '-')
    let anchor = slug
    for (let i = 1; anchors.has(anchor); i++) anchor = `${slug}-${i}`
    anchors.add(anchor)
  }
  return anchors
}

/** The problem of a link; undefined if it leads somewhere in the project. */
const complaint = (page: string, link: string): string | undefined => {
  const [path = '', anchor] = link.split('#')
  const target = path === '' ? page : join(dirname(page), decodeURIComponent(path))
  if (relative('.', target).startsWith('..') || !existsSync(projectPath(target)))
    return `${link}: no such file`
  if (anchor === undefined || !target.endsWith('.md')) return undefined
  return anchorsOf(proseOf(target)).has(anchor) ? undefined : `${link}: no such heading`
}

describe('links of the documentation, as a forge shows it', () => {
  for (const page of new Set(pages)) {
    it(page, () => {
      const links = [...proseOf(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link!)
      const inside = links.filter((link) => !/^[a-z]+:/.test(link))
      expect(inside.flatMap((link) => complaint(page, link) ?? [])).to.deep.equal([])
    })
  }

  it('lead from README.md to every page of docs/', () => {
    const reached = new Set(['README.md'])
    for (const page of reached) {
      for (const [, link] of proseOf(page).matchAll(/\]\(([^)\s#:]+\.md)[^)]*\)/g)) {
        reached.add(join(dirname(page), link!))
      }
    }
    expect(pages.filter((page) => page.startsWith('docs/') && !reached.has(page))).to.deep.equal([])
  })

  it('have every page of docs/ and of examples/ on the site', () => {
    const { projectDocuments } = JSON.parse(readFileSync(projectPath('typedoc.json'), 'utf8')) as {
      readonly projectDocuments: ReadonlyArray<string>
    }
    const isOnSite = (name: string): boolean => /^(docs|examples)\//.test(name)
    expect(projectDocuments.filter(isOnSite)).to.have.members([...new Set(pages)].filter(isOnSite))
  })

  it('to a missing file or heading are found', () => {
    expect(complaint('README.md', 'docs/nowhere.md')).to.equal('docs/nowhere.md: no such file')
    expect(complaint('README.md', '../outside.md')).to.equal('../outside.md: no such file')
    expect(complaint('docs/protocol.md', '#nothing')).to.equal('#nothing: no such heading')
    expect(complaint('docs/handshake.md', 'protocol.md#int')).to.equal(undefined)
  })
})
