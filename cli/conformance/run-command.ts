import { Command, InvalidArgumentError, Option } from 'commander'
import { expectText, gather } from '../arguments.js'
import { Failure } from '../failure.js'
import { countArgument, secondsArgument } from '../numbers.js'
import { pageAddress } from '../own-package.js'
import { withProtocolOptions } from '../protocol-options.js'
import { withReportFiles } from './report-files.js'
import type { RunOptions } from './run.js'

const gradeArgument = (text: string): number => {
  if (!/^[0-3]$/.test(text)) {
    throw new InvalidArgumentError('Expected a grade from 0 to 3.')
  }
  return Number(text)
}

export const runCommand = (): Command =>
  withReportFiles(withProtocolOptions(new Command('run')))
    .summary('grade a decoder or encoder in any language with test vectors')
    .description(
      'Tests a program with every test vector, and grades it: 0 it accepts and rejects correctly, 1 it also writes the same bytes\n' +
        'back, 2 it also reads the right values, 3 it also names the right byte. With --adapter the program is started once and answers one\n' +
        'question after another. With --exec it is run for each message, which it gets on its\n' +
        'standard input, or as a file whose name replaces @@; it exits with 0 to accept it or with 1 to reject it, and can\n' +
        'reach grade 0. NIX_WIRE_TYPE, NIX_WIRE_VERSION, NIX_WIRE_FEATURES and NIX_WIRE_STORE_DIR describe the message.',
    )
    .argument('[types...]', 'the types to test (default: those that the adapter names, or all)')
    .option('-a, --adapter <command>', 'the program, which is started once and answers questions')
    .option('-x, --exec <command>', 'the program, run for each message')
    .addOption(
      new Option('--only <word>', 'only vectors of this type, id, flag, issue or result; may be given again')
        .argParser(gather)
        .default([], 'all'),
    )
    .option('--grade <n>', 'the highest grade to test', gradeArgument, 3)
    .addOption(
      new Option(
        '--acceptable <what>',
        'the right answer for messages that no encoder writes but some decoders accept',
      )
        .choices(['either', 'accept', 'refuse'])
        .default('either'),
    )
    .option(
      '--expected-failures <file>',
      'a list of the vectors that are expected to fail; no others may fail',
    )
    .option('--write-failures <file>', 'write the list of failures')
    .option(
      '-n, --number <n>',
      'the most valid messages, and the most invalid ones, for each type and protocol',
      countArgument,
    )
    .option(
      '--timeout <seconds>',
      'the time limit of one answer, after which the program hangs',
      secondsArgument,
      10,
    )
    .option('--memory <MB>', 'the most memory of the program (ulimit -v)', countArgument)
    .addHelpText(
      'after',
      `
Examples:
  $ nix-wire conformance run --adapter ./my-adapter
  $ nix-wire conformance run ValidPathInfo -p 1.37 --exec './my-decoder'
  $ nix-wire conformance run --adapter ./my-adapter --only padding-overflow --only truncation-to-32-bits
  $ nix-wire conformance run --adapter ./my-adapter --write-failures known.txt
  $ nix-wire conformance run --adapter ./my-adapter --expected-failures known.txt --junit conformance.xml

Without --protocol there are vectors of every version and every feature that makes a difference. --canonical is the same as
--acceptable refuse.

The adapter protocol, with adapters in five languages:
  ${pageAddress('guide/adapter-protocol.md')}

Exit codes: 0 all vectors pass, except exactly the expected failures; 1 other vectors fail; 2 the command line is wrong, or the
program cannot be started.`,
    )
    .action(async (types: ReadonlyArray<string>, options: RunOptions) => {
      const { adapter, exec } = options
      if ((adapter === undefined) === (exec === undefined)) {
        throw new Failure(2, 'name one program, with --adapter or --exec')
      }
      expectText(adapter ?? exec ?? '', adapter === undefined ? '--exec' : '--adapter')
      const { runCodecs } = await import('./run.js')
      await runCodecs(types, options)
    })
