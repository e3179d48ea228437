import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Grammar } from '../../combinators/node.js'
import type { Protocol } from '../../combinators/protocol.js'
import { batchSize } from '../../fuzz/candidates.js'
import type { FilterOptions } from '../../fuzz/filter.js'
import { filterProblem } from '../../fuzz/filter-words.js'
import { Format } from '../../fuzz/format.js'
import { type FuzzReport, type FuzzStanding, fuzz } from '../../fuzz/fuzz.js'
import type { JsonForm } from '../../fuzz/json-form.js'
import { ProgramError } from '../../fuzz/process/program-error.js'
import { adapterTarget } from '../../fuzz/targets/adapter.js'
import { programTarget } from '../../fuzz/targets/program.js'
import type { Check, FuzzTarget } from '../../fuzz/targets/target.js'
import { treePathOf } from '../../stream/nar/tree-path.js'
import { Failure } from '../failure.js'
import type { JsonOptions } from '../json-form.js'
import { showName } from '../nar/show.js'
import { targetOf } from '../sample/target.js'
import { onEndSignal } from '../signalled.js'
import { write } from '../terminal.js'
import { contentsOf, corpusFiles } from './corpus-files.js'
import { dissectCommand } from './dissect-command.js'
import { runJobs } from './jobs.js'
import { writeLibFuzzer } from './libfuzzer.js'
import { allShards, mergeReports, readReport } from './merge.js'
import type { FuzzCommandOptions, InitOptions, ReportOptions } from './options.js'
import { type Bounds, showProgress, startProgress } from './progress.js'
import { inputFiles, type Recorded, type RunRecord, recordedOf } from './record.js'
import { showShard } from './shard.js'
import { showRuns, summaryOf } from './show.js'
import { writeOthers, writeReport } from './write.js'

const usualSeconds = 60

/** The limits of a run. With a corpus, all inputs are tried and all findings are reported. */
const boundsOf = (
  { runs, time, corpus, findings }: FuzzCommandOptions,
  isFindingsGiven: boolean,
): Bounds => ({
  runs: runs ?? Number.POSITIVE_INFINITY,
  seconds: time ?? (runs === undefined && corpus === undefined ? usualSeconds : Number.POSITIVE_INFINITY),
  findings: corpus !== undefined && !isFindingsGiven ? Number.MAX_SAFE_INTEGER : findings,
})

/** Performs a run, and prints its findings. */
export const runFuzz = async (
  type: string,
  options: FuzzCommandOptions,
  words: ReadonlyArray<string>,
): Promise<void> => {
  const { jobs, job, shard } = options
  const seed = options.seed ?? (Math.random() * 2 ** 31) | 0
  const bounds = boundsOf(
    options,
    words.some((word) => word.startsWith('--findings=')),
  )
  // Reports a mistake in the command line before a program is started, and once.
  const { grammar, protocol, profile } = await targetOf(type, options)
  await formOf(grammar, protocol, options)
  expectFilter(new Format(grammar, protocol, profile), options)
  expectKept(options)
  expectRuns(options)
  const stop = new AbortController()
  const unwatch = onEndSignal(() => stop.abort())
  if (job === true) {
    process.stdin.on('end', () => stop.abort()).resume()
  }
  let standing: FuzzStanding = { runs: 0, findings: 0, seconds: 0 }
  const endProgress = job === true ? () => {} : startProgress(() => showProgress(bounds, standing))
  const onProgress = (now: FuzzStanding): void => {
    standing = now
  }
  const recorded = await (jobs === 1
    ? runHere(type, options, bounds, seed, stop.signal, onProgress)
    : runJobs({
        words: [`--seed=${seed}`, ...words],
        jobs,
        shard,
        findings: bounds.findings,
        signal: stop.signal,
        onProgress,
      })
  ).finally(() => {
    unwatch()
    process.stdin.pause()
    endProgress()
  })
  await report(recorded, options, job === true)
}

const checkOf = ({ encoder, check }: FuzzCommandOptions): Check => (encoder === true ? 'encode' : check)

const filterOf = ({ only, ignore, structure }: FuzzCommandOptions): FilterOptions => ({
  only,
  ignore,
  structure: structure === true,
})

const expectFilter = (format: Format<unknown>, options: FuzzCommandOptions): void => {
  const filtered = { check: checkOf(options), isGiven: options.corpus !== undefined }
  const wrong = filterProblem(format, filtered, filterOf(options))
  if (wrong !== null) {
    throw new Failure(2, `--${wrong.option}: ${wrong.problem}`)
  }
}

/** A shard is a part of a run that others do too, and has something to do. */
const expectRuns = ({ shard, seed, runs, job, corpus }: FuzzCommandOptions): void => {
  if (shard.of === 1 || job === true) {
    return
  }
  if (corpus !== undefined) {
    const { length } = corpusFiles(corpus)
    if (shard.part > length) {
      throw new Failure(
        2,
        `shard ${showShard(shard)} has no inputs: ${showName(corpus)} has ${length}, and each shard takes one at a time`,
      )
    }
    return
  }
  if (seed === undefined) {
    throw new Failure(2, '--shard needs --seed: all shards are parts of the same run')
  }
  if (runs !== undefined && (shard.part - 1) * batchSize >= runs) {
    throw new Failure(
      2,
      `shard ${showShard(shard)} has no runs: each shard takes ${batchSize} of the ${runs} runs at a time`,
    )
  }
}

/** The findings of a run replace those of an earlier one: the inputs must not be among them. */
const expectKept = ({ corpus, out }: FuzzCommandOptions): void => {
  if (corpus !== undefined && resolve(corpus) === resolve(out)) {
    throw new Failure(
      2,
      `the findings of this run would replace the inputs in ${showName(out)}: name another folder with --out`,
    )
  }
}

const runHere = async (
  type: string,
  options: FuzzCommandOptions,
  { runs, seconds, findings }: Bounds,
  seed: number,
  signal: AbortSignal,
  onProgress: (standing: FuzzStanding) => void,
): Promise<Recorded> => {
  const { shard, minimise, job, corpus, refuseCode, exec, adapter } = options
  const { grammar, protocol, profile, values } = await targetOf(type, options)
  const check = checkOf(options)
  const form = await formOf(grammar, protocol, options)
  const files = corpus === undefined ? null : corpusFiles(corpus)
  const result = await told(
    fuzz(grammar, programOf(options), {
      type,
      protocol,
      profile,
      check,
      values,
      ...(form === null ? {} : { json: form }),
      seed,
      minimise,
      findings,
      shard,
      ...filterOf(options),
      ...(Number.isFinite(runs) ? { runs } : {}),
      seconds: Number.isFinite(seconds) ? seconds : longest,
      ...(files === null ? {} : { inputs: contentsOf(files) }),
      signal,
      onProgress: (standing) => {
        onProgress(standing)
        if (job === true) {
          void write(`${JSON.stringify(standing)}\n`)
        }
      },
    }),
  )
  const fileOf = (run: number): string | undefined => files?.[(run - 1) * shard.of + shard.part - 1]
  const settings = {
    type,
    protocol,
    profile,
    check,
    json: options.json,
    command: exec ?? adapter ?? '',
    adapter: adapter !== undefined,
    refuseCode,
    ...(options.module.length === 0 ? {} : { modules: options.module.map((file) => resolve(file)) }),
  }
  return recordedOf(settings, showShard(shard), result, fileOf)
}

/** The requested form of JSON, if it is not ours. */
const formOf = async (
  grammar: Grammar<unknown>,
  agreed: Protocol,
  { json }: JsonOptions,
): Promise<JsonForm | null> =>
  json === 'nix'
    ? { name: json, codec: (await import('../nix-json-form.js')).nixJsonOf(grammar, agreed) }
    : null

/** Practically no limit: a hundred years. */
const longest = 100 * 366 * 86_400

/** Reports a program that cannot be started as a mistake in the command line. */
const told = (running: Promise<FuzzReport>): Promise<FuzzReport> =>
  running.catch((error: unknown) => {
    throw error instanceof ProgramError || error instanceof RangeError ? new Failure(2, error.message) : error
  })

const programOf = ({
  exec,
  adapter,
  timeout,
  memory,
  refuseCode,
}: FuzzCommandOptions): FuzzTarget<unknown> => {
  const limits = { timeout, ...(memory === undefined ? {} : { memory }) }
  return adapter === undefined
    ? programTarget({ command: exec ?? '', refuseCode, ...limits })
    : adapterTarget({ command: adapter, ...limits })
}

/** Writes and prints the findings; a job only writes its report. */
const report = async (recorded: Recorded, options: FuzzCommandOptions, isJob: boolean): Promise<void> => {
  const { record } = recorded
  const { out, shard } = options
  const found = record.findings.length
  // Shards and jobs need an empty report too, and an old report must be replaced.
  const isWritten = found > 0 || isJob || shard.of > 1 || existsSync(treePathOf(join(out, 'report.json')))
  if (isWritten) {
    await writeReport(out, recorded)
  }
  if (isJob) {
    return
  }
  await writeOthers(record, options)
  await tell(record, isWritten ? out : undefined, inputFiles(out, record))
}

/** `out`: the folder of the written report; `files`: those of its inputs. */
const tell = async (
  record: RunRecord,
  out: string | undefined,
  files: ReadonlyArray<string>,
): Promise<void> => {
  const [first] = record.findings
  await write(summaryOf(record))
  if (first !== undefined) {
    const where = out === undefined ? '' : `; ${showName(join(out, 'report.json'))} has all`
    if (out !== undefined) {
      await write(`${showName(join(out, 'finding-1.sh'))} reproduces the first\n`)
    }
    if (first.value === undefined) {
      await write(`${dissectCommand(record, first, files[0]!)} shows its bytes\n`)
    }
    throw new Failure(1, `${record.findings.length} found (${showRuns(record)})${where}`)
  }
  if (record.runs <= record.skipped) {
    throw new Failure(1, 'nothing was tried')
  }
}

/** Merges reports, and prints their findings. */
export const runReport = async (
  dirs: ReadonlyArray<string>,
  { out, ...others }: ReportOptions,
): Promise<void> => {
  const all = dirs.map(readReport)
  const shards = all.map(({ record }) => record.shard)
  if (new Set(shards).size < all.length) {
    throw new Failure(1, 'two of the reports are for the same part of the run')
  }
  const merged = mergeReports(all, allShards(shards))
  if (out !== undefined) {
    await writeReport(out, merged)
  }
  await writeOthers(merged.record, others)
  await tell(merged.record, out, out === undefined ? merged.files : inputFiles(out, merged.record))
}

/** The options for the same protocol, valid in any folder. */
const wordsOf = ({
  protocol,
  feature,
  storeDir,
  canonical,
  module: files,
}: InitOptions): ReadonlyArray<string> => [
  ...(protocol === undefined ? [] : ['--protocol', protocol]),
  ...feature.flatMap((name) => ['--feature', name]),
  ...(storeDir === undefined ? [] : ['--store-dir', storeDir]),
  ...(canonical === true ? ['--canonical'] : []),
  ...files.flatMap((file) => ['--module', resolve(file)]),
]

/** Writes a fuzz target for libFuzzer. */
export const runInit = async (type: string, dir: string, options: InitOptions): Promise<void> => {
  const target = await targetOf(type, options)
  await writeLibFuzzer(dir, type, target, wordsOf(options), options.number, options.seed ?? 1)
  await write(`${showName(join(dir, 'build.sh'))} builds the target with your decoder\n`)
}
