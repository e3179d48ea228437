import type { AnyFlow } from '../../conversation/index.js'
import { expectSessions } from '../../interpreters/conversations/index.js'
import { type LawFailure, runLaw } from '../check.js'
import { ConversationEnvironment, type ConversationLaw, conversationLaws } from './laws.js'
import { type ConversationLawOptions, conversationLawOptions } from './options.js'

const usualRuns = 100

/** Checks one law; null if it holds. */
export const checkConversationLaw = (
  law: ConversationLaw,
  env: ConversationEnvironment,
  { runs = usualRuns, seed, agreed = {} }: ConversationLawOptions,
): Promise<LawFailure | null> => runLaw(law.name, law.property(env), agreed, { runs, seed })

/**
 * Runs the laws of a conversation and returns a failure for each one that does not hold; see {@link
 * describeConversationLaws} for the laws.
 *
 * ```ts
 * import { checkConversationLaws } from 'nix-wire/laws'
 * import { u8, utf8 } from 'nix-wire/combinators'
 * import { conversation, observe, says, turns } from 'nix-wire/conversation'
 *
 * const kitchen = conversation('kitchen', turns('orders', says('client', 'order', u8), { Clock: [1, says('server', 'time', utf8)] }))
 * await checkConversationLaws(kitchen) // => []
 *
 * const failures = await checkConversationLaws(kitchen, {
 *   // An observer that does not hear the end of the client.
 *   subject: (flow, options) => {
 *     const observer = observe(flow, options)
 *     return {
 *       ...observer,
 *       protocol: {},
 *       wants: (side) => observer.wants(side),
 *       push: (side, bytes) => observer.push(side, bytes),
 *       end: (side) => (side === 'client' ? [] : observer.end(side)),
 *     }
 *   },
 * })
 * failures.length > 0 // => true
 * ```
 */
export const checkConversationLaws = async (
  flow: AnyFlow,
  options: ConversationLawOptions = {},
): Promise<ReadonlyArray<LawFailure>> => {
  expectSessions(
    { of: 'checkConversationLaws', forGrammars: 'checkLaws' },
    flow,
    conversationLawOptions,
    options,
  )
  const env = new ConversationEnvironment(flow, options)
  const failures: Array<LawFailure> = []
  for (const law of conversationLaws) {
    const failure = await checkConversationLaw(law, env, options)
    if (failure !== null) {
      failures.push(failure)
    }
  }
  return failures
}
