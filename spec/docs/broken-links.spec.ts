import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { brokenLinks } from '../../docs/site/broken-links.js'

describe('the check of the links of the site', () => {
  let folder = ''
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'nix-wire-links-'))
    mkdirSync(join(folder, 'guide'))
    writeFileSync(
      join(folder, 'index.html'),
      '<h1 id="top">x</h1><a href="guide/a.html">a</a> <a href="#top">top</a> <a href="https://example.org/">e</a>',
    )
    writeFileSync(
      join(folder, 'guide', 'a.html'),
      '<a href="../index.html#top">up</a> <a href="../index.html#none">h</a> <img src="none.svg"><a href="tool.html">t</a>',
    )
    writeFileSync(
      join(folder, 'orphan.html'),
      '<a href="nowhere.html">n</a> <a href="http://notes.md">notes.md</a>',
    )
  })
  after(() => rmSync(folder, { recursive: true }))

  it('finds a missing file, picture and heading, and a file name as a host, also on a page without links to it', async () => {
    expect(await brokenLinks(folder, ['guide/tool.html'])).to.deep.equal([
      'guide/a.html: guide/none.svg',
      'guide/a.html: index.html#none',
      'orphan.html: http://notes.md',
      'orphan.html: nowhere.html',
    ])
  })
})
