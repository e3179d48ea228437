import { Command, CommanderError, InvalidArgumentError } from 'commander'
import { Failure } from '../../cli/failure.js'
import { ended } from '../../cli/fault.js'
import { type Bounds, progressLine, showProgress } from '../../cli/fuzz/progress.js'
import { countArgument, secondsArgument, seedArgument } from '../../cli/numbers.js'
import { onEndSignal } from '../../cli/signalled.js'
import { showStatus, showsStatus, write, writeError } from '../../cli/terminal.js'
import { clip } from '../../combinators/show.js'
import { Campaign, type Finding, messageOf, type Tally } from './campaign.js'
import { allTargets } from './targets/index.js'
import type { Target } from './trial.js'

interface Options {
  readonly seconds?: number
  readonly inputs?: number
  readonly findings: number
  readonly only?: ReadonlyArray<Target>
  readonly seed?: number
  readonly input?: number
}

const usualSeconds = 60
const longestMessage = 2000

const makeCommand = (targets: ReadonlyArray<Target>, run: (options: Options) => Promise<void>): Command => {
  const named = (name: string, before: ReadonlyArray<Target> = []): ReadonlyArray<Target> => {
    const target = targets.find((each) => each.name === name)
    if (target === undefined) {
      throw new InvalidArgumentError(`There is: ${targets.map((each) => each.name).join(', ')}.`)
    }
    return [...before, target]
  }
  return new Command('npm run fuzz --')
    .description(
      'Looks for mistakes in nix-wire itself, with inputs that a peer, an archive or a command line may have.\n' +
        '(`nix-wire fuzz` looks for them in other programs.)',
    )
    .option('--seconds <n>', `go on for so long (${usualSeconds}, unless --inputs is given)`, secondsArgument)
    .option('--inputs <n>', 'stop after so many inputs', countArgument)
    .option('--findings <n>', 'stop after this many different findings', countArgument, 10)
    .option('--only <target>', 'try only this one; may be given again', named)
    .option('--seed <n>', 'the seed, to get the same inputs again', seedArgument)
    .option('--input <n>', 'only this input of the first batch of each target', seedArgument)
    .addHelpText(
      'after',
      `
Targets:
${targets.map(({ name, summary }) => `  ${name.padEnd(14)}${summary}`).join('\n')}

Examples:
  $ npm run fuzz -- --seconds 600
  $ npm run fuzz -- --only decoders --only encoders --inputs 100000 --seed 7
  $ npm run fuzz -- --only server --seed 7926 --input 12

Exit codes: 0 nothing found; 1 something found; 2 the command line is wrong.`,
    )
    .configureOutput({ writeOut: (text) => void write(text), writeErr: writeError })
    .exitOverride()
    .action(run)
}

const showFinding = ({ target, seed, input, trial, error }: Finding): string =>
  `FOUND in ${target}: ${trial.what}
  input   ${clip(trial.shown(), 2 * longestMessage)}
  wrong   ${clip(messageOf(error), longestMessage)}
  seed    ${seed}
  again   npm run fuzz -- --only ${target} --seed ${seed} --input ${input}
`

const column = (value: number): string =>
  value.toLocaleString('en', { maximumFractionDigits: value < 100 ? 1 : 0 }).padStart(12)

const showTallies = (tallies: ReadonlyMap<string, Tally>): string => {
  const rows = [...tallies].map(
    ([name, { inputs, milliseconds }]) =>
      `${name.padEnd(14)}${column(inputs)}${column(milliseconds / 1000)}${column((1000 * inputs) / Math.max(milliseconds, 1))}\n`,
  )
  return `target              inputs   processor s  a second of it\n${rows.join('')}`
}

const runCampaign = async (targets: ReadonlyArray<Target>, options: Options): Promise<void> => {
  const { inputs, seconds, findings, seed = (Math.random() * 2 ** 31) | 0, only = targets } = options
  const bounds: Bounds = {
    runs: inputs ?? Number.POSITIVE_INFINITY,
    seconds: seconds ?? (inputs === undefined ? usualSeconds : Number.POSITIVE_INFINITY),
    findings,
  }
  const campaign = new Campaign({ ...bounds, targets: only, seed, input: options.input ?? null })
  await write(`seed ${seed}: ${only.map(({ name }) => name).join(', ')}\n`)
  const { draw, stop } = progressLine(() => showProgress(bounds, campaign.standing))
  const unwatch = onEndSignal(() => campaign.stop())
  const lines: Array<Promise<void>> = []
  try {
    await campaign.run(draw, (finding) => {
      if (showsStatus()) {
        showStatus('')
      }
      lines.push(write(showFinding(finding)))
    })
  } finally {
    unwatch()
    stop()
    await Promise.all(lines)
  }
  await write(showTallies(campaign.tallies))
  const { runs, seconds: elapsed, findings: found } = campaign.standing
  const summary = `${runs.toLocaleString('en')} inputs in ${elapsed.toFixed(1)} s, seed ${seed}`
  if (found > 0) {
    throw new Failure(1, `${found} found: ${summary}`)
  }
  await write(`Nothing found: ${summary}.\n`)
}

/** Runs a command line; returns the exit code. */
export const fuzz = async (
  words: ReadonlyArray<string>,
  targets: ReadonlyArray<Target> = allTargets,
): Promise<number> => {
  try {
    await makeCommand(targets, (options) => runCampaign(targets, options)).parseAsync(words, { from: 'user' })
    return 0
  } catch (error) {
    return error instanceof CommanderError ? (error.exitCode === 0 ? 0 : 2) : ended(error)
  }
}
