import { expect } from 'chai'
import {
  type ConformanceReport,
  type ConformanceResult,
  conformanceHtml,
  conformanceJunit,
  conformanceMarkdown,
  showTally,
  tallyOf,
} from '../../conformance/index.js'

const hostile = '<script>alert(1)</script>\x1b[2J\u202e"\'&|`*\n# a heading'

const result = (over: Partial<ConformanceResult>): ConformanceResult => ({
  id: '0123456789abcdef',
  section: 'Tea',
  title: 'a title',
  verdict: 'passed',
  message: '',
  ...over,
})

const report = (...results: ReadonlyArray<ConformanceResult>): ConformanceReport => ({
  title: hostile,
  summary: hostile,
  facts: [['program', hostile]],
  notes: [hostile],
  tables: [{ title: hostile, head: ['type', hostile], rows: [[hostile, '1/2']] }],
  results,
})

const four = [
  result({ verdict: 'passed', labels: ['padding'] }),
  result({ verdict: 'failed', message: hostile, details: [hostile, 'bytes 00'], labels: ['padding', 'nul'] }),
  result({ verdict: 'known', section: 'Cup', message: 'as before' }),
  result({ verdict: 'skipped', section: 'Cup', message: 'another version' }),
]

describe('a report of conformance', () => {
  it('counts the results', () => {
    expect(tallyOf(four)).to.deep.equal({ passed: 1, known: 1, failed: 1, skipped: 1 })
    expect(showTally(tallyOf(four))).to.equal('1 passed, 1 known, 1 failed, 1 skipped')
    expect(showTally(tallyOf([]))).to.equal('nothing tried')
  })

  it('is JUnit: a suite for each section, with expected failures as skipped', () => {
    const xml = conformanceJunit({ ...report(...four), title: 'mine' })
    expect(xml).to.match(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n<testsuites>\n/)
    expect(xml).to.contain('<testsuite name="mine: Tea" tests="2" failures="1" errors="0" time="0">')
    expect(xml).to.contain(
      '<testsuite name="mine: Cup" tests="2" failures="0" errors="0" skipped="2" time="0">',
    )
    expect(xml).to.contain('<skipped message="known: as before"/>')
    expect(xml.match(/<\w+(?:>| [^>]*[^/]>)/g)?.length).to.equal(xml.match(/<\/\w+>/g)?.length)
  })

  it('is one page of HTML that loads nothing and runs nothing', () => {
    const html = conformanceHtml(report(...four))
    expect(html).to.match(/^<!doctype html>\n<html lang="en">/)
    expect(html).not.to.match(/<script|<link|<img|\ssrc=|\shref=|url\(|@import/)
    expect(html).to.contain("default-src 'none'")
    expect(html).to.contain('color-scheme: light dark')
    expect(html).to.contain('@media (prefers-color-scheme: dark)')
    expect(html).to.contain('@media print')
    const opened = html.match(/<(?!meta|!)(\w+)(?=[ >])/g)?.length
    expect(opened).to.equal(html.match(/<\/\w+>/g)?.length)
  })

  it('has tables by section and by flag, and its own tables', () => {
    const markdown = conformanceMarkdown(report(...four))
    expect(markdown).to.contain('| Tea | 1 |  | 1 |  |\n| Cup |  | 1 |  | 1 |\n')
    expect(markdown).to.contain('| nul |  |  | 1 |  |\n| padding | 1 |  | 1 |  |\n')
    expect(markdown).to.contain('## Failed\n')
    expect(markdown).to.contain('## Known to differ\n')
  })

  for (const [name, print] of [
    ['JUnit', conformanceJunit],
    ['HTML', conformanceHtml],
    ['Markdown', conformanceMarkdown],
  ] as const) {
    it(`shows the output of a program as text: ${name}`, () => {
      const text = print(report(...four))
      expect(text).not.to.match(/[^\P{Cc}\n]|\p{Cf}/u)
      expect(text).not.to.contain('<script>')
      expect(text).not.to.match(/^# a heading/m)
      expect(text).to.contain('\\u001b')
    })

    it(`stays short if all fails: ${name}`, () => {
      const many = Array.from({ length: 1000 }, (_, i) =>
        result({ id: String(i), verdict: 'failed', message: 'x'.repeat(100_000) }),
      )
      // JUnit lists all cases, since a CI system counts them.
      const most = name === 'JUnit' ? 1000 : 500
      expect(print(report(...many)).length).to.be.lessThan(most * 8000)
    })
  }
})
