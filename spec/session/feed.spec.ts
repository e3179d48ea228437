import { expect } from 'chai'
import { isSome, toNullable } from 'fp-ts/lib/Option.js'
import { Feed } from '../../conversation/machine/feed.js'
import { Task } from '../../conversation/machine/talk.js'
import { Bytes } from '../../grammar/index.js'
import { plansFor } from '../../interpreters/compile/resumable.js'
import { eventJson, SessionDecoder, type SessionEvent, type Side } from '../../session/index.js'
import { copiedIn } from '../support/copies.js'
import { narOf, ScriptedSession, somePath } from '../support/scripted-session.js'
import { concat, padded } from '../support/wire.js'

/** Bytes of which each tells its place. */
const telling = (length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 8)) & 0xff)

/** Pushes both sides in pieces of one buffer, which is written over each time. */
const decodedIn = (
  { bytes }: ScriptedSession,
  size: number,
  options: ConstructorParameters<typeof SessionDecoder>[0] = {},
): ReadonlyArray<SessionEvent> => {
  const decoder = new SessionDecoder(options)
  const piece = new Uint8Array(size)
  const events: Array<SessionEvent> = []
  for (const side of ['client', 'server'] as const satisfies ReadonlyArray<Side>) {
    for (let at = 0; at < bytes[side].length; at += size) {
      const part = bytes[side].subarray(at, at + size)
      piece.fill(0xee)
      piece.set(part)
      events.push(...decoder.push(side, piece.subarray(0, part.length)))
    }
    events.push(...decoder.end(side))
  }
  return events
}

const issuesIn = (events: ReadonlyArray<SessionEvent>) => events.filter((event) => event.kind === 'issue')

describe('the bytes of a side', () => {
  it('stay the same when they are moved, however they are cut', () => {
    const values = [3, 70_000, 0, 9, 300_000, 8, 131_072, 1].map(telling)
    const stream = concat(...values.map(padded))
    for (const size of [1000, 777, 4096, 65_536, 65_537]) {
      const feed = new Feed()
      const plans = plansFor({}, {})
      const seen: Array<Uint8Array> = []
      const task = new Task(
        (function* () {
          for (const _ of values) {
            seen.push(Uint8Array.from(yield* feed.read(Bytes, plans)))
          }
        })(),
      )
      const piece = new Uint8Array(size)
      for (let at = 0; at < stream.length; at += size) {
        const part = stream.subarray(at, at + size)
        piece.set(part)
        feed.push(piece.subarray(0, part.length))
        task.advance()
        feed.settle()
        piece.fill(0xee)
      }
      expect(seen.map((value) => value.length)).to.deep.equal(values.map((value) => value.length))
      expect(seen.every((value, i) => Buffer.compare(value, values[i] as Uint8Array) === 0)).to.equal(true)
      expect([feed.offset, feed.unread]).to.deep.equal([stream.length, 0])
    }
  })

  it('remain readable for a while after they were read, and are never replaced by others', () => {
    for (const size of [13, 1000, 4096, 9000, 65_536]) {
      const feed = new Feed()
      const stream = telling(70_000)
      for (let at = 0; at < stream.length; at += size) {
        feed.push(stream.slice(at, at + size))
        feed.skip(Math.max(0, feed.unread - 5))
        feed.settle()
        const { arrived } = feed
        for (const [from, to] of [
          [arrived - 4000, arrived],
          [arrived - 100, arrived - 50],
          [arrived - 4, arrived + 10],
          [arrived - 30_000, arrived - 20_000],
        ] as const) {
          const { bytes, start } = feed.excerpt(Math.max(0, from), Math.max(0, to))
          expect(Buffer.compare(bytes, stream.subarray(start, start + bytes.length))).to.equal(0)
          if (from >= 0 && from >= arrived - 4000) {
            expect([start, bytes.length]).to.deep.equal([from, Math.min(to, arrived) - from])
          }
        }
      }
    }
  })
})

describe('the memory of a session', () => {
  const large = (): ScriptedSession => {
    const session = new ScriptedSession({ version: '1.34' })
    session.number('client', 8).text('client', 'x').text('client', 'y'.repeat(400_000)).number('client', 0)
    return session.last().text('server', somePath)
  }
  const many = (): ScriptedSession => {
    const session = new ScriptedSession({ version: '1.34' })
    for (let count = 0; count < 2000; count++) {
      session.number('client', 1).text('client', `${somePath}-${count}`).last().number('server', 1)
    }
    return session
  }
  const framed = (): ScriptedSession => {
    const session = new ScriptedSession({ version: '1.34' })
    session.number('client', 10).text('client', somePath).error('no')
    session.number('client', 7).text('client', 'x').text('client', 'fixed:r:sha256').number('client', 0, 0)
    return session.frames(narOf(new Uint8Array(500_000)), 3000).error('no space')
  }

  for (const [what, session, sizes] of [
    ['one large value', large(), [100, 1000, 65_536, 500_000]],
    ['many small operations', many(), [1, 100, 65_536, 500_000]],
    ['an upload in frames', framed(), [100, 1000, 65_536, 500_000]],
  ] as const) {
    const total = session.bytes.client.length + session.bytes.server.length
    for (const size of sizes) {
      it(`is a few copies of each byte: ${what}, in pieces of ${size}`, () => {
        let events: ReadonlyArray<SessionEvent> = []
        const copied = copiedIn(() => {
          events = decodedIn(session, size)
        })
        expect(issuesIn(events)).to.deep.equal([])
        // The test itself copies each byte once.
        expect(copied / total).to.be.below(8)
      })
    }
  }

  it('is a few copies of each byte: replies that wait for their requests, however many', () => {
    const start = new ScriptedSession({ version: '1.34' })
    const one = new ScriptedSession({ version: '1.34' }).number('client', 1).text('client', somePath)
    const answer = one.last().number('server', 1).bytes.server.subarray(start.offsets.server)
    const question = one.bytes.client.subarray(start.offsets.client)
    for (let waiting = 200; waiting < 300; waiting++) {
      const decoder = new SessionDecoder()
      decoder.push('client', start.bytes.client)
      decoder.push('server', start.bytes.server)
      let total = 0
      const push = (side: Side, bytes: Uint8Array): void => {
        total += bytes.length
        decoder.push(side, bytes)
      }
      const copied = copiedIn(() => {
        for (let count = 0; count < waiting; count++) {
          push('server', answer)
        }
        for (let count = 0; count < 100; count++) {
          push('client', question)
          push('server', answer)
        }
      })
      expect(copied / total, `${waiting} wait`).to.be.below(8)
    }
  })
})

describe('a value that arrives in parts', () => {
  it('may be larger than the limit of bytes that wait for the other side', () => {
    const start = new ScriptedSession({ version: '1.34' }).offsets
    const session = new ScriptedSession({ version: '1.34' })
    session.number('client', 14).last()
    const { client, server } = session.offsets
    session.number('server', 1).text('server', 'n'.repeat(5000)).text('server', somePath)
    const { server: replied } = session.offsets
    session.number('client', 8).text('client', 'x').text('client', 'y'.repeat(5000)).number('client', 0)
    session.last().text('server', somePath)
    const { bytes } = session
    const decoder = new SessionDecoder({ maxWaiting: 1000 })
    const pushed = (side: Side, from: number, to: number) =>
      decoder.push(side, bytes[side].subarray(from, to))
    const events = [
      pushed('client', 0, start.client),
      pushed('server', 0, start.server),
      pushed('client', start.client, client),
      pushed('server', start.server, server + 2500),
      pushed('server', server + 2500, replied),
      pushed('client', client, client + 3000),
      pushed('client', client + 3000, bytes.client.length),
      pushed('server', replied, bytes.server.length),
    ].flat()
    expect(issuesIn(events)).to.deep.equal([])
    expect(events.map(({ kind }) => kind)).to.deep.equal(['handshake', 'operation', 'operation'])
  })
})

describe('an upload in very many frames', () => {
  for (const frames of [4095, 4096, 4097, 6145, 20_000]) {
    it(`has the offset of an issue in the last of ${frames}`, () => {
      const size = 24
      const nar = narOf(new Uint8Array((frames - 5) * size))
      // The padding of the parenthesis at the end.
      nar[nar.length - 1] = 1
      const session = new ScriptedSession({ version: '1.34' })
      session.number('client', 7).text('client', 'x').text('client', 'fixed:r:sha256').number('client', 0, 0)
      const start = session.offsets.client
      session.frames(nar, size).error('bad archive')
      const count = Math.ceil(nar.length / size)
      expect(count).to.be.within(frames - 2, frames + 2)
      const [issue, ...others] = issuesIn(decodedIn(session, 65_536))
      expect(others).to.deep.equal([])
      expect(issue?.issue).to.include({ _tag: 'NonZeroPadding', offset: start + 8 * count + nar.length - 1 })
      expect(session.bytes.client[issue?.issue.offset ?? 0]).to.equal(1)
    })
  }
})

describe('a session in any pieces', () => {
  it('has the same events, also with large values between small ones', () => {
    const session = new ScriptedSession({ version: '1.34' })
    for (let count = 0; count < 6; count++) {
      const text = Buffer.from(telling(30_000 * (count + 1)))
        .toString('latin1')
        .replace(/[^ -~]/g, '.')
      session.number('client', 8).text('client', `n${count}`).text('client', text).number('client', 0)
      session.last().text('server', somePath).number('client', 1).text('client', somePath).last()
      session.number('server', 1)
    }
    const whole = decodedIn(session, 2 ** 20).map(eventJson)
    expect(issuesIn(decodedIn(session, 2 ** 20))).to.deep.equal([])
    for (const size of [333, 8191, 65_536]) {
      expect(decodedIn(session, size).map(eventJson)).to.deep.equal(whole)
    }
    const texts = decodedIn(session, 999).flatMap((event) =>
      event.kind === 'operation' && event.id === 8 && isSome(event.request)
        ? [toNullable(event.request) as { readonly text: string }]
        : [],
    )
    expect(texts.map(({ text }) => text.length)).to.deep.equal([1, 2, 3, 4, 5, 6].map((n) => n * 30_000))
  })
})
