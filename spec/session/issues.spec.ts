import { expect } from 'chai'
import { isSome, toNullable } from 'fp-ts/lib/Option.js'
import { bytesOf } from '../../bytes/hex.js'
import { operations } from '../../grammar/operations/index.js'
import { decodeSession, SessionDecoder, type SessionEvent } from '../../session/index.js'
import { narOf, ScriptedSession, somePath } from '../support/scripted-session.js'

interface Told {
  readonly side: string
  readonly tag: string
  readonly offset: number
  readonly path: string
  readonly fatal: boolean
  readonly during: string | null
}

const decode = (session: ScriptedSession): ReadonlyArray<SessionEvent> => {
  const { client, server } = session.bytes
  return decodeSession(client, server)
}

const issuesOf = (events: ReadonlyArray<SessionEvent>): ReadonlyArray<Told> =>
  events.flatMap((event) =>
    event.kind === 'issue'
      ? [
          {
            side: event.side,
            tag: event.issue._tag,
            offset: event.issue.offset,
            path: event.issue.path.join('.'),
            fatal: event.fatal,
            during: toNullable(event.during),
          },
        ]
      : [],
  )

const guessOf = (events: ReadonlyArray<SessionEvent>): string =>
  events.flatMap((event) => (event.kind === 'issue' ? [toNullable(event.guess) ?? ''] : [])).join('\n')

const outcomesOf = (events: ReadonlyArray<SessionEvent>): ReadonlyArray<string> =>
  events.flatMap((event) => (event.kind === 'operation' ? [`${event.id} ${event.outcome}`] : []))

const text = (words: string): Uint8Array => new TextEncoder().encode(words)

describe('the issue of a session that breaks the protocol', () => {
  it('is reported if the daemon is a web server', () => {
    const hello = bytesOf('6378696e00000000 2601000000000000')
    const events = decodeSession(hello, text('HTTP/1.1 400 Bad Request\r\nServer: x\r\n'))
    expect(issuesOf(events)).to.deep.equal([
      {
        side: 'server',
        tag: 'OutOfRange',
        offset: 0,
        path: 'handshake.server.magic',
        fatal: true,
        during: 'the handshake',
      },
    ])
    expect(guessOf(events)).to.contain('not a nix-daemon: it says "HTTP/1.1 400 Bad Request"')
    expect(events.at(-1)).to.deep.equal({ kind: 'end', clientLeft: 16, serverLeft: 37 })
  })

  it('is reported if the client is too old', () => {
    const events = decodeSession(
      bytesOf('6378696e00000000 0901000000000000'),
      bytesOf('6f69786400000000 2201000000000000'),
    )
    expect(issuesOf(events)).to.deep.equal([
      {
        side: 'client',
        tag: 'InvalidValue',
        offset: 8,
        path: 'handshake.client.version',
        fatal: true,
        during: 'the handshake',
      },
    ])
  })

  it('is reported if the client sends its version twice at 1.38', () => {
    const hello = '6378696e00000000 2601000000000000 2601000000000000 0000000000000000 0000000000000000'
    const events = decodeSession(bytesOf(hello), bytesOf('6f69786400000000 2601000000000000'))
    expect(issuesOf(events)[0]).to.include({ side: 'client', path: 'handshake.features.2', offset: 40 })
    expect(guessOf(events)).to.contain('sent its version twice')
  })

  it('is absent if an error is in place of the archive of NarFromPath, which is how a daemon breaks off', () => {
    const session = new ScriptedSession({ version: '1.34' })
    session.number('client', 38).text('client', somePath).last().text('server', 'nix-archive-1')
    session.error('path is not valid').error('path is not valid')
    const events = decode(session)
    expect(issuesOf(events)).to.deep.equal([])
    const [failed] = events.filter((event) => event.kind === 'operation')
    expect(failed).to.include({ id: 38, outcome: 'error', errorTwice: true })
    expect(failed && isSome(failed.error) && failed.error.value.msg).to.equal('path is not valid')
    expect(events.at(-1)).to.deep.equal({ kind: 'end', clientLeft: 0, serverLeft: 0 })
  })

  it('is reported if the error comes within the contents of a file, and looks like contents', () => {
    const session = new ScriptedSession({ version: '1.34' })
    const nar = narOf(new Uint8Array(100_000))
    const cut = nar.subarray(0, 50_000)
    session.number('client', 38).text('client', somePath).last().server(cut)
    const start = session.offsets.server - cut.length
    session.error('gone').error('gone')
    expect(issuesOf(decode(session))).to.deep.equal([
      {
        side: 'server',
        tag: 'UnexpectedEnd',
        offset: start + 88,
        path: 'download',
        fatal: true,
        during: 'NarFromPath',
      },
    ])
  })

  it('is reported if AddToStore has an unknown method, and its upload is read as operations', () => {
    const session = new ScriptedSession({ version: '1.34' })
    session.number('client', 7).text('client', 'x').text('client', 'fixed:q:sha256')
    const method = session.offsets.client - 16
    session.number('client', 0, 0).frames(narOf(text('hi')))
    session.error('unknown method')
    const { server } = session.offsets
    session.error('invalid operation 112').error('invalid operation 112')
    const events = decode(session)
    expect(issuesOf(events)).to.deep.equal([
      {
        side: 'client',
        tag: 'InvalidText',
        offset: method,
        path: 'request.method',
        fatal: false,
        during: 'AddToStore',
      },
      { side: 'server', tag: 'TrailingBytes', offset: server, path: '', fatal: true, during: null },
    ])
    expect(outcomesOf(events)).to.deep.equal(['7 error'])
    expect(guessOf(events)).to.contain('refused AddToStore before it read the upload')
  })

  it('is reported if a rejected upload is read as an operation', () => {
    const session = new ScriptedSession({ version: '1.34' })
    session.number('client', 45).text('client', 'g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-x.drv')
    session.frames(text('a line\n')).error('you are not privileged to add logs')
    const { server } = session.offsets
    session.error('invalid operation 7').error('invalid operation 7')
    const events = decode(session)
    expect(issuesOf(events)).to.deep.equal([
      { side: 'server', tag: 'TrailingBytes', offset: server, path: '', fatal: true, during: null },
    ])
    expect(guessOf(events)).to.contain('refused AddBuildLog before it read the upload')
  })

  it('is reported if rejected arguments are read as an operation', () => {
    const session = new ScriptedSession({ version: '1.38' })
    session.number('client', 43).text('client', `sha256:${'1'.repeat(64)}!out`)
    session.error('missing a feature').error('invalid operation 75').error('invalid operation 75')
    expect(guessOf(decode(session))).to.contain('refused QueryRealisation before it read the arguments')
  })

  it('is reported if the daemon sends something unsolicited', () => {
    const session = new ScriptedSession({ version: '1.34' })
    session.number('client', 1).text('client', somePath).last().number('server', 1)
    const { server } = session.offsets
    session.last()
    const events = decode(session)
    expect(issuesOf(events)).to.deep.equal([
      { side: 'server', tag: 'TrailingBytes', offset: server, path: '', fatal: true, during: null },
    ])
    expect(guessOf(events)).to.contain('a request that was not sent')
  })

  it('is reported if there is a text in place of a message', () => {
    const session = new ScriptedSession({ version: '1.34' })
    session.number('client', 1).text('client', somePath)
    const { server } = session.offsets
    session.server(text('error: cannot open the database\n'))
    const events = decode(session)
    expect(issuesOf(events)).to.deep.equal([
      {
        side: 'server',
        tag: 'UnknownTag',
        offset: server,
        path: 'log.0._tag',
        fatal: true,
        during: 'IsValidPath',
      },
    ])
    expect(guessOf(events)).to.contain('"error: cannot open the database"')
  })

  it('is reported if a reply is longer than its grammar', () => {
    const session = new ScriptedSession({ version: '1.34' })
    session.number('client', 1).text('client', somePath).last().number('server', 1, 5)
    session.number('client', 1).text('client', somePath).last().number('server', 1)
    const events = decode(session)
    expect(issuesOf(events)[0]).to.include({ side: 'server', tag: 'UnknownTag', path: 'log.0._tag' })
    expect(guessOf(events)).to.contain('the reply to IsValidPath, has 8 bytes too many')
  })

  it('is reported if there is a message in place of a reply', () => {
    const session = new ScriptedSession({ version: '1.34' })
    session.number('client', 26).text('client', somePath).last()
    const { server } = session.offsets
    session.error('late')
    const events = decode(session)
    expect(issuesOf(events)[0]).to.include({
      side: 'server',
      tag: 'UnknownTag',
      offset: server,
      path: 'reply',
    })
    expect(guessOf(events)).to.contain('(Error) is in the place')
  })

  it('is reported if the client leaves in the middle of a frame', () => {
    const session = new ScriptedSession({ version: '1.34' })
    session.number('client', 45).text('client', 'g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-x.drv')
    const { client } = session.offsets
    session.number('client', 100).client(text('a line\n'))
    const events = decode(session)
    expect(issuesOf(events)).to.deep.equal([
      {
        side: 'client',
        tag: 'UnexpectedEnd',
        offset: client,
        path: 'upload',
        fatal: true,
        during: 'AddBuildLog',
      },
    ])
    expect(guessOf(events)).to.contain('went away in the middle of AddBuildLog')
  })

  it('is reported if the daemon breaks an upload off with an error', () => {
    const session = new ScriptedSession({ version: '1.34' })
    session.number('client', 45).text('client', 'g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-x.drv')
    session.number('client', 100).client(text('a line\n')).error('disk full')
    const events = decode(session)
    expect(outcomesOf(events)).to.deep.equal(['45 error'])
    expect(issuesOf(events)[0]).to.include({ side: 'client', tag: 'UnexpectedEnd' })
  })

  it('is reported if an answer is longer than the daemon wanted', () => {
    const session = new ScriptedSession({ version: '1.22' })
    session.number('client', 27).message({ _tag: 'Read', wanted: 8 })
    const { client } = session.offsets
    session.text('client', 'nine byte').error('string is too long')
    const events = decode(session)
    expect(issuesOf(events)).to.deep.equal([
      {
        side: 'client',
        tag: 'LimitExceeded',
        offset: client,
        path: 'upload',
        fatal: false,
        during: 'ImportPaths',
      },
    ])
    expect(outcomesOf(events)).to.deep.equal(['27 error'])
  })

  it('is reported in the frames of an upload, and reading goes on after them', () => {
    const session = new ScriptedSession({ version: '1.34' })
    const nar = narOf(text('hi'))
    nar[0x62] = 1
    session.number('client', 7).text('client', 'x').text('client', 'fixed:r:sha256').number('client', 0, 0)
    const { client } = session.offsets
    session.frames(nar, 10).error('bad archive')
    session.number('client', 1).text('client', somePath).last().number('server', 1)
    const events = decode(session)
    const at = 0x62
    expect(issuesOf(events)).to.deep.equal([
      {
        side: 'client',
        tag: 'NonZeroPadding',
        offset: client + at + 8 * (Math.floor(at / 10) + 1),
        path: 'upload',
        fatal: false,
        during: 'AddToStore',
      },
    ])
    expect(outcomesOf(events)).to.deep.equal(['7 error', '1 reply'])
    expect(events.at(-1)).to.deep.equal({ kind: 'end', clientLeft: 0, serverLeft: 0 })
  })

  it('is reported if the frames end before their content', () => {
    const session = new ScriptedSession({ version: '1.34' })
    session.number('client', 7).text('client', 'x').text('client', 'fixed:r:sha256').number('client', 0, 0)
    session.frames(narOf(text('hi')).subarray(0, 40)).error('unexpected end')
    const { client } = session.offsets
    expect(issuesOf(decode(session))).to.deep.equal([
      {
        side: 'client',
        tag: 'FramesEnd',
        offset: client - 8,
        path: 'upload',
        fatal: false,
        during: 'AddToStore',
      },
    ])
  })

  it('is reported if an archive is not as long as its info announces', () => {
    const session = new ScriptedSession({ version: '1.34' })
    const nar = narOf(text('hi'))
    session.number('client', 44, 0, 1)
    const { client } = session.offsets
    const inner = new ScriptedSession({ version: '1.16' })
    const before = inner.offsets.client
    inner.number('client', 1).text('client', somePath).text('client', '').text('client', '0'.repeat(64))
    inner.number('client', 0, 0, 7, 0, 0).text('client', '')
    const info = inner.bytes.client.subarray(before)
    session.frames(Buffer.concat([info, nar])).error('size mismatch')
    expect(issuesOf(decode(session))).to.deep.equal([
      {
        side: 'client',
        tag: 'InvalidValue',
        offset: client + 8 + info.length,
        path: 'upload.0.info.narSize',
        fatal: false,
        during: 'AddMultipleToStore',
      },
    ])
  })

  it('is reported if more bytes wait for the other side than the limit', () => {
    const session = new ScriptedSession({ version: '1.34' })
    session.number('client', 1).text('client', somePath)
    const { client } = session.offsets
    session.client(new Uint8Array(300_000))
    const { bytes } = session
    const decoder = new SessionDecoder({ maxWaiting: 200_000 })
    decoder.push('server', bytes.server)
    const events = decoder.push('client', bytes.client)
    expect(issuesOf(events)[0]).to.include({ side: 'client', tag: 'LimitExceeded', offset: client })
  })
})

describe('a session of older clients', () => {
  it('may have a client of Nix 2.23 that sends its version twice', () => {
    const client = bytesOf(
      '6378696e00000000 2501000000000000 2501000000000000 0000000000000000 0000000000000000',
    )
    const server = bytesOf(
      '6f69786400000000 2501000000000000 0600000000000000 322e32332e330000 0100000000000000 73746c6100000000',
    )
    const [handshake, end] = decodeSession(client, server)
    expect(handshake).to.include({ kind: 'handshake', version: '1.37', versionTwice: true })
    expect(end).to.deep.equal({ kind: 'end', clientLeft: 0, serverLeft: 0 })
  })

  it('may end in an error at the end of the handshake', () => {
    const client = bytesOf('6378696e00000000 0a01000000000000')
    const session = new ScriptedSession({ version: '1.10' })
    const server = Buffer.concat([
      session.bytes.server.subarray(0, 16),
      new ScriptedSession({ version: '1.10' }).error('no more room').bytes.server.subarray(24),
    ])
    const [handshake, end] = decodeSession(client, server)
    const error = handshake?.kind === 'handshake' ? toNullable(handshake.error) : null
    expect(error?.msg).to.equal('no more room')
    expect(end).to.deep.equal({ kind: 'end', clientLeft: 0, serverLeft: 0 })
  })

  it('has the plain NAR after the request, below 1.21', () => {
    const nar = narOf(text('raw'))
    const session = new ScriptedSession({ version: '1.20' })
    session.number('client', 39).value('client', operations.AddToStoreNar.request, {
      info: {
        path: somePath as never,
        info: {
          deriver: { _tag: 'None' },
          narHash: '0'.repeat(64) as never,
          references: [],
          registrationTime: 0n,
          narSize: BigInt(nar.length),
          ultimate: false,
          signatures: [],
          ca: { _tag: 'None' },
        },
      },
      repair: false,
      dontCheckSigs: false,
    })
    session.client(nar).last()
    const [added] = decode(session).filter((event) => event.kind === 'operation')
    expect(added && toNullable(added.stream)).to.deep.include({ way: 'raw', size: nar.length, pieces: 1 })
  })

  it('may have bytes after the content in the frames', () => {
    const session = new ScriptedSession({ version: '1.34' })
    session.number('client', 44, 0, 0).frames(bytesOf('0000000000000000 ffffff')).last()
    const events = decode(session)
    const [added] = events.filter((event) => event.kind === 'operation')
    expect(issuesOf(events)).to.deep.equal([])
    expect(added && toNullable(added.stream)).to.include({ size: 11, trailing: 3 })
  })
})
