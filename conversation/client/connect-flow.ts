import { type Either, left, right } from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { expectObject } from '../../combinators/expect.js'
import { showGate } from '../../combinators/gate.js'
import { checkOptions } from '../../combinators/options.js'
import type { Protocol } from '../../combinators/protocol.js'
import { expectProtocol } from '../checks/protocol.js'
import { expectWhole } from '../checks/whole.js'
import { flowNode } from '../expect.js'
import type { AnyFlow } from '../flow.js'
import { expectGiven } from '../line/given.js'
import { type Interruption, unsayable } from '../line/interruption.js'
import { shapeOf, turnsIn } from '../line/shape.js'
import { timeOf } from '../line/stillness.js'
import { type BytesPair, expectPair } from '../line/streams.js'
import { isOffered, showAgreed } from '../machine/offered.js'
import type { ClientWords, FailureOf, FlowCallOptions, HeardFrom, MethodsOf, WithWords } from '../methods.js'
import type { Case, FlowNode } from '../node.js'
import { Call, type CallGiven } from './call.js'
import type { Connection } from './connection.js'
import type { Menu } from './floor.js'
import { openConnection } from './open-connection.js'
import { type ConnectFlowOptions, callChecks, connectChecks } from './options.js'

/** A client of a conversation on one connection. */
export interface Connected<X extends AnyFlow> {
  /** The protocol that both sides have agreed on. */
  readonly protocol: Partial<Protocol>
  /** The server's messages before the turns, by key. */
  readonly heard: HeardFrom<X>
  /** One method for each case of the turns. */
  readonly calls: MethodsOf<X, Interruption>
  /** Resolves with the reason when the connection is over. */
  readonly closed: Promise<Interruption>
  /** Ends the conversation and the calls in flight; resolves when the connection is over. */
  close(): Promise<void>
}

/**
 * The client of a conversation, over any pair of Web Streams. The client's messages before the turns are given as
 * `says`; then each call of a method is a turn.
 *
 * ```ts
 * import { either as E } from 'fp-ts'
 * import { tagged, u8, utf8 } from 'nix-wire/combinators'
 * import { again, branch, connectFlow, conversation, loop, nothing, says, sequence, serveFlow, turns } from 'nix-wire/conversation'
 *
 * const Note = tagged('is', u8, { Remark: [0, { text: utf8 }], Done: [1, {}], Burnt: [2, { why: utf8 }] })
 * const notes = loop(
 *   'notes',
 *   sequence(
 *     says('server', 'note', Note),
 *     branch('note.is', { Remark: again('notes'), Done: nothing, Burnt: again('orders') }),
 *   ),
 *   { speech: { key: 'note', done: { is: 'Done' }, failed: 'Burnt' } },
 * )
 * const kitchen = conversation(
 *   'kitchen',
 *   turns('orders', says('client', 'want', u8), {
 *     Tea: [1, sequence(says('client', 'leaf', utf8), notes, says('server', 'tea', utf8))],
 *   }),
 * )
 *
 * const [up, down] = [new TransformStream<Uint8Array>(), new TransformStream<Uint8Array>()]
 * const served = serveFlow(kitchen, { readable: up.readable, writable: down.writable }, {
 *   Tea: async ({ leaf }, { note }) => {
 *     await note({ is: 'Remark', text: 'water' })
 *     return leaf === 'assam' ? E.right({ tea: 'a cup of assam' }) : E.left({ is: 'Burnt', why: `no ${leaf}` })
 *   },
 * })
 *
 * const connected = await connectFlow(kitchen, { readable: down.readable, writable: up.writable })()
 * if (E.isRight(connected)) {
 *   const { calls, close } = connected.right
 *   const told: Array<string> = []
 *   const hear = { note: (note: { is: string }) => void told.push(note.is) }
 *   await calls.Tea({ leaf: 'assam' }, hear)() // => { _tag: 'Right', right: { tea: 'a cup of assam' } }
 *   await calls.Tea({ leaf: 'oolong' })() // => { _tag: 'Left', left: { is: 'Burnt', why: 'no oolong' } }
 *   told // => ['Remark', 'Done']
 *   await close()
 * }
 * await served // => { _tag: 'Right', right: undefined }
 * ```
 *
 * The last argument has the {@link ConnectFlowOptions}, such as `protocol`, and the {@link ClientWords} as `says`, which
 * is needed if the client has messages outside the turns.
 *
 * A call is a `TaskEither` and never throws. Its Left is either a failure that the flow provides for, after which the
 * connection goes on, or an {@link Interruption}: an issue, or the departure of the other side. A value that cannot
 * be encoded sends nothing, and the connection goes on; any other interruption ends the connection, and later calls
 * fail immediately with its reason.
 *
 * Concurrent calls are pipelined as far as the flow allows: a call is sent when the one before it has nothing more to
 * send, and the answers come in the order of the calls. At most `most` calls are in flight.
 *
 * An upload is given as an iterable of chunks. If its source fails the connection ends, so that the other side cannot
 * mistake a part for the whole. A download is read while it arrives: the call resolves with its first bytes, and
 * messages after the download are in the result once it has been read. An unread download keeps later calls waiting;
 * leaving a loop over it discards the rest. Reading throws a {@link ConversationError} if the download breaks off.
 *
 * It runs on every platform with Web Streams.
 *
 * @throws TypeError for an incomplete flow, for one with more than one `turns`, and for one that depends on a part of
 * the protocol which is neither given (option `protocol`) nor agreed on; also if `says` lacks a message that is certainly
 * sent before the turns. TypeError or RangeError for invalid options.
 */
export const connectFlow = <X extends AnyFlow>(
  flow: X,
  pair: BytesPair,
  ...given: WithWords<ClientWords<X>, ConnectFlowOptions>
): TaskEither<FailureOf<X> | Interruption, Connected<X>> => {
  const node = flowNode('what connectFlow follows', flow, 'compile')
  expectWhole(node)
  expectOneMenu(node)
  expectPair('what connectFlow speaks over', pair)
  const [options = {}]: readonly [(ConnectFlowOptions & { readonly says?: object })?] = given
  checkOptions('connectFlow', connectChecks, options)
  expectProtocol('connectFlow', node, options.protocol ?? {})
  const { says = {} } = options
  expectGiven('connectFlow', says, node, 'client')
  return () => begin<X>(node, pair, says as { readonly [key: string]: unknown }, options)
}

const expectOneMenu = (node: FlowNode): void => {
  const all = turnsIn(node)
  if (all.length > 1) {
    const names = all.map(({ loop }) => loop.name).join(', ')
    throw new TypeError(
      `connectFlow makes the methods of one turns only, but this flow has several: ${names}`,
    )
  }
}

const begin = async <X extends AnyFlow>(
  node: FlowNode,
  pair: BytesPair,
  says: { readonly [key: string]: unknown },
  options: ConnectFlowOptions,
): Promise<Either<FailureOf<X> | Interruption, Connected<X>>> => {
  const { connection, end } = await openConnection(node, pair, says, options)
  const { line } = connection
  if (end !== null && end._tag !== 'over') {
    return left((end._tag === 'left' ? end.value : end.by) as FailureOf<X> | Interruption)
  }
  const { menu } = connection.opening
  const connected: unknown = {
    protocol: line.plans.protocol,
    heard: connection.opening.heard,
    calls: menu === null ? {} : methodsOf(connection, menu),
    closed: line.closed,
    close: () => connection.close(),
  }
  // The methods and their types come from the same flow.
  return right(connected as Connected<X>)
}

type Method = (...given: ReadonlyArray<unknown>) => TaskEither<unknown, unknown>

const methodsOf = (connection: Connection, { branch }: Menu): { readonly [name: string]: Method } =>
  Object.fromEntries(
    [...branch.cases.values()].map((chosen) => [chosen.name, methodOf(connection, chosen)] as const),
  )

const methodOf = (connection: Connection, chosen: Case): Method => {
  const { name, gate, flow } = chosen
  const tells = shapeOf(flow).told.length > 0
  return (...given) => {
    const [said = {}, second, third] = given
    const hear = tells ? (second ?? {}) : {}
    const options = ((tells ? third : second) ?? {}) as FlowCallOptions
    expectObject(`the messages of ${name}`, said)
    expectObject(`the listeners of ${name}`, hear)
    checkOptions(name, callChecks, options)
    const timeout = timeOf('timeout', options.timeout ?? connection.options.timeout ?? 0)
    const call = (settled: CallGiven['settled']): void => {
      const { protocol } = connection.line.plans
      if (gate !== null && !isOffered(gate, protocol)) {
        const lacking = unsayable(name, `${showGate(gate)}, which ${name} needs`, showAgreed(gate, protocol))
        settled(left({ ...lacking, path: [] }))
        return
      }
      const made = connection.call(chosen, {
        said: said as CallGiven['said'],
        hear: hear as CallGiven['hear'],
        signal: options.signal,
        timeout,
        settled,
      })
      if (!(made instanceof Call)) {
        settled(left(made))
      }
    }
    return () => new Promise(call)
  }
}
