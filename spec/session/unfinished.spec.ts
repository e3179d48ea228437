import { expect } from 'chai'
import { isSome, toNullable } from 'fp-ts/lib/Option.js'
import { eventText } from '../../cli/session-text.js'
import type { Streams } from '../../inspect/engine/item.js'
import { SessionReading } from '../../inspect/engine/session.js'
import { printJson } from '../../interpreters/json/index.js'
import {
  decodeSession,
  eventJson,
  type HandshakeEvent,
  type OperationEvent,
  SessionDecoder,
  type SessionEvent,
} from '../../session/index.js'
import { narOf, ScriptedSession, somePath } from '../support/scripted-session.js'
import { recordedSessions, sessionBytes } from '../support/sessions.js'
import { describeWithShared } from '../support/shared.js'

const operationsIn = (events: ReadonlyArray<SessionEvent>): ReadonlyArray<OperationEvent> =>
  events.filter((event) => event.kind === 'operation')

const lastOf = (events: ReadonlyArray<SessionEvent>): OperationEvent => {
  const last = operationsIn(events).at(-1)
  if (last === undefined) {
    throw new Error('no operation')
  }
  return last
}

const decode = ({ bytes }: ScriptedSession): ReadonlyArray<SessionEvent> =>
  decodeSession(bytes.client, bytes.server)

/** Both sides, up to what is left over: each byte belongs to an event or is counted. */
const isCovered = (events: ReadonlyArray<SessionEvent>, client: number, server: number): boolean => {
  let at = { client: 0, server: 0 }
  for (const event of events) {
    if (event.kind === 'handshake' || event.kind === 'operation') {
      if (event.client[0] !== at.client || event.server[0] !== at.server) {
        return false
      }
      at = { client: event.client[1], server: event.server[1] }
    }
  }
  const end = events.at(-1)
  return end?.kind === 'end' && at.client + end.clientLeft === client && at.server + end.serverLeft === server
}

describeWithShared('a recorded connection that is cut', () => {
  const names = recordedSessions()
    .filter(({ clientBytes, serverBytes }) => clientBytes < 3000 && serverBytes < 3000)
    .map(({ name }) => name)

  it("shows the operation in which the daemon's stream ends, wherever that is", () => {
    let seen = 0
    for (const name of names) {
      const { client, server } = sessionBytes(name)
      const whole = operationsIn(decodeSession(client, server))
      for (const [index, { server: range, id, request, log, errorTwice }] of whole.entries()) {
        // Every byte of a short one, otherwise some.
        const step = Math.max(1, Math.floor((range[1] - range[0]) / 10))
        for (let at = range[0]; at < range[1] && !errorTwice; at += step) {
          const events = decodeSession(client, server.subarray(0, at))
          const told = operationsIn(events)
          const cut = told[index]
          expect(told.length, `${name} at ${at}`).to.equal(index + 1)
          expect(cut?.outcome, `${name} at ${at}`).to.equal('unfinished')
          expect([cut?.id, cut?.request]).to.deep.equal([id, request])
          expect(log.slice(0, cut?.log.length)).to.deep.equal(cut?.log)
          expect(isCovered(events, client.length, at), `${name} at ${at}`).to.equal(true)
          seen++
        }
      }
    }
    expect(seen).to.be.above(500)
  })

  it("shows the operation in whose request the client's stream ends", () => {
    for (const name of ['remote-build', 'py-v1.13-queries', 'n226-py-v1.38-addtostorenar']) {
      const { client, server } = sessionBytes(name)
      for (const [index, { client: range, id }] of operationsIn(decodeSession(client, server)).entries()) {
        for (let at = range[0] + 8; at < range[1]; at += 8) {
          const events = decodeSession(client.subarray(0, at), server)
          const cut = operationsIn(events)[index]
          expect([cut?.id, cut?.outcome], `${name} at ${at}`).to.deep.equal([id, 'unfinished'])
          expect(isCovered(events, at, server.length), `${name} at ${at}`).to.equal(true)
        }
      }
    }
  })

  it('shows the handshake data of both sides', () => {
    const { client, server } = sessionBytes('n226-py-v1.38-addtostorenar')
    const events = decodeSession(client, server.subarray(0, 40))
    const [handshake] = events.filter((event): event is HandshakeEvent => event.kind === 'handshake')
    expect(handshake).to.deep.include({ version: '1.38', unfinished: true, server: [0, 40] })
    expect(eventJson(handshake as HandshakeEvent)).to.include({ unfinished: true, version: '1.38' })
    expect(isCovered(events, client.length, 40)).to.equal(true)
  })
})

/** A build of which the daemon tells three lines. */
const building = (): ScriptedSession => {
  const session = new ScriptedSession({ version: '1.34' }).number('client', 10).text('client', somePath)
  for (const line of ['one', 'two', 'three']) {
    session.message({ _tag: 'Next', text: `${line}\n` })
  }
  return session
}

const timelineOf = (streams: Streams) => {
  const reading = new SessionReading({ ...streams, moments: null }, {})
  reading.advance(Number.POSITIVE_INFINITY)
  return reading.timeline
}

describe('an operation without its end', () => {
  it('is reported with its request and its log so far', () => {
    const cut = lastOf(decode(building()))
    expect(cut).to.deep.include({ id: 10, outcome: 'unfinished', reply: { _tag: 'None' } })
    expect(toNullable(cut.request)).to.deep.equal({ path: somePath })
    expect(cut.log.map((message) => (message._tag === 'Next' ? message.text : ''))).to.deep.equal([
      'one\n',
      'two\n',
      'three\n',
    ])
    expect(eventJson(cut)).to.deep.include({
      name: 'EnsurePath',
      request: { path: somePath },
      outcome: 'unfinished',
    })
    expect(JSON.parse(printJson(eventJson(cut))))
      .to.have.property('log')
      .with.length(3)
    expect(eventText(cut, false)).to.match(/EnsurePath.*\n.*g1w7hy3q[\s\S]*3 messages[\s\S]*three\n.*no end/)
  })

  it('is reported before the issue, even if the other side goes on', () => {
    const session = building()
    const { server } = session.offsets
    session.number('client', 1).text('client', somePath)
    const kinds = decode(session).map(({ kind }) => kind)
    expect(kinds).to.deep.equal(['handshake', 'operation', 'issue', 'end'])
    session.number('server', 0x1234567890)
    const events = decode(session)
    expect(events.map(({ kind }) => kind)).to.deep.equal(['handshake', 'operation', 'issue', 'end'])
    expect(lastOf(events).log.length).to.equal(3)
    expect(events.at(-1)).to.deep.include({ serverLeft: 8 })
    expect(lastOf(events).server[1]).to.equal(server)
  })

  it('is reported if too many bytes wait for the other side', () => {
    const session = building()
    const decoder = new SessionDecoder({ maxWaiting: 1000 })
    decoder.push('client', session.bytes.client)
    decoder.push('server', session.bytes.server)
    const events = decoder.push('client', new Uint8Array(2000))
    expect(events.map(({ kind }) => kind)).to.deep.equal(['operation', 'issue'])
    expect(lastOf(events).log.length).to.equal(3)
  })

  it('has the part of its upload that has come, in each way', () => {
    const content = narOf(new Uint8Array(100)).subarray(0, 64)
    const framed = new ScriptedSession({ version: '1.34' })
    framed.number('client', 7).text('client', 'x').text('client', 'fixed:r:sha256').number('client', 0, 0)
    framed.number('client', 64).client(content)
    const pulled = new ScriptedSession({ version: '1.22' }).number('client', 27)
    pulled.message({ _tag: 'Read', wanted: 100 }).number('client', 64).client(content)
    const pushed = new ScriptedSession({ version: '1.34' })
    pushed.number('client', 16).text('client', somePath).number('client', 0)
    pushed.message({ _tag: 'Write', data: content })
    const raw = new ScriptedSession({ version: '1.34' })
    raw.number('client', 38).text('client', somePath).last().server(content)
    for (const [way, session] of Object.entries({ framed, pulled, pushed, raw })) {
      const { outcome, stream } = lastOf(decode(session))
      expect([outcome, isSome(stream) && stream.value.way], way).to.deep.equal(['unfinished', way])
      expect(stream, way).to.have.nested.property('value.size', 64)
      expect(stream, way).to.deep.nested.include({ 'value.content': { _tag: 'None' } })
    }
  })

  it('has a row on the page, with its request and its log', () => {
    const { client, server } = building().bytes
    const timeline = timelineOf({ client, server })
    const item = timeline.happenings.find(({ kind }) => kind === 'operation')?.item()
    expect(item).to.include({
      name: 'EnsurePath',
      tone: 'wrong',
      value: 'no end: the rest never came, or cannot be read · 3 in its log',
    })
    const parts = Array.from({ length: item?.count ?? 0 }, (_, index) => item?.child(index))
    expect(parts.map((part) => part?.name)).to.deep.equal(['operation', 'request', 'log'])
    expect(parts[2]?.count).to.equal(3)
  })

  it('has on the page the part that came of a request, a message and a reply', () => {
    const partsOf = ({ bytes }: ScriptedSession, client: number, server: number): ReadonlyArray<string> => {
      const timeline = timelineOf({
        client: bytes.client.subarray(0, bytes.client.length - client),
        server: bytes.server.subarray(0, bytes.server.length - server),
      })
      const item = timeline.happenings.find(({ kind }) => kind === 'operation')?.item()
      return Array.from({ length: item?.count ?? 0 }, (_, index) => item?.child(index).name ?? '')
    }
    const session = new ScriptedSession({ version: '1.34' })
    session.number('client', 47).text('client', somePath).text('client', '/root')
    expect(partsOf(session, 8, 0)).to.deep.equal(['operation', 'request'])
    expect(partsOf(building(), 0, 8)).to.deep.equal(['operation', 'request', 'log', 'message'])
    const replied = new ScriptedSession({ version: '1.34' }).number('client', 26).text('client', somePath)
    replied.last().number('server', 1, 0, 64)
    const failed = new ScriptedSession({ version: '1.34' }).number('client', 26).text('client', somePath)
    failed.error('no such path')
    expect(partsOf(failed, 0, 0)).to.deep.equal(['operation', 'request', 'Error'])
    expect(partsOf(replied, 0, 0)).to.deep.equal(['operation', 'request', 'log', 'reply'])
  })
})
