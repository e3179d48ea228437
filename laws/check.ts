import fc from 'fast-check'
import { featureSetsOf, protocolsOf, versionsOf } from '../combinators/deciding.js'
import { expectGrammar } from '../combinators/expect.js'
import type { Grammar } from '../combinators/node.js'
import { checkOptions } from '../combinators/options.js'
import type { Protocol } from '../combinators/protocol.js'
import { Environment } from './environment.js'
import { type Law, laws } from './laws.js'
import { type LawOptions, lawOptions } from './options.js'

/** A law that does not hold. */
export interface LawFailure {
  readonly law: string
  /** The protocol, as far as the grammar depends on it. */
  readonly protocol: Partial<Protocol>
  readonly message: string
  /** The smallest input found for which the law does not hold. */
  readonly counterexample: unknown
  /** The number of inputs that were tried. */
  readonly cases: number
  /** The seed; as the option `seed` it finds the same counterexample again. */
  readonly seed: number
}

const usualRuns = 50

export const protocolsFor = <A>(
  grammar: Grammar<A>,
  options: LawOptions<A>,
  of: string,
): ReadonlyArray<Protocol> =>
  protocolsOf(
    grammar.node,
    options.versions ?? versionsOf(grammar.node),
    options.features ?? featureSetsOf(grammar.node),
    options.storeDir,
    of,
  )

/** Checks one law; null if it holds. */
export const checkLaw = <A>(
  law: Law,
  env: Environment<A>,
  { runs = usualRuns, seed }: LawOptions<A>,
): Promise<LawFailure | null> => runLaw(law.name, law.property(env), env.protocol, { runs, seed })

/** Runs the property of a law; null if it holds. */
export const runLaw = async (
  law: string,
  property: fc.IRawProperty<unknown>,
  protocol: Partial<Protocol>,
  { runs, seed }: { readonly runs: number; readonly seed: number | undefined },
): Promise<LawFailure | null> => {
  const found = await fc.check(property, {
    numRuns: runs,
    ...(seed === undefined ? {} : { seed }),
  })
  if (!found.failed) {
    return null
  }
  const { errorInstance, counterexample, numRuns } = found
  const message = errorInstance instanceof Error ? errorInstance.message : String(errorInstance)
  return {
    law,
    protocol,
    message,
    counterexample,
    cases: numRuns,
    seed: found.seed,
  }
}

/**
 * Runs the laws and returns a failure for each one that does not hold; see {@link describeLaws} for the laws.
 *
 * ```ts
 * import { checkLaws } from 'nix-wire/laws'
 * import { compile, setOf, u64 } from 'nix-wire'
 *
 * const failures = await checkLaws(setOf(u64), {
 *   seed: 1,
 *   // A codec that is one byte off when asked for a size.
 *   subject: (grammar, given, settings) => {
 *     const codec = compile(grammar, given, settings)
 *     return {
 *       decode: (bytes) => codec.decode(bytes),
 *       decodeAt: (bytes, at) => codec.decodeAt(bytes, at),
 *       encode: (value) => codec.encode(value),
 *       size: (value) => codec.size(value) + 1,
 *     }
 *   },
 * })
 * failures.map(({ law, message, counterexample }) => [law, message, counterexample])
 * // => [['the size is the number of bytes encoded', 'the size is 9, not 8', [[]]]]
 * ```
 */
export const checkLaws = async <A>(
  grammar: Grammar<A>,
  options: LawOptions<A> = {},
): Promise<ReadonlyArray<LawFailure>> => {
  expectGrammar('what checkLaws checks', grammar, 'checkConversationLaws')
  checkOptions<LawOptions<A>>('checkLaws', lawOptions, options)
  const failures = new Map<string, LawFailure>()
  for (const protocol of protocolsFor(grammar, options, 'checkLaws')) {
    const env = new Environment(grammar, protocol, options)
    for (const law of laws.filter(({ name }) => !failures.has(name))) {
      const failure = await checkLaw(law, env, options)
      if (failure !== null) {
        failures.set(law.name, failure)
      }
    }
  }
  return [...failures.values()]
}
