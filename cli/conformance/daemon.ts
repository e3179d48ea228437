import { daemonReport, NoDaemon, privateDaemon, type Run, runOn } from '../../conformance/daemon/index.js'
import type { Target } from '../../daemon/transport-types.js'
import { expectText } from '../arguments.js'
import { colours as pc } from '../colours.js'
import { Failure } from '../failure.js'
import { progressLine } from '../fuzz/progress.js'
import { protocolOf } from '../protocol-options.js'
import { onEndSignal } from '../signalled.js'
import { write } from '../terminal.js'
import { commandsOf, expectNoneFailed, expectSome, sayWhere, writeRecordings } from './case-files.js'
import type { Options } from './daemon-options.js'
import { repeating, sectionLines } from './daemon-words.js'
import { writeReports } from './report-files.js'
import { silence } from './silence.js'

/** Tests a daemon, and reports what is wrong with it. */
export const runDaemons = async (options: Options): Promise<void> => {
  const { socket, command, private: program, storeDir } = options
  if ([socket, command, program].filter((each) => each !== undefined).length !== 1) {
    throw new Failure(2, 'name the daemon with --socket PATH, --command LINE or --private PROGRAM')
  }
  expectText(socket ?? command ?? program ?? '', 'where the daemon is')
  if (program === undefined) {
    const { storeDir: dir } = protocolOf({
      protocol: '1.38',
      feature: [],
      storeDir: storeDir ?? '/nix/store',
    })
    const target: Target = socket ?? { command: ['/bin/sh', '-c', `exec ${command}`], name: command ?? '' }
    await held(options, target, dir)
    return
  }
  if (storeDir !== undefined) {
    throw new Failure(2, 'a --private daemon has its own store directory: leave out --store-dir')
  }
  const made = await privateDaemon(program)
  try {
    await held(options, made.target, made.storeDir)
  } finally {
    await made.close()
  }
}

const held = async (options: Options, target: Target, storeDir: string): Promise<void> => {
  const name = options.socket ?? options.command ?? options.private ?? ''
  const over = new AbortController()
  const unwatch = onEndSignal(() => over.abort())
  let last = ''
  const { draw, stop } = progressLine(() => last)
  let done = 0
  try {
    const run = await runOn({
      target,
      storeDir,
      level: options.level,
      ways: options.ways,
      jobs: options.jobs,
      mostCrashes: options.maxCrashes,
      patience: silence(options.timeout),
      pause: silence(options.timeout / 10),
      signal: over.signal,
      without: options.without,
      ...(options.untrusted === true ? { trusts: false } : {}),
      ...(options.release === undefined ? {} : { release: options.release }),
      ...(options.section.length === 0 ? {} : { sections: options.section }),
      ...(options.only.length === 0 ? {} : { only: options.only }),
      onResult: ({ id }, of) => {
        last = `${++done} of ${of}: ${id}`
        draw()
      },
    }).finally(stop)
    await told(run, options, name)
  } catch (error) {
    throw error instanceof NoDaemon ? new Failure(2, error.message) : error
  } finally {
    unwatch()
  }
}

/** Writes recordings and reports, and prints the result. @throws Failure if something failed. */
const told = async (run: Run, options: Options, name: string): Promise<void> => {
  await writeRecordings(options.record, run.results)
  const report = daemonReport(run, name, (result) =>
    commandsOf(options.record, result, repeating(options, result)),
  )
  await writeReports(report, options)
  for (const { id, title, message, details = [] } of report.results.filter(
    ({ verdict }) => verdict === 'failed',
  )) {
    await write(`${pc.red('failed')} ${pc.bold(id)}: ${title}\n  ${message}\n`)
    for (const detail of details) {
      await write(`  ${pc.dim(detail)}\n`)
    }
  }
  await write(`${sectionLines(run.results).join('\n')}\n${report.summary}\n`)
  sayWhere(options.record, run.results)
  expectSome(run.results, options.only, run.stopped)
  expectNoneFailed(run.results, run.stopped)
}
