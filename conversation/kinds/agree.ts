import type { Either } from 'fp-ts/lib/Either.js'
import { expectFunction, expectGrammar, expectObject } from '../../combinators/expect.js'
import type { AnyGrammar, TypeOf } from '../../combinators/node.js'
import type { Agreed } from '../../combinators/protocol.js'
import { expectName, expectSide } from '../expect.js'
import { type Flow, flowOf } from '../flow.js'
import type { Side } from '../node.js'
import type { None } from '../said.js'

/** The grammar in which it was said; of bytes that flowed their `size`. */
type Witness = { readonly [key: string]: AnyGrammar | 'size' }

type Witnessed<G> = G extends AnyGrammar ? TypeOf<G> : number

/**
 * Both sides compute the same from what was said: the version, the features. `from` names what `compute` is given, with
 * the grammars in which it was said, or with `'size'` for bytes that flowed: how many. Left says why one side goes no
 * further; `blames` is the side whose words are to blame then. An empty object changes nothing: a check over several
 * messages.
 *
 * ```ts
 * import { either as E } from 'fp-ts'
 * import { struct, u8, versionFromBits } from 'nix-wire/combinators'
 * import { agree, says, sequence } from 'nix-wire/conversation'
 *
 * const Hello = struct('Hello', { newest: u8 })
 * sequence(
 *   says('client', 'hello', Hello),
 *   says('server', 'welcome', Hello),
 *   agree('version', { hello: Hello, welcome: Hello }, 'server', ({ hello, welcome }) =>
 *     welcome.newest === 0
 *       ? E.left('the kitchen is closed')
 *       : E.right({ version: versionFromBits(256 + Math.min(hello.newest, welcome.newest)) }),
 *   ),
 * )
 * ```
 *
 * `compute` must be pure: a client, a server and a decoder of sessions each ask it.
 *
 * @throws TypeError for a key that was said in another grammar.
 */
export const agree = <const W extends Witness>(
  name: string,
  from: W,
  blames: Side,
  compute: (said: { readonly [K in keyof W]: Witnessed<W[K]> }) => Either<string, Partial<Agreed>>,
): Flow<None, None, None, None> => {
  expectName('the name of agree', name)
  expectObject(`what the agreement on ${name} is made from`, from)
  expectSide(`the side that the agreement on ${name} blames`, blames)
  expectFunction(`compute of the agreement on ${name}`, compute)
  return flowOf({
    _tag: 'agree',
    name,
    from: Object.entries(from).map(([key, grammar]) => {
      if (grammar !== 'size') {
        expectGrammar(`${key} of the agreement on ${name}`, grammar)
      }
      return { key, grammar }
    }),
    blames,
    compute,
  })
}
