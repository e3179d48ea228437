import type { ConformanceReport, ConformanceResult } from './result.js'
import { shown } from './shown.js'
import { listedOf, tablesOf } from './tally.js'

/** Text in a cell, without line breaks, mark-up, or the character that ends a cell. */
export const markdownCell = (text: string): string =>
  text.replaceAll(/[\\|`*_<>[\]]/g, '\\$&').replaceAll(/\s+/g, ' ')

const row = (cells: ReadonlyArray<string>): string => `| ${cells.join(' | ')} |\n`

/** A table; its cells are plain texts. */
export const markdownTable = (
  head: ReadonlyArray<string>,
  rows: ReadonlyArray<ReadonlyArray<string>>,
): string =>
  row(head.map(markdownCell)) +
  row(head.map(() => '---')) +
  rows.map((each) => row(each.map(markdownCell))).join('')

const cell = (text: string): string => markdownCell(shown(text))

const resultOf = ({ id, section, title, message, details = [] }: ConformanceResult): string =>
  `### ${cell(section)}: ${cell(title)}\n\n${cell(message)} (${cell(id)})\n` +
  (details.length === 0 ? '' : `\n${details.map((line) => `- ${cell(line)}\n`).join('')}`)

const titles = { failed: 'Failed', known: 'Known to differ', passed: 'Passed', skipped: 'Skipped' } as const

/**
 * A report as a page of Markdown: the summary, tables, and the failures.
 *
 * ```ts
 * import { conformanceMarkdown } from 'nix-wire/conformance'
 *
 * const result = { id: '1f', section: 'Bool', title: 'a 2', verdict: 'failed', message: 'accepted' } as const
 * const report = { title: 'mine', summary: '1 failed', facts: [], notes: [], tables: [], results: [result] }
 * conformanceMarkdown(report).split('\n')[0] // => '# mine'
 * ```
 */
export const conformanceMarkdown = (report: ConformanceReport): string => {
  const { title, summary, facts, notes, results } = report
  const blocks = [
    `# ${cell(title)}\n`,
    `${cell(summary)}\n`,
    ...(facts.length === 0
      ? []
      : [facts.map(([name, value]) => `- ${cell(name)}: ${cell(value)}\n`).join('')]),
    ...notes.map((note) => `${cell(note)}\n`),
    ...tablesOf(report).map(
      (table) =>
        `## ${cell(table.title)}\n\n${markdownTable(
          table.head.map(shown),
          table.rows.map((each) => each.map(shown)),
        )}`,
    ),
    ...listedOf(results).flatMap(({ verdict, listed, more }) => [
      `## ${titles[verdict]}\n`,
      ...listed.map(resultOf),
      ...(more === 0 ? [] : [`and ${more} more\n`]),
    ]),
  ]
  return blocks.join('\n')
}
