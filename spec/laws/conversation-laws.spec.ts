import { expect } from 'chai'
import fc from 'fast-check'
import { map, orElse, right, type TaskEither } from 'fp-ts/lib/TaskEither.js'
import {
  type BytesPair,
  type ConversationEvent,
  connectFlow,
  type Observer,
  observe,
  serveFlow,
} from '../../conversation/index.js'
import {
  type ClientSubject,
  type ConversationLawOptions,
  checkConversationLaws,
  describeConversationLaws,
  type ServerSubject,
  type SubjectClient,
  type SubjectHandler,
} from '../../laws/index.js'
import { kitchen } from '../conversation/kitchen.js'
import { flows } from '../interpreters/conversations/sessions.js'
import { flows as randomFlows } from '../support/random-flows.js'

for (const { flow, options } of Object.values(flows)) {
  describeConversationLaws(flow, { ...options, runs: 150 })
}

describe('the laws of conversations', () => {
  it('hold for conversations of random parts', async () => {
    for (const [i, flow] of fc.sample(randomFlows, { seed: 7, numRuns: 40 }).entries()) {
      const protocol = { version: i % 2 === 0 ? '1.0' : '1.1' } as const
      expect(await checkConversationLaws(flow, { protocol, runs: 15, items: 3, seed: i })).to.deep.equal([])
    }
  })

  type Tell = (event: ConversationEvent) => ReadonlyArray<ConversationEvent>

  /** An observer that tells other events. */
  const telling =
    (tell: Tell) =>
    (...given: Parameters<typeof observe>): Observer => {
      const observer = observe(...given)
      return {
        protocol: {},
        wants: (side) => observer.wants(side),
        push: (side, bytes) => observer.push(side, bytes).flatMap(tell),
        end: (side) => observer.end(side).flatMap(tell),
      }
    }

  const failing = async (tell: Tell): Promise<ReadonlyArray<string>> => {
    const failures = await checkConversationLaws(kitchen, { subject: telling(tell), seed: 1, items: 3 })
    return failures.map(({ law }) => law)
  }

  const told = 'what is said is told, word for word, and nothing is wrong with it'
  const broken = 'a rule that is broken is told, with the side and the place'

  it('are not obeyed by an observer that leaves a word out, or says another', async () => {
    expect(
      await failing((event) => (event.kind === 'said' && event.key === 'tea' ? [] : [event])),
    ).to.deep.equal([told])
    expect(
      await failing((event) => [
        event.kind === 'said' && event.key === 'likes' ? { ...event, value: 1 } : event,
      ]),
    ).to.deep.equal([told])
    expect(
      await failing((event) => [event.kind === 'flowed' ? { ...event, start: event.start + 1 } : event]),
    ).to.deep.equal([told])
    expect(
      await failing((event) => [event.kind === 'end' ? { ...event, how: 'done' } : event]),
    ).to.deep.equal([told])
  })

  it('nor by one that finds nothing wrong, or in another place, or on the other side', async () => {
    expect(await failing((event) => (event.kind === 'issue' ? [] : [event]))).to.deep.equal([broken])
    expect(
      await failing((event) => [
        event.kind === 'issue'
          ? { ...event, issue: { ...event.issue, offset: event.issue.offset + 8 } }
          : event,
      ]),
    ).to.deep.equal([broken])
    expect(
      await failing((event) => [
        event.kind === 'issue' ? { ...event, side: event.side === 'client' ? 'server' : 'client' } : event,
      ]),
    ).to.deep.equal([broken])
  })

  it('nor by one that minds where the bytes are cut', async () => {
    const impatient: Parameters<typeof checkConversationLaws>[1] = {
      items: 3,
      seed: 1,
      subject: (...given) => {
        const observer = observe(...given)
        let pushes = 0
        return {
          protocol: {},
          wants: (side) => observer.wants(side),
          push: (side, bytes) => (++pushes > 40 ? [] : observer.push(side, bytes)),
          end: (side) => observer.end(side),
        }
      },
    }
    const [failure] = await checkConversationLaws(kitchen, impatient)
    expect(failure?.law).to.equal('it does not matter how the bytes are cut, and which side comes first')
  })

  const client = 'a client says what was made, word for word, and hears the rest'
  const server = 'a server says what was made, word for word, and hears the rest'

  const failingSides = async (
    options: Pick<ConversationLawOptions, 'client' | 'server'>,
  ): Promise<ReadonlyArray<string>> => {
    const failures = await checkConversationLaws(kitchen, { ...options, seed: 1, items: 3, runs: 40 })
    return failures.map(({ law }) => law)
  }

  /** A connection on which something else is said. */
  const saying = (pair: BytesPair, change: (chunk: Uint8Array) => Uint8Array): BytesPair => ({
    readable: pair.readable,
    writable: {
      getWriter: () => {
        const writer = pair.writable.getWriter()
        return {
          write: (chunk) => writer.write(change(chunk)),
          close: () => writer.close(),
          abort: (reason) => writer.abort(reason),
        }
      },
    },
  })

  const lastByte = (chunk: Uint8Array): Uint8Array => {
    const changed = chunk.slice()
    changed[changed.length - 1]! ^= 1
    return changed
  }
  const short = (chunk: Uint8Array): Uint8Array => chunk.subarray(0, -1)

  /** A client with other methods. */
  const calling =
    (change: (method: Method) => Method): ClientSubject =>
    (...given) =>
      map((connected: SubjectClient) => ({
        protocol: connected.protocol,
        close: () => connected.close(),
        calls: Object.fromEntries(
          Object.entries(connected.calls).map(([name, method]) => [name, change(method as Method)]),
        ),
      }))(connectFlow(...given))

  type Method = (said: { readonly [key: string]: unknown }, hear?: object) => TaskEither<unknown, object>

  it('are not obeyed by a client that says something else, nothing more, or in other frames', async () => {
    for (const change of [lastByte, short]) {
      const changed: ClientSubject = (flow, pair, options) => connectFlow(flow, saying(pair, change), options)
      expect(await failingSides({ client: changed })).to.deep.equal([client])
    }
    const inBytes = calling(
      (method) => (said, hear) =>
        method(
          Object.fromEntries(
            Object.entries(said).map(([key, value]) => [
              key,
              Array.isArray(value)
                ? value.flatMap((chunk: Uint8Array) => [...chunk].map((byte) => Uint8Array.of(byte)))
                : value,
            ]),
          ),
          hear,
        ),
    )
    expect(await failingSides({ client: inBytes })).to.deep.equal([client])
  })

  it('nor by one that hears something else, or takes a refusal for an answer', async () => {
    expect(await failingSides({ client: calling((method) => (said) => method(said, {})) })).to.deep.equal([
      client,
    ])
    const other = calling(
      (method) => (said, hear) =>
        map((heard: object) => ({ ...heard, tea: 'cold', time: 'late' }))(method(said, hear)),
    )
    expect(await failingSides({ client: other })).to.deep.equal([client])
    const glad = calling(
      (method) => (said, hear) => orElse((_: unknown) => right<unknown, object>({}))(method(said, hear)),
    )
    expect(await failingSides({ client: glad })).to.deep.equal([client])
  })

  /** A server with other handlers. */
  const handling =
    (change: (handler: SubjectHandler) => SubjectHandler): ServerSubject =>
    (flow, pair, handlers, options) =>
      serveFlow(
        flow,
        pair,
        Object.fromEntries(Object.entries(handlers).map(([name, handler]) => [name, change(handler)])),
        options,
      )

  it('nor by a server that says something else, nothing more, or leaves out what is told on the way', async () => {
    for (const change of [lastByte, short]) {
      const changed: ServerSubject = (flow, pair, ...rest) => serveFlow(flow, saying(pair, change), ...rest)
      expect(await failingSides({ server: changed })).to.deep.equal([server])
    }
    const mute = handling((handler) => (heard) => handler(heard, {}))
    expect(await failingSides({ server: mute })).to.deep.equal([server])
  })

  it('nor by one that hears something else, or calls nobody', async () => {
    const deaf = handling(
      (handler) => (heard, say) => handler({ ...heard, order: { leaf: 'x', cups: 0 } }, say),
    )
    expect(await failingSides({ server: deaf })).to.deep.equal([server])
    const lazy: ServerSubject = (flow, pair, _, options) => serveFlow(flow, pair, {}, options)
    expect(await failingSides({ server: lazy })).to.deep.equal([server])
  })
})
