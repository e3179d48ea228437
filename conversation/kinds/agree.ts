import { type Either, isRight } from 'fp-ts/lib/Either.js'
import {
  expectFunction,
  expectGrammar,
  expectName,
  expectNoOptions,
  expectObject,
} from '../../combinators/expect.js'
import { inUse, isAnswer, mistake } from '../../combinators/mistake.js'
import type { AnyGrammar, TypeOf } from '../../combinators/node.js'
import { type Agreed, protocol } from '../../combinators/protocol.js'
import { show } from '../../combinators/show.js'
import { expectSide } from '../expect.js'
import { type Flow, flowOf } from '../flow.js'
import type { Side } from '../node.js'
import type { None } from '../said.js'

/** The grammar of a message; for streamed bytes, that of their `size`. */
type Witness = { readonly [key: string]: AnyGrammar | 'size' }

type Witnessed<G> = G extends AnyGrammar ? TypeOf<G> : number

/**
 * Both sides compute the same part of the protocol from earlier messages, such as the version or the features. `from`
 * names these messages by their keys, each with its grammar, or with `'size'` for the size of raw bytes.
 *
 * If the conversation cannot go on, a Left of `compute` says what is expected instead, as in "expected a kitchen that is
 * open"; `blames` is the side whose message is at fault. An empty object changes nothing, which makes the function a
 * check over several messages.
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
 *       ? E.left('a kitchen that is open')
 *       : E.right({ version: versionFromBits(256 + Math.min(hello.newest, welcome.newest)) }),
 *   ),
 * )
 * ```
 *
 * `compute` must be pure: the client, the server and an observer each call it.
 *
 * @throws TypeError if the message of a key has another grammar.
 */
export const agree: <const W extends Witness>(
  name: string,
  from: W,
  blames: Side,
  compute: (said: { readonly [K in keyof W]: Witnessed<W[K]> }) => Either<string, Partial<Agreed>>,
) => Flow<None, None, None, None> = (name, from, blames, compute, ...more: ReadonlyArray<unknown>) => {
  expectNoOptions('agree', more)
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
    compute: agreeing(`compute of the agreement on ${name}`, compute),
  })
}

/** The same function, which throws if the result is neither parts of a protocol nor a reason against it. */
const agreeing =
  <A>(what: string, compute: (said: A) => Either<string, Partial<Agreed>>): typeof compute =>
  (said) => {
    const made = compute(said)
    if (!isAnswer(made)) {
      throw mistake(`${what} must return right({ version }) or left('what was expected'), not ${show(made)}`)
    }
    if (isRight(made)) {
      inUse(what, () => expectAgreed(made.right))
    }
    return made
  }

/** @throws TypeError or RangeError for anything but parts of a protocol. */
const expectAgreed = (value: unknown): void => {
  expectObject('what it returns', value)
  protocol(value as Partial<Agreed>)
}
