import fc from 'fast-check'
import { expectGrammar } from '../combinators/expect.js'
import { type Grammar, nodeName } from '../combinators/node.js'
import { checkOptions } from '../combinators/options.js'
import { checkLaw, type LawFailure, protocolsFor } from './check.js'
import { Environment } from './environment.js'
import { laws } from './laws.js'
import { type LawOptions, lawOptions } from './options.js'

interface Suite {
  readonly describe?: (title: string, suite: () => void) => void
  readonly it?: (title: string, test: () => Promise<void>) => { timeout?(ms: number): unknown } | undefined
}

/** The time limit for one law under all protocols on a slow machine. */
const patience = 120_000

/**
 * Declares a suite of tests for a grammar, with the global `describe` and `it` of mocha or a similar runner: one test
 * for each law that every grammar of this package obeys. The laws:
 *
 * - an encoded value is decoded as the same value, and its size is right;
 * - a message that the canonical profile accepts is encoded as the same bytes;
 * - a strict prefix of a message ends too early, and bytes after a message are an issue, unless the grammar reads to
 *   the end of the message; offsets and chunks do not matter;
 * - the compiled codec, the arcsecond parser, the stream reader and the dissector agree on valid, nearly valid and
 *   random bytes, under the usual limits and tight ones: they return the same value, or the same issue with the same
 *   text;
 * - a message with one rule broken is rejected for that rule, and is accepted by the compatible profile if only the
 *   canonical one rejects it; a value of another type is rejected;
 * - the JSON form loses nothing.
 *
 * ```ts
 * import { describeLaws } from 'nix-wire/laws'
 * import { bool64, setOf, since, struct, utf8, versioned } from 'nix-wire'
 *
 * const Invitation = struct('Invitation', {
 *   guests: setOf(utf8),
 *   dance: versioned(since('1.3'), bool64, false),
 * })
 * // In a test file.
 * const suite = () => describeLaws(Invitation, { versions: ['1.2', '1.3'] })
 * ```
 *
 * All combinations of the versions and features that the grammar depends on are covered. Those with the same outcome
 * of all gates share one run.
 *
 * @throws TypeError if there is no global `describe` and `it`; use {@link checkLaws} then.
 */
export const describeLaws = <A>(grammar: Grammar<A>, options: LawOptions<A> = {}): void => {
  expectGrammar('what describeLaws describes', grammar, 'describeConversationLaws')
  checkOptions<LawOptions<A>>('describeLaws', lawOptions, options)
  describeTests('describeLaws', 'checkLaws', `the laws of ${nodeName(grammar.node)}`, () => {
    const environments = protocolsFor(grammar, options, 'describeLaws').map(
      (protocol) => new Environment(grammar, protocol, options),
    )
    return laws.map((law) => ({
      name: law.name,
      run: async () => {
        for (const env of environments) {
          const failure = await checkLaw(law, env, options)
          if (failure !== null) {
            throw new Error(explained(failure))
          }
        }
      },
    }))
  })
}

interface Test {
  readonly name: string
  readonly run: () => Promise<void>
}

/** A suite of tests. @throws TypeError without `describe` and `it`. */
export const describeTests = (
  of: string,
  elsewhere: string,
  title: string,
  tests: () => ReadonlyArray<Test>,
): void => {
  const { describe, it } = globalThis as Suite
  if (describe === undefined || it === undefined) {
    throw new TypeError(
      `${of} needs the global describe and it of a test runner such as mocha; without them use ${elsewhere}`,
    )
  }
  describe(title, () => {
    for (const { name, run } of tests()) {
      it(name, run)?.timeout?.(patience)
    }
  })
}

export const explained = ({ message, protocol, counterexample, cases, seed }: LawFailure): string => {
  return `${message}\nfor ${fc.stringify(counterexample)}\nunder ${worded(protocol)}, after ${cases} cases; seed ${seed}`
}

const worded = ({ version, features = [] }: LawFailure['protocol']): string => {
  const numbered = version === undefined ? 'any protocol' : `protocol ${version}`
  return features.length === 0 ? numbered : `${numbered} with ${features.join(', ')}`
}
