import { expect } from 'chai'
import { isLeft, right } from 'fp-ts/lib/Either.js'
import { showIssue, since, u8 } from '../../combinators/index.js'
import {
  type AnyFlow,
  type BytesPair,
  branch,
  connectFlow,
  conversation,
  ends,
  type HandlersOf,
  nothing,
  says,
  sequence,
  serveFlow,
  turns,
  unless,
} from '../../conversation/index.js'
import { isIssue } from '../../conversation/line/interruption.js'

const submit = sequence(says('client', 'ticket', u8), says('server', 'number', u8))
const tickets = conversation(
  'tickets',
  turns('orders', says('client', 'order', u8), { Submit: [1, submit], Retry: [2, submit, since('1.2')] }),
)
const protocol = { version: '1.1' } as const

const wires = (): Readonly<Record<'client' | 'server', BytesPair>> => {
  const [up, down] = [
    new TransformStream<Uint8Array, Uint8Array>(),
    new TransformStream<Uint8Array, Uint8Array>(),
  ]
  return {
    client: { readable: down.readable, writable: up.writable },
    server: { readable: up.readable, writable: down.writable },
  }
}

/** What both sides are told of a turn whose handler does this. */
const told = async (Submit: NonNullable<HandlersOf<typeof tickets>['Submit']>) => {
  const { client, server } = wires()
  const served = serveFlow(tickets, server, { Submit }, { protocol })
  const connected = await connectFlow(tickets, client, { protocol })()
  if (isLeft(connected)) {
    throw new Error('not connected')
  }
  const answer = await connected.right.calls.Submit({ ticket: 7 })()
  await connected.right.close()
  return [answer, await served].map((each) =>
    isLeft(each) && isIssue(each.left) ? showIssue(each.left) : each,
  )
}

const closed =
  'UnexpectedEnd at byte 0, number, in u8: expected 8 bytes, got 0 bytes: the server closed the connection'

describe('a handler', () => {
  it('that throws is told as what it is, on both sides', async () => {
    const failed =
      'HandlerFailed at byte 0, Submit, in Submit: expected an answer of the handler, got an error: no database'
    const thrown = new Error('no database')
    expect(await told(() => Promise.reject(thrown))).to.deep.equal([closed, failed])
    expect(
      await told(() => {
        throw thrown
      }),
    ).to.deep.equal([closed, failed])
  })

  it('that returns no Either is told so, with its name', async () => {
    const returned: ReadonlyArray<readonly [answer: unknown, said: string]> = [
      [undefined, 'must return right({ … }) or left(failure), not undefined'],
      [null, 'must return right({ … }) or left(failure), not null'],
      [{ number: 7 }, 'must return right({ … }) or left(failure), not an object'],
      [7, 'must return right({ … }) or left(failure), not 7'],
    ]
    for (const [answer, said] of returned) {
      for (const each of [answer, Promise.resolve(answer)]) {
        const [, served] = await told(() => each as never)
        expect(served).to.contain(`an error: the handler of Submit ${said}`)
      }
    }
    const [, served] = await told(() => right(7) as never)
    expect(served).to.contain('the answer of the handler of Submit must be an object, not a number')
  })

  it('that is missing is a mistake at once', () => {
    const serve = (options: object = {}) => serveFlow(tickets, wires().server, {}, { protocol, ...options })
    expect(() => serve()).to.throw(
      TypeError,
      'serveFlow has no handler of Submit: give one, or the option failure',
    )
  })

  it('may be missing if the client is told so, or if the case is not always offered', async () => {
    const { client, server } = wires()
    const served = serveFlow(tickets, server, {}, { protocol, failure: () => undefined })
    const connected = await connectFlow(tickets, client, { protocol })()
    const answer = isLeft(connected) ? connected : await connected.right.calls.Submit({ ticket: 7 })()
    expect(answer).to.have.nested.property('left._tag', 'UnexpectedEnd')
    expect(await served).to.have.nested.property('left._tag', 'HandlerFailed')
  })
})

describe('a message that a side says', () => {
  const greeting = conversation(
    'greeting',
    sequence(
      says('client', 'hello', u8),
      says('server', 'welcome', u8),
      turns('orders', says('client', 'order', u8), { Ping: [1, says('server', 'pong', u8)] }),
    ),
  )
  const handlers: HandlersOf<typeof greeting> = { Ping: () => right({ pong: 1 }) }
  const { client, server } = wires()

  it('is refused at once if the side never sends it', () => {
    expect(() => connectFlow(greeting, client, { says: { helo: 1 } } as never)).to.throw(
      TypeError,
      'the messages that connectFlow says have no message "helo" (the messages are hello)',
    )
    expect(() => serveFlow(greeting, server, handlers, { says: { hello: 1 } } as never)).to.throw(
      TypeError,
      'the messages that serveFlow says have no message "hello" (the messages are welcome)',
    )
  })

  it('is required at once if no decision or departure comes before it', () => {
    expect(() => connectFlow(greeting, client, {} as never)).to.throw(
      TypeError,
      'connectFlow has no message hello, which the client says: pass { says: { hello: … } }',
    )
    expect(() => (serveFlow as (...given: Array<unknown>) => unknown)(greeting, server, handlers)).to.throw(
      TypeError,
      'serveFlow has no message welcome, which the server says: pass { says: { welcome: … } }',
    )
    const from = says('server', 'from', u8)
    const leaf = says('client', 'leaf', u8)
    const milk = says('client', 'milk', u8)
    const ways = sequence(from, branch('from', { One: [1, leaf] }, nothing), milk)
    expect(() => connectFlow(ways, client, {} as never)).to.throw(TypeError, 'no message milk, which')
    for (const flow of [
      sequence(from, branch('from', { One: [1, ends('server')] }, nothing), milk),
      unless('server', says('server', 'farewell', u8), milk),
      sequence(turns('orders', says('client', 'order', u8), { Ping: [1, nothing] }), milk),
    ]) {
      expect(() => connectFlow(flow as AnyFlow, client, {})).not.to.throw()
    }
  })

  it('that cannot be sent is named to the other side in memory too', async () => {
    const on = wires()
    const [served, connected] = await Promise.all([
      serveFlow(greeting, on.server, handlers, { says: { welcome: 1 } }),
      connectFlow(greeting, on.client, { says: { hello: 'one' } } as never)(),
    ])
    for (const ended of [served, connected]) {
      expect(isLeft(ended) && isIssue(ended.left) ? showIssue(ended.left) : ended)
        .to.be.a('string')
        .that.contains('in u8: expected')
        .and.not.contains('object Object')
    }
  })
})
