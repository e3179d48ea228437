import { holds } from '../../../combinators/gate.js'
import { type OperationName, operations } from '../../../grammar/operations/table.js'
import { options } from '../ask.js'
import type { Case } from '../case.js'
import type { Facts } from '../facts.js'
import { asksFor } from '../requests.js'
import { asked } from '../speech.js'
import { caseOf, formsOf, isWithin, usual } from './make.js'
import { whyNot } from './operations.js'

/** Operations during which daemons send log messages. */
const telling: ReadonlyArray<OperationName> = [
  'QueryMissing',
  'FindRoots',
  'NarFromPath',
  'VerifyStore',
  'OptimiseStore',
  'CollectGarbage',
  'AddToStoreNar',
  'AddMultipleToStore',
  'BuildPaths',
  'BuildPathsWithResults',
  'BuildDerivation',
]

// At higher levels, old releases log more than a slow client can read.
const verbosities = ['Talkative', 'Vomit'] as const

/**
 * Operations with much logging. The rules about the order of messages and activities are checked in every case; here
 * there are more messages. Below 1.20 there are none.
 */
export const logCases = (facts: Facts): ReadonlyArray<Case> =>
  telling.flatMap((name) => {
    const operation = operations[name]
    const versions = [...new Set([...formsOf(operation, facts).slice(-1), '1.19' as const])]
    return versions
      .filter((version) => isWithin(facts, version) && holds(operation.gate, usual(facts, version).agreed))
      .filter((version) => whyNot(facts, name, usual(facts, version)) === null)
      .filter(() => facts.release?.removed.includes(name) !== true)
      .flatMap((version) => {
        const speech = usual(facts, version)
        const ask = asksFor(facts, speech.agreed).find((each) => each.operation === name)
        return ask === undefined
          ? []
          : verbosities.map((verbosity) =>
              caseOf(facts, {
                id: `6.${name}@${version}.${verbosity.toLowerCase()}`,
                section: 6,
                title: `what is told of ${name}, at ${version}, to a client that wants to know ${verbosity === 'Vomit' ? 'everything' : 'much'}`,
                level: ask.level,
                speech,
                says: [
                  asked(operations.SetOptions, speech.agreed, { ...options(), verbosity }),
                  asked(operation, speech.agreed, ask.request, ask.upload),
                ],
                allows: ['answered', 'refused'],
              }),
            )
      })
  })
