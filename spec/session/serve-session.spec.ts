import { expect } from 'chai'
import { some } from 'fp-ts/lib/Option.js'
import { isServeStream, type ServeEvent, ServeSession, serveEventJson } from '../../session/index.js'
import { greeting, nar, turnsAt } from '../serve/session.js'
import { concat } from '../support/wire.js'

const streams = (version: number) => {
  const all = [greeting(version), ...turnsAt(version)]
  return {
    client: concat(...all.flatMap(({ client }) => client)),
    server: concat(...all.flatMap(({ server }) => server)),
  }
}

/** Plays both streams in pieces of so many bytes, the side that is waited for first. */
const played = (
  session: ServeSession,
  given: { readonly client: Uint8Array; readonly server: Uint8Array },
  length: number,
): ReadonlyArray<ServeEvent> => {
  const rest = { ...given }
  const ended = { client: false, server: false }
  const events: Array<ServeEvent> = []
  while (!ended.client || !ended.server) {
    const side =
      ended.client || (session.wants('server') && !session.wants('client') && !ended.server)
        ? 'server'
        : 'client'
    const bytes = rest[side]
    ended[side] = bytes.length === 0
    for (const event of ended[side] ? session.end(side) : session.push(side, bytes.slice(0, length))) {
      events.push(event)
    }
    rest[side] = bytes.subarray(length)
  }
  return events
}

/** The same bytes with another store directory, as long as the usual one. */
const elsewhere = (bytes: Uint8Array): Uint8Array =>
  Uint8Array.from(
    Buffer.from(Buffer.from(bytes).toString('latin1').replaceAll('/nix/store', '/gnu/store'), 'latin1'),
  )

describe('ServeSession', () => {
  it('reports the handshake, each command with its messages, and the end', () => {
    for (const version of [1, 2, 3, 4, 5, 6, 7, 8]) {
      const [handshake, ...events] = played(new ServeSession(), streams(version), Infinity)
      expect(handshake).to.deep.include({
        kind: 'handshake',
        version: `2.${version}`,
        clientVersion: '2.255',
      })
      expect(events.at(-1)).to.deep.equal({ kind: 'end', clientLeft: 0, serverLeft: 0 })
      const commands = events.slice(0, -1)
      expect(commands.map((event) => event.kind === 'command' && [event.name, event.finished])).to.deep.equal(
        turnsAt(version).map(({ name }) => [name, true]),
      )
      // All bytes after the handshake belong to commands.
      let at = { client: 16, server: 16 }
      for (const event of commands) {
        if (event.kind === 'command') {
          expect([event.client[0], event.server[0]]).to.deep.equal([at.client, at.server])
          at = { client: event.client[1], server: event.server[1] }
        }
      }
      expect(at.client).to.equal(streams(version).client.length)
    }
  })

  it('reports the same however the bytes are cut', () => {
    const whole = played(new ServeSession(), streams(7), Infinity)
    for (const length of [1, 3, 8, 100]) {
      expect(played(new ServeSession(), streams(7), length)).to.deep.equal(whole)
      expect(played(new ServeSession({ storeDir: '/nix/store' }), streams(7), length)).to.deep.equal(whole)
    }
  })

  it('reports the handshake as soon as it is complete, and with `progress` each request', () => {
    const session = new ServeSession({ progress: true })
    const [hello, ...turns] = [greeting(7), ...turnsAt(7)]
    expect(session.push('client', concat(...hello.client))).to.deep.equal([])
    expect(session.push('server', concat(...hello.server)).map(({ kind }) => kind)).to.deep.equal([
      'handshake',
    ])
    for (const { name, client, server } of turns) {
      const asked = session.push('client', concat(...client))
      expect(asked.map((event) => event.kind === 'begun' && event.name)).to.deep.equal([name])
      expect(session.during).to.deep.include({ name, finished: false })
      expect(session.push('server', concat(...server)).map(({ kind }) => kind)).to.deep.equal(['command'])
      expect(session.during).to.equal(null)
    }
  })

  it('finds the store directory in the traffic', () => {
    const { client, server } = streams(7)
    const there = { client: elsewhere(client), server: elsewhere(server) }
    for (const length of [5, Infinity]) {
      expect(played(new ServeSession(), there, length).filter(({ kind }) => kind === 'issue')).to.deep.equal(
        [],
      )
    }
    const wrong = played(new ServeSession({ storeDir: '/nix/store' }), there, Infinity)
    expect(wrong.some(({ kind }) => kind === 'issue')).to.equal(true)
  })

  it('keeps a limited number of values for each command, and counts the others', () => {
    const events = played(new ServeSession({ keep: 3 }), streams(7), Infinity)
    const infos = events.find((event) => event.kind === 'command' && event.name === 'QueryPathInfos')
    expect(infos).to.deep.include({ omitted: 3 })
    const none = played(new ServeSession({ keep: 0 }), streams(7), Infinity)
    expect(none.filter(({ kind }) => kind === 'command')).to.have.lengthOf(turnsAt(7).length)
    expect(() => new ServeSession({ keep: -1 })).to.throw(RangeError, 'keep')
  })

  it('reports a command that is not complete', () => {
    const { client, server } = streams(7)
    const events = played(new ServeSession(), { client, server: server.subarray(0, 20) }, Infinity)
    const [, command, issue] = events
    expect(command).to.deep.include({
      ...{ kind: 'command', name: 'QueryValidPaths', finished: false },
      incomplete: 4,
    })
    const during = some('QueryValidPaths')
    expect(issue).to.deep.include({ kind: 'issue', side: 'server', during, fatal: true })
    // With the bytes around it.
    expect(issue?.kind === 'issue' && issue.excerpt).to.deep.equal({ bytes: server.slice(0, 20), start: 0 })
  })

  it('has a JSON form with the hashes of its streams', () => {
    const events = played(new ServeSession(), streams(7), Infinity)
    const added = events.find((event) => event.kind === 'command' && event.name === 'AddToStoreNar')
    const json = serveEventJson(added!) as {
      readonly parts: ReadonlyArray<{ readonly key: string; readonly value: unknown }>
    }
    expect(json.parts.map(({ key }) => key)).to.deep.equal(['request', 'upload', 'reply'])
    expect(json.parts[1]?.value).to.deep.include({ size: BigInt(nar.length) })
    for (const event of events) {
      expect(serveEventJson(event)).to.have.property('kind', event.kind)
    }
  })

  it('recognises which stream is which by its first number', () => {
    const { client, server } = streams(7)
    expect([isServeStream('client', client), isServeStream('server', server)]).to.deep.equal([true, true])
    expect([isServeStream('server', client), isServeStream('client', server)]).to.deep.equal([false, false])
    expect(isServeStream('client', client.subarray(0, 7))).to.equal(false)
  })
})
