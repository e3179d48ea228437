import { expect } from 'chai'
import fc from 'fast-check'
import { either as E } from 'fp-ts'
import {
  before,
  since,
  struct,
  u8,
  u32,
  utf8,
  versionBits,
  versionFromBits,
} from '../../../combinators/index.js'
import {
  agree,
  blob,
  conversation,
  type Delimiter,
  endOf,
  nothing,
  observe,
  says,
  sequence,
  turns,
} from '../../../conversation/index.js'
import { type MadeSession, toSessions } from '../../../laws/index.js'
import { kitchen } from '../../conversation/kitchen.js'
import { linesOf } from '../../conversation/tape.js'
import { flows } from './sessions.js'

const options = { items: 3 }

const sample = (...[flow, given, numRuns = 200]: [...Parameters<typeof toSessions>, number?]) =>
  fc.sample(toSessions(flow, { ...options, ...given }), { seed: 1, numRuns })

const chosen = ({ events }: MadeSession): ReadonlyArray<string | null> =>
  events.flatMap((event) => (event.kind === 'turn' && event.is === 'over' ? [event.chosen] : []))

describe('a generated session', () => {
  it('is the same for the same seed', () => {
    expect(sample(kitchen, {}, 5)).to.deep.equal(sample(kitchen, {}, 5))
  })

  it('takes each way: every case, every way to leave a turn and to end', () => {
    const events = sample(kitchen, {}).flatMap((session) => session.events)
    const turns = events.flatMap((event) => (event.kind === 'turn' && event.is === 'over' ? [event] : []))
    expect([...new Set(turns.map((turn) => turn.chosen))]).to.have.members(['Tea', 'Photo', 'Clock'])
    expect([...new Set(turns.map(({ how }) => how))]).to.have.members(['done', 'again', 'broken'])
    const ends = events.flatMap((event) => (event.kind === 'end' ? [event.how] : []))
    expect([...new Set(ends)]).to.have.members(['done', 'closed', 'departed'])
  })

  it('has the given turns and protocol, or says why not', () => {
    const wanted = ['Clock', 'Tea', 'Clock']
    for (const session of sample(
      kitchen,
      { turns: wanted, agreed: { version: '1.0' }, departs: false },
      20,
    )) {
      expect(session.protocol.version).to.equal('1.0')
      const closes = session.events.some((event) => event.kind === 'end' && event.how === 'closed')
      expect(chosen(session)).to.deep.equal(closes ? [] : wanted)
    }
    expect(() => sample(kitchen, { turns: ['Photo'], agreed: { version: '1.0' } }, 20)).to.throw(
      'Photo needs protocol version 1.1 or above, which the options protocol and agreed do not have',
    )
    expect(() => sample(kitchen, { agreed: { version: '1.999' as never } })).to.throw(RangeError)
    expect(() => sample(kitchen, { agreed: { version: '2.0' } }, 1)).to.throw(
      'no messages were found with which both sides agree on the version',
    )
  })

  it('agrees on a protocol that has the wanted turns', () => {
    const Hello = struct('Hello', { newest: u32 })
    const flow = conversation(
      'cache',
      sequence(
        says('client', 'hello', Hello),
        agree('version', { hello: Hello }, 'client', ({ hello }) =>
          E.right({ version: versionFromBits(hello.newest % 65536) }),
        ),
        turns('calls', says('client', 'call', u8), {
          Put: [1, nothing, before('1.2')],
          Get: [2, nothing, since('1.2')],
        }),
      ),
    )
    for (const name of ['Put', 'Get']) {
      for (const session of sample(flow, { turns: [name, name] }, 50)) {
        expect(chosen(session)).to.deep.equal([name, name])
      }
    }
    const hello = { words: { hello: fc.constant({ newest: versionBits('1.1') }) } }
    expect(() => sample(flow, { ...hello, turns: ['Get'] }, 1)).to.throw(
      'agree on the version (Get needs protocol version 1.2 or above; it follows from hello)',
    )
  })

  it('says the given values of a key, and needs given bytes for a delimiter', () => {
    const words = { time: fc.constant('noon') }
    const times = sample(kitchen, { words, turns: ['Clock'] }, 20).flatMap(({ events }) =>
      events.flatMap((event) => (event.kind === 'said' && event.key === 'time' ? [event.value] : [])),
    )
    expect(new Set(times)).to.deep.equal(new Set(['noon']))
    const { pantry } = flows
    expect(() => fc.sample(toSessions(pantry!.flow, { turns: ['Soup'] }), 20)).to.throw(
      TypeError,
      'the bytes of pairs find their own end, so they cannot be made up; supply an arbitrary, { contents: { "pairs": … } }',
    )
  })

  it('has bytes for a delimiter made from a flow, generated from the flow', () => {
    const inner = sequence(says('client', 'cups', u8), says('client', 'leaf', utf8))
    const delimiter: Delimiter = endOf('order', 'client', inner)
    const flow = conversation('outer', sequence(blob('client', 'order', delimiter), says('client', 'x', u8)))
    for (const { client, server, events } of sample(flow, {}, 50)) {
      const observer = observe(flow)
      const told = [
        ...observer.push('client', client),
        ...observer.push('server', server),
        ...observer.end('client'),
        ...observer.end('server'),
      ]
      expect(linesOf(told)).to.deep.equal(linesOf(events))
    }
  })

  it('shrinks to the fewest words that still fail', () => {
    const smallest = (key: string) => {
      const hasNot = ({ events }: MadeSession) => !events.some((event) => 'key' in event && event.key === key)
      const { counterexample } = fc.check(fc.property(toSessions(kitchen, options), hasNot), { seed: 3 })
      return linesOf(counterexample?.[0].events ?? [])
    }
    expect(smallest('tea').filter((line) => !line.includes('newest'))).to.deep.equal([
      'server verdict 8-16: {is:Open}',
      'orders 0 begins',
      'client want 8-16: 1',
      'client order 16-32: {leaf:,cups:0}',
      'server note 16-24: {is:Done}',
      'server tea 24-32: ',
      'orders 0 done: Tea',
      'end done, left 0 0',
    ])
    expect(smallest('photo').filter((line) => line.startsWith('client '))).to.have.lengthOf(4)
  })
})
