import type { Either } from 'fp-ts/lib/Either.js'
import { expectFunction, expectNames, expectObject } from '../../combinators/expect.js'
import { checkOptions } from '../../combinators/options.js'
import { expectWhole } from '../checks/whole.js'
import { flowNode } from '../expect.js'
import type { AnyFlow } from '../flow.js'
import type { Interruption } from '../line/interruption.js'
import { turnsIn } from '../line/shape.js'
import { type BytesPair, expectPair } from '../line/streams.js'
import type { HandlersOf, ServerWords, WithWords } from '../methods.js'
import type { FlowNode } from '../node.js'
import { converse } from './converse.js'
import type { AnyHandler } from './handling.js'
import { expectHeardFirst } from './heard-first.js'
import { type ServeFlowOptions, serveChecks } from './options.js'

/**
 * Speaks for the server of a conversation on one connection: what it says before the turns is given as `says`, and each
 * turn is answered by the handler of its case. A handler is called with all that the client says in the turn when its first
 * word is due, or bytes begin to flow in. It gives what the server says, or the failure as the flow has it; `say` tells
 * something on the way, and resolves when it has been said.
 *
 * ```ts
 * import { either as E } from 'fp-ts'
 * import { size, u8, utf8 } from 'nix-wire/combinators'
 * import { blob, connectFlow, conversation, inFrames, says, sequence, serveFlow, turns } from 'nix-wire/conversation'
 *
 * const kitchen = conversation(
 *   'kitchen',
 *   turns('orders', says('client', 'want', u8), {
 *     Photo: [1, sequence(inFrames('client', 'photo', size, blob('client', 'pixels')), says('server', 'likes', u8))],
 *   }),
 * )
 *
 * const [up, down] = [new TransformStream<Uint8Array>(), new TransformStream<Uint8Array>()]
 * const served = serveFlow(kitchen, { readable: up.readable, writable: down.writable }, {
 *   Photo: async ({ photo }) => {
 *     let likes = 0
 *     for await (const chunk of photo) {
 *       likes += chunk.length
 *     }
 *     return E.right({ likes })
 *   },
 * })
 * const connected = await connectFlow(kitchen, { readable: down.readable, writable: up.writable })()
 * if (E.isRight(connected)) {
 *   const { calls, close } = connected.right
 *   await calls.Photo({ photo: [new Uint8Array(3), new Uint8Array(4)] })() // => { _tag: 'Right', right: { likes: 7 } }
 *   await close()
 * }
 * await served // => { _tag: 'Right', right: undefined }
 * ```
 *
 * What a handler leaves of bytes that flow in is read and thrown away. A failure is said at once, and the rest is read
 * behind it. Where a handler throws, `failure` says what is told; where the client's words cannot be read, or there are no words
 * for a failure, the server says what `departs` gives, if the flow has words for that ({@link unless}), and closes. Then, and
 * where the flow ends by its words, it passes over what the client still says, for 5 seconds and 64 MiB at most, so that the
 * client can read them; else it closes at once.
 *
 * Resolves when the connection is over: right where the client left between two turns, else what was wrong.
 *
 * @throws TypeError for a flow that is not whole, or in which the client has words behind the first of a handler; TypeError
 * or RangeError for options that cannot work.
 */
export const serveFlow = <X extends AnyFlow>(
  flow: X,
  pair: BytesPair,
  handlers: HandlersOf<X>,
  ...[given]: WithWords<ServerWords<X>, ServeFlowOptions>
): Promise<Either<Interruption, void>> => {
  const node = flowNode('what is spoken', flow)
  expectWhole(node)
  expectPair('what serveFlow speaks over', pair)
  const options: ServeFlowOptions & { readonly says?: object } = given ?? {}
  checkOptions('serveFlow', serveChecks, options)
  expectHandlers(node, handlers)
  const { says = {} } = options
  expectObject('says of serveFlow', says)
  return converse(
    node,
    pair,
    handlers as { readonly [name: string]: AnyHandler },
    says as { readonly [key: string]: unknown },
    options,
  )
}

const expectHandlers = (node: FlowNode, handlers: object): void => {
  const cases = turnsIn(node).flatMap(({ branch }) => [...branch.cases.values()])
  expectObject('the handlers of serveFlow', handlers)
  expectNames(
    'the handlers of serveFlow',
    handlers,
    'case',
    cases.map(({ name }) => name),
  )
  for (const [name, handler] of Object.entries(handlers)) {
    if (handler !== undefined) {
      expectFunction(`the handler of ${name}`, handler)
      for (const { flow } of cases.filter((each) => each.name === name)) {
        expectHeardFirst(name, flow)
      }
    }
  }
}
