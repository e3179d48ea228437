import { availableParallelism } from 'node:os'
import { Command, InvalidArgumentError, Option } from 'commander'
import { expectText, gather } from '../arguments.js'
import { Failure } from '../failure.js'
import type { FuzzCommandOptions, InitOptions, ReportOptions } from '../fuzz/options.js'
import type { Shard } from '../fuzz/shard.js'
import { jsonOption } from '../json-form.js'
import { countArgument, secondsArgument, seedArgument, timeoutArgument } from '../numbers.js'
import { pageAddress } from '../own-package.js'
import { type ProtocolOptions, withProtocolOptions } from '../protocol-options.js'

const shardArgument = (text: string): Shard => {
  const [, part = '0', of = '0'] = /^([0-9]{1,6})\/([0-9]{1,6})$/.exec(text) ?? []
  if (Number(part) < 1 || Number(part) > Number(of)) {
    throw new InvalidArgumentError('Expected a part of a run such as 3/16.')
  }
  return { part: Number(part), of: Number(of) }
}

const codeArgument = (text: string): number => {
  const code = countArgument(text)
  if (code > 125) {
    throw new InvalidArgumentError('Expected an exit code from 1 to 125.')
  }
  return code
}

export const fuzzCommand = (): Command =>
  withProtocolOptions(new Command('fuzz'))
    .summary('find mistakes in any program that reads or writes messages')
    .description(
      'Feeds messages to a program in any language: valid ones, acceptable ones that no encoder writes, ones\n' +
        'that break exactly one rule, and damaged ones. With --exec the program is run for each: it gets the message on its\n' +
        'standard input, or as a file whose name replaces @@, and exits with 0 to accept it or with 1 to reject it; anything\n' +
        'else is a crash. With --adapter it is started once, and answers one question after another.\n' +
        'One mistake is mostly one finding, in all fields where it shows; a text that is not checked at all is one, with its\n' +
        'rules (--structure leaves them out). Findings are counted and minimised.',
    )
    .argument('<type>', 'the type that the program reads')
    .usage(
      '[options] <type>\n       nix-wire fuzz report [options] <dir...>\n       nix-wire fuzz init --libfuzzer [options] <type> <dir>',
    )
    .option('-x, --exec <command>', 'the program, run for each message; a command line for the shell')
    .option('-a, --adapter <command>', 'the program, which is started once and answers questions')
    .addOption(
      new Option(
        '--check <what>',
        'what is compared: acceptance, the bytes it writes back, or the value it prints as JSON',
      )
        .choices(['accept', 'roundtrip', 'value'])
        .default('accept'),
    )
    .addOption(jsonOption('compare'))
    .option('--encoder', 'the program gets JSON, and must write the bytes')
    .option(
      '--corpus <dir>',
      'try the inputs in a folder of findings, a queue of AFL++ or a corpus of libFuzzer',
    )
    .addOption(
      new Option('-j, --jobs <n>', 'number of processors to use')
        .argParser(countArgument)
        .default(Math.max(1, availableParallelism() - 1), 'all but one'),
    )
    .addOption(
      new Option('--shard <part>', 'do a fixed part of the run, such as 3/16; with --seed')
        .argParser(shardArgument)
        .default({ part: 1, of: 1 }, 'all of it'),
    )
    .option(
      '--time <seconds>',
      'stop after this time, including the start of the program (60, unless --runs or --corpus is given)',
      secondsArgument,
    )
    .option('--runs <n>', 'stop after this many runs', countArgument)
    .option('--findings <n>', 'stop after this many different findings', countArgument, 10)
    .option(
      '--minimise <seconds>',
      'the most time for minimising findings; at most a quarter of --time',
      timeoutArgument,
      10,
    )
    .option(
      '--timeout <seconds>',
      'the time limit of one answer, after which the program hangs',
      secondsArgument,
      10,
    )
    .option('--memory <MB>', 'the most memory of the program (ulimit -v)', countArgument)
    .option('--refuse-code <n>', 'the exit code for a rejection', codeArgument, 1)
    .addOption(
      new Option('--only <word>', 'only this tag, path, or kind of input or mistake; may be given again')
        .argParser(gather)
        .default([], 'all'),
    )
    .addOption(
      new Option('--ignore <word>', 'not this tag, path, or kind of input or mistake; may be given again')
        .argParser(gather)
        .default([], 'none'),
    )
    .option('--structure', 'ignore the rules of texts: their form, their letters and UTF-8')
    .option('--seed <n>', 'the seed, to get the same inputs again', seedArgument)
    .option('-o, --out <dir>', 'the folder for findings and report.json', 'fuzz-findings')
    .option('--junit <file>', 'write a report for CI')
    .option('--markdown <file>', 'write a report for people')
    .addOption(new Option('--job').hideHelp())
    .addHelpText(
      'after',
      `
Examples:
  $ nix-wire fuzz ValidPathInfo -p 1.37 --exec './my-decoder'
  $ nix-wire fuzz 'List<String>' --exec 'python3 decoder.py' --time 600 --jobs 8
  $ nix-wire fuzz BuildResult --exec './canonical-decoder @@' --canonical --runs 100000 --seed 7
  $ nix-wire fuzz 'Framed<Nar>' --adapter './my-adapter' --check value --structure
  $ nix-wire fuzz ValidPathInfo --encoder --adapter './my-adapter'
  $ nix-wire fuzz ValidPathInfo --check value --json nix --exec './my-decoder'
  $ nix-wire fuzz ValidPathInfo --exec './my-decoder' --corpus afl-out
  $ nix-wire fuzz ValidPathInfo --exec './my-decoder' --seed 1 --runs 1000000 --shard 3/16 --out shard-3
  $ nix-wire fuzz ValidPathInfo --exec './my-decoder' --corpus fuzz-findings --out still-found
  $ nix-wire fuzz report shard-*

Tags are those of issues (NotUtf8), paths those of fields (info.references), kinds of input valid, acceptable, malformed and
damaged, kinds of mistake verdict, value, bytes, crash and hang. A word that can match nothing is an error. Words that
are given with --only again mean "or", as do those of --ignore, which wins over --only.

For each finding there is the input, finding-N.bin, and finding-N.sh, which shows it again. Those of an earlier run are
removed.

The adapter protocol, with adapters in five languages:
  ${pageAddress('guide/adapter-protocol.md')}

Exit codes: 0 no findings; 1 findings; 2 the command line is wrong, or the program cannot be started.`,
    )
    .action(async (type: string, options: FuzzCommandOptions, command: Command) => {
      const { exec, adapter, encoder, check, json, corpus, refuseCode } = options
      if ((exec === undefined) === (adapter === undefined)) {
        throw new Failure(2, 'name one program, with --exec or --adapter')
      }
      expectText(exec ?? adapter ?? '', exec === undefined ? '--adapter' : '--exec')
      if (encoder === true && (check !== 'accept' || corpus !== undefined)) {
        throw new Failure(
          2,
          `--encoder is a check of its own: it goes without ${check === 'accept' ? '--corpus' : '--check'}`,
        )
      }
      if (json === 'nix' && encoder !== true && check !== 'value') {
        throw new Failure(2, '--json is for values: --check value, or --encoder')
      }
      if (adapter !== undefined && refuseCode !== 1) {
        throw new Failure(2, '--refuse-code is for --exec: an adapter says what it refuses')
      }
      const { runFuzz } = await import('../fuzz/run.js')
      await runFuzz(type, options, wordsOf(type, command))
    })
    .addCommand(reportCommand())
    .addCommand(initCommand())

const reportCommand = (): Command =>
  new Command('report')
    .exitOverride()
    .summary('merge the reports of several runs or shards')
    .description('Makes one report of several, such as those of the shards of one run.')
    .argument('<dir...>', 'folders with a report.json')
    .option('-o, --out <dir>', 'the folder for the findings and the merged report.json')
    .option('--junit <file>', 'write a report for CI')
    .option('--markdown <file>', 'write a report for people')
    .addHelpText(
      'after',
      `
Examples:
  $ nix-wire fuzz report shard-*
  $ nix-wire fuzz report shard-* --out all --junit fuzz.xml

Exit codes: 0 nothing found; 1 something found, or a report cannot be read; 2 the command line is wrong.`,
    )
    .action(async (dirs: ReadonlyArray<string>, _: object, command: Command) => {
      const { runReport } = await import('../fuzz/run.js')
      await runReport(dirs, givenAbove(command))
    })

/**
 * The options given to the parent command, which has options of the same names and therefore receives them.
 */
const givenAbove = ({ parent }: Command): ReportOptions & Partial<ProtocolOptions> =>
  Object.fromEntries(
    ['out', 'junit', 'markdown', 'seed', 'protocol', 'feature', 'storeDir', 'canonical', 'module']
      .filter((name) => parent?.getOptionValueSource(name) === 'cli')
      .map((name) => [name, parent?.getOptionValue(name)]),
  )

const initCommand = (): Command =>
  withProtocolOptions(new Command('init'))
    .exitOverride()
    .summary('write a fuzz target for libFuzzer and ClusterFuzzLite')
    .description(
      'Writes a folder with a fuzz target in C++, the script that builds it with a decoder of yours, a dictionary, and\n' +
        'seeds, also as the archive that ClusterFuzzLite and OSS-Fuzz take.',
    )
    .argument('<type>', 'the type that the decoder reads')
    .argument('<dir>', 'the folder for the files')
    .requiredOption('--libfuzzer', 'for libFuzzer')
    .option('-n, --number <n>', 'number of seeds', countArgument, 200)
    .addHelpText(
      'after',
      `
Examples:
  $ nix-wire fuzz init ValidPathInfo target --libfuzzer
  $ target/build.sh my-decoder.cc
  $ target/fuzz_target -dict=target/fuzz_target.dict target/corpus
  $ nix-wire fuzz init Order target --libfuzzer --module ./kitchen.js

Exit codes: 0 done; 1 the disk is full; 2 the command line is wrong.`,
    )
    .action(async (type: string, dir: string, options: InitOptions, command: Command) => {
      const { runInit } = await import('../fuzz/run.js')
      // The parent command has the options of the protocol too, and receives them.
      await runInit(type, dir, { ...options, ...givenAbove(command) })
    })

/** The options that each job has for itself. */
const ofJob: ReadonlySet<string> = new Set(['jobs', 'shard', 'out', 'junit', 'markdown', 'seed'])

/** The words of a command line with these options. */
const wordsOf = (type: string, command: Command): ReadonlyArray<string> => {
  const words = command.options.flatMap((option) => {
    const name = option.attributeName()
    if (ofJob.has(name) || command.getOptionValueSource(name) !== 'cli') {
      return []
    }
    const value: unknown = command.getOptionValue(name)
    const flag = option.long ?? ''
    return value === true
      ? [flag]
      : (Array.isArray(value) ? value : [value]).map((each) => `${flag}=${String(each)}`)
  })
  return [...words, '--', type]
}
