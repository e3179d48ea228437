import { setTimeout as sleep } from 'node:timers/promises'
import { Command } from 'commander'
import { isLeft } from 'fp-ts/lib/Either.js'
import {
  clientReport,
  expectedCases,
  NoClient,
  printExpectedCases,
  programClient,
  type Run,
  runClient,
  sectionNumbers,
  sectionTitles,
} from '../../conformance/client/index.js'
import { expectText, gather } from '../arguments.js'
import { Failure } from '../failure.js'
import { readAll } from '../files.js'
import { progressLine } from '../fuzz/progress.js'
import { showName } from '../nar/show.js'
import { countArgument, secondsArgument } from '../numbers.js'
import { writeText } from '../output-file.js'
import { protocolOf } from '../protocol-options.js'
import { onEndSignal } from '../signalled.js'
import { write } from '../terminal.js'
import { commandsOf, expectNoneFailed, sayWhere, writeRecordings } from './case-files.js'
import { type ClientOptions, repeating } from './client-words.js'
import { withReportFiles, writeReports } from './report-files.js'
import { sectionArgument } from './section-argument.js'
import { showReport } from './show-report.js'

export const clientCommand = (): Command =>
  withReportFiles(new Command('client'))
    .summary('hold a client to the protocol')
    .description(
      'Runs a client once for each case, and is the daemon that it connects to: first one of each version that says what it\n' +
        'should, which the client must take, and then one that breaks one rule in one word, which the client must refuse with an\n' +
        'exit code that is not 0. The socket is in NIX_REMOTE, as unix://PATH, and stands for {} in the arguments; a path that the\n' +
        'daemon has is in NIX_WIRE_PATH, and stands for {path}.',
    )
    .argument('<command...>', 'the client and its arguments, behind --')
    .option('--listen <path>', 'where the daemon listens (default: in a temporary folder)')
    .option('-s, --store-dir <dir>', 'store directory of the daemon', '/nix/store')
    .option('--section <n>', 'only this section; may be given again', sectionArgument(sectionNumbers), [])
    .option('--only <id>', 'only cases whose identifier begins so; may be given again', gather, [])
    .option('--ways <n>', 'in how many ways each message is broken', countArgument, 8)
    .option('--seed <n>', 'what these ways follow from', countArgument, 1)
    .option('--timeout <seconds>', 'what takes longer hangs', secondsArgument, 10)
    .option('--expected-failures <file>', 'a list of cases: exactly these must fail')
    .option('--write-failures <file>', 'write the list of those that fail')
    .option('--record <dir>', 'where to put a recording of each case that failed', 'conformance-failures')
    .addHelpText(
      'after',
      `
Sections: ${sectionNumbers.map((each) => `${each} ${sectionTitles[each]}`).join(', ')}.

Examples:
  $ nix-wire conformance client -- nix-store --query --references {path}
  $ nix-wire conformance client --section 1 -- ./my-client --socket {} info {path}
  $ nix-wire conformance client --write-failures known.txt -- ./my-client {}
  $ nix-wire conformance client --expected-failures known.txt --junit client.xml -- ./my-client {}

A client that leaves a daemon before it asks for anything does not speak that version, and need not.

Exit codes: 0 no case failed, or exactly the expected ones; 1 one did, or the run was stopped; 2 the command line is wrong, or
the client cannot be started.`,
    )
    .action(client)

const client = async (words: ReadonlyArray<string>, options: ClientOptions): Promise<void> => {
  const [program = '', ...args] = words
  expectText(program, 'the client')
  const { storeDir } = protocolOf({ protocol: '1.38', feature: [], storeDir: options.storeDir })
  const expected = await expectedOf(options)
  const over = new AbortController()
  const unwatch = onEndSignal(() => over.abort())
  let last = ''
  const { draw, stop } = progressLine(() => last)
  let done = 0
  try {
    const run = await runClient({
      client: programClient({
        command: [program, ...args],
        ...(options.listen === undefined ? {} : { listen: options.listen }),
      }),
      storeDir,
      ways: options.ways,
      seed: options.seed,
      expected,
      patience: (signal) => sleep(options.timeout * 1000, undefined, { signal }).catch(() => undefined),
      signal: over.signal,
      ...(options.section.length === 0 ? {} : { sections: options.section }),
      ...(options.only.length === 0 ? {} : { only: options.only }),
      onResult: ({ id }, of) => {
        last = `${++done} of ${of}: ${id}`
        draw()
      },
    }).finally(stop)
    await told(run, words, options)
  } catch (error) {
    throw error instanceof NoClient ? new Failure(2, error.message) : error
  } finally {
    unwatch()
  }
}

const expectedOf = async ({ expectedFailures: file }: ClientOptions): Promise<ReadonlySet<string>> => {
  const list = expectedCases(file === undefined ? '' : new TextDecoder().decode(await readAll(file)))
  if (isLeft(list)) {
    throw new Failure(2, `${showName(file ?? '')}: ${list.left}`)
  }
  return list.right
}

/** Writes recordings and reports, and says what came of it. @throws Failure where something failed. */
const told = async (run: Run, words: ReadonlyArray<string>, options: ClientOptions): Promise<void> => {
  await writeRecordings(options.record, run.results)
  const report = clientReport(run, words.join(' '), (result) =>
    commandsOf(options.record, result, repeating(options, words, result)),
  )
  await writeReports(report, options)
  if (options.writeFailures !== undefined) {
    await writeText(options.writeFailures, printExpectedCases(run.results))
  }
  await write(showReport(report))
  sayWhere(options.record, run.results)
  if (run.results.length === 0 && run.stopped === null) {
    throw new Failure(2, 'there is no such case')
  }
  expectNoneFailed(run.results, run.stopped)
}
