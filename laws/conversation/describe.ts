import { checkOptions } from '../../combinators/options.js'
import { flowNode } from '../../conversation/expect.js'
import type { AnyFlow } from '../../conversation/index.js'
import { describeTests, explained } from '../describe.js'
import { checkConversationLaw } from './check.js'
import { ConversationEnvironment, conversationLaws } from './laws.js'
import { type ConversationLawOptions, conversationLawOptions } from './options.js'

/**
 * A suite of tests (mocha's `describe` and `it`, or any that are called so) that holds a conversation, and what observes
 * it, to what every conversation obeys. One test for each law, over sessions that {@link toSessions} and
 * {@link toBrokenSessions} make up:
 *
 * - an observer tells all that is said, with values, places and turns, and finds nothing wrong;
 * - its events do not depend on how bytes are cut, or on which side comes first;
 * - in a session with one rule broken it tells of that, with the side, the byte and the word;
 * - a client that is given the words of its side says them with the bytes that were made, and hears what the server says;
 *   a server that is given its words does the same;
 * - each word is in the printed table.
 *
 * ```ts
 * import { describeConversationLaws } from 'nix-wire/laws'
 * import { u8, utf8 } from 'nix-wire/combinators'
 * import { conversation, says, turns } from 'nix-wire/conversation'
 *
 * const kitchen = conversation('kitchen', turns('orders', says('client', 'order', u8), { Clock: [1, says('server', 'time', utf8)] }))
 * // In a test file.
 * const suite = () => describeConversationLaws(kitchen, { runs: 200 })
 * ```
 *
 * A session is passed over where a driver chooses by itself, and what was made is not what it chooses: how much a server
 * asks for at once, the fields around a piece, when a side breaks off.
 *
 * @throws TypeError where there is no `describe` and `it`; there {@link checkConversationLaws} does the same.
 */
export const describeConversationLaws = (flow: AnyFlow, options: ConversationLawOptions = {}): void => {
  checkOptions<ConversationLawOptions>('describeConversationLaws', conversationLawOptions, options)
  const title = `the laws of ${flowNode('what is held to laws', flow).part ?? 'a conversation'}`
  describeTests('describeConversationLaws', 'checkConversationLaws', title, () => {
    const env = new ConversationEnvironment(flow, options)
    return conversationLaws.map((law) => ({
      name: law.name,
      run: async () => {
        const failure = await checkConversationLaw(law, env, options)
        if (failure !== null) {
          throw new Error(explained(failure))
        }
      },
    }))
  })
}
