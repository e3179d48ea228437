import { Command } from 'commander'
import { sectionNumbers, sectionTitles } from '../../conformance/client/case.js'
import { countArgument, secondsArgument } from '../numbers.js'
import { onlyOption, sectionOption } from './chosen-cases.js'
import type { ClientOptions } from './client-words.js'
import { withReportFiles } from './report-files.js'

export const clientCommand = (): Command =>
  withReportFiles(new Command('client'))
    .summary('test a client against the protocol')
    .description(
      'Runs a client once for each case, and plays the daemon for it: first a correct one of each version, with which the\n' +
        'client must end with exit code 0, and then one that breaks one rule in one message, with which it must end with\n' +
        'another code. The socket is in NIX_REMOTE, as unix://PATH, and replaces {} in the arguments; a path that the daemon\n' +
        'has is in NIX_WIRE_PATH, and replaces {path}.',
    )
    .argument('<command...>', 'the client and its arguments, after --')
    .option('--listen <path>', 'the socket of the daemon (default: in a temporary folder)')
    .option('-s, --store-dir <dir>', 'store directory of the daemon', '/nix/store')
    .addOption(sectionOption(sectionNumbers))
    .addOption(onlyOption())
    .option('--ways <n>', 'number of ways in which each message is broken', countArgument, 8)
    .option('--seed <n>', 'the seed that chooses these ways', countArgument, 1)
    .option('--timeout <seconds>', 'the time limit of the client', secondsArgument, 10)
    .option('--expected-failures <file>', 'a list of the cases that are expected to fail; no others may fail')
    .option('--write-failures <file>', 'write the list of failures')
    .option('--record <dir>', 'the folder for a recording of each failed case', 'conformance-failures')
    .addHelpText(
      'after',
      `
Sections: ${sectionNumbers.map((each) => `${each} ${sectionTitles[each]}`).join(', ')}.

Examples:
  $ nix-wire conformance client -- nix-store --query --references {path}
  $ nix-wire conformance client --section 1 -- ./my-client --socket {} info {path}
  $ nix-wire conformance client --write-failures known.txt -- ./my-client {}
  $ nix-wire conformance client --expected-failures known.txt --junit client.xml -- ./my-client {}

A client that ends with an error before its first request counts as not speaking that version, which is allowed.

Exit codes: 0 no case failed, or exactly the expected ones; 1 other cases failed, or the run was stopped; 2 the command line is wrong, or
the client cannot be started.`,
    )
    .action(async (words: ReadonlyArray<string>, options: ClientOptions) => {
      const { runClients } = await import('./client.js')
      await runClients(words, options)
    })
