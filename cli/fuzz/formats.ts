import type { FindingRecord, RunRecord } from './record.js'
import { detailsOf, notesOf, showFinding, showRuns } from './show.js'

const xml = (text: string): string =>
  text
    // What XML 1.0 has no way to write.
    .replace(/[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')

const nameOf = ({ place, rule }: FindingRecord): string =>
  place === '' || rule.startsWith(place) ? rule : `${place}: ${rule}`

const bodyOf = (finding: FindingRecord): string =>
  [finding.why, ...detailsOf(finding), `input: ${finding.hex}`, finding.stderr].join('\n')

/** A report for CI: one test case that passed, or one for each finding, which failed. */
export const junitOf = (record: RunRecord): string => {
  const { type, findings, seconds, check } = record
  const suite = `nix-wire fuzz ${type}`
  const cases = findings.map(
    (finding, i) =>
      `  <testcase classname="${xml(suite)}" name="${xml(nameOf(finding))}">\n` +
      `    <failure type="${xml(finding.kind)}" message="${xml(showFinding(finding, i))}">${xml(bodyOf(finding))}</failure>\n` +
      '  </testcase>\n',
  )
  const passed = `  <testcase classname="${xml(suite)}" name="${xml(`check ${check}: ${showRuns(record)}`)}"/>\n`
  return (
    '<?xml version="1.0" encoding="UTF-8"?>\n' +
    `<testsuites>\n<testsuite name="${xml(suite)}" tests="${Math.max(1, findings.length)}" ` +
    `failures="${findings.length}" errors="0" time="${seconds}">\n` +
    `${findings.length === 0 ? passed : cases.join('')}</testsuite>\n</testsuites>\n`
  )
}

/** Text in a cell: no end of the cell, no mark-up, no line of its own. */
const cell = (text: string): string => text.replaceAll(/[\\|`*_<>[\]]/g, '\\$&').replaceAll(/\s+/g, ' ')

/** A report for people: a table of the findings, and what is to be said of each. */
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
  const rows = findings.map(
    ({ count, place, rule, answer, expected, bytes, input }, i) =>
      `| ${i + 1} | ${count} | ${cell(place)} | ${cell(rule)} | ${cell(answer)} | ${expected} | ${bytes} | ${cell(input)} |\n`,
  )
  const details = findings.map(
    (finding, i) =>
      `\n## ${i + 1}. ${cell(nameOf(finding))}\n\n${cell(finding.why)}\n\n` +
      `${detailsOf(finding)
        .map((line) => `- ${cell(line)}\n`)
        .join('')}\n    ${finding.hex}\n`,
  )
  return (
    `${head + notes}\n| | count | field | rule | the program | right | bytes | input |\n` +
    `| --- | --- | --- | --- | --- | --- | --- | --- |\n${rows.join('')}${details.join('')}`
  )
}
