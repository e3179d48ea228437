import { Adapter, type AdapterTargetOptions, adapterTarget } from '../../fuzz/index.js'
import { lineOf } from '../../fuzz/process/command.js'
import type { CodecTold, CodecUnderTest } from './codec.js'

const toldBy: ReadonlyArray<CodecTold> = ['bytes', 'value', 'offset']

/** The number of questions that a program has at a time. */
const capacity = 256

/**
 * An adapter as a codec to grade: a program that is started once and is asked for all types.
 *
 * @throws TypeError or RangeError for unknown or invalid options.
 */
export const adapterCodec = (options: AdapterTargetOptions): CodecUnderTest => {
  // The options are those of a fuzzer target, which checks them.
  adapterTarget(options)
  const { command, timeout = 10, memory } = options
  return {
    command: lineOf(command),
    open: async () => {
      const adapter = await Adapter.start({ command, timeout, ...(memory === undefined ? {} : { memory }) })
      const { types, can } = adapter.description
      const want = (['value', 'bytes'] as const).filter((each) => can.includes(each))
      return {
        types,
        tells: toldBy.filter((each) => can.includes(each)),
        capacity,
        ask: ({ vector: { type, bytes }, protocol }) =>
          adapter.decode({ type, ...protocol, profile: 'compatible', want, bytes }),
        close: () => adapter.close(),
        kill: () => adapter.kill(),
      }
    },
  }
}
