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

/** As long as a slow machine may need for one law under all protocols. */
const patience = 120_000

/**
 * A suite of tests (mocha's `describe` and `it`, or any that are called so) that holds a grammar to what every
 * grammar of this package obeys. One test for each law:
 *
 * - what is encoded is decoded as the same value, and the size is right;
 * - what the canonical profile accepts is encoded as the same bytes;
 * - strict prefixes end too early and bytes behind a message are seen, but where the grammar goes to the end of the
 *   message; offsets and chunks do not matter;
 * - the compiled codec, the arcsecond parser, the stream reader and the dissector make the same of valid, nearly
 *   valid and random bytes, under the usual limits and tight ones: the same value, or the same issue, in every
 *   member, the words included;
 * - a message with one rule broken is refused for that rule, and read by the compatible profile where only the canonical
 *   one refuses it; a value of another kind is refused;
 * - the JSON view loses nothing.
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
 * Every combination of the versions and features that the grammar asks for is covered. Those under which all its gates,
 * and those of its text formats, have the same outcome share one run, since nothing else may ask the protocol.
 *
 * @throws TypeError where there is no `describe` and `it`; there {@link checkLaws} does the same.
 */
export const describeLaws = <A>(grammar: Grammar<A>, options: LawOptions<A> = {}): void => {
  expectGrammar('what describeLaws describes', grammar)
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

/** A suite of tests. @throws TypeError where there is no `describe` and `it`. */
export const describeTests = (
  of: string,
  elsewhere: string,
  title: string,
  tests: () => ReadonlyArray<Test>,
): void => {
  const { describe, it } = globalThis as Suite
  if (describe === undefined || it === undefined) {
    throw new TypeError(`${of} is for a mocha suite (describe and it); elsewhere use ${elsewhere}`)
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
