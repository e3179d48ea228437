import type { Either } from 'fp-ts/lib/Either.js'
import { expectFunction, expectNames, expectObject } from '../../combinators/expect.js'
import { checkOptions } from '../../combinators/options.js'
import { expectProtocol } from '../checks/protocol.js'
import { expectWhole } from '../checks/whole.js'
import { flowNode } from '../expect.js'
import type { AnyFlow } from '../flow.js'
import { expectGiven } from '../line/given.js'
import type { Interruption } from '../line/interruption.js'
import { turnsIn } from '../line/shape.js'
import { type BytesPair, expectPair } from '../line/streams.js'
import type { HandlersOf, ServerWords, ToldFailure, WithWords } from '../methods.js'
import type { FlowNode } from '../node.js'
import { converse } from './converse.js'
import type { AnyHandler } from './handling.js'
import { expectHeardFirst, isHeardFirst } from './heard-first.js'
import { type ServeFlowOptions, serveChecks } from './options.js'

/**
 * The server of a conversation on one connection, over any pair of Web Streams. The server's messages before the
 * turns are given as `says`; each turn is answered by the handler of its case. A handler is called with the client's
 * messages of the turn, as soon as these are complete or an upload begins. It returns the server's messages, or a
 * failure that the flow provides for. Its second argument has functions that send repeated messages meanwhile, and
 * resolve when they are sent.
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
 * The last argument has the {@link ServeFlowOptions}, such as `protocol`, and the {@link ServerWords} as `says`, which
 * is needed if the server has messages outside the turns.
 *
 * The rest of an upload that a handler does not read is read and discarded. A failure is sent immediately, and the
 * rest of the upload is read after it. If a handler throws, the option `failure` gives the failure to send; without that
 * the connection is over, and the result is an issue `HandlerFailed`. If the
 * client's bytes are invalid, or the flow has no message for a failure, the server sends what the option `departs`
 * gives, if the flow provides for that ({@link unless}), and closes. Before it closes after such a last message, it
 * reads and discards what the client still sends, for at most 5 seconds and 64 MiB, so that the client gets to read
 * that message.
 *
 * Resolves when the connection is over: with Right if the client left between two turns, else with the reason.
 *
 * @throws TypeError for an incomplete flow, for one in which the client sends something after a handler's first
 * message, and for one that depends on a part of the protocol which is neither given (option `protocol`) nor agreed on;
 * also for a case without a handler, unless it has a gate, or one of the options `failure` and `departs` is given, and
 * if `says` lacks a message that is certainly sent before the turns.
 * TypeError or RangeError for invalid options.
 */
export const serveFlow = <X extends AnyFlow>(
  flow: X,
  pair: BytesPair,
  handlers: HandlersOf<X>,
  ...given: WithWords<ServerWords<X>, ServeFlowOptions<ToldFailure<X>>>
): Promise<Either<Interruption, void>> => {
  const node = flowNode('what serveFlow follows', flow, 'compile')
  expectWhole(node)
  expectPair('what serveFlow speaks over', pair)
  const [options = {}]: readonly [(ServeFlowOptions & { readonly says?: object })?] = given
  checkOptions('serveFlow', serveChecks, options)
  expectHandlers(node, handlers, options)
  expectProtocol('serveFlow', node, options.protocol ?? {})
  const { says = {} } = options
  expectGiven('serveFlow', says, node, 'server')
  return converse(
    node,
    pair,
    handlers as { readonly [name: string]: AnyHandler },
    says as { readonly [key: string]: unknown },
    options,
  )
}

const expectHandlers = (node: FlowNode, handlers: object, { failure, departs }: ServeFlowOptions): void => {
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
  const isSaid = failure !== undefined || departs !== undefined
  for (const { name, gate, flow } of cases) {
    if (!(isSaid || gate !== null || hasHandler(handlers, name)) && isHeardFirst(name, flow)) {
      throw new TypeError(
        `serveFlow has no handler of ${name}: give one, or the option failure, which says what the client is told`,
      )
    }
  }
}

const hasHandler = (handlers: object, name: string): boolean =>
  Object.hasOwn(handlers, name) && (handlers as { readonly [name: string]: unknown })[name] !== undefined
