import fc from 'fast-check'
import type { Grammar } from '../../combinators/node.js'
import type { Protocol } from '../../combinators/protocol.js'
import { type AnyOperation, operations } from '../../grammar/operations/index.js'
import { allGrammars } from '../support/grammars.js'
import { allProtocols } from '../support/protocols.js'

/** Some values of an arbitrary, the same for the same seed. */
export const some = <A>(values: fc.Arbitrary<A>, count: number, seed: number): ReadonlyArray<A> =>
  fc.sample(values, { numRuns: count, seed })

/** One of several. */
export const pick = <A>(among: ReadonlyArray<A>, seed: number): A =>
  some(fc.constantFrom(...among), 1, seed)[0]!

/** The form of some old operations is unknown. */
export const isKnown = ({ request }: AnyOperation): boolean => request.node.name !== 'UnknownForm'

/** Every exported grammar, and the requests and replies of the operations. */
const grammars: ReadonlyArray<readonly [name: string, grammar: Grammar<unknown>]> = [
  ...allGrammars,
  ...Object.values(operations)
    .filter(isKnown)
    .flatMap(({ name, request, reply }) => [
      [`${name}Request`, request as Grammar<unknown>] as const,
      [`${name}Reply`, reply as Grammar<unknown>] as const,
    ]),
]

export interface Subject {
  readonly name: string
  readonly grammar: Grammar<unknown>
  readonly protocol: Protocol
}

/** A grammar under a protocol. */
export const drawSubject = (seed: number): Subject => {
  const [name, grammar] = pick(grammars, seed)
  return { name, grammar, protocol: pick(allProtocols, seed + 1) }
}

export const showProtocol = ({ version, features }: Protocol): string =>
  features.length === 0 ? version : `${version} with ${features.join(', ')}`
