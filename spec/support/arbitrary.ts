import * as fc from 'fast-check'
import { type Grammar, lazy, listOf, type ProtocolVersion, struct, u64 } from '../../index.js'
import { toArbitrary } from '../../laws/index.js'

export const samples = <A>(
  grammar: Grammar<A>,
  version: ProtocolVersion = '1.38',
  numRuns = 1000,
): ReadonlyArray<A> => fc.sample(toArbitrary(grammar, { version }), { numRuns, seed: 1 })

/** The smallest value for which `holds` does not. */
export const smallest = <A>(grammar: Grammar<A>, holds: (value: A) => boolean): A | undefined => {
  const found = fc.check(fc.property(toArbitrary(grammar), holds), { numRuns: 2000, seed: 2 })
  return found.counterexample?.[0]
}

export interface Tree {
  readonly label: bigint
  readonly children: ReadonlyArray<Tree>
}
export const Tree: Grammar<Tree> = struct('Tree', { label: u64, children: listOf(lazy(() => Tree)) })
