import { expect } from 'chai'
import { right } from 'fp-ts/lib/Either.js'
import {
  allOf,
  defaults,
  feature,
  since,
  struct,
  type TextFormat,
  text,
  u8,
  versioned,
} from '../../combinators/index.js'
import {
  type AnyFlow,
  agree,
  type BytesPair,
  connectFlow,
  gated,
  observe,
  says,
  sequence,
  serveFlow,
  turns,
} from '../../conversation/index.js'
import { toBrokenSessions, toSessions } from '../../laws/index.js'
import { int } from '../support/wire.js'

const shelf: TextFormat<string> = {
  name: 'ShelfPlace',
  summary: 'a place on the shelf',
  value: 'text',
  asks: 'storeDir',
  parse: right,
  print: right,
}
const Ticket = struct('Ticket', { id: u8, attempts: versioned(since('1.2'), u8, 0) })
const Cup = struct('Cup', { milk: versioned(feature('milk'), u8, 0) })
const hello = says('client', 'hello', u8)
const asked = agree('version', { hello: u8 }, 'client', () => right({ version: '1.2', features: [] }))

const silent = (): BytesPair => {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
  return { readable, writable }
}

interface Known {
  readonly protocol?: { readonly version?: '1.1' | '1.2'; readonly features?: ReadonlyArray<string> }
}

/** A value of the client's first message, if the turns do not begin with it. */
const openingOf = ({ node }: AnyFlow): object => {
  const first = node._tag === 'sequence' ? node.parts[0] : undefined
  return first?._tag === 'says' ? { [first.key]: 1 } : {}
}

/** Everything that takes a flow and what is known before its first message. */
const takers: Readonly<Record<string, (flow: AnyFlow, known: Known) => unknown>> = {
  serveFlow: (flow, known) =>
    serveFlow(flow as never, silent(), { Submit: () => right({}) } as never, known as never),
  connectFlow: (flow, known) =>
    connectFlow(flow as never, silent(), { ...known, says: openingOf(flow) } as never),
  observe,
  toSessions,
  toBrokenSessions,
}

const submit = (...flows: ReadonlyArray<AnyFlow>) =>
  turns('orders', says('client', 'order', u8), { Submit: [1, sequence(...flows)] })

for (const [name, take] of Object.entries(takers)) {
  describe(`a conversation that depends on the protocol, in ${name}`, () => {
    const refusal = (flow: AnyFlow, known: Known = {}): string => {
      try {
        void take(flow, known)
        return ''
      } catch (error) {
        expect(error).to.be.an.instanceof(TypeError)
        return (error as Error).message
      }
    }

    it('is rejected at once without a version, which is said where it goes', () => {
      const flow = submit(says('client', 'ticket', Ticket))
      expect(refusal(flow)).to.contain(
        `Ticket depends on a version (protocol version 1.2 or above), but ${name} was given none: pass { protocol: { version: '1.2' } }`,
      )
      expect(refusal(flow, { protocol: { version: '1.1' } })).to.equal('')
      expect(refusal(submit(says('client', 'ticket', defaults({ version: '1.2' }, Ticket))))).to.equal('')
    })

    it('is rejected without features, unless a case that needs them is not offered', () => {
      const cup = says('client', 'cup', Cup)
      expect(refusal(submit(cup))).to.contain('pass { protocol: { features: [] } }')
      expect(refusal(submit(hello, gated(feature('milk'), cup)))).to.equal('')
      expect(
        refusal(submit(hello, gated(feature('milk'), cup)), { protocol: { features: ['milk'] } }),
      ).to.equal('')
    })

    it('is rejected for a case that a version has', () => {
      const flow = turns('orders', says('client', 'order', u8), { Submit: [1, hello, since('1.2')] })
      expect(refusal(flow)).to.contain(
        `the case Submit depends on a version (protocol version 1.2 or above), but ${name} was given none`,
      )
      expect(refusal(flow, { protocol: { version: '1.2' } })).to.equal('')
    })

    it('may agree on it before, but not after', () => {
      const ticket = says('client', 'ticket', Ticket)
      expect(refusal(sequence(hello, asked, submit(ticket)))).to.equal('')
      expect(refusal(sequence(ticket, hello, asked, submit(hello)))).to.contain(
        "{ protocol: { version: '1.2' } }",
      )
    })

    it('never agrees on a store directory', () => {
      const place = says('client', 'place', text(shelf))
      expect(refusal(sequence(hello, asked, submit(place)))).to.contain(
        "{ protocol: { storeDir: '/a/dir' } }",
      )
      const placed = says('client', 'place', defaults({ storeDir: '/shelf' }, text(shelf)))
      expect(refusal(sequence(hello, asked, submit(placed)))).to.equal('')
    })
  })
}

describe('a case that the agreed protocol lacks is named with it and its gate', () => {
  const leaf = says('client', 'leaf', u8)
  const time = says('server', 'time', u8)
  const kitchen = turns('orders', says('client', 'order', u8), {
    Clock: [2, time, since('1.2')],
    Milk: [3, sequence(leaf, time), allOf(since('1.2'), feature('milk'))],
    Tea: [1, time],
  })
  const protocol = { version: '1.1' } as const
  const clock = '2 (Clock), which needs protocol version 1.2 or above; agreed on: version 1.1'
  const milk =
    '3 (Milk), which needs protocol version 1.2 or above and feature milk; agreed on: version 1.1 and no feature milk'

  it('by a server', async () => {
    for (const [order, actual] of [
      [2, clock],
      [3, milk],
    ] as const) {
      const [up, down] = [new TransformStream<Uint8Array>(), new TransformStream<Uint8Array>()]
      const pair = { readable: up.readable, writable: down.writable }
      const served = serveFlow(kitchen, pair, { Tea: () => right({ time: 12 }) }, { protocol })
      const writer = up.writable.getWriter()
      void writer.write(int(order)).catch(() => undefined)
      void down.readable.cancel()
      expect(await served).to.deep.nested.include({
        'left._tag': 'UnknownTag',
        'left.expected': 'one of 1 (Tea)',
        'left.actual': actual,
      })
    }
  })

  it('by an observer, if it cannot read on', () => {
    const observer = observe(kitchen, { protocol })
    const events = [...observer.push('client', int(3)), ...observer.end('client')]
    const issues = events.flatMap((event) => (event.kind === 'issue' ? [event.issue] : []))
    expect(issues.map(({ actual }) => actual)).to.deep.equal([milk])
  })

  it('by a client', async () => {
    const connected = await connectFlow(kitchen, silent(), { protocol })()
    if (connected._tag === 'Left') {
      throw new Error('the client cannot begin')
    }
    expect(await connected.right.calls.Milk({ leaf: 1 })()).to.deep.nested.include({
      'left._tag': 'Unrepresentable',
      'left.expected': 'protocol version 1.2 or above and feature milk, which Milk needs',
      'left.actual': 'version 1.1 and no feature milk',
    })
  })
})
