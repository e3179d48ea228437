import { isLeft } from 'fp-ts/lib/Either.js'
import { checkOptions, list, type OptionChecks, word } from '../../combinators/options.js'
import type { ConformanceReport, ConformanceResult, ConformanceTable } from '../report/result.js'
import { groupedBy, showTally, tallyOf } from '../report/tally.js'
import { expectedFailures } from './expected.js'
import { type CodecCheck, codecChecks } from './judge.js'
import type { CodecResult, CodecRun } from './run.js'

/** The options of a report. */
export interface CodecReportOptions {
  readonly title?: string
  /** A list of the vectors that are known to fail, as {@link printExpectedFailures} prints it. */
  readonly expected?: string
  readonly facts?: ReadonlyArray<readonly [name: string, value: string]>
}

const optionChecks: OptionChecks<CodecReportOptions> = { title: word, expected: word, facts: list }

const wrongsOf = ({ judgements }: CodecResult): ReadonlyArray<string> =>
  judgements.flatMap(({ wrong }) => wrong ?? [])

/** The highest grade that the results allow; null if even the verdicts are wrong. */
const gradeOfResults = (
  checks: ReadonlyArray<CodecCheck>,
  results: ReadonlyArray<CodecResult>,
): number | null => {
  let grade: number | null = null
  if (results.every(({ judgements }) => judgements.length === 0)) {
    return null
  }
  for (const [i, check] of codecChecks.entries()) {
    const isRight = results.every(({ judgements }) =>
      judgements.every((each) => each.check !== check || each.wrong === null),
    )
    if (!checks.includes(check) || !isRight) {
      return grade
    }
    grade = i
  }
  return grade
}

/**
 * The grade of a program: 0, it accepts and rejects correctly; 1, it also writes the same bytes back; 2, it also
 * reads the right values; 3, it also names the invalid byte. Null if it gets a verdict wrong.
 */
export const gradeOf = ({ checks, results }: CodecRun): number | null => gradeOfResults(checks, results)

const showGrade = (grade: number | null): string => (grade === null ? 'none' : String(grade))

/** The number of correct answers among those compared. */
const rightOf = (check: CodecCheck, results: ReadonlyArray<CodecResult>): string => {
  const judged = results.flatMap(({ judgements }) => judgements.filter((each) => each.check === check))
  return judged.length === 0 ? '' : `${judged.filter(({ wrong }) => wrong === null).length}/${judged.length}`
}

const typesTable = ({ checks, results }: CodecRun): ConformanceTable => {
  const byType = new Map<string, Array<CodecResult>>()
  for (const each of results) {
    const known = byType.get(each.vector.type) ?? []
    known.push(each)
    byType.set(each.vector.type, known)
  }
  return {
    title: 'Grades',
    head: ['type', 'grade', ...checks],
    rows: [...byType].map(([type, own]) => [
      type,
      own.every(({ skipped }) => skipped !== null) ? '' : showGrade(gradeOfResults(checks, own)),
      ...checks.map((check) => rightOf(check, own)),
    ]),
  }
}

const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')

const resultOf = (result: CodecResult, expected: ReadonlySet<string>): ConformanceResult => {
  const { vector, skipped } = result
  const { id, type, protocol, rule, flags, bytes } = vector
  const { version, features = [] } = protocol
  const wrongs = wrongsOf(result)
  const isExpected = expected.has(id)
  const agreed = [version, ...features].filter((each) => each !== undefined).join(' ')
  const verdict =
    skipped !== null
      ? 'skipped'
      : wrongs.length > 0
        ? isExpected
          ? 'known'
          : 'failed'
        : isExpected
          ? 'failed'
          : 'passed'
  return {
    id,
    section: type,
    title: `${vector.result}${agreed === '' ? '' : `, ${agreed}`}${vector.result === 'valid' ? '' : '; rule broken'}: ${rule}`,
    verdict,
    message:
      skipped ?? wrongs[0] ?? (isExpected ? 'it passes, and is listed among the expected failures' : ''),
    labels: flags.length === 0 ? [vector.result] : flags,
    details: verdict === 'passed' || verdict === 'skipped' ? [] : [...wrongs.slice(1), `bytes ${hex(bytes)}`],
  }
}

const showSeconds = (seconds: number): string => `${seconds.toFixed(1)} s`

/**
 * The report of a run, for people and for CI.
 *
 * @throws RangeError for an invalid list of expected failures.
 */
export const codecReport = (run: CodecRun, options: CodecReportOptions = {}): ConformanceReport => {
  checkOptions('codecReport', optionChecks, options)
  const ids = expectedFailures(options.expected ?? '')
  if (isLeft(ids)) {
    throw new RangeError(`the expected failures: ${ids.left}`)
  }
  const expected = ids.right
  const { command, tells, tracebacks, isAborted, seconds, checks } = run
  const results = run.results.map((each) => resultOf(each, expected))
  const tried = new Set(results.map(({ id }) => id))
  const stale = [...expected].filter((id) => !tried.has(id))
  const types = groupedBy(results, ({ section }) => [section]).size
  return {
    title: options.title ?? 'Conformance of a codec',
    summary:
      `Grade ${showGrade(gradeOf(run))}: ${results.length} vectors of ${types} ${types === 1 ? 'type' : 'types'}, ${showTally(tallyOf(results))}` +
      `${isAborted ? '; interrupted' : ''}.`,
    facts: [
      ['program', command],
      ['compared', checks.join(', ')],
      ...(options.facts ?? []),
      ['time', showSeconds(seconds)],
    ],
    notes: [
      ...(tells.length === 3
        ? []
        : [
            `The program does not return ${codecChecks
              .slice(1)
              .filter((each) => !tells.includes(each as never))
              .join(', ')}: that was not tested.`,
          ]),
      ...(tracebacks === 0
        ? []
        : [`${tracebacks} refusals came with a traceback on standard error: perhaps they are crashes.`]),
      ...(stale.length === 0
        ? []
        : [
            `${stale.length} of the expected failures were not tried, or are of no vector: ${stale.slice(0, 5).join(', ')}`,
          ]),
    ],
    tables: [typesTable(run)],
    results,
  }
}
