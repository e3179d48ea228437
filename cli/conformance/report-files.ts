import type { Command } from 'commander'
import {
  type ConformanceReport,
  conformanceHtml,
  conformanceJunit,
  conformanceMarkdown,
} from '../../conformance/report/index.js'
import { writeText } from '../output-file.js'

/** The values of `--junit`, `--markdown` and `--html`. */
export interface ReportFiles {
  readonly junit?: string
  readonly markdown?: string
  readonly html?: string
}

/** Adds the options that say where reports go. */
export const withReportFiles = (command: Command): Command =>
  command
    .option('--junit <file>', 'write a report for CI')
    .option('--markdown <file>', 'write a report for people')
    .option('--html <file>', 'write a report for people as one page of HTML')

/** Writes the requested reports. */
export const writeReports = async (
  report: ConformanceReport,
  { junit, markdown, html }: ReportFiles,
): Promise<void> => {
  const wanted = [
    [junit, conformanceJunit],
    [markdown, conformanceMarkdown],
    [html, conformanceHtml],
  ] as const
  for (const [file, print] of wanted) {
    if (file !== undefined) {
      await writeText(file, print(report))
    }
  }
}
