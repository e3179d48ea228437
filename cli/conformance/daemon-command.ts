import { setTimeout as sleep } from 'node:timers/promises'
import { Command, InvalidArgumentError, Option } from 'commander'
import {
  daemonReport,
  levels,
  NoDaemon,
  privateDaemon,
  type Run,
  runOn,
  sectionNumbers,
  sectionTitles,
} from '../../conformance/daemon/index.js'
import type { Target } from '../../daemon/transport-types.js'
import { type OperationName, operations } from '../../grammar/operations/table.js'
import { releases } from '../../grammar/releases.js'
import { expectText, gather } from '../arguments.js'
import { colours as pc } from '../colours.js'
import { Failure } from '../failure.js'
import { progressLine } from '../fuzz/progress.js'
import { countArgument, secondsArgument } from '../numbers.js'
import { protocolOf } from '../protocol-options.js'
import { onEndSignal } from '../signalled.js'
import { write } from '../terminal.js'
import { commandsOf, expectNoneFailed, sayWhere, writeRecordings } from './case-files.js'
import type { Options } from './daemon-options.js'
import { repeating, sectionLines } from './daemon-words.js'
import { withReportFiles, writeReports } from './report-files.js'
import { sectionArgument } from './section-argument.js'

const moreOperations = (text: string, before: ReadonlyArray<OperationName>): ReadonlyArray<OperationName> => {
  if (!Object.hasOwn(operations, text)) {
    throw new InvalidArgumentError('Expected the name of an operation, such as BuildPaths.')
  }
  return [...before, text as OperationName]
}

export const daemonCommand = (): Command =>
  withReportFiles(new Command('daemon'))
    .summary('hold a daemon to the protocol')
    .description(
      'Says to a daemon what clients say, and what none should, and holds its answers to the protocol. It is for daemons\n' +
        'of your own: some cases end the process that serves them, and those above --level read change the store.',
    )
    .option('--socket <path>', "the daemon's socket")
    .option('--command <line>', 'a program that speaks the protocol, started for each connection')
    .option(
      '--private <program>',
      'a program such as nix-daemon, on a temporary store that is removed at the end',
    )
    .option('-s, --store-dir <dir>', 'store directory of the daemon (default: /nix/store)')
    .addOption(
      new Option(
        '--level <level>',
        'read: change nothing; write: add to the store and take from it; build: build, too',
      )
        .choices(levels)
        .default('read'),
    )
    .option('--section <n>', 'only this section; may be given again', sectionArgument(sectionNumbers), [])
    .option('--only <id>', 'only cases whose identifier begins so; may be given again', gather, [])
    .option(
      '--without <operation>',
      'an operation that the daemon does not have; may be given again',
      moreOperations,
      [],
    )
    .addOption(
      new Option('--release <name>', 'what the daemon is taken for (default: what it says)').choices(
        releases.map(({ name }) => name),
      ),
    )
    .option('--ways <n>', 'in how many ways each request is broken', countArgument, 8)
    .option('--timeout <seconds>', 'how long the daemon may be silent', secondsArgument, 10)
    .option('-j, --jobs <n>', 'connections at a time, where cases do not touch each other', countArgument, 3)
    .option('--max-crashes <n>', 'after how many crashes to stop, known ones aside', countArgument, 3)
    .option('--record <dir>', 'where to put a recording of each case that failed', 'conformance-failures')
    .addHelpText(
      'after',
      `
Sections: ${sectionNumbers.map((each) => `${each} ${sectionTitles[each]}`).join(', ')}.

Examples:
  $ nix-wire conformance daemon --private nix-daemon --level build
  $ nix-wire conformance daemon --socket /tmp/my-socket --section 1 --section 2
  $ nix-wire conformance daemon --command './my-daemon --stdio' --level write --html report.html
  $ nix-wire session conformance-failures/1.version.1.37.pcapng   # of a case that failed

How a process was ended is known of a --command and a --private program.

Exit codes: 0 no case failed; 1 one did, or the run was stopped; 2 the command line is wrong, or there is no daemon.`,
    )
    .action(daemon)

const daemon = async (options: Options): Promise<void> => {
  const { socket, command, private: program, storeDir } = options
  if ([socket, command, program].filter((each) => each !== undefined).length !== 1) {
    throw new Failure(2, 'say where the daemon is: --socket PATH, --command LINE or --private PROGRAM')
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
    throw new Failure(2, 'a --private daemon has a --store-dir of its own')
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
      patience: (signal) => sleep(options.timeout * 1000, undefined, { signal }).catch(() => undefined),
      pause: (signal) => sleep(options.timeout * 100, undefined, { signal }).catch(() => undefined),
      signal: over.signal,
      without: options.without,
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

/** Writes recordings and reports, and says what came of it. @throws Failure where something failed. */
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
  expectNoneFailed(run.results, run.stopped)
}
