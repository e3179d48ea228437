import { expect } from 'chai'
import { right } from 'fp-ts/lib/Either.js'
import {
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

/** Everything that takes a flow and what is known before its first message. */
const takers: Readonly<Record<string, (flow: AnyFlow, known: Known) => unknown>> = {
  serveFlow: (flow, known) =>
    serveFlow(flow as never, silent(), { Submit: () => right({}) } as never, known as never),
  connectFlow: (flow, known) => connectFlow(flow as never, silent(), known as never),
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
