import { expect } from 'chai'
import { isRight, right } from 'fp-ts/lib/Either.js'
import { isSome, type Option } from 'fp-ts/lib/Option.js'
import { bytesOf } from '../../bytes/hex.js'
import type { Grammar } from '../../combinators/node.js'
import { u8 } from '../../combinators/primitives/int.js'
import { imap } from '../../combinators/structures/imap.js'
import { listOf } from '../../combinators/structures/sequence.js'
import { StorePath } from '../../grammar/index.js'
import { operations } from '../../grammar/operations/index.js'
import { compile } from '../../interpreters/compile/index.js'
import { dissect, type Part } from '../../interpreters/dissect/index.js'
import { printJson } from '../../interpreters/json/index.js'
import {
  decodeSession,
  eventJson,
  type OperationEvent,
  SessionDecoder,
  type SessionEvent,
} from '../../session/index.js'
import { archive, directory, file, words } from '../support/nar.js'
import { narOf, ScriptedSession, somePath } from '../support/scripted-session.js'
import { recordedSessions, sessionBytes } from '../support/sessions.js'
import { describeWithShared } from '../support/shared.js'

const operationsIn = (events: ReadonlyArray<SessionEvent>): ReadonlyArray<OperationEvent> =>
  events.filter((event) => event.kind === 'operation')

const issuesIn = (events: ReadonlyArray<SessionEvent>) =>
  events
    .filter((event) => event.kind === 'issue')
    .map(({ side, issue, fatal }) => ({
      side,
      tag: issue._tag,
      offset: issue.offset,
      path: issue.path.join('.'),
      fatal,
    }))

const decode = ({ bytes: { client, server } }: ScriptedSession): ReadonlyArray<SessionEvent> =>
  decodeSession(client, server)

const jsonOf = (events: ReadonlyArray<SessionEvent>) =>
  operationsIn(events).map((event) => JSON.parse(printJson(eventJson(event))))

const atLast = (events: ReadonlyArray<SessionEvent>) => {
  const last = events.at(-1)
  return last?.kind === 'end' ? [last.clientLeft, last.serverLeft] : []
}

const latin1 = (text: string): Uint8Array => {
  const content = Buffer.from(text, 'latin1')
  const bytes = Buffer.alloc(8 + Math.ceil(content.length / 8) * 8)
  bytes.writeBigUInt64LE(BigInt(content.length))
  bytes.set(content, 8)
  return bytes
}

interface Place {
  readonly side: 'client' | 'server'
  /** Where the text's content starts in the stream. */
  readonly offset: number
  readonly path: string
}

const storePaths = new Set(['StorePath', 'OptStorePath'])

const leavesOf = (part: Part): ReadonlyArray<Part> =>
  part.parts.length === 0 ? [part] : part.parts.flatMap(leavesOf)

/** The first store path of a value that starts at an offset of a stream. */
const firstIn = (
  { protocol }: OperationEvent,
  grammar: Grammar<unknown>,
  value: Option<unknown>,
  head: 'request' | 'reply',
  startOf: (size: number) => number,
): ReadonlyArray<Place> => {
  // An integer that clients ignore may be invalid in its grammar.
  const encoded = isSome(value) ? compile(grammar, protocol).encode(value.value) : null
  const bytes = encoded !== null && isRight(encoded) ? encoded.right : new Uint8Array(0)
  const { tree } = dissect(grammar, protocol, bytes)
  const found = (tree === null ? [] : leavesOf(tree)).find(
    (part) => storePaths.has(part.grammar) && part.bytes.length > 50,
  )
  return found === undefined
    ? []
    : [
        {
          side: head === 'request' ? 'client' : 'server',
          offset: startOf(bytes.length) + found.start + 8,
          path: [head, ...found.path].join('.'),
        },
      ]
}

/** The first store path of a request behind its number, and that of a reply at the end of what the daemon says. */
const placesIn = (events: ReadonlyArray<SessionEvent>): ReadonlyArray<Place> => {
  // A request of an operation that the protocol lacks must be valid.
  const of = operationsIn(events).filter(({ lacking }) => !lacking)
  const requests = of.flatMap((event) =>
    isSome(event.operation)
      ? firstIn(
          event,
          event.operation.value.request as Grammar<unknown>,
          event.request,
          'request',
          () => event.client[0] + 8,
        )
      : [],
  )
  const replies = of.flatMap((event) =>
    isSome(event.operation) && event.outcome === 'reply' && isSome(event.reply)
      ? firstIn(
          event,
          event.operation.value.reply as Grammar<unknown>,
          event.reply,
          'reply',
          (size) => event.server[1] - size,
        )
      : [],
  )
  return [...requests.slice(0, 1), ...replies.slice(0, 1)]
}

const toldOf = (events: ReadonlyArray<SessionEvent>) => ({
  operations: operationsIn(events).map(({ id, outcome, errorTwice, client, server }) => ({
    id,
    outcome,
    errorTwice,
    client,
    server,
  })),
  end: atLast(events),
})

describeWithShared('recorded connections with a damaged text', () => {
  let damaged = 0
  for (const { name } of recordedSessions()) {
    it(`${name} decodes to the end, with one more issue`, () => {
      const whole = sessionBytes(name)
      const events = decodeSession(whole.client, whole.server)
      for (const { side, offset, path } of placesIn(events)) {
        const dash = whole[side].indexOf(0x2d, offset + 32)
        const broken = { ...whole, [side]: Uint8Array.from(whole[side]) }
        broken[side][dash] = 0x2e
        const found = decodeSession(broken.client, broken.server)
        const said = `${side} at ${dash}`
        expect(toldOf(found), said).to.deep.equal(toldOf(events))
        const issues = issuesIn(found)
        expect(issues, said).to.deep.include({ side, tag: 'InvalidText', offset, path, fatal: false })
        expect(issues.length, said).to.equal(issuesIn(events).length + 1)
        damaged++
      }
    })
  }

  it('are more than 70', () => {
    expect(damaged).to.be.greaterThan(70)
  })
})

describe('a session with issues whose extent is known', () => {
  it('keeps an invalid hash and content address, and still reports the reply', () => {
    const session = new ScriptedSession({ version: '1.37' })
    session.number('client', 26).text('client', somePath).last().number('server', 1)
    const { server } = session.offsets
    session.text('server', '').server(latin1('caf\xe9')).number('server', 0, 5, 6, 0, 1)
    const { server: signature } = session.offsets
    session.text('server', 'unsigned').text('server', 'also none')
    session.number('client', 1).text('client', somePath).last().number('server', 1)
    const events = decode(session)
    expect(issuesIn(events)).to.deep.equal([
      { side: 'server', tag: 'NotUtf8', offset: server + 16, path: 'reply.narHash', fatal: false },
      { side: 'server', tag: 'InvalidText', offset: signature + 24, path: 'reply.ca', fatal: false },
    ])
    expect(events.map(({ kind }) => kind)).to.deep.equal([
      'handshake',
      ...['issue', 'issue'],
      ...['operation', 'operation', 'end'],
    ])
    const [info, valid] = jsonOf(events)
    expect(info.reply).to.deep.equal({
      deriver: null,
      narHash: 'caf\udce9',
      references: [],
      registrationTime: 5,
      narSize: 6,
      ultimate: false,
      signatures: ['unsigned'],
      ca: 'also none',
    })
    expect(valid.reply).to.equal(true)
    expect(atLast(events)).to.deep.equal([0, 0])
  })

  it('keeps an unknown status, and an invalid output name', () => {
    const session = new ScriptedSession({ version: '1.29' })
    session.number('client', 36).text('client', 'x').number('client', 1)
    const { client } = session.offsets
    session.text('client', 'a b').text('client', '').text('client', '').text('client', '')
    session.number('client', 0).text('client', 'p').text('client', 'b').number('client', 0, 0, 0).last()
    const { server } = session.offsets
    session.number('server', 99).text('server', '').number('server', 1, 0, 5, 6, 0)
    const events = decode(session)
    expect(issuesIn(events)).to.deep.equal([
      { side: 'client', tag: 'InvalidText', offset: client - 16, path: 'request.drvPath', fatal: false },
      {
        side: 'client',
        tag: 'InvalidText',
        offset: client + 8,
        path: 'request.drv.outputs.0.key',
        fatal: false,
      },
      { side: 'server', tag: 'UnknownTag', offset: server, path: 'reply.status', fatal: false },
    ])
    const [build] = jsonOf(events)
    expect(build.request.drvPath).to.equal('x')
    expect(Object.keys(build.request.drv.outputs)).to.deep.equal(['a b'])
    expect(build.reply).to.include({ status: 99, timesBuilt: 1, stopTime: 6 })
  })

  it('has them in log messages, errors, and the handshake', () => {
    const session = new ScriptedSession({ version: '1.37' })
    const { client, server } = session.bytes
    // The padding of the daemon's release, after its magic and version.
    const named = Buffer.from(server)
    named[31] = 1
    const greeted = decodeSession(client, named)
    expect(issuesIn(greeted)).to.deep.equal([
      {
        side: 'server',
        tag: 'NonZeroPadding',
        offset: 31,
        path: 'handshake.daemonNixVersion',
        fatal: false,
      },
    ])
    expect(printJson(eventJson(greeted.find(({ kind }) => kind === 'handshake')!))).to.contain(
      '"daemonNixVersion":"2.35.2"',
    )
    // Trust: 7 is invalid.
    const trusting = Buffer.from(server)
    trusting[32] = 7
    const trusted = decodeSession(client, trusting)
    expect(issuesIn(trusted)).to.deep.equal([
      { side: 'server', tag: 'UnknownTag', offset: 32, path: 'handshake.remoteTrustsUs', fatal: false },
    ])
    expect(printJson(eventJson(trusted.find(({ kind }) => kind === 'handshake')!))).to.contain('"trust":7')
  })

  it('has them in a log, only once if an error is sent twice', () => {
    const session = new ScriptedSession({ version: '1.34' })
    session.number('client', 1).text('client', somePath)
    const { server } = session.offsets
    session.message({ _tag: 'Next', text: 'hi' }).error('no').error('no')
    const bytes = Buffer.from(session.bytes.server)
    // The padding of `hi`, and of each `no`.
    const marks = [server + 8 + 8 + 7, ...[0, 1].map((n) => bytes.indexOf('no', server) + n * 72 + 7)]
    const copies = [bytes.indexOf('no', server), bytes.lastIndexOf('no')]
    for (const at of [marks[0]!, ...copies.map((copy) => copy + 7)]) {
      bytes[at] = 1
    }
    const events = decodeSession(session.bytes.client, bytes)
    expect(issuesIn(events).map(({ tag, path, fatal }) => [tag, path, fatal])).to.deep.equal([
      ['NonZeroPadding', 'log.0.text', false],
      ['NonZeroPadding', 'log.1.error.msg', false],
    ])
    expect(operationsIn(events)).to.have.lengthOf(1)
    expect(operationsIn(events)[0]).to.include({ outcome: 'error', errorTwice: true })
    expect(atLast(events)).to.deep.equal([0, 0])
  })

  it('has them in the frames of an upload, at their place in the stream', () => {
    const nar = narOf(new TextEncoder().encode('hi'))
    const info = (path: string, size: number): Uint8Array => {
      const content = new ScriptedSession({ version: '1.34' })
      const { client } = content.offsets
      content.text('client', path).text('client', '').text('client', 'a'.repeat(64)).number('client', 0, 5)
      content.number('client', size, 0, 0).text('client', '')
      return content.bytes.client.subarray(client)
    }
    const content = Buffer.concat([
      bytesOf('0200000000000000'),
      info(somePath, nar.length + 1),
      nar,
      info(somePath.replace('-', '.'), nar.length),
      nar,
    ])
    const session = new ScriptedSession({ version: '1.34' }).number('client', 44, 0, 1)
    const { client } = session.offsets
    session.frames(content, 100).last()
    const events = decode(session)
    const second = 8 + info(somePath, 0).length + nar.length
    const placeOf = (position: number): number => client + position + 8 * (Math.floor(position / 100) + 1)
    expect(issuesIn(events)).to.deep.equal([
      {
        side: 'client',
        tag: 'InvalidValue',
        offset: placeOf(second - nar.length),
        path: 'upload.0.info.narSize',
        fatal: false,
      },
      {
        side: 'client',
        tag: 'InvalidText',
        offset: placeOf(second + 8),
        path: 'upload.1.info.info.path',
        fatal: false,
      },
    ])
    const [upload] = jsonOf(events)
    expect(upload.outcome).to.equal('none')
    expect(
      upload.stream.content.paths.map((each: { info: { path: string } }) => each.info.path),
    ).to.deep.equal([somePath, somePath.replace('-', '.')])
  })

  it('has them in a raw archive, which is followed to its end', () => {
    const nar = archive(directory(['b', file('x')], ['a/', file('hello')]))
    const session = new ScriptedSession({ version: '1.37' })
    session.number('client', 38).text('client', somePath).last()
    const { server } = session.offsets
    session.server(nar).number('client', 1).text('client', somePath).last().number('server', 1)
    const events = decode(session)
    const offset = server + nar.indexOf(words('a/')) + 8
    expect(issuesIn(events)).to.deep.equal([
      { side: 'server', tag: 'InvalidValue', offset, path: 'download', fatal: false },
    ])
    expect(jsonOf(events).map(({ name }) => name)).to.deep.equal(['NarFromPath', 'IsValidPath'])
    expect(jsonOf(events)[0].stream.content).to.include({ size: nar.length, files: 2, contents: 6 })
    expect(atLast(events)).to.deep.equal([0, 0])
  })

  it('ends if one of them makes the place unknown', () => {
    const session = new ScriptedSession({ version: '1.37' })
    session.number('client', 26).text('client', 'no path').last().number('server', 1)
    session
      .text('server', 'no path')
      .text('server', 'no hash')
      .number('server', 2 ** 40)
    const found = issuesIn(decode(session))
    expect(found.map(({ tag, path, fatal }) => [tag, path, fatal])).to.deep.equal([
      ['InvalidText', 'request.path', false],
      ['InvalidText', 'reply.deriver', false],
      ['InvalidText', 'reply.narHash', false],
      ['LimitExceeded', 'reply.references', true],
    ])
  })

  it('has up to 100 of them for each side, and counts the others', () => {
    const session = new ScriptedSession({ version: '1.34' })
    const paths = Array.from({ length: 150 }, (_, i) => `p${i}`)
    session.number('client', 31, 150)
    for (const path of paths) {
      session.text('client', path)
    }
    session.number('client', 0).last().number('server', 1).text('server', 'x')
    const events = decode(session)
    expect(issuesIn(events).filter(({ side }) => side === 'client')).to.have.lengthOf(100)
    expect(issuesIn(events).filter(({ side }) => side === 'server')).to.have.lengthOf(1)
    expect(events.at(-1)).to.deep.equal({ kind: 'end', clientLeft: 0, serverLeft: 0, issuesOmitted: 50 })
    expect(jsonOf(events)[0].request.paths).to.deep.equal(paths)
    const { client, server } = session.bytes
    const few = decodeSession(client, server, { issues: 2 })
    expect(issuesIn(few)).to.have.lengthOf(3)
    expect(few.at(-1)).to.deep.include({ issuesOmitted: 148 })
    expect(() => decodeSession(client, server, { issues: -1 })).to.throw(RangeError)
  })

  it('has the same ones however the bytes are cut, and whichever side comes first', () => {
    const session = new ScriptedSession({ version: '1.34' })
    session.number('client', 45).text('client', 'x').frames(new Uint8Array(300), 100)
    session.message({ _tag: 'Next', text: 'hi' }).last().number('server', 1)
    session.number('client', 31, 2).text('client', 'a').text('client', 'b').number('client', 0)
    session.last().number('server', 1).text('server', 'c')
    const bytes = { client: session.bytes.client, server: Buffer.from(session.bytes.server) }
    bytes.server[bytes.server.indexOf('hi') + 7] = 1
    const told = (events: ReadonlyArray<SessionEvent>) => events.map((event) => printJson(eventJson(event)))
    const whole = told(decodeSession(bytes.client, bytes.server))
    expect(whole.filter((line) => line.startsWith('{"kind":"issue"'))).to.have.lengthOf(5)
    for (const sides of [['client', 'server'] as const, ['server', 'client'] as const]) {
      for (const size of [1, 7, 1000]) {
        const decoder = new SessionDecoder()
        const events: Array<SessionEvent> = []
        for (const side of sides) {
          for (let at = 0; at < bytes[side].length; at += size) {
            // A copy that changes afterwards, since no chunk may be kept.
            const chunk = Uint8Array.from(bytes[side].subarray(at, at + size))
            events.push(...decoder.push(side, chunk))
            chunk.fill(0xee)
          }
        }
        for (const side of sides) {
          events.push(...decoder.end(side))
        }
        expect(told(events), `${sides[0]} first, ${size} bytes each`).to.deep.equal(whole)
      }
    }
  })

  it('has them as soon as the value is complete, not when more has come', () => {
    const session = new ScriptedSession({ version: '1.34' })
    session.number('client', 3).text('client', 'x')
    const { HasSubstitutes: _, ...others } = operations
    const table = {
      ...others,
      QueryPathFromHashPart: { ...operations.QueryPathFromHashPart, id: 3, request: StorePath },
    }
    const decoder = new SessionDecoder({ operations: table as never, progress: true })
    const events = [
      ...decoder.push('server', session.bytes.server),
      ...decoder.push('client', session.bytes.client),
    ]
    expect(events.map(({ kind }) => kind)).to.deep.equal(['handshake', 'started'])
    session.last().text('server', '')
    events.push(...decoder.push('server', session.bytes.server.subarray(-16)))
    expect(events.map(({ kind }) => kind)).to.deep.equal(['handshake', 'started', 'issue', 'operation'])
  })

  it('ends at an operation that the protocol lacks', () => {
    const session = new ScriptedSession({ version: '1.10' })
    session.number('client', 41).text('client', 'no path').error('invalid operation 41')
    expect(issuesIn(decode(session))[0]).to.include({ tag: 'UnknownTag', path: 'operation', fatal: true })
  })

  it('reads a value at most twice', () => {
    let looked = 0
    const counted = imap(
      u8,
      (value) => {
        looked++
        return right(value)
      },
      (value: number) => right(value),
    )
    const items = 20_000
    const table = {
      ...operations,
      QueryAllValidPaths: { ...operations.QueryAllValidPaths, reply: listOf(counted) },
    }
    const session = new ScriptedSession({ version: '1.34' }).number('client', 23).last()
    const { server } = session.offsets
    session.number('server', items).server(new Uint8Array(8 * items))
    const bytes = { client: session.bytes.client, server: Buffer.from(session.bytes.server) }
    bytes.server[server + 8 + 8 * 3 + 1] = 1
    const decoder = new SessionDecoder({ operations: table as never })
    const events = [...decoder.push('client', bytes.client), ...decoder.end('client')]
    for (let at = 0; at < bytes.server.length; at += 64) {
      events.push(...decoder.push('server', bytes.server.subarray(at, at + 64)))
    }
    events.push(...decoder.end('server'))
    expect(issuesIn(events)).to.deep.equal([
      { side: 'server', tag: 'OutOfRange', offset: server + 32, path: 'reply.3', fatal: false },
    ])
    expect(looked).to.be.within(items, 2 * items + 100)
  })
})
