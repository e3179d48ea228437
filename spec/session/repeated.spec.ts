import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { holds } from '../../combinators/gate.js'
import type { Grammar } from '../../combinators/node.js'
import { type AnyOperation, operations, streamOf } from '../../grammar/operations/index.js'
import { decodeSession, type OperationEvent, SessionDecoder, type SessionEvent } from '../../session/index.js'
import { nixProtocol } from '../../types/nix-protocol.js'
import { samples } from '../support/arbitrary.js'
import { narOf, ScriptedSession, somePath } from '../support/scripted-session.js'
import { describeWithShared, sharedPath } from '../support/shared.js'

const versions = ['1.10', '1.22', '1.38'] as const

const operationsIn = (events: ReadonlyArray<SessionEvent>): ReadonlyArray<OperationEvent> =>
  events.filter((event) => event.kind === 'operation')

const told = (events: ReadonlyArray<SessionEvent>): ReadonlyArray<string> =>
  events.flatMap((event) => {
    switch (event.kind) {
      case 'operation':
        return [`${event.id} ${event.outcome}${event.errorTwice ? ' twice' : ''}`]
      case 'issue':
        return [`${event.side} ${event.issue._tag} at ${event.issue.offset}`]
      case 'end':
        return [`left ${event.clientLeft} ${event.serverLeft}`]
      default:
        return []
    }
  })

/** A request with what the client sends behind it of its own accord. */
const ask = (session: ScriptedSession, { id, request, streams }: AnyOperation): ScriptedSession => {
  const [value] = samples(request as Grammar<unknown>, session.protocol.version, 1)
  session.number('client', id).value('client', request as Grammar<unknown>, value)
  const stream = streamOf({ streams } as AnyOperation, nixProtocol(session.protocol))
  // No paths, if the content is a list of them.
  const content = stream?.content === 'AddMultipleToStore' ? new Uint8Array(8) : narOf(new Uint8Array(5))
  return stream?.way === 'framed'
    ? session.frames(content)
    : stream?.way === 'raw' && stream.direction === 'upload'
      ? session.client(content)
      : session
}

const known = (version: (typeof versions)[number]): ReadonlyArray<AnyOperation> =>
  Object.values<AnyOperation>(operations).filter(({ gate }) => holds(gate, nixProtocol({ version })))

/** What a client may have sent by the time that it hears of the error. */
const sentSince: { readonly [what: string]: (session: ScriptedSession) => ScriptedSession } = {
  'a byte': (session) => session.client(new Uint8Array(1)),
  'eight zeros': (session) => session.number('client', 0),
  'a request': (session) => session.number('client', 1).text('client', `${somePath}-other`),
  'half a request': (session) => session.number('client', 1, 50),
  'two requests': (session) =>
    session.number('client', 1).text('client', somePath).number('client', 1).text('client', somePath),
  'an upload': (session) => ask(session, operations.AddBuildLog),
  'what is no number': (session) => session.client(new Uint8Array(300).fill(0xee)),
}

/** Whether what follows is the same operation, whose answer the second error may be. */
const isSameAgain = ({ bytes }: ScriptedSession, start: number, id: number): boolean =>
  bytes.client[start] === id

describe('an error that is sent twice', () => {
  for (const version of versions) {
    for (const operation of known(version)) {
      it(`belongs to ${operation.name} at ${version}, whatever the client sends afterwards`, () => {
        const asked = () => ask(new ScriptedSession({ version }), operation)
        const alone = asked().error('no').error('no')
        expect(told(decodeSession(alone.bytes.client, alone.bytes.server))).to.deep.equal([
          `${operation.id} error twice`,
          'left 0 0',
        ])
        const { client: end } = asked().offsets
        for (const [what, send] of Object.entries(sentSince)) {
          const session = send(asked())
          if (isSameAgain(session, end, operation.id)) {
            continue
          }
          session.error('no').error('no')
          const left = session.offsets.client - end
          expect(told(decodeSession(session.bytes.client, session.bytes.server)), what).to.deep.equal([
            `${operation.id} error twice`,
            `client TrailingBytes at ${end}`,
            `left ${left} 0`,
          ])
        }
      })
    }
  }

  it('belongs to a number that is not an operation of the protocol, and to zeros', () => {
    for (const id of [0, 45]) {
      const session = new ScriptedSession({ version: '1.21' }).number('client', id)
      if (id === 45) {
        session.text('client', 'g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-x.drv').frames(new Uint8Array(9).fill(0x61))
      }
      const { client } = session.offsets
      session.number('client', id, 7).error('invalid operation').error('invalid operation')
      const events = decodeSession(session.bytes.client, session.bytes.server)
      expect(told(events)).to.deep.equal([
        `${id} error twice`,
        `client TrailingBytes at ${client}`,
        'left 16 0',
      ])
      expect(operationsIn(events)[0]).to.include({ lacking: true })
    }
  })

  it('belongs to an operation that the table of the connection lacks, which is still named', () => {
    const { AddBuildLog: _, ...others } = operations
    const session = ask(new ScriptedSession({ version: '1.34' }), operations.AddBuildLog)
    session.error('invalid operation').error('invalid operation')
    const events = decodeSession(session.bytes.client, session.bytes.server, { operations: others })
    expect(told(events)).to.deep.equal(['45 error twice', 'left 0 0'])
    expect(operationsIn(events)[0]).to.have.nested.property('operation.value.name', 'AddBuildLog')
    expect(operationsIn(events)[0]).to.include({ lacking: true })
  })

  it('is two replies if the same is requested twice, and if the daemon goes on', () => {
    const failing = (path: string) => (session: ScriptedSession) =>
      session.number('client', 26).text('client', path).error('no')
    const twice = failing(somePath)(failing(somePath)(new ScriptedSession({ version: '1.10' })))
    expect(told(decodeSession(twice.bytes.client, twice.bytes.server))).to.deep.equal([
      '26 error',
      '26 error',
      'left 0 0',
    ])
    const on = failing(`${somePath}-2`)(failing(somePath)(new ScriptedSession({ version: '1.10' })))
    on.number('client', 1).text('client', somePath).last().number('server', 1)
    expect(told(decodeSession(on.bytes.client, on.bytes.server))).to.deep.equal([
      '26 error',
      '26 error',
      '1 reply',
      'left 0 0',
    ])
  })

  it('needs no memory for what the client sends in between', () => {
    const session = new ScriptedSession({ version: '1.34' })
    session.number('client', 10).text('client', somePath).error('no')
    session.number('client', 45).text('client', 'g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-x.drv')
    const decoder = new SessionDecoder({ maxWaiting: 100_000 })
    decoder.push('client', session.bytes.client)
    decoder.push('server', session.bytes.server)
    const frame = Buffer.alloc(8 + 50_000, 0x0a)
    frame.writeBigUInt64LE(50_000n)
    for (let count = 0; count < 20; count++) {
      expect(decoder.push('client', frame)).to.deep.equal([])
    }
    decoder.push('client', new Uint8Array(8))
    const { server } = session.offsets
    const done = session.last().number('server', 1).bytes.server.subarray(server)
    expect(told(decoder.push('server', done))).to.deep.equal(['10 error', '45 reply'])
  })

  it('is reported in order, also with progress events', () => {
    const session = new ScriptedSession({ version: '1.34' })
    session.number('client', 10).text('client', somePath).error('no')
    session.number('client', 1).text('client', somePath)
    const { server } = session.offsets
    session.last().number('server', 1)
    const decoder = new SessionDecoder({ progress: true })
    const kinds = (events: ReadonlyArray<SessionEvent>): ReadonlyArray<string> =>
      events.map((event) => `${event.kind}${'id' in event ? ` ${event.id}` : ''}`)
    decoder.push('client', session.bytes.client)
    expect(kinds(decoder.push('server', session.bytes.server.subarray(0, server)))).to.deep.equal([
      'handshake',
      'started 10',
    ])
    expect(kinds(decoder.push('server', session.bytes.server.subarray(server)))).to.deep.equal([
      'operation 10',
      'started 1',
      'operation 1',
    ])
  })
})

describeWithShared('recorded connections of which a daemon read only a part', () => {
  const recorded = (name: string): ReadonlyArray<SessionEvent> => {
    const [client, server] = ['client', 'server'].map((side) =>
      readFileSync(sharedPath('cases', 'sessions', `${name}.${side}.bin`)),
    ) as [Buffer, Buffer]
    return decodeSession(client, server)
  }

  it('O1: an upload that the daemon never reads is not an issue', () => {
    const events = recorded('O1')
    expect(told(events)).to.deep.equal(['19 none', '39 none', '39 none', '39 none', '39 none', 'left 0 0'])
    const pieces = operationsIn(events).map(({ stream }) =>
      stream._tag === 'Some' ? stream.value.pieces : null,
    )
    expect(pieces).to.deep.equal([null, 0, 0, 0, 1])
  })

  it('O2: the repeated error is not the reply to the next request', () => {
    const events = recorded('O2')
    expect(told(events)).to.deep.equal([
      '26 reply',
      '0 error twice',
      'client TrailingBytes at 120',
      'left 72 0',
    ])
    expect(operationsIn(events)[1]).to.deep.include({ operation: { _tag: 'None' }, lacking: true })
  })

  it('O5: a Read in an operation without such a stream is an issue', () => {
    const events = recorded('O5')
    expect(told(events)).to.deep.equal([
      '7 error',
      '1 unfinished',
      'server UnexpectedValue at 200',
      'left 0 272',
    ])
    const [issue] = events.filter((event) => event.kind === 'issue')
    expect(issue?.issue).to.include({ actual: 'Read' })
    expect(issue?.guess)
      .to.have.property('value')
      .that.contains('refused AddToStore before it read the upload')
  })

  it('O9: an operation that the protocol lacks includes its upload', () => {
    const events = recorded('O9')
    expect(told(events)).to.deep.equal(['45 error twice', 'client TrailingBytes at 127', 'left 72 0'])
    const [failed] = operationsIn(events)
    expect(failed).to.include({ lacking: true })
    expect(failed).to.have.nested.property('operation.value.name', 'AddBuildLog')
    expect(failed).to.have.nested.property('stream.value.size', 23)
  })
})
