import type { Protocol } from '../../combinators/protocol.js'
import { type ProgramOptions, programTarget } from '../../fuzz/index.js'
import { lineOf } from '../../fuzz/process/command.js'
import { Runner } from '../../fuzz/process/runner.js'
import { outcomeOfRun } from '../../fuzz/targets/program.js'
import type { CodecQuestion, CodecUnderTest } from './codec.js'

/** The environment that tells a program which type to read in which protocol. */
const environmentOf = (
  type: string,
  { version, features = [], storeDir }: Partial<Protocol>,
): { readonly [name: string]: string } => ({
  NIX_WIRE_TYPE: type,
  NIX_WIRE_VERSION: version ?? '',
  NIX_WIRE_FEATURES: features.join(' '),
  NIX_WIRE_STORE_DIR: storeDir ?? '',
})

/**
 * A program as a codec to grade, run once for each message. Exit code 0 accepts, 1 rejects, anything else is a crash.
 * The environment variables `NIX_WIRE_TYPE`, `NIX_WIRE_VERSION`, `NIX_WIRE_FEATURES` (separated by spaces) and
 * `NIX_WIRE_STORE_DIR` describe the message.
 *
 * @throws TypeError or RangeError for unknown or invalid options.
 */
export const programCodec = (options: ProgramOptions): CodecUnderTest => {
  // The options are those of a fuzzer target, which checks them.
  programTarget(options)
  const { command, timeout = 10, memory, refuseCode = 1 } = options
  return {
    command: lineOf(command),
    open: async () => {
      // The shell that stays open has one environment, so there is one shell for each type and protocol, one at a time.
      let last: { readonly of: string; readonly runner: Runner } | null = null
      const runnerFor = ({ vector: { type }, protocol }: CodecQuestion): Runner => {
        const env = environmentOf(type, protocol)
        const of = JSON.stringify(env)
        if (last?.of !== of) {
          last?.runner.kill()
          const limits = memory === undefined ? {} : { memory }
          last = { of, runner: new Runner({ command, timeout, output: false, env, ...limits }) }
        }
        return last.runner
      }
      return {
        types: [],
        tells: [],
        capacity: 1,
        ask: async (question) =>
          outcomeOfRun(await runnerFor(question).run(question.vector.bytes), refuseCode, 'accept'),
        close: async () => last?.runner.kill(),
        kill: () => last?.runner.kill(),
      }
    },
  }
}
