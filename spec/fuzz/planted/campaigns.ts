import { isLeft } from 'fp-ts/lib/Either.js'
import { protocolFor } from '../../../combinators/protocol-for.js'
import { batchSize, candidatesOf } from '../../../fuzz/candidates.js'
import { Format } from '../../../fuzz/format.js'
import { adapterTarget, type FuzzOutcome, functionTarget, fuzz, type Input } from '../../../fuzz/index.js'
import { Inputs } from '../../../fuzz/inputs.js'
import { mistakesOf } from '../../../fuzz/mistake.js'
import { toArbitrary } from '../../../interpreters/arbitrary/index.js'
import { decoderOf } from './decoders.js'
import { faults, grammarOf, type PlantedFault, type PlantedType, pythonTypes } from './faults.js'
import { type Compared, type PythonDecoders, script } from './python.js'
import { keyOf } from './table.js'

/** The time that only a hang takes. */
const patience = 600
const seed = 1

export const isPython = (type: PlantedType): boolean => Object.hasOwn(pythonTypes, type)

/** The results of the inputs of one type, which all its decoders have tried. */
export interface Tried {
  readonly runs: number
  /** Findings in the correct decoder. */
  readonly accused: ReadonlyArray<object>
  /** The run that first finds each fault, by key. */
  readonly found: ReadonlyMap<string, number>
}

const outcomeWith = (type: PlantedType, fault: string | null, bytes: Uint8Array): FuzzOutcome => {
  const read = decoderOf(type, fault)(bytes)
  return isLeft(read) ? { _tag: 'refuses', message: read.left } : { _tag: 'accepts', read: read.right }
}

const compareHere = (
  type: PlantedType,
  names: ReadonlyArray<string>,
  messages: ReadonlyArray<Uint8Array>,
): Compared => ({
  right: messages.map((bytes) => outcomeWith(type, null, bytes)),
  others: names.map((fault) => messages.map((bytes, i) => [i, outcomeWith(type, fault, bytes)] as const)),
})

/** The inputs of a run, a batch at a time. */
function* batchesOf(
  type: PlantedType,
  format: Format<unknown>,
  runs: number,
): Generator<ReadonlyArray<Input>> {
  const making = {
    values: toArbitrary(grammarOf(type), format.protocol),
    inputs: new Inputs(format),
    check: 'value',
    seed,
    tries: () => true,
  } as const
  for (let batch = 0; batch * batchSize < runs; batch++) {
    const inputs = [...candidatesOf(making, batch)].map(({ input }) => input)
    yield inputs.slice(0, runs - batch * batchSize)
  }
}

/**
 * Makes the inputs of a run once, and tries them on the correct decoder and on those whose fault is not found yet.
 */
export const tried = async (
  type: PlantedType,
  runs: number,
  python: () => PythonDecoders,
): Promise<Tried> => {
  const grammar = grammarOf(type)
  const format = new Format(grammar, protocolFor('tried', grammar.node, {}), 'compatible')
  const accused: Array<object> = []
  const found = new Map<string, number>()
  let before = 0
  for (const inputs of batchesOf(type, format, runs)) {
    const open = faults.filter((fault) => fault.type === type && !found.has(keyOf(fault)))
    const names = open.map(({ fault }) => fault)
    const messages = inputs.map(({ bytes }) => bytes)
    const { right, others } = isPython(type)
      ? await python().compare(type, names, messages)
      : compareHere(type, names, messages)
    for (const [i, input] of inputs.entries()) {
      for (const { kind, place, rule } of mistakesOf(format, 'value', input, right[i]!)) {
        const bytes = Buffer.from(input.bytes.subarray(0, 500)).toString('hex')
        accused.push({ kind, place, rule, why: input.expected.why, bytes })
      }
    }
    for (const [i, fault] of open.entries()) {
      const first = others[i]!.find(
        ([at, outcome]) => mistakesOf(format, fault.check, inputs[at]!, outcome).length > 0,
      )
      if (first !== undefined && before + first[0] < fault.runs) {
        found.set(keyOf(fault), before + first[0] + 1)
      }
    }
    before += inputs.length
  }
  return { runs: before, accused, found }
}

/** The run in which `fuzz` itself finds a fault; null if it does not. */
export const foundIn = async ({ type, fault, check, runs }: PlantedFault): Promise<number | null> => {
  const target = isPython(type)
    ? adapterTarget({ command: ['python3', script, fault], timeout: patience })
    : functionTarget<unknown>({ decode: decoderOf(type, fault) })
  const options = { type, check, seed, runs, findings: 1, minimise: 0.001 }
  const report = await fuzz(grammarOf(type), target, options)
  return report.findings.length === 0 ? null : Math.min(...report.findings.map(({ firstRun }) => firstRun))
}
