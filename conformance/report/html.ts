import type { ConformanceReport, ConformanceResult, ConformanceTable } from './result.js'
import { shown } from './shown.js'
import { listedOf, tablesOf } from './tally.js'

const text = (given: string): string =>
  shown(given)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')

// Every colour also has a word, so that the page can be read in print and without colours.
const style = `
:root { color-scheme: light dark; --fg: #1b1f24; --bg: #fff; --soft: #57606a; --line: #d0d7de; --bad: #b3261e; --odd: #8a5a00; --good: #1a6b35 }
@media (prefers-color-scheme: dark) {
  :root { --fg: #e6e9ec; --bg: #14171a; --soft: #9aa4ae; --line: #3a4148; --bad: #ff8a80; --odd: #f0c05a; --good: #7fd99a }
}
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 62rem; padding: 1.5rem; color: var(--fg); background: var(--bg); font: 1rem/1.5 system-ui, sans-serif }
h1 { font-size: 1.6rem } h2 { font-size: 1.25rem; margin-top: 2rem } h3 { font-size: 1rem; margin-bottom: 0 }
table { border-collapse: collapse; font-variant-numeric: tabular-nums }
th, td { border-bottom: 1px solid var(--line); padding: .2rem .8rem .2rem 0; text-align: left; vertical-align: top }
td + td, th + th { text-align: right } td:first-child { min-width: 9rem } td, h3, li, p { overflow-wrap: anywhere }
.wide { overflow-x: auto }
dt { color: var(--soft) } dd { margin: 0 0 .4rem }
.failed { color: var(--bad) } .known { color: var(--odd) } .none { color: var(--good) }
code { font: .85em/1.4 ui-monospace, monospace; color: var(--soft) }
@media (max-width: 32rem) {
  body { padding: .8rem } th, td { padding-right: .3rem; font-size: .72rem } td:first-child { min-width: 7.5rem }
}
@media print {
  :root { --fg: #000; --bg: #fff; --soft: #333; --line: #999; --bad: #000; --odd: #000; --good: #000 }
  body { max-width: none; padding: 0; font-size: 10pt } article, tr { break-inside: avoid } h2, h3 { break-after: avoid }
}
`

const tableOf = ({ title, head, rows }: ConformanceTable): string =>
  `<h2>${text(title)}</h2>\n<div class="wide"><table>\n` +
  `<thead><tr>${head.map((each) => `<th scope="col">${text(each)}</th>`).join('')}</tr></thead>\n<tbody>\n` +
  rows.map((cells) => `<tr>${cells.map((each) => `<td>${text(each)}</td>`).join('')}</tr>\n`).join('') +
  '</tbody>\n</table></div>\n'

const articleOf = ({ id, section, title, message, verdict, details = [] }: ConformanceResult): string =>
  `<article id="${text(id)}">\n<h3>${text(section)}: ${text(title)}</h3>\n` +
  `<p><span class="${verdict}">${text(message)}</span> <code>${text(id)}</code></p>\n` +
  (details.length === 0
    ? ''
    : `<ul>\n${details.map((line) => `<li><code>${text(line)}</code></li>\n`).join('')}</ul>\n`) +
  '</article>\n'

const titles = { failed: 'Failed', known: 'Known to differ', passed: 'Passed', skipped: 'Skipped' } as const

/**
 * A report as one HTML file without scripts that loads nothing. It follows the reader's light or dark theme and can
 * be printed. All texts are escaped, since they may come from a program under test.
 *
 * ```ts
 * import { conformanceHtml } from 'nix-wire/conformance'
 *
 * const result = { id: '1f', section: 'Bool', title: 'a 2', verdict: 'failed', message: '<script>' } as const
 * const report = { title: 'mine', summary: '1 failed', facts: [], notes: [], tables: [], results: [result] }
 * conformanceHtml(report).includes('&lt;script&gt;') // => true
 * ```
 */
export const conformanceHtml = (report: ConformanceReport): string => {
  const { title, summary, facts, notes, results } = report
  const lists = listedOf(results)
  const mood = lists[0]?.verdict ?? 'none'
  return (
    '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n' +
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n' +
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">\n` +
    `<title>${text(title)}</title>\n<style>${style}</style>\n</head>\n<body>\n<main>\n` +
    `<h1>${text(title)}</h1>\n<p class="${mood}"><strong>${text(summary)}</strong></p>\n` +
    `<dl>\n${facts.map(([name, value]) => `<dt>${text(name)}</dt><dd>${text(value)}</dd>\n`).join('')}</dl>\n` +
    notes.map((note) => `<p>${text(note)}</p>\n`).join('') +
    tablesOf(report).map(tableOf).join('') +
    lists
      .map(
        ({ verdict, listed, more }) =>
          `<h2>${titles[verdict]}</h2>\n${listed.map(articleOf).join('')}` +
          (more === 0 ? '' : `<p>and ${more} more</p>\n`),
      )
      .join('') +
    '</main>\n</body>\n</html>\n'
  )
}
