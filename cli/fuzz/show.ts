import { showFieldPath } from '../../combinators/issue.js'
import { tellingLine } from '../../fuzz/standard-error.js'
import { type Json, printJson } from '../../interpreters/json/index.js'
import { visible } from '../visible.js'
import type { FindingRecord, RunRecord } from './record.js'

const most = 300

const shorten = (text: string): string => visible(text, most)

const must = (expected: string): string => (expected === 'accepts' ? 'accept' : 'refuse')

/** What the program does with the smallest input of the finding. */
const doing = ({ kind, answer, expected, bytes, firstBytes }: FindingRecord): string => {
  const size = `${bytes} bytes${bytes === firstBytes ? '' : ` (first seen in ${firstBytes})`}`
  return kind === 'value' || kind === 'bytes'
    ? `in ${size}`
    : `the program ${answer} ${size} that it must ${must(expected)}`
}

/** One finding in a line: how often, which field and rule, and what the program does. */
export const showFinding = (finding: FindingRecord, i: number): string => {
  const { kind, place, rule, count, why } = finding
  const at = place === '' || rule.startsWith(place) || kind === 'crash' || kind === 'hang' ? '' : `${place}: `
  const issue = /\(([^()]*(?:\(top level\))?[^()]*)\)$/.exec(why)?.[1]
  const where = kind === 'verdict' && issue !== undefined ? ` (${issue})` : ''
  return shorten(`${i + 1}. ${count}× ${at}${rule}: ${doing(finding)}${where}`)
}

interface ShownValue {
  readonly path: ReadonlyArray<string | number>
  readonly expected: Json
  readonly actual: Json
  readonly start: number
  readonly end: number
}

interface ShownBytes {
  readonly fields: ReadonlyArray<{
    readonly field: string
    readonly start: number
    readonly end: number
    readonly offsets: ReadonlyArray<number>
    readonly expected: string
    readonly actual: string
  }>
}

const mostFields = 5

/** Details of a finding: both values and the bytes, the fields that differ, the standard error. */
export const detailsOf = ({ kind, difference, stderr, hex, file }: FindingRecord): ReadonlyArray<string> => {
  const lines: Array<string> = []
  if (file !== undefined) {
    lines.push(`first seen in ${file}`)
  }
  if (kind === 'value' && difference !== undefined) {
    const { path, expected, actual, start, end } = difference as ShownValue
    lines.push(`at ${showFieldPath(path)}: got ${printJson(actual)}, expected ${printJson(expected)}`)
    const bytes = hex.slice(2 * start, 2 * end)
    lines.push(`bytes ${start}..${end}${bytes === '' ? '' : `: ${bytes}`}`)
  }
  if (kind === 'bytes' && difference !== undefined) {
    const { fields } = difference as ShownBytes
    for (const { field, start, end, expected, actual } of fields.slice(0, mostFields)) {
      lines.push(
        `bytes ${start}..${end}, ${field}: got ${actual === '' ? 'nothing' : actual}, expected ${expected === '' ? 'nothing' : expected}`,
      )
    }
    if (fields.length > mostFields) {
      lines.push(`and ${fields.length - mostFields} fields more`)
    }
  }
  const line = tellingLine(stderr)
  if (line !== '') {
    lines.push(`standard error: ${line}`)
  }
  return lines.map(shorten)
}

/** The number of tried inputs, in words. */
export const showRuns = ({ runs, seconds, seed, shard, ended }: RunRecord): string =>
  `${runs} runs in ${seconds.toFixed(1)} s, seed ${seed}${shard === '1/1' ? '' : `, shard ${shard}`}` +
  (ended === 'aborted' ? ', interrupted' : '')

/** Further notes for the reader of a report. */
export const notesOf = ({
  check,
  runs,
  skipped,
  uncompared,
  tracebacks,
  refuseCode,
}: RunRecord): ReadonlyArray<string> => [
  ...(skipped === 0 ? [] : [`${skipped} of ${runs} inputs were skipped: the program cannot answer them.`]),
  ...(uncompared === 0
    ? []
    : [
        `Nix has no JSON for ${uncompared} of the values: ${check === 'encode' ? 'the program did not get them' : 'they were not compared'}.`,
      ]),
  ...(tracebacks === 0
    ? []
    : [
        `${tracebacks} refusals came with a traceback on standard error. If these are crashes, let the program refuse with ` +
          `another exit code than ${refuseCode}, and name it with --refuse-code.`,
      ]),
]

/** The whole summary. */
export const summaryOf = (record: RunRecord): string => {
  const { findings } = record
  const notes = notesOf(record).map((note) => `${note}\n`)
  if (findings.length === 0) {
    return `Nothing found: ${showRuns(record)}.\n${notes.join('')}`
  }
  const shown = findings.map(
    (finding, i) =>
      `${showFinding(finding, i)}\n${detailsOf(finding)
        .map((line) => `   ${line}\n`)
        .join('')}`,
  )
  return shown.join('') + notes.join('')
}
