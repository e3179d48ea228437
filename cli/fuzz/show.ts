import { showFieldPath } from '../../combinators/issue.js'
import type { Protocol } from '../../combinators/protocol.js'
import { tellingLine } from '../../fuzz/standard-error.js'
import { type Json, printJson } from '../../interpreters/json/index.js'
import { visible } from '../visible.js'
import type { FindingRecord, RunRecord } from './record.js'

const most = 300

const shorten = (text: string): string => visible(text, most)

const must = (expected: string): string => (expected === 'accepts' ? 'accept' : 'refuse')

/** What the program does with the smallest input of the finding. */
const doing = ({ kind, answer, expected, bytes, firstBytes }: FindingRecord): string => {
  const size = `${bytes} bytes${bytes === firstBytes ? '' : ` (minimised from ${firstBytes})`}`
  return kind === 'value' || kind === 'bytes'
    ? `in ${size}`
    : `the program ${answer} ${size} that it must ${must(expected)}`
}

const mostListed = 6

/** The first of many, and how many more there are. */
const listed = (all: ReadonlyArray<string>, separator: string): string => {
  const more = all.length - mostListed
  return `${all.slice(0, mostListed).join(separator)}${more > 0 ? ` and ${more} more` : ''}`
}

const shownPlace = (place: string): string => (place === '' ? 'the message' : place)

/** What a finding is about: the kind of mistake, and where. */
const subjectOf = ({ kind, rule, place, places, tag, cause, expected }: FindingRecord): string => {
  const others = places.length - 1
  const where = `${shownPlace(place)}${others <= 0 ? '' : ` and ${others} more`}`
  switch (kind) {
    case 'crash':
    case 'hang':
      return rule
    case 'value':
    case 'bytes':
      return place === '' ? rule : `${place}: ${rule}`
    default:
      return tag === null
        ? `${place === '' ? '' : `${place}: `}${rule}`
        : expected === 'accepts'
          ? `acceptable form in ${where}${cause === undefined ? '' : `, refused for ${cause}`}`
          : `${tag} in ${where}`
  }
}

/** One finding in a line: how often, what is wrong with the input and where, and what the program does. */
export const showFinding = (finding: FindingRecord, i: number): string =>
  shorten(`${i + 1}. ${finding.count}× ${subjectOf(finding)}: ${doing(finding)}`)

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

/** Details of a finding: what is wrong with its input, both values, the fields that differ, the standard error. */
export const detailsOf = (finding: FindingRecord): ReadonlyArray<string> => {
  const { kind, difference, stderr, hex, file, why, place, places, rules, group, minimised } = finding
  const lines: Array<string> = []
  if (kind === 'verdict' || kind === 'crash' || kind === 'hang') {
    lines.push(why)
  }
  if (finding.cause !== undefined) {
    lines.push('it is not refused for its form: other inputs show that')
  }
  if (kind === 'verdict' && places.length > 1) {
    const others = places.filter((each) => each !== place).map(shownPlace)
    lines.push(`also in ${listed(others, ', ')}`)
  }
  if (rules.some((rule) => rule !== group)) {
    lines.push(`${group}, rules: ${listed(rules, '; ')}`)
  }
  if (file !== undefined) {
    lines.push(`first in the file ${file}`)
  }
  if (!minimised) {
    lines.push('not minimised to the end')
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
  (ended === 'aborted' ? ', interrupted' : ended === 'findings' ? ', stopped by --findings' : '')

/** A program that accepts this many inputs wrongly, and refuses none, may have a check whose result is lost. */
const suspicious = 8

const wronglyAccepted = (findings: ReadonlyArray<FindingRecord>): number =>
  findings.reduce(
    (sum, { kind, expected, count }) => sum + (kind === 'verdict' && expected === 'refuses' ? count : 0),
    0,
  )

/** Further notes for the reader of a report. */
export const notesOf = (record: RunRecord): ReadonlyArray<string> => {
  const {
    check,
    runs,
    skipped,
    uncompared,
    refused,
    tracebacks,
    refuseCode,
    findings,
    ended,
    adapter,
    protocol,
  } = record
  const verdicts = findings.filter(({ kind }) => kind === 'verdict')
  const notes: ReadonlyArray<readonly [boolean, string]> = [
    [skipped > 0, `${skipped} of ${runs} inputs were skipped: the program cannot answer them.`],
    [
      uncompared > 0,
      `Nix has no JSON for ${uncompared} of the values: ${check === 'encode' ? 'the program did not get them' : 'they were not compared'}.`,
    ],
    [
      tracebacks > 0,
      `${tracebacks} refusals came with a traceback on standard error. If these are crashes, let the program refuse with ` +
        `another exit code than ${refuseCode}, and name it with --refuse-code.`,
    ],
    [
      refused === 0 && wronglyAccepted(findings) >= suspicious,
      'The program refuses nothing. ' +
        (adapter
          ? 'Does it answer with "accepts":false if its decoder refuses?'
          : `Does it exit with ${refuseCode} if its decoder refuses?`),
    ],
    [
      verdicts.some(({ tag, expected }) => tag === null && expected === 'accepts'),
      `The program refuses valid messages. They are of ${showProtocol(protocol)}: -p and -f change that.`,
    ],
    [
      verdicts.some(({ tag, expected }) => tag !== null && expected === 'accepts'),
      'No encoder writes what is acceptable, but the specification or some release of Nix accepts it. ' +
        '--ignore acceptable leaves it out; --canonical demands that it is refused. `nix-wire dissect -c` shows what is unusual.',
    ],
    [
      findings.some(({ minimised }) => !minimised) && ended !== 'aborted',
      `To minimise to the end, give more time: --minimise 60${adapter ? '' : ', or an --adapter, which is faster'}.`,
    ],
    [
      ended === 'findings',
      `The run stopped because of --findings ${findings.length}; --findings ${10 * findings.length} looks for more.`,
    ],
  ]
  return notes.flatMap(([isSo, note]) => (isSo ? [note] : []))
}

const showProtocol = (protocol: object): string => {
  const { version, features } = protocol as Partial<Protocol>
  const named = features === undefined || features.length === 0 ? '' : ` with ${features.join(', ')}`
  return `version ${version ?? '(none)'}${named}`
}

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
