import { isLeft } from 'fp-ts/lib/Either.js'
import { quoted } from '../../combinators/show.js'
import {
  type Acceptable,
  adapterCodec,
  type CodecUnderTest,
  codecReport,
  expectedFailures,
  printExpectedFailures,
  programCodec,
} from '../../conformance/codecs/index.js'
import { runOpened } from '../../conformance/codecs/run.js'
import type { ConformanceReport } from '../../conformance/report/index.js'
import { tallyOf } from '../../conformance/report/index.js'
import { ProgramError } from '../../fuzz/process/program-error.js'
import { NoValues } from '../../interpreters/arbitrary/no-values.js'
import { nixDefaults } from '../../types/nix-protocol.js'
import type { Vector } from '../../vectors/vector.js'
import { Failure } from '../failure.js'
import { readAll } from '../files.js'
import { showProgress, startProgress } from '../fuzz/progress.js'
import { showName } from '../nar/show.js'
import { writeText } from '../output-file.js'
import { givenOf, type ProtocolOptions } from '../protocol-options.js'
import { onEndSignal } from '../signalled.js'
import { write } from '../terminal.js'
import { onlyOf } from './only.js'
import { type ReportFiles, writeReports } from './report-files.js'
import { showReport } from './show-report.js'
import { knownTypes, type NamedType, typesOf } from './types.js'
import { vectorsOfType } from './vectors-of-type.js'
import { versionHint } from './version-hint.js'

/** The options of the command. */
export interface RunOptions extends ProtocolOptions, ReportFiles {
  readonly adapter?: string
  readonly exec?: string
  readonly only: ReadonlyArray<string>
  readonly grade: number
  readonly acceptable: Acceptable
  readonly expectedFailures?: string
  readonly writeFailures?: string
  readonly number?: number
  readonly timeout: number
  readonly memory?: number
}

/** Grades a program, and reports what is wrong with it. */
export const runCodecs = async (names: ReadonlyArray<string>, options: RunOptions): Promise<void> => {
  const expected = await expectedOf(options)
  // Reports a mistake in the command line before a program is started.
  const given = await typesOf([...new Set(names)], options)
  const codec = codecOf(options)
  const report = await graded(codec, names.length > 0 ? given : null, options, expected)
  await writeReports(report, options)
  if (options.writeFailures !== undefined) {
    await writeText(options.writeFailures, printExpectedFailures(report.results))
  }
  await write(showReport(report, { section: 'type', results: 'vectors' }))
  const { failed, passed, known } = tallyOf(report.results)
  if (failed > 0) {
    throw new Failure(1, `${failed} of ${report.results.length} vectors fail`)
  }
  if (passed + known === 0) {
    throw new Failure(2, 'no vector is of a type that the program knows: name types, or give fewer of --only')
  }
}

const expectedOf = async ({ expectedFailures: file }: RunOptions): Promise<string> => {
  if (file === undefined) {
    return ''
  }
  const text = new TextDecoder().decode(await readAll(file))
  const list = expectedFailures(text)
  if (isLeft(list)) {
    throw new Failure(2, `${showName(file)}: ${list.left}`)
  }
  return text
}

const codecOf = ({ adapter, exec, timeout, memory }: RunOptions): CodecUnderTest => {
  const limits = { timeout, ...(memory === undefined ? {} : { memory }) }
  return adapter === undefined
    ? programCodec({ command: exec ?? '', ...limits })
    : adapterCodec({ command: adapter, ...limits })
}

const graded = async (
  codec: CodecUnderTest,
  named: ReadonlyArray<NamedType> | null,
  options: RunOptions,
  expected: string,
): Promise<ConformanceReport> => {
  const { grade, acceptable, canonical } = options
  const stop = new AbortController()
  const unwatch = onEndSignal(() => stop.abort())
  let endProgress = (): void => {}
  try {
    const running = await codec.open()
    const { types, unknown } =
      named === null ? await knownTypes(running.types, options) : { types: named, unknown: [] }
    const vectors = [...vectorsOfTypes(types, named !== null, options)]
    const vain = vectors.length === 0 ? undefined : options.only.find((word) => !vectors.some(onlyOf([word])))
    if (vain !== undefined) {
      throw new Failure(
        2,
        `--only: no vector of these types has the type, id, flag, issue or result ${quoted(vain)}`,
      )
    }
    const standing = { runs: 0, failed: 0 }
    const started = performance.now()
    endProgress = startProgress(() =>
      showProgress(
        { runs: vectors.length, seconds: Number.POSITIVE_INFINITY, findings: Number.POSITIVE_INFINITY },
        {
          runs: standing.runs,
          seconds: (performance.now() - started) / 1000,
          findings: standing.failed,
        },
      ),
    )
    const run = await runOpened(vectors, codec.command, running, {
      defaults: nixDefaults,
      acceptable: canonical === true ? 'refuse' : acceptable,
      grade,
      signal: stop.signal,
      onProgress: (runs, failed) => {
        standing.runs = runs
        standing.failed = failed
      },
    })
    const report = codecReport(run, { title: `Conformance of ${codec.command}`, expected })
    return {
      ...report,
      notes: [
        ...report.notes,
        ...versionHint(run),
        ...(unknown.length === 0 ? [] : [`Unknown types that it names: ${unknown.join(', ')}`]),
      ],
    }
  } catch (error) {
    throw error instanceof ProgramError ? new Failure(2, error.message) : error
  } finally {
    unwatch()
    endProgress()
  }
}

function* vectorsOfTypes(
  types: ReadonlyArray<NamedType>,
  areNamed: boolean,
  options: RunOptions,
): Generator<Vector> {
  const { number, only } = options
  const isWanted = onlyOf(only)
  const given = givenOf(options)
  const wanted = {
    ...(number === undefined ? {} : { number }),
    ...(Object.keys(given).length === 0 ? {} : { protocol: given }),
  }
  for (const type of types) {
    try {
      for (const vector of vectorsOfType(type, wanted)) {
        if (isWanted(vector)) {
          yield vector
        }
      }
    } catch (error) {
      // The version belongs to one protocol; without named types, those of the other are left out.
      if (areNamed && error instanceof Error) {
        throw error instanceof NoValues ? error : new Failure(2, error.message)
      }
      if (!(error instanceof TypeError)) {
        throw error
      }
    }
  }
}
