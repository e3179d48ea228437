import { join } from 'node:path'
import { hexOf } from '../../bytes/hex.js'
import type { Difference } from '../../fuzz/difference.js'
import type { Finding } from '../../fuzz/findings.js'
import type { FuzzReport } from '../../fuzz/fuzz.js'
import type { FuzzOutcome } from '../../fuzz/outcome.js'
import { hasTraceback } from '../../fuzz/standard-error.js'
import type { Json } from '../../interpreters/json/index.js'

/** The settings of a run, which are enough to repeat it. */
export interface RunSettings {
  readonly type: string
  readonly protocol: object
  readonly profile: string
  readonly check: string
  /** The form of the JSON of values. */
  readonly json: string
  /** The program, and whether it stays and answers several questions. */
  readonly command: string
  readonly adapter: boolean
  readonly refuseCode: number
  /** The modules with the type, if it is not one of this package. */
  readonly modules?: ReadonlyArray<string>
}

/** A finding in the report. */
export interface FindingRecord {
  readonly kind: string
  readonly place: string
  readonly rule: string
  readonly group: string
  readonly places: ReadonlyArray<string>
  readonly rules: ReadonlyArray<string>
  readonly tag: string | null
  /** What an acceptable input is refused for, if that is not its form. */
  readonly cause?: string
  readonly count: number
  readonly answer: string
  readonly expected: string
  readonly why: string
  readonly input: string
  readonly script: string
  readonly bytes: number
  readonly firstBytes: number
  readonly firstRun: number
  readonly minimised: boolean
  /** The file of the corpus that showed it first. */
  readonly file?: string
  readonly hex: string
  /** The value that an encoder was given. */
  readonly value?: Json
  readonly difference?: object
  readonly stderr: string
}

/** report.json. */
export interface RunRecord extends RunSettings {
  readonly seed: number
  readonly shard: string
  readonly runs: number
  readonly skipped: number
  /** The number of values without JSON in that form. */
  readonly uncompared: number
  /** The number of refused inputs; reports of older versions have none. */
  readonly refused?: number
  readonly tracebacks: number
  readonly seconds: number
  readonly ended: string
  readonly findings: ReadonlyArray<FindingRecord>
}

/** A report, and the inputs of its findings in their order. */
export interface Recorded {
  readonly record: RunRecord
  readonly inputs: ReadonlyArray<Uint8Array>
}

/** The files with the inputs of the findings in a folder. */
export const inputFiles = (dir: string, { findings }: RunRecord): ReadonlyArray<string> =>
  findings.map(({ input }) => join(dir, input))

const mostHex = 4096

const firstHex = (bytes: Uint8Array): string => hexOf(bytes.subarray(0, mostHex))

const lastLine = (text: string): string => text.trim().split('\n').at(-1)!.trim()

/** What the program did, as text. */
const answerOf = (outcome: FuzzOutcome, refuseCode: number): string => {
  switch (outcome._tag) {
    case 'refuses': {
      const { stderr = '' } = outcome
      return hasTraceback(stderr)
        ? `refuses (exit code ${refuseCode}, after a traceback: ${lastLine(stderr)})`
        : 'refuses'
    }
    case 'crashes':
      return `crashes (${outcome.how})`
    case 'accepts':
    case 'hangs':
    case 'skips':
      return outcome._tag
  }
}

const differenceOf = (difference: Difference): object =>
  difference._tag === 'value'
    ? {
        path: difference.path,
        expected: difference.expected ?? null,
        actual: difference.actual ?? null,
        start: difference.start,
        end: difference.end,
      }
    : {
        expected: firstHex(difference.expected),
        actual: firstHex(difference.actual),
        fields: difference.fields.slice(0, 100).map(({ expected, actual, offsets, ...field }) => ({
          ...field,
          offsets: offsets.slice(0, mostHex),
          expected: firstHex(expected),
          actual: firstHex(actual),
        })),
      }

const stderrOf = (outcome: FuzzOutcome): string => ('stderr' in outcome ? (outcome.stderr ?? '') : '')

const recordOf = (
  { mistake, input, outcome, count, places, rules, firstLength, firstRun, minimised }: Finding,
  i: number,
  refuseCode: number,
  fileOf: (run: number) => string | undefined,
): FindingRecord => {
  const { kind, place, rule, group, tag, cause, difference } = mistake
  const file = fileOf(firstRun)
  const isValue = input.json !== undefined
  return {
    kind,
    place,
    rule,
    group,
    places,
    rules,
    tag,
    ...(cause === undefined ? {} : { cause }),
    count,
    answer: answerOf(outcome, refuseCode),
    expected: input.expected.verdict,
    why: input.expected.why,
    input: `finding-${i + 1}.${isValue ? 'json' : 'bin'}`,
    script: `finding-${i + 1}.sh`,
    bytes: input.bytes.length,
    firstBytes: firstLength,
    firstRun,
    minimised,
    ...(file === undefined ? {} : { file }),
    hex: firstHex(input.bytes),
    ...(isValue ? { value: input.json } : {}),
    ...(difference === undefined ? {} : { difference: differenceOf(difference) }),
    stderr: stderrOf(outcome),
  }
}

/** The report of a run. */
export const recordedOf = (
  settings: RunSettings,
  shard: string,
  { findings, ...report }: FuzzReport,
  fileOf: (run: number) => string | undefined,
): Recorded => ({
  record: {
    ...settings,
    shard,
    ...report,
    seconds: Math.round(report.seconds * 10) / 10,
    findings: findings.map((finding, i) => recordOf(finding, i, settings.refuseCode, fileOf)),
  },
  inputs: findings.map(({ input }) => input.bytes),
})
