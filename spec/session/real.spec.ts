import { connect } from 'node:net'
import { expect } from 'chai'
import { isSome, toNullable } from 'fp-ts/lib/Option.js'
import { decodeSession, type SessionEvent } from '../../session/index.js'
import { describeWithNix, type NixDaemon, startNixDaemon } from '../support/nix-daemon.js'
import { narOf, ScriptedSession } from '../support/scripted-session.js'

const missing = '00000000000000000000000000000000-missing'

/** What a real daemon answers to bytes. */
const answerTo = (socket: string, client: Uint8Array): Promise<Uint8Array> =>
  new Promise((resolve) => {
    const chunks: Array<Buffer> = []
    const connection = connect(socket)
    connection.on('data', (chunk: Buffer) => chunks.push(chunk))
    connection.on('error', () => undefined)
    connection.once('close', () => resolve(Buffer.concat(chunks)))
    connection.end(client)
  })

const issuesOf = (events: ReadonlyArray<SessionEvent>) =>
  events
    .filter((event) => event.kind === 'issue')
    .map((found) => ({
      side: found.side,
      tag: found.issue._tag,
      path: found.issue.path.join('.'),
      guess: toNullable(found.guess) ?? '',
    }))

const issueOf = (events: ReadonlyArray<SessionEvent>) => issuesOf(events)[0] ?? null

describeWithNix('a real daemon', () => {
  let trusting: NixDaemon
  let wary: NixDaemon
  before(async () => {
    trusting = await startNixDaemon()
    wary = await startNixDaemon({ trusted: false })
  })
  after(async () => {
    await trusting.stop()
    await wary.stop()
  })

  const talk = async (
    daemon: NixDaemon,
    ask: (session: ScriptedSession) => ScriptedSession,
  ): Promise<ReadonlyArray<SessionEvent>> => {
    const { client } = ask(new ScriptedSession({ version: '1.34' })).bytes
    return decodeSession(client, await answerTo(daemon.socket, client))
  }
  const outcomes = (events: ReadonlyArray<SessionEvent>): ReadonlyArray<string> =>
    events.flatMap((event) =>
      event.kind === 'operation' && isSome(event.error)
        ? [`${event.id}${event.errorTwice ? ', twice' : ''}`]
        : [],
    )

  it('sends the error in place of the archive if the path does not exist', async () => {
    const path = `${trusting.storeDir}/${missing}`
    const { client } = new ScriptedSession({ version: '1.34' })
      .number('client', 38)
      .text('client', path).bytes
    const server = await answerTo(trusting.socket, client)
    const events = decodeSession(client, server)
    expect(issueOf(events)).to.equal(null)
    expect(outcomes(events)).to.deep.equal(['38, twice'])
    expect(events.at(-1)).to.deep.equal({ kind: 'end', clientLeft: 0, serverLeft: 0 })
    const both = server.length - Buffer.from(server).indexOf('cxlo', 0, 'latin1')
    const cut = decodeSession(client, server.subarray(0, server.length - Math.ceil(both / 2) - 8))
    expect(issueOf(cut)).to.deep.include({ side: 'server', tag: 'LimitExceeded', path: 'download' })
    expect(issueOf(cut)?.guess).to.contain('failed while it sent the archive')
  })

  it('reads the build log of an untrusted client as operations', async () => {
    const events = await talk(wary, (session) =>
      session.number('client', 45).text('client', `${missing}.drv`).frames(new Uint8Array(9).fill(0x0a)),
    )
    expect(issueOf(events)).to.deep.include({ side: 'server', tag: 'TrailingBytes', path: '' })
    expect(issueOf(events)?.guess).to.contain('refused AddBuildLog before it read the upload')
    expect(outcomes(events)).to.deep.equal(['45'])
  })

  it('reads the upload after an unknown method as operations', async () => {
    const events = await talk(trusting, (session) =>
      session
        .number('client', 7)
        .text('client', 'x')
        .text('client', 'fixed:q:sha256')
        .number('client', 0, 0)
        .frames(narOf(new Uint8Array(3))),
    )
    const [method, answers] = issuesOf(events)
    expect(method).to.deep.include({ side: 'client', tag: 'InvalidText', path: 'request.method' })
    expect(answers).to.deep.include({ side: 'server', tag: 'TrailingBytes', path: '' })
    expect(answers?.guess).to.contain('refused AddToStore before it read the upload')
    expect(outcomes(events)).to.deep.equal(['7'])
  })

  it('rejects a number that is not an operation', async () => {
    const events = await talk(trusting, (session) => session.number('client', 99))
    expect(issueOf(events)).to.deep.include({ side: 'client', tag: 'UnknownTag', path: 'operation' })
    expect(outcomes(events)).to.deep.equal(['99, twice'])
  })

  it('sends an error twice, and reads nothing sent in between', async () => {
    const events = await talk(trusting, (session) =>
      session.number('client', 24).number('client', 1).text('client', `${trusting.storeDir}/${missing}`),
    )
    expect(outcomes(events)).to.deep.equal(['24, twice'])
    expect(issueOf(events)).to.deep.include({ side: 'client', tag: 'TrailingBytes' })
    expect(issueOf(events)?.guess).to.contain('was never read')
  })

  it('closes without a byte if the client does not begin with the magic', async () => {
    const server = await answerTo(trusting.socket, new TextEncoder().encode('GET / HTTP/1.1\r\n\r\n'))
    expect(server.length).to.equal(0)
  })
})
