import { createHash } from 'node:crypto'
import { expect } from 'chai'
import { since, u8 } from '../../combinators/index.js'
import {
  again,
  type ConversationEvent,
  gated,
  nothing,
  observe,
  says,
  sequence,
} from '../../conversation/index.js'
import { int } from '../support/wire.js'
import * as sessions from './sessions.js'
import { linesOf, play, type Tape, tape } from './tape.js'

const told = (given: Tape): ReadonlyArray<string> => linesOf(play(given))

/** All events except the greeting, which is always the same. */
const afterwards = (given: Tape): ReadonlyArray<string> => told(given).slice(3)

const clockAt = (client: number, server: number): ReadonlyArray<string> => [
  'orders 1 begins',
  `client want ${client}-${client + 8}: 3`,
  `server time ${server}-${server + 16}: noon`,
  'orders 1 done: Clock',
  'end done, left 0 0',
]

describe('an observer of the kitchen reports', () => {
  it('each message, turn by turn', () => {
    expect(told(sessions.tea)).to.deep.equal([
      'client hello 0-8: {newest:1}',
      'server welcome 0-8: {newest:9}',
      'server verdict 8-16: {is:Open}',
      'orders 0 begins',
      'client want 8-16: 1',
      'client order 16-40: {leaf:assam,cups:2}',
      'server note 16-40: {is:Remark,text:water}',
      'server note 40-48: {is:Done}',
      'server tea 48-64: a cup',
      'orders 0 done: Tea',
      ...clockAt(40, 64),
    ])
  })

  it('the content of frames, and the messages in between', () => {
    expect(afterwards(sessions.photo)).to.deep.equal([
      'orders 0 begins',
      'client want 8-16: 2',
      'client photo/pixels 24-36: 4 bytes',
      'client photo 16-44: 4 bytes in 2',
      'server note 16-40: {is:Remark,text:nice}',
      'server note 40-48: {is:Done}',
      'server likes 48-56: 7',
      'orders 0 done: Photo',
      ...clockAt(44, 56),
    ])
  })

  it('a failure as a turn that was left, and goes on with the next one', () => {
    const burnt = afterwards(sessions.burntTea)
    expect(burnt.slice(4)).to.deep.equal([
      'server note 40-64: {is:Burnt,why:late}',
      'orders 0 again orders: Tea',
      ...clockAt(40, 64),
    ])
    expect(afterwards(sessions.burntPhoto).slice(2)).to.deep.equal([
      'client photo/pixels 24-27: 3 bytes',
      'client photo 16-35: 3 bytes in 1',
      'server note 16-40: {is:Burnt,why:dark}',
      'orders 0 again orders: Photo',
      ...clockAt(35, 40),
    ])
  })

  it('a side that closes', () => {
    expect(told(sessions.closed).slice(2)).to.deep.equal([
      'server verdict 8-32: {is:Closed,until:monday}',
      'end closed, left 0 0',
    ])
  })

  it('a departure, in the middle of a turn and between two', () => {
    expect(afterwards(sessions.farewell).slice(3)).to.deep.equal([
      'server note 16-40: {is:Remark,text:water}',
      'orders 0 broken: Tea',
      'server farewell 40-72: we have no more tea',
      'end departed, left 0 0',
    ])
    expect(afterwards(sessions.lateFarewell).slice(3)).to.deep.equal([
      'orders 0 done: Clock',
      'server farewell 32-48: bye',
      'end departed, left 0 0',
    ])
  })

  it('the turn of each message', () => {
    const events = play(sessions.photo).filter(({ kind }) => kind === 'said' || kind === 'flowed')
    const turns = events.map((event) => (event as { turn: unknown }).turn)
    expect(turns.slice(0, 4)).to.deep.equal([null, null, null, { loop: 'orders', number: 0 }])
    expect(turns.at(-1)).to.deep.equal({ loop: 'orders', number: 1 })
  })
})

describe('an observer of the pantry reports', () => {
  it('the agreed protocol, and the messages that depend on it', () => {
    const observer = observe(sessions.tale.flow)
    expect(observer.protocol).to.deep.equal({})
    observer.push('client', sessions.tale.client)
    observer.push('server', sessions.tale.server)
    expect(observer.protocol).to.deep.equal({ version: '1.1', features: ['milk'] })
    expect(told(sessions.tale)[2]).to.equal('client milk 40-48: 3')
  })

  it('the content of pieces that the other side asked for', () => {
    expect(afterwards(sessions.pieces)).to.deep.equal([
      'jobs 0 begins',
      'client job 48-56: 1',
      'server ask 24-40: {is:More,most:5}',
      'client piece 56-72: \\u0005\\u0000\\u0000\\u0000\\u0000',
      'server ask 40-56: {is:More,most:9}',
      'client piece 72-88: \\u0000\\u0000\\u0000.a.',
      'client photo/width 64-83: 5',
      'server ask 56-72: {is:More,most:3}',
      'client piece 88-104: b;c',
      'client photo/pixels 83-99: 6 bytes',
      'server ask 72-80: {is:Enough}',
      'client photo 56-104: 14 bytes in 3',
      'server likes 80-88: 8',
      'jobs 0 done: Photo',
      'end done, left 0 0',
    ])
  })

  it('how far pieces came when the other side fails', () => {
    expect(afterwards(sessions.fire).slice(4)).to.deep.equal([
      'server ask 40-64: {is:Fire,what:smoke}',
      'client photo 56-72: 5 bytes in 1',
      'jobs 0 again jobs: Photo',
      'end done, left 0 0',
    ])
  })

  it('a stream inside a field of a message', () => {
    const words = afterwards(sessions.tale).filter((line) => !line.startsWith('server told'))
    expect(words).to.deep.equal([
      'jobs 0 begins',
      'client job 48-56: 2',
      'server tale/lines 40-48: 2',
      'server tale/line 48-64: once',
      'server tale/line 64-104: upon',
      'server tale 24-120: 40 bytes in 2',
      'jobs 0 done: Tale',
      'end done, left 0 0',
    ])
  })

  it('messages cut by frames, at their place in the stream', () => {
    expect(afterwards(sessions.bag).slice(2, 6)).to.deep.equal([
      'client bag/count 64-80: 2',
      'client bag/leaf 80-128: {name:oolong,grams:5}',
      'client bag/leaf 128-176: {name:sencha,grams:6}',
      'client bag 56-184: 56 bytes in 8',
    ])
  })

  it('no issue in a stream that was cut short after the other side failed, or that it never asked for', () => {
    expect(afterwards(sessions.burntBag).slice(2, 6)).to.deep.equal([
      'client bag/count 64-80: 2',
      'client bag/leaf 80-128: {name:oolong,grams:5}',
      'client bag 56-136: 32 bytes in 5',
      'server note 24-48: {is:Burnt,why:no shelf}',
    ])
    expect(afterwards(sessions.knownPhoto).slice(2)).to.deep.equal([
      'server ask 24-32: {is:Enough}',
      'client photo 56-56: 0 bytes in 0',
      'server likes 32-40: 8',
      'jobs 0 done: Photo',
      'end done, left 0 0',
    ])
    for (const session of [sessions.burntBag, sessions.knownPhoto]) {
      expect(play(session).filter(({ kind }) => kind === 'issue')).to.deep.equal([])
    }
  })

  it('bytes up to their own end', () => {
    const flowed = told(sessions.letter).filter((line) => line.includes('bytes'))
    expect(flowed).to.deep.equal(['client letter 56-62: 6 bytes', 'server soup 48-52: 4 bytes'])
  })

  it('a departure in the middle of bytes', () => {
    expect(afterwards(sessions.spilledSoup).slice(2)).to.deep.equal([
      'jobs 0 broken: Soup',
      'server farewell 28-52: the pot fell',
      'end departed, left 0 0',
    ])
    expect(afterwards(sessions.burntSoup).slice(3)).to.deep.equal([
      'server farewell 28-84: the soup is burnt, and there will be no other.',
      'end departed, left 0 0',
    ])
  })

  it('a departure that could be another message', () => {
    expect(afterwards(sessions.noSky).slice(2)).to.deep.equal([
      'server sky 24-32: 18',
      'jobs 0 broken: Sky',
      'server farewell 24-56: we are in a cellar',
      'end departed, left 0 0',
    ])
  })

  it('a case that the protocol lacks', () => {
    expect(afterwards(sessions.lemon).slice(2)).to.deep.equal([
      'client slices 56-80: {name:thin,grams:3}',
      'server lemon 24-40: no lemon',
      'jobs 0 done: Lemon, lacking',
      'end done, left 0 0',
    ])
  })
})

describe('an observer', () => {
  it('computes the requested hashes, and no other', () => {
    const asked: Array<string> = []
    const events = play(sessions.photo, undefined, {
      hash: (side, key) => {
        asked.push(`${side} ${key}`)
        return key === 'pixels' ? createHash('sha256') : null
      },
    })
    expect(asked).to.have.members(['client photo', 'client pixels'])
    const digests = events.flatMap((event: ConversationEvent) =>
      event.kind === 'flowed'
        ? [event.digest === null ? null : Buffer.from(event.digest).toString('hex')]
        : [],
    )
    // `printf abcd | sha256sum`
    expect(digests).to.deep.equal(['88d4266fd4e6338d13b845fcf289579d209c897823b9217da3e161936f031589', null])
  })

  it('says for which side it waits', () => {
    const observer = observe(sessions.tea.flow)
    expect([observer.wants('client'), observer.wants('server')]).to.deep.equal([true, false])
    observer.push('client', sessions.tea.client)
    expect([observer.wants('client'), observer.wants('server')]).to.deep.equal([false, true])
  })

  it('starts from a known protocol', () => {
    const flow = gated(since('1.1'), says('client', 'a', u8), says('client', 'b', u8))
    const keyAt = (version: '1.0' | '1.1') =>
      linesOf(play(tape(flow, [int(1)], []), undefined, { protocol: { version } }))[0]
    expect([keyAt('1.0'), keyAt('1.1')]).to.deep.equal(['client b 0-8: 1', 'client a 0-8: 1'])
  })

  it('keeps the limits of messages', () => {
    const long = { limits: { message: 16 } }
    expect(linesOf(play(sessions.tea, undefined, long))).to.include(
      'client issue 32 LimitExceeded order.cups: a message of 24 bytes or more',
    )
  })

  it('rejects a conversation that it cannot follow, and unknown options', () => {
    const refused = (make: () => unknown, words: string) => expect(make, words).to.throw(words)
    refused(() => observe(again('orders')), "again('orders') is not inside a loop of that name")
    refused(
      () => observe(sequence(says('client', 'x', u8, { atMost: 'y' }))),
      'the most that x may have refers to y, which is not sent before it',
    )
    refused(
      () => observe(u8 as never),
      'what observe follows must be a flow, not a grammar, which dissect takes',
    )
    refused(() => observe(nothing, { hashes: true } as never), 'hashes')
    refused(() => observe(nothing, { maxWaiting: -1 }), 'maxWaiting must be an integer from 0')
    refused(() => observe(nothing).push('client', 'x' as never), 'what the client sent must be')
    refused(
      () => observe(nothing).push('sever' as never, new Uint8Array(1)),
      'the side that sent bytes must be "client" or "server", not "sever"',
    )
    refused(() => observe(nothing).end('sever' as never), 'the side that ended must be "client" or "server"')
    const observer = observe(sessions.tea.flow)
    observer.end('client')
    refused(() => observer.push('client', new Uint8Array(1)), 'the client has ended already')
  })
})
