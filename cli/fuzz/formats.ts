import { markdownCell as cell, junitDocument, markdownTable } from '../../conformance/report/index.js'
import type { FindingRecord, RunRecord } from './record.js'
import { detailsOf, notesOf, showFinding, showRuns } from './show.js'

/** The name of a finding, the same in every run. */
const nameOf = ({ kind, group }: FindingRecord): string => (kind === 'verdict' ? group : `${kind}: ${group}`)

const bodyOf = (finding: FindingRecord): string =>
  [...detailsOf(finding), `input: ${finding.hex}`, finding.stderr].join('\n')

/** A report for CI: one test case that passed, or one for each finding, which failed. */
export const junitOf = (record: RunRecord): string => {
  const { type, findings, seconds, check } = record
  const className = `nix-wire fuzz ${type}`
  const cases = findings.map((finding, i) => ({
    className,
    name: nameOf(finding),
    failure: { type: finding.kind, message: showFinding(finding, i), body: bodyOf(finding) },
  }))
  const passed = { className, name: `check ${check}: ${showRuns(record)}` }
  return junitDocument([{ name: className, seconds, cases: cases.length === 0 ? [passed] : cases }])
}

/** A report for people: a table of the findings, and details of each. */
export const markdownOf = (record: RunRecord): string => {
  const { type, check, profile, command, findings } = record
  const head =
    `# ${cell(type)}: ${findings.length === 0 ? 'nothing found' : `${findings.length} found`}\n\n` +
    `${cell(showRuns(record))}. Check ${check}, profile ${profile}, program ${cell(command)}.\n`
  const notes = notesOf(record)
    .map((note) => `\n${cell(note)}\n`)
    .join('')
  if (findings.length === 0) {
    return head + notes
  }
  const rows = findings.map(({ count, places, group, answer, expected, bytes, input }, i) =>
    [i + 1, count, places.join(', '), group, answer, expected, bytes, input].map(String),
  )
  const details = findings.map(
    (finding, i) =>
      `\n## ${i + 1}. ${cell(nameOf(finding))}\n\n` +
      `${detailsOf(finding)
        .map((line) => `- ${cell(line)}\n`)
        .join('')}\n    ${finding.hex}\n`,
  )
  const columns = ['', 'count', 'field', 'rule', 'the program', 'right', 'bytes', 'input']
  return `${head + notes}\n${markdownTable(columns, rows)}${details.join('')}`
}
