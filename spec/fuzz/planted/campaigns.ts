import { adapterTarget, type FuzzReport, type FuzzTarget, functionTarget, fuzz } from '../../../fuzz/index.js'
import { projectPath } from '../../support/shared.js'
import { decoderOf } from './decoders.js'
import { grammarOf, type PlantedFault, type PlantedType, pythonTypes } from './faults.js'

/** Nothing but a hang takes so long. */
const patience = 600

export const isPython = (type: PlantedType): boolean => Object.hasOwn(pythonTypes, type)

const script = projectPath('spec/fuzz/planted/decoders.py')

const targetOf = (type: PlantedType, fault: string | null): FuzzTarget<unknown> =>
  isPython(type)
    ? adapterTarget({
        command: ['python3', script, ...(fault === null ? [] : [fault])],
        timeout: patience,
      })
    : functionTarget<unknown>({ decode: decoderOf(type, fault) })

/** Tries the decoder of a type that is right. */
export const tried = (type: PlantedType, runs: number): Promise<FuzzReport> =>
  fuzz(grammarOf(type), targetOf(type, null), { type, check: 'value', seed: 2, runs, findings: 3 })

/** In which run the fault is found; null if it is not. */
export const foundIn = async ({ type, fault, check, runs }: PlantedFault): Promise<number | null> => {
  const report = await fuzz(grammarOf(type), targetOf(type, fault), {
    type,
    check,
    seed: 1,
    runs,
    findings: 1,
    minimise: 0.001,
  })
  return report.findings[0]?.firstRun ?? null
}
