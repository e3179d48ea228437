import { checkOptions, type OptionChecks } from '../../combinators/options.js'
import { quoted } from '../../combinators/show.js'
import { type Ability, Adapter, type DecodeQuestion } from '../adapter/index.js'
import { type Command, expectCommand, lineOf } from '../process/command.js'
import { ProgramError } from '../process/program-error.js'
import { expectSeconds, expectWhole } from './numbers.js'
import type { Check, FuzzTarget } from './target.js'

export interface AdapterTargetOptions {
  /** The adapter: a command line for the shell, or a program and its arguments. */
  readonly command: Command
  /** The most seconds for one answer. Default: 10. */
  readonly timeout?: number
  /** The most memory in MiB (`ulimit -v`). */
  readonly memory?: number
}

const optionChecks: OptionChecks<AdapterTargetOptions> = {
  command: expectCommand,
  timeout: expectSeconds,
  memory: expectWhole(1, 2 ** 40),
}

/** How many questions an adapter has at a time: neither side waits for the other. */
const window = 256

const needed: { readonly [C in Check]: ReadonlyArray<Ability> } = {
  accept: ['decode'],
  value: ['decode', 'value'],
  roundtrip: ['decode', 'bytes'],
  encode: ['encode'],
}

/** What an adapter should report about a decoded message. */
export const wanted = (check: Check): DecodeQuestion['want'] =>
  check === 'value' ? ['value'] : check === 'roundtrip' ? ['bytes'] : []

/**
 * An adapter as the target of {@link fuzz}: a program that is started once and answers one question after another.
 *
 * @throws TypeError or RangeError for unknown or invalid options.
 */
export const adapterTarget = (options: AdapterTargetOptions): FuzzTarget<unknown> => {
  checkOptions('adapterTarget', optionChecks, options)
  const { command, timeout = 10, memory } = options
  expectCommand('the option command of adapterTarget', command)
  return {
    open: async ({ check, message, seconds }) => {
      const adapter = await Adapter.start(
        { command, timeout, ...(memory === undefined ? {} : { memory }) },
        seconds,
      )
      const { types, can } = adapter.description
      const lacks = needed[check].filter((ability) => !can.includes(ability))
      const wrong =
        types.length > 0 && !types.includes(message.type)
          ? `it does not know the type ${quoted(message.type)}; it knows ${quoted(types.join(', '), 300)}`
          : lacks.length > 0
            ? `it cannot ${lacks.join(' and ')}, which the check ${check} needs`
            : message.json !== undefined && !can.includes(`${message.json}-json`)
              ? `it cannot ${message.json}-json: it has values in the JSON of this package alone`
              : null
      if (wrong !== null) {
        adapter.kill()
        throw new ProgramError(`the adapter ${quoted(lineOf(command))}: ${wrong}`)
      }
      return {
        capacity: window,
        decode: adapter.decoder(message, wanted(check)),
        encode: adapter.encoder(message),
        close: () => adapter.close(),
        kill: () => adapter.kill(),
      }
    },
  }
}
