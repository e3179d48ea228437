import { expect } from 'chai'
import { size, tagged, u8, u32, utf8 } from '../../combinators/index.js'
import {
  again,
  blob,
  branch,
  type ConversationEvent,
  conversation,
  inFrames,
  loop,
  nothing,
  type Observer,
  observe,
  says,
  sequence,
  turns,
  unless,
} from '../../conversation/index.js'
import { copiedIn } from '../support/copies.js'
import { processorTime } from '../support/processor-time.js'
import { concat, int, padded } from '../support/wire.js'
import { kitchen } from './kitchen.js'
import { pantry } from './pantry.js'
import { burnt, done, greeted, latin, offers, remark, takes } from './sessions.js'
import { linesOf, play, type Side, tape } from './tape.js'

const greet = (observer: Observer): void => {
  const { client, server } = greeted(1)
  observer.push('client', concat(...client))
  observer.push('server', concat(...server))
}

/** The growth of the memory of arrays during some work. */
const grown = (work: () => void): number => {
  const before = process.memoryUsage().arrayBuffers
  work()
  return process.memoryUsage().arrayBuffers - before
}

const chunk = new Uint8Array(65536).fill(0x2e)
const chunks = 4096
// The delimiter of the pantry looks at each byte.
const fewer = 512

const lastOf = (events: ReadonlyArray<ConversationEvent>): string => linesOf(events).at(-1) ?? ''

describe('the content of a conversation needs no memory:', () => {
  it('frames, small ones and one of 256 MiB', () => {
    for (const length of [1000, chunk.length * chunks]) {
      const observer = observe(kitchen)
      greet(observer)
      observer.push('client', int(2))
      const body = chunk.subarray(0, Math.min(length, chunk.length))
      const piece = concat(int(length), body)
      const growth = grown(() => {
        observer.push('client', piece)
        for (let i = 1; i < chunks; i++) {
          observer.push('client', length === 1000 ? piece : body)
        }
      })
      expect(growth).to.be.below(8 * 2 ** 20)
      const pieces = length === 1000 ? chunks : 1
      const size = length === 1000 ? 1000 * chunks : length
      const end = 16 + size + 8 * pieces
      expect(linesOf(observer.push('client', int(0)))).to.deep.equal([
        `client photo/pixels 24-${end}: ${size} bytes`,
        `client photo 16-${end + 8}: ${size} bytes in ${pieces}`,
      ])
    }
  })

  it('bytes up to their own end, which a side may break off', () => {
    const observer = observe(pantry)
    observer.push('client', concat(...offers, int(5)))
    observer.push('server', concat(...takes))
    const growth = grown(() => {
      for (let i = 0; i < fewer; i++) {
        observer.push('server', chunk)
      }
    })
    expect(growth).to.be.below(8 * 2 ** 20)
    const start = 24 + chunk.length * fewer
    expect(linesOf(observer.push('server', padded('it fell')))).to.deep.equal([
      'jobs 0 broken: Soup',
      `server farewell ${start}-${start + 16}: it fell`,
    ])
  })

  it('frames where a side may break off, around them or inside', () => {
    const sorry = says('server', 'sorry', utf8)
    const frames = inFrames('server', 'box', size, blob('server', 'milk'))
    const flows = [
      unless('server', sorry, frames),
      inFrames('server', 'bag', size, unless('server', sorry, blob('server', 'milk'))),
    ]
    for (const [i, flow] of flows.entries()) {
      const observer = observe(flow)
      observer.push('server', int(chunk.length * fewer))
      const growth = grown(() => {
        for (let n = 0; n < fewer; n++) {
          observer.push('server', chunk)
        }
      })
      expect(growth, `${i}`).to.be.below(8 * 2 ** 20)
      expect(lastOf(observer.push('server', int(0)))).to.include(`${chunk.length * fewer} bytes in 1`)
    }
  })

  it('except a message, up to the limits, whatever it announces', () => {
    const observer = observe(kitchen)
    greet(observer)
    const growth = grown(() => {
      expect(linesOf(observer.push('client', concat(int(1), int(2n ** 40n))))).to.include(
        'client issue 16 LimitExceeded order.leaf: a length of 1099511627776',
      )
    })
    expect(growth).to.be.below(2 ** 20)
  })

  it('except bytes that wait for the other side, up to the limit', () => {
    const observer = observe(kitchen, { maxWaiting: 100_000 })
    observer.push('client', int(1))
    expect(observer.push('client', new Uint8Array(100_000))).to.deep.equal([])
    expect(linesOf(observer.push('client', new Uint8Array(1)))).to.deep.equal([
      'client issue 8 LimitExceeded : 100001 bytes',
    ])
    observer.push('client', new Uint8Array(200_000))
    observer.end('client')
    expect(lastOf(observer.end('server'))).to.equal('end broken, left 300001 0')
  })
})

const many = 100_000

describe('a conversation with very many turns needs no more memory', () => {
  it('in turns', () => {
    const { client, server } = greeted(1)
    const clock = tape(
      kitchen,
      [...client, ...Array<Uint8Array>(many).fill(int(3))],
      [...server, ...Array<Uint8Array>(many).fill(padded('noon'))],
    )
    const events = play(clock)
    expect(linesOf(events.slice(-2))).to.deep.equal([`orders ${many - 1} done: Clock`, 'end done, left 0 0'])
    expect(events).to.have.length(4 * many + 4)
  })

  it('in a log, and in a departure', () => {
    const { client, server } = greeted(1)
    const log = Array<Uint8Array>(many).fill(remark('water'))
    const told = play(
      tape(kitchen, [...client, int(1), padded('a'), int(1)], [...server, ...log, burnt('late')]),
    )
    expect(told.filter((event) => event.kind === 'said' && event.key === 'note')).to.have.length(many + 1)
    expect(lastOf(told)).to.equal('end done, left 0 0')
  })

  it('in turns whose number was announced, inside frames', () => {
    const leaf = concat(padded('x'), int(1))
    const content = concat(int(many), ...Array<Uint8Array>(many).fill(leaf))
    const bag = tape(
      pantry,
      [...offers, int(3), int(content.length), content, int(0)],
      [...takes, done, int(1)],
    )
    const told = play(bag)
    expect(told.filter((event) => event.kind === 'said' && event.key === 'leaf')).to.have.length(many)
    expect(lastOf(told)).to.equal('end done, left 0 0')
  })
})

const Alarm = tagged('is', u8, { Call: [0, { text: utf8 }], Fire: [1, { where: u32 }] })
const Time = tagged('is', u8, { Noon: [9, {}] })

/** The departure of this server may have any length. */
const inn = conversation(
  'inn',
  unless(
    'server',
    loop(
      'alarm',
      sequence(says('server', 'alarm', Alarm), branch('alarm.is', { Call: again('alarm'), Fire: nothing })),
    ),
    turns('orders', says('client', 'want', u8), { Clock: [3, says('server', 'time', Time)] }),
  ),
)

describe('a possible departure', () => {
  const calls = Array.from({ length: 5000 }, (_, i) => concat(int(0), padded(`${i % 10}`)))
  const answered = (...server: ReadonlyArray<Uint8Array>): ReadonlyArray<string> =>
    linesOf(play(tape(inn, [int(3)], server))).slice(3)

  it('is reported if it is one, however long', () => {
    for (const count of [0, 3, 5000]) {
      const lines = answered(...calls.slice(0, count), concat(int(1), int(7)))
      expect(lines).to.have.length(count + 2)
      const start = 24 * count
      expect(lines.slice(-2)).to.deep.equal([
        `server alarm ${start}-${start + 16}: {is:Fire,where:7}`,
        'end departed, left 0 0',
      ])
    }
  })

  it('is not reported if it turns out not to be one, as long as it fits the buffer', () => {
    for (const count of [0, 3, 900]) {
      const start = count === 0 ? 8 : 24 * count + 8
      expect(answered(...calls.slice(0, count), int(5))).to.deep.equal([
        `server issue 0 UnknownTag time.is: ${count === 0 ? 5 : 0}`,
        `end broken, left 0 ${start}`,
      ])
    }
    const lines = answered(...calls, int(5))
    expect(lines.slice(-3)).to.deep.equal([
      `server alarm ${24 * 4999}-${24 * 5000}: {is:Call,text:9}`,
      'server issue 0 UnknownTag time.is: 0',
      'end broken, left 0 8',
    ])
  })
})

describe('an observer does its work as the bytes come:', () => {
  const one = (bytes: Uint8Array, side: Side, observer: Observer): void => {
    for (let at = 0; at < bytes.length; at++) {
      observer.push(side, bytes.subarray(at, at + 1))
    }
  }

  /** Time and copies for a session byte by byte, of some size and of four times that. */
  const expectLinear = (of: (size: number) => readonly [Uint8Array, Uint8Array, Side]): void => {
    const costs = [20_000, 80_000].map((size) => {
      const [before, bytes, side] = of(size)
      const observer = observe(pantry)
      observer.push('client', concat(...offers, side === 'client' ? before : int(5)))
      observer.push('server', concat(...takes, side === 'server' ? before : done))
      let time = 0
      const copied = copiedIn(() => {
        time = processorTime(() => one(bytes, side, observer))
      })
      return { time, copied }
    })
    const [small, large] = costs as [{ time: number; copied: number }, { time: number; copied: number }]
    expect(large.copied).to.be.below(6 * small.copied)
    expect(large.time).to.be.below(10 * small.time + 100)
  }

  it('bytes that may be broken off', () => {
    expectLinear((size) => [new Uint8Array(0), chunk.subarray(0, size), 'server'])
  })

  it('a long message, inside frames of one byte', () => {
    expectLinear((size) => {
      const frames = Array.from({ length: Math.ceil(size / 9) }, () => concat(int(1), latin('x')))
      const head = [...concat(int(1), int(size))].map((byte) => concat(int(1), Uint8Array.of(byte)))
      return [concat(int(3), ...head), concat(...frames), 'client']
    })
  })

  it('a long message that a departure may stand in', () => {
    expectLinear((size) => [concat(int(2), padded(latin('x'.repeat(8)))), new Uint8Array(size), 'server'])
  })
})
