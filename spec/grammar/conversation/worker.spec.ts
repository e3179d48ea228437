import { expect } from 'chai'
import { isSome, type Option } from 'fp-ts/lib/Option.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import {
  type BytesIn,
  type ConversationEvent,
  type MethodsOf,
  observe,
  type SaidEvent,
} from '../../../conversation/index.js'
import { type AnyOperation, One, operation, operations, workerOf } from '../../../grammar/index.js'
import { decodeSession, type OperationEvent } from '../../../session/index.js'
import { narDelimiter } from '../../../stream/index.js'
import { recordedSessions, sessionBytes } from '../../support/sessions.js'
import { describeWithShared } from '../../support/shared.js'

interface Streams {
  readonly client: Uint8Array
  readonly server: Uint8Array
}

const worker = workerOf(operations, { archive: narDelimiter })

/** The store directory is not sent; the decoder of sessions finds it. */
const storeDirOf = ({ client, server }: Streams): string | undefined =>
  decodeSession(client, server).findLast((event) => event.kind === 'operation')?.protocol.storeDir

const observing = (streams: Streams) => {
  const storeDir = storeDirOf(streams)
  return observe(worker, storeDir === undefined ? {} : { protocol: { storeDir } })
}

const all = (streams: Streams): ReadonlyArray<ConversationEvent> => {
  const observer = observing(streams)
  return [
    ...observer.push('client', streams.client),
    ...observer.push('server', streams.server),
    ...observer.end('client'),
    ...observer.end('server'),
  ]
}

/** In which order the words of both sides come is not told where they are said at once. */
const bySide = (events: ReadonlyArray<ConversationEvent>) => ({
  client: events.filter((event) => 'side' in event && event.side === 'client'),
  server: events.filter((event) => 'side' in event && event.side === 'server'),
  rest: events.filter((event) => !('side' in event)),
})

const words = (events: ReadonlyArray<ConversationEvent>, key: string): ReadonlyArray<SaidEvent> =>
  events.filter((event) => event.kind === 'said').filter((event) => event.key === key)

const values = (events: ReadonlyArray<ConversationEvent>, key: string): ReadonlyArray<unknown> =>
  words(events, key).map(({ value }) => value)

/** Of what flows for an operation. */
const sizes = (events: ReadonlyArray<ConversationEvent>): ReadonlyArray<number> =>
  events
    .filter((event) => event.kind === 'flowed')
    .flatMap(({ key, size }) => (key === 'upload' || key === 'download' ? [size] : []))

const given = (value: Option<unknown>): unknown => (isSome(value) ? value.value : 'none')

const operationsIn = ({ client, server }: Streams): ReadonlyArray<OperationEvent> =>
  decodeSession(client, server).filter((event) => event.kind === 'operation')

describeWithShared('the conversation with a daemon, in recorded sessions:', () => {
  const sessions = recordedSessions()

  it('each operation and each message is reported, and nothing else', () => {
    expect(sessions).to.have.length.above(70)
    for (const { name, version, operations: ids, messages } of sessions) {
      const events = all(sessionBytes(name))
      if (version === null) {
        continue
      }
      expect(
        words(events, 'operation').map(({ value }) => value),
        name,
      ).to.deep.equal(ids.map(({ id }) => id))
      const failed = events.filter(
        (event) => event.kind === 'turn' && event.is === 'over' && event.how !== 'done',
      )
      expect(failed.length, name).to.be.at.least(ids.filter((each) => each.failed).length)
      const logs = words(events, 'log').map(({ value }) => (value as { readonly _tag: string })._tag)
      expect(logs.filter((tag) => tag === 'Last').length, name).to.equal(messages.LAST ?? 0)
      expect(logs.filter((tag) => tag === 'Next').length, name).to.equal(messages.NEXT ?? 0)
    }
  })

  it('requests, replies and the sizes of streams are the same as in the session decoder', () => {
    let compared = 0
    for (const { name } of sessions) {
      const streams = sessionBytes(name)
      const events = all(streams)
      if (events.some((event) => event.kind === 'issue')) {
        continue
      }
      const decoded = operationsIn(streams)
      const replied = decoded.filter(({ reply, operation }) => isSome(reply) && isSome(operation))
      expect(values(events, 'request'), name).to.deep.equal(decoded.map(({ request }) => given(request)))
      expect(values(events, 'reply'), name).to.deep.equal(
        replied.map(({ reply, operation }) =>
          isSome(operation) && operation.value.reply === One ? undefined : given(reply),
        ),
      )
      expect(sizes(events), name).to.deep.equal(
        decoded.flatMap(({ stream }) => (isSome(stream) ? [stream.value.size] : [])),
      )
      compared += decoded.length
    }
    expect(compared).to.be.above(250)
  })

  it('the events are the same however the bytes are cut', () => {
    for (const { name, clientBytes, serverBytes } of sessions) {
      if (clientBytes + serverBytes > 3000) {
        continue
      }
      const { client, server } = sessionBytes(name)
      const expected = bySide(all({ client, server }))
      const observer = observing({ client, server })
      const events: Array<ConversationEvent> = []
      for (const byte of server) {
        events.push(...observer.push('server', Uint8Array.of(byte)))
      }
      for (const byte of client) {
        events.push(...observer.push('client', Uint8Array.of(byte)))
      }
      events.push(...observer.end('server'), ...observer.end('client'))
      expect(bySide(events), name).to.deep.equal(expected)
    }
  })
})

describe('the conversation with a daemon:', () => {
  it('has a method for each operation, with its request, its reply and its error', () => {
    type Methods = MethodsOf<typeof worker>
    type Result<N extends keyof Methods> = Methods[N] extends (
      ...given: never
    ) => TaskEither<infer E, infer A>
      ? [E, A]
      : never
    const valid: Result<'IsValidPath'>[1] = { reply: true }
    const bytes = (result: Result<'NarFromPath'>[1]): BytesIn => result.download
    const failure = (result: Result<'IsValidPath'>[0]): string => result.error.msg
    const ask = (methods: Methods) =>
      methods.QueryValidPaths({ request: { paths: [], substitute: false } }, { log: () => undefined })
    // @ts-expect-error: an upload is missing
    const short = (methods: Methods) => methods.AddBuildLog({ request: { drvPath: 'x' } })
    expect([valid, bytes, failure, ask, short]).to.have.length(5)
  })

  it('has an id for each operation', () => {
    const { IsValidPath, QueryPathInfo } = operations
    const twice = { IsValidPath, Again: operation({ ...QueryPathInfo, id: IsValidPath.id }) }
    expect(() => workerOf(twice, { archive: narDelimiter })).to.throw('belongs to another case')
  })

  it('prints the special properties of an operation in the table', () => {
    const table: ReadonlyArray<AnyOperation> = Object.values(operations)
    const named = (is: (each: AnyOperation) => boolean) => table.filter(is).map(({ name }) => name)
    expect(named(({ streams }) => streams.some(({ unread }) => unread))).to.deep.equal(['AddBuildLog'])
    expect(named(({ errorMeans }) => errorMeans !== null)).to.deep.equal(['QueryPathInfo'])
    expect(named(({ unreadSince }) => unreadSince !== null)).to.deep.equal([
      'RegisterDrvOutput',
      'QueryRealisation',
    ])
    expect(named(({ connection }) => connection === 'each')).to.deep.equal(['SetOptions'])
    expect(new Set(named(({ connection }) => connection === 'own'))).to.deep.equal(
      new Set([
        'BuildPaths',
        'EnsurePath',
        'CollectGarbage',
        'OptimiseStore',
        'VerifyStore',
        'BuildDerivation',
        'BuildPathsWithResults',
      ]),
    )
  })
})
