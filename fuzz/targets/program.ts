import { constants } from 'node:os'
import { isLeft } from 'fp-ts/lib/Either.js'
import { checkOptions, type OptionChecks } from '../../combinators/options.js'
import { parseJson, printJson } from '../../interpreters/json/index.js'
import type { FuzzOutcome } from '../outcome.js'
import { type Command, expectCommand } from '../process/command.js'
import { type Run, Runner } from '../process/runner.js'
import { expectSeconds, expectWhole } from './numbers.js'
import type { FuzzTarget, TargetSetting } from './target.js'

export interface ProgramOptions {
  /**
   * The program to run for each input: a command line for the shell, or a program and its arguments. It reads the
   * input from standard input, or from the file whose name replaces `@@`.
   */
  readonly command: Command
  /** The most seconds for one input. Default: 10. */
  readonly timeout?: number
  /** The most memory in MiB (`ulimit -v`). */
  readonly memory?: number
  /** The exit code for a rejection. Default: 1. */
  readonly refuseCode?: number
}

const optionChecks: OptionChecks<ProgramOptions> = {
  command: expectCommand,
  timeout: expectSeconds,
  memory: expectWhole(1, 2 ** 40),
  refuseCode: expectWhole(1, 255),
}

/**
 * A program as the target of {@link fuzz}, run once for each input. Exit code 0 accepts, 1 rejects, anything else is
 * a crash. For the check `roundtrip` it writes the value that it read to standard output as bytes, for `value` as
 * JSON; for `encode` it reads JSON and writes bytes.
 *
 * @throws TypeError or RangeError for unknown or invalid options.
 */
export const programTarget = (options: ProgramOptions): FuzzTarget<unknown> => {
  checkOptions('programTarget', optionChecks, options)
  const { command, timeout = 10, memory, refuseCode = 1 } = options
  expectCommand('the option command of programTarget', command)
  return {
    open: async ({ check }) => {
      const runner = new Runner({
        command,
        timeout,
        output: check !== 'accept',
        ...(memory === undefined ? {} : { memory }),
      })
      const run = async (input: Uint8Array): Promise<FuzzOutcome> =>
        outcomeOfRun(await runner.run(input), refuseCode, check)
      return {
        capacity: 8,
        decode: run,
        encode: (json) => run(Buffer.from(printJson(json))),
        close: async () => runner.kill(),
        kill: () => runner.kill(),
      }
    },
  }
}

/** The outcome of a run, from its exit code. */
export const outcomeOfRun = (
  { code, stdout, stderr }: Run,
  refuseCode: number,
  check: TargetSetting['check'],
): FuzzOutcome => {
  if (code === null) {
    return { _tag: 'hangs', stderr }
  }
  if (code === refuseCode) {
    return { _tag: 'refuses', ...(stderr === '' ? {} : { stderr }) }
  }
  if (code !== 0) {
    return { _tag: 'crashes', how: showCode(code), stderr }
  }
  if (check === 'value') {
    const json = parseJson(Buffer.from(stdout).toString('utf8'))
    return isLeft(json) ? { _tag: 'accepts' } : { _tag: 'accepts', value: json.right }
  }
  return check === 'accept' ? { _tag: 'accepts' } : { _tag: 'accepts', bytes: stdout }
}

// If a number has two names, the first counts.
const signals = new Map(
  Object.entries(constants.signals)
    .map(([name, signal]) => [128 + signal, name] as const)
    .reverse(),
)

/** A shell uses one number for exit codes and signals. */
const showCode = (code: number): string => {
  const signal = signals.get(code)
  return signal === undefined ? `exit code ${code}` : `exit code ${code}, ${signal}`
}
