import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import fc from 'fast-check'
import {
  decodeSession,
  eventJson,
  SessionDecoder,
  type SessionEvent,
  type Side,
} from '../../session/index.js'
import { narOf, ScriptedSession, somePath } from '../support/scripted-session.js'
import { recordedSessions, sessionBytes } from '../support/sessions.js'
import { describeWithShared, sharedPath } from '../support/shared.js'

/** Events without what depends on how bytes came: the excerpt around an issue. */
const told = (events: ReadonlyArray<SessionEvent>): unknown => events.map(eventJson)

interface Piece {
  readonly side: Side
  readonly size: number
}

/** Pieces of the two streams in any order and of any size. */
const pieces = fc.array(
  fc.record({ side: fc.constantFrom<Side>('client', 'server'), size: fc.nat({ max: 300 }) }),
  { maxLength: 60 },
)

const pushed = (
  given: { readonly [S in Side]: Uint8Array },
  order: ReadonlyArray<Piece>,
  last: Side,
): ReadonlyArray<SessionEvent> => {
  const decoder = new SessionDecoder()
  const events: Array<SessionEvent> = []
  const rest = { ...given }
  // One buffer for all chunks, so that a decoder that kept one would see it change.
  const chunk = new Uint8Array(2 ** 20)
  const push = (side: Side, size: number): void => {
    const bytes = rest[side].subarray(0, size)
    rest[side] = rest[side].subarray(size)
    chunk.set(bytes)
    events.push(...decoder.push(side, chunk.subarray(0, bytes.length)))
    chunk.fill(0xee, 0, bytes.length)
  }
  for (const { side, size } of order) {
    push(side, size)
  }
  for (const side of last === 'client' ? (['server', 'client'] as const) : (['client', 'server'] as const)) {
    push(side, rest[side].length)
    events.push(...decoder.end(side))
  }
  return events
}

describeWithShared('a session that arrives in pieces', () => {
  for (const { name } of recordedSessions()) {
    it(`${name}: has the same events however it is cut`, () => {
      const bytes = sessionBytes(name)
      const whole = told(decodeSession(bytes.client, bytes.server))
      fc.assert(
        fc.property(pieces, fc.constantFrom<Side>('client', 'server'), (order, last) => {
          expect(told(pushed(bytes, order, last))).to.deep.equal(whole)
        }),
        { numRuns: 12 },
      )
    })
  }

  for (const name of ['O1', 'O2', 'O5', 'O9']) {
    it(`${name}: has the same events however it is cut`, () => {
      const [client, server] = ['client', 'server'].map((side) =>
        readFileSync(sharedPath('cases', 'sessions', `${name}.${side}.bin`)),
      ) as [Buffer, Buffer]
      const whole = told(decodeSession(client, server))
      fc.assert(
        fc.property(pieces, fc.constantFrom<Side>('client', 'server'), (order, last) => {
          expect(told(pushed({ client, server }, order, last))).to.deep.equal(whole)
        }),
        { numRuns: 50 },
      )
    })
  }

  it('has the same events byte by byte', () => {
    for (const name of ['py-v1.32-addmultiple', 'py-v1.10-export-import', 'n226-py-v1.38-addtostorenar']) {
      const bytes = sessionBytes(name)
      const order = (side: Side): ReadonlyArray<Piece> =>
        Array.from({ length: bytes[side].length }, () => ({ side, size: 1 }))
      const whole = told(decodeSession(bytes.client, bytes.server))
      expect(told(pushed(bytes, [...order('client'), ...order('server')], 'server'))).to.deep.equal(whole)
      expect(told(pushed(bytes, [...order('server'), ...order('client')], 'client'))).to.deep.equal(whole)
    }
  })

  it('has an issue wherever a stream is cut, and never throws', () => {
    for (const name of ['py-v1.32-addmultiple', 'py-v1.10-export-import', 's28-wrongsystem']) {
      const { client, server } = sessionBytes(name)
      for (let length = 0; length < server.length; length++) {
        const events = decodeSession(client, server.subarray(0, length))
        expect(events.filter(({ kind }) => kind === 'issue').length, `${name}, ${length}`).to.equal(1)
        expect(events.at(-1)?.kind).to.equal('end')
      }
      for (let length = 0; length < client.length; length++) {
        const events = decodeSession(client.subarray(0, length), server)
        expect(events.filter(({ kind }) => kind === 'issue').length, `${name}, ${length}`).to.be.at.least(1)
      }
    }
  })

  it('never throws, whatever the bytes are', () => {
    const names = recordedSessions().map(({ name }) => name)
    const edit = fc.record({
      side: fc.constantFrom<Side>('client', 'server'),
      at: fc.nat(),
      byte: fc.nat(255),
    })
    fc.assert(
      fc.property(
        fc.constantFrom(...names),
        fc.array(edit, { minLength: 1, maxLength: 4 }),
        (name, edits) => {
          const { client, server } = sessionBytes(name)
          const bytes = { client: Uint8Array.from(client), server: Uint8Array.from(server) }
          for (const { side, at, byte } of edits) {
            if (bytes[side].length > 0) {
              bytes[side][at % bytes[side].length] = byte
            }
          }
          const events = decodeSession(bytes.client, bytes.server)
          const end = events.at(-1)
          expect(end?.kind).to.equal('end')
          for (const event of events) {
            if (event.kind === 'issue') {
              expect(event.issue.offset).to.be.within(0, bytes[event.side].length)
            }
          }
        },
      ),
      { numRuns: 1500 },
    )
  })
})

describe('a session with progress events', () => {
  const build = (): ScriptedSession => {
    const session = new ScriptedSession({ version: '1.34' })
    session.number('client', 10).text('client', somePath)
    for (let line = 0; line < 5; line++) {
      session.message({ _tag: 'Next', text: `line ${line}\n` })
    }
    return session.last().number('server', 1)
  }

  it('reports the beginning and the log of an operation before its end', () => {
    const { client, server } = build().bytes
    const decoder = new SessionDecoder({ progress: true })
    expect(decoder.push('client', client).map(({ kind }) => kind)).to.deep.equal([])
    const kinds = decoder.push('server', server.subarray(0, server.length - 8)).map(({ kind }) => kind)
    expect(kinds).to.deep.equal(['handshake', 'started', ...Array.from({ length: 5 }, () => 'message')])
    expect(decoder.push('server', server.subarray(-8)).map(({ kind }) => kind)).to.deep.equal(['operation'])
  })

  it('keeps as much of a log as the option says, and counts the rest', () => {
    const { client, server } = build().bytes
    const [found] = decodeSession(client, server, { keep: 2 }).filter((event) => event.kind === 'operation')
    expect([found?.log.length, found?.logOmitted]).to.deep.equal([2, 3])
  })

  it('reports an operation as soon as its reply is complete, and an error when the daemon goes on', () => {
    const session = new ScriptedSession({ version: '1.34' })
    const start = session.bytes
    const decoder = new SessionDecoder()
    decoder.push('client', start.client)
    decoder.push('server', start.server)
    const asked = new ScriptedSession({ version: '1.34' }).number('client', 1).text('client', somePath)
    const request = asked.bytes.client.subarray(start.client.length)
    const answered = new ScriptedSession({ version: '1.34' }).error('no')
    const kinds = (events: ReadonlyArray<SessionEvent>): ReadonlyArray<string> =>
      events.map(({ kind }) => kind)
    decoder.push('client', request)
    expect(kinds(decoder.push('server', answered.bytes.server.subarray(start.server.length)))).to.deep.equal(
      [],
    )
    expect(kinds(decoder.push('client', request))).to.deep.equal([])
    const next = new ScriptedSession({ version: '1.34' }).last().bytes.server.subarray(start.server.length)
    expect(kinds(decoder.push('server', next))).to.deep.equal(['operation'])
    const reply = new Uint8Array(8)
    expect(kinds(decoder.push('server', reply))).to.deep.equal(['operation'])
  })

  it('rejects invalid options, and bytes after the end', () => {
    expect(() => new SessionDecoder({ keep: -1 })).to.throw(RangeError)
    expect(() => new SessionDecoder({ maxWaiting: 0.5 })).to.throw(RangeError)
    expect(() => new SessionDecoder({ storeDir: 'nix' })).to.throw(RangeError)
    const decoder = new SessionDecoder()
    decoder.end('client')
    expect(() => decoder.push('client', new Uint8Array(1))).to.throw('has ended')
  })
})

describe('a session with large streams', () => {
  const size = 256 * 2 ** 20

  const grown = (run: () => void): number => {
    const before = process.memoryUsage().arrayBuffers
    run()
    return process.memoryUsage().arrayBuffers - before
  }

  it('needs no memory for them', () => {
    const session = new ScriptedSession({ version: '1.34' })
    session.number('client', 38).text('client', somePath).last()
    const nar = narOf(new Uint8Array(0))
    const { client, server } = session.bytes
    const decoder = new SessionDecoder()
    decoder.push('client', client)
    decoder.push('server', server)
    // The archive up to the length of its contents, that length, and the bytes after them.
    const header = Uint8Array.from(nar.subarray(0, 96))
    new DataView(header.buffer).setBigUint64(88, BigInt(size), true)
    const piece = new Uint8Array(2 ** 16)
    const events: Array<SessionEvent> = []
    const growth = grown(() => {
      events.push(...decoder.push('server', header))
      for (let at = 0; at < size; at += piece.length) {
        events.push(...decoder.push('server', piece))
      }
      events.push(...decoder.push('server', nar.subarray(96)))
    })
    const [operation] = events
    const stream = operation?.kind === 'operation' ? operation.stream : undefined
    expect(stream).to.have.nested.property('value.size', size + nar.length)
    expect(growth).to.be.below(4 * 2 ** 20)
  })

  it('needs no memory for an upload in frames of any size', () => {
    const session = new ScriptedSession({ version: '1.34' })
    session.number('client', 45).text('client', 'g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-x.drv')
    const { client, server } = session.bytes
    const decoder = new SessionDecoder()
    decoder.push('client', client)
    decoder.push('server', server)
    const frame = Buffer.alloc(8 + 65536, 0x0a)
    frame.writeBigUInt64LE(65536n)
    const growth = grown(() => {
      for (let at = 0; at < size / 4; at += 65536) {
        decoder.push('client', frame)
      }
    })
    const done = new ScriptedSession({ version: '1.34' }).last().number('server', 1)
    decoder.push('client', new Uint8Array(8))
    const [operation] = decoder.push('server', done.bytes.server.subarray(server.length))
    expect(operation).to.have.nested.property('stream.value.content.value.lines', size / 4)
    expect(growth).to.be.below(4 * 2 ** 20)
  })
})
