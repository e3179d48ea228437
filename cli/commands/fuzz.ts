import { availableParallelism } from 'node:os'
import { Command } from 'commander'
import { expectText } from '../arguments.js'
import { Failure } from '../failure.js'
import { Campaign, type CampaignOptions } from '../fuzz/campaign.js'
import { showProgress, startProgress } from '../fuzz/progress.js'
import { showFinding, writeReport } from '../fuzz/report.js'
import { showName } from '../nar/show.js'
import { countArgument, secondsArgument, seedArgument } from '../numbers.js'
import {
  grammarOfType,
  type ProtocolOptions,
  profileOf,
  protocolOf,
  withProtocolOptions,
} from '../protocol-options.js'
import { write } from '../terminal.js'

interface Options extends ProtocolOptions {
  readonly exec: string
  readonly jobs: number
  readonly runs?: number
  readonly time?: number
  readonly timeout: number
  readonly findings: number
  readonly seed?: number
  readonly out: string
}

export const fuzzCommand = (): Command =>
  withProtocolOptions(new Command('fuzz'))
    .summary('look for mistakes in any program that reads messages')
    .description(
      'Feeds messages to a program, whatever language it is in: valid ones, ones that break exactly one rule, and\n' +
        'damaged ones. The program gets one on its standard input, and exits with 0 to accept it or with 1 to refuse\n' +
        'it; anything else is a crash. What it gets wrong is made as small as can be.',
    )
    .argument('<type>', 'what the program reads')
    .requiredOption('-x, --exec <command>', 'the program, as the shell takes it')
    .option('-j, --jobs <n>', 'run so many at once', countArgument, availableParallelism())
    .option('--time <seconds>', 'stop after so long (60, unless --runs is given)', secondsArgument)
    .option('--runs <n>', 'stop after so many runs', countArgument)
    .option('--findings <n>', 'stop after so many different findings', countArgument, 1)
    .option('--timeout <seconds>', 'what takes longer hangs', secondsArgument, 10)
    .option('--seed <n>', 'the same inputs again', seedArgument)
    .option('-o, --out <dir>', 'where findings and report.json go', 'fuzz-findings')
    .addHelpText(
      'after',
      `
Examples:
  $ nix-wire fuzz ValidPathInfo -p 1.37 --exec './my-decoder'
  $ nix-wire fuzz 'List<String>' --exec 'python3 decoder.py' --time 600 --findings 20 --jobs 8
  $ nix-wire fuzz BuildResult --exec './canonical-decoder' --canonical --runs 100000 --seed 7

For each finding there is the input, finding-N.bin, and finding-N.sh, which shows it again.

Exit codes: 0 nothing found; 1 something found; 2 the command line is wrong.`,
    )
    .action(run)

const run = async (type: string, options: Options): Promise<void> => {
  const { jobs, timeout, findings, exec: command, out } = options
  expectText(command, '--exec')
  const grammar = await grammarOfType(type, options)
  const settings: CampaignOptions = {
    target: {
      grammar,
      protocol: protocolOf(options, grammar),
      profile: profileOf(options),
    },
    command,
    seed: options.seed ?? (Math.random() * 2 ** 31) | 0,
    jobs,
    timeout,
    findings,
    runs: options.runs ?? Number.POSITIVE_INFINITY,
    seconds: options.time ?? (options.runs === undefined ? 60 : Number.POSITIVE_INFINITY),
  }
  const campaign = new Campaign(settings)
  const stop = startProgress(() => showProgress(settings, campaign.standing))
  try {
    await campaign.run()
  } finally {
    stop()
  }
  const { standing } = campaign
  const summary = `${standing.runs} runs in ${standing.elapsed.toFixed(1)} s, seed ${settings.seed}`
  if (standing.findings.length === 0) {
    await write(`Nothing found: ${summary}.\n`)
    return
  }
  await writeReport(out, type, settings, standing)
  for (const [i, finding] of standing.findings.entries()) {
    await write(
      `${i + 1}. ${showFinding(finding)}\n   ${showName(`${out}/finding-${i + 1}.sh`)} shows it again\n`,
    )
  }
  throw new Failure(1, `${standing.findings.length} found (${summary}); ${showName(`${out}/report.json`)}`)
}
