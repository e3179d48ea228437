import { Command, InvalidArgumentError, Option } from 'commander'
import { levels, sectionNumbers, sectionTitles } from '../../conformance/daemon/case.js'
import { type OperationName, operations } from '../../grammar/operations/table.js'
import { releases } from '../../grammar/releases.js'
import { countArgument, secondsArgument } from '../numbers.js'
import { onlyOption, sectionOption } from './chosen-cases.js'
import type { Options } from './daemon-options.js'
import { withReportFiles } from './report-files.js'

const moreOperations = (text: string, before: ReadonlyArray<OperationName>): ReadonlyArray<OperationName> => {
  if (!Object.hasOwn(operations, text)) {
    throw new InvalidArgumentError('Expected the name of an operation, such as BuildPaths.')
  }
  return [...before, text as OperationName]
}

export const daemonCommand = (): Command =>
  withReportFiles(new Command('daemon'))
    .summary('test a daemon against the protocol')
    .description(
      'Sends a daemon valid and invalid requests, and checks its answers. Use it for your own daemons: some cases\n' +
        'crash the process that serves them, and those above --level read change the store.',
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
        'read: change nothing; write: also add to the store and delete; build: also build',
      )
        .choices(levels)
        .default('read'),
    )
    .addOption(sectionOption(sectionNumbers))
    .addOption(onlyOption())
    .addOption(
      new Option('--without <operation>', 'an operation that the daemon does not have; may be given again')
        .argParser(moreOperations)
        .default([], 'none'),
    )
    .addOption(
      new Option('--release <name>', 'the release to test it as (default: the one that it names)').choices(
        releases.map(({ name }) => name),
      ),
    )
    .option('--untrusted', 'the daemon does not trust this client (below 1.35 it cannot say so)')
    .option('--ways <n>', 'number of ways in which each request is broken', countArgument, 8)
    .option('--timeout <seconds>', 'the longest silence of the daemon', secondsArgument, 10)
    .option('-j, --jobs <n>', 'number of concurrent connections, for independent cases', countArgument, 3)
    .option(
      '--max-crashes <n>',
      'number of crashes, besides known ones, after which to stop',
      countArgument,
      3,
    )
    .option('--record <dir>', 'the folder for a recording of each failed case', 'conformance-failures')
    .addHelpText(
      'after',
      `
Sections: ${sectionNumbers.map((each) => `${each} ${sectionTitles[each]}`).join(', ')}.

Examples:
  $ nix-wire conformance daemon --private nix-daemon --level build
  $ nix-wire conformance daemon --socket /tmp/my-socket --section 1 --section 2
  $ nix-wire conformance daemon --command './my-daemon --stdio' --level write --html report.html
  $ nix-wire session conformance-failures/1.version.1.37.pcapng   # of a case that failed

How a process ended is only known with --command and --private.

Exit codes: 0 no case failed; 1 a case failed, or the run was stopped; 2 the command line is wrong, or there is no daemon.`,
    )
    .action(async (options: Options) => {
      const { runDaemons } = await import('./daemon.js')
      await runDaemons(options)
    })
