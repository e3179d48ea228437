import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isLeft } from 'fp-ts/lib/Either.js'
import { kindName } from '../../bytes/byte-array.js'
import { keyOf, withOthers } from '../../fuzz/findings.js'
import { parseJson } from '../../interpreters/json/index.js'
import { treePathOf } from '../../stream/nar/tree-path.js'
import { Failure } from '../failure.js'
import { cannotRead } from '../files.js'
import { showName } from '../nar/show.js'
import { type FindingRecord, inputFiles, type Recorded, type RunRecord } from './record.js'

/** A report that was read, or merged from such reports. */
interface ReadRecord extends Recorded {
  /** The files of its inputs, in their order. */
  readonly files: ReadonlyArray<string>
}

/** Reads the report that a run left in a folder. */
export const readReport = (dir: string): ReadRecord => {
  const file = join(dir, 'report.json')
  const record = recordIn(file, read(file).toString('utf8'))
  return {
    record,
    inputs: record.findings.map(({ hex, value, bytes, input }) => inputIn(dir, hex, value, bytes, input)),
    files: inputFiles(dir, record),
  }
}

/**
 * The bytes of an input. For short inputs, and for the bytes expected from an encoder, the report contains all.
 */
const inputIn = (dir: string, hex: string, value: unknown, bytes: number, input: string): Uint8Array =>
  value !== undefined || hex.length === 2 * bytes
    ? new Uint8Array(Buffer.from(hex, 'hex'))
    : new Uint8Array(read(join(dir, input)))

const read = (file: string): Buffer => {
  try {
    return readFileSync(treePathOf(file))
  } catch (error) {
    throw cannotRead(file, error)
  }
}

type Fields = { readonly [key: string]: unknown }

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null

const texts = ['type', 'profile', 'check', 'json', 'command', 'shard', 'ended']
const numbers = ['refuseCode', 'seed', 'runs', 'skipped', 'uncompared', 'tracebacks', 'seconds']
const textsOfFinding = [
  'kind',
  'place',
  'rule',
  'group',
  'answer',
  'expected',
  'why',
  'input',
  'script',
  'hex',
  'stderr',
]
const numbersOfFinding = ['count', 'bytes', 'firstBytes', 'firstRun']

const has = (fields: Fields, names: ReadonlyArray<string>, type: string): boolean =>
  names.every((name) => kindName(fields[name]) === `a ${type}`)

const areTexts = (value: unknown): boolean =>
  Array.isArray(value) && value.every((each) => typeof each === 'string')

const isFinding = (value: unknown): boolean =>
  isFields(value) &&
  has(value, textsOfFinding, 'string') &&
  has(value, numbersOfFinding, 'number') &&
  areTexts(value.places) &&
  areTexts(value.rules) &&
  /^finding-\d+\.(bin|json)$/.test(value.input as string)

const isProtocol = (value: unknown): boolean =>
  isFields(value) &&
  [value.version, value.storeDir].every((each) => each === undefined || typeof each === 'string') &&
  (value.features === undefined || areTexts(value.features))

const recordIn = (file: string, text: string): RunRecord => {
  const json = parseJson(text)
  const fields = isLeft(json) ? null : plainNumbers(json.right)
  if (
    !isFields(fields) ||
    !has(fields, texts, 'string') ||
    !has(fields, numbers, 'number') ||
    !isProtocol(fields.protocol) ||
    !(fields.modules === undefined || areTexts(fields.modules)) ||
    !Array.isArray(fields.findings) ||
    !fields.findings.every(isFinding)
  ) {
    throw new Failure(1, `${showName(file)} is not a report of \`nix-wire fuzz\``)
  }
  return fields as unknown as RunRecord
}

const keptAsTheyAre: ReadonlySet<string> = new Set(['value', 'expected', 'actual'])

/** Makes counts numbers; integers in values stay exact. */
const plainNumbers = (json: unknown): unknown => {
  if (typeof json === 'bigint') {
    return Number(json)
  }
  if (Array.isArray(json)) {
    return json.map(plainNumbers)
  }
  if (isFields(json) && 'isLosslessNumber' in json) {
    return Number(String(json))
  }
  return isFields(json)
    ? Object.fromEntries(
        Object.entries(json).map(([key, value]) => [
          key,
          keptAsTheyAre.has(key) ? value : plainNumbers(value),
        ]),
      )
    : json
}

const sum = (all: ReadonlyArray<RunRecord>, of: (record: RunRecord) => number): number =>
  all.reduce((whole, record) => whole + of(record), 0)

/** The shard that several shards are together. */
export const allShards = (shards: ReadonlyArray<string>): string => {
  const of = new Set(shards.map((shard) => shard.split('/')[1]))
  return of.size === 1 && of.has(String(shards.length)) ? '1/1' : shards.join(' ')
}

/** A part without inputs says nothing about the others. */
const endingOf = (records: ReadonlyArray<RunRecord>): RunRecord['ended'] =>
  records.find(({ ended }) => ended !== 'empty')?.ended ?? 'empty'

const same: ReadonlyArray<keyof RunRecord> = ['type', 'profile', 'check', 'json', 'seed']

/** Merges reports: findings of the same mistake are counted together, and the smallest input is kept. */
export const mergeReports = (
  all: ReadonlyArray<ReadRecord>,
  shard: string,
  most: number = Number.POSITIVE_INFINITY,
): ReadRecord => {
  const records = all.map(({ record }) => record)
  const [first] = records
  if (first === undefined) {
    throw new Failure(2, 'there is no report to merge')
  }
  for (const name of same) {
    const other = records.find((record) => record[name] !== first[name])
    if (other !== undefined) {
      throw new Failure(
        1,
        `reports of different runs: the ${name} is ${String(first[name])} and ${String(other[name])}`,
      )
    }
  }
  const merged = new Map<string, { finding: FindingRecord; input: Uint8Array; file: string }>()
  for (const { record, inputs, files } of all) {
    for (const [i, finding] of record.findings.entries()) {
      const known = merged.get(keyOf(finding))
      const input = inputs[i]!
      const file = files[i]!
      const isBetter = known === undefined || finding.bytes < known.finding.bytes
      const whole = {
        count: finding.count + (known?.finding.count ?? 0),
        places: withOthers(known?.finding.places ?? [], finding.places),
        rules: withOthers(known?.finding.rules ?? [], finding.rules),
      }
      merged.set(
        keyOf(finding),
        isBetter
          ? { finding: { ...finding, ...whole }, input, file }
          : { ...known, finding: { ...known.finding, ...whole } },
      )
    }
  }
  const kept = [...merged.values()].slice(0, most)
  return {
    record: {
      ...first,
      shard,
      runs: sum(records, ({ runs }) => runs),
      skipped: sum(records, ({ skipped }) => skipped),
      uncompared: sum(records, ({ uncompared }) => uncompared),
      ...(records.every(({ refused }) => typeof refused === 'number')
        ? { refused: sum(records, ({ refused }) => refused ?? 0) }
        : {}),
      tracebacks: sum(records, ({ tracebacks }) => tracebacks),
      seconds: records.reduce((most, { seconds }) => Math.max(most, seconds), 0),
      ended:
        records.find(({ ended }) => ended === 'aborted')?.ended ??
        (merged.size >= most ? 'findings' : endingOf(records)),
      findings: kept.map(({ finding }, i) => ({
        ...finding,
        input: `finding-${i + 1}${finding.input.slice(finding.input.lastIndexOf('.'))}`,
        script: `finding-${i + 1}.sh`,
      })),
    },
    inputs: kept.map(({ input }) => input),
    files: kept.map(({ file }) => file),
  }
}
