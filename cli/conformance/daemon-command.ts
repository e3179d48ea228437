import { Command, InvalidArgumentError, Option } from 'commander'
import { levels, sectionNumbers, sectionTitles } from '../../conformance/daemon/case.js'
import { type OperationName, operations } from '../../grammar/operations/table.js'
import { releases } from '../../grammar/releases.js'
import { gather } from '../arguments.js'
import { countArgument, secondsArgument } from '../numbers.js'
import type { Options } from './daemon-options.js'
import { withReportFiles } from './report-files.js'
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
      'Sends a daemon valid and broken requests, and checks what it answers. It is for daemons of your own: some cases\n' +
        'end the process that serves them, and those above --level read change the store.',
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
    .option('--untrusted', 'the daemon does not trust this client, though it does not say so (below 1.35)')
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
    .action(async (options: Options) => {
      const { runDaemons } = await import('./daemon.js')
      await runDaemons(options)
    })
