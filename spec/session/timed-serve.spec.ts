import { expect } from 'chai'
import type { Side } from '../../session/events.js'
import {
  type ConnectionEvent,
  ConnectionReader,
  pendingJson,
  pendingPhrases,
  RecordedSession,
  type TimedEvent,
  timedEventJson,
  waitingPhrase,
} from '../../session/index.js'
import type { Ending } from '../../session/recording/step.js'
import { greeting, type Turn, turnsAt } from '../serve/session.js'
import { ScriptedSession } from '../support/scripted-session.js'
import { concat, int } from '../support/wire.js'

const start = 1_795_321_890_000

const turn = (name: string): Turn => turnsAt(7).find((each) => each.name === name) ?? expect.fail(name)

/** A connection of the serve protocol whose words come at times of a test, in milliseconds from its start on. */
class Served {
  readonly session = new RecordedSession(new ConnectionReader())
  readonly events: Array<TimedEvent<ConnectionEvent>> = []

  constructor() {
    const { client, server } = greeting(7)
    this.say('client', 0, ...client).say('server', 5, ...server)
  }

  say(side: Side, at: number, ...parts: ReadonlyArray<Uint8Array>): this {
    return this.#take({ kind: 'bytes', side, at: start + at, bytes: concat(...parts) })
  }

  end(side: Side, how: Ending, at: number): this {
    return this.#take({ kind: 'end', side, at: start + at, how })
  }

  #take(
    step:
      | { readonly kind: 'bytes'; readonly side: Side; readonly at: number; readonly bytes: Uint8Array }
      | { readonly kind: 'end'; readonly side: Side; readonly at: number; readonly how: Ending },
  ): this {
    this.events.push(...this.session.take({ ...step, connection: 0 }))
    return this
  }

  phrases(at: number): ReadonlyArray<string> {
    return pendingPhrases(this.session.finish(start + at).pending)
  }

  waiting(at: number): string | null {
    return waitingPhrase(this.session.pending(start + at))
  }
}

describe('the times of a connection of the serve protocol', () => {
  it('are those of the beginning and end of a command, and how long each side kept the other waiting', () => {
    const { client, server } = turn('QueryPathInfos')
    const served = new Served()
      .say('client', 100, client[0]!)
      .say('client', 130, client[1]!)
      .say('server', 200, server[0]!, server[1]!)
      .say('server', 205, ...server.slice(2))
    const [handshake, command] = served.events
    expect(handshake?.time).to.deep.equal({
      began: start,
      ended: start + 5,
      waited: { client: 0, server: 5 },
    })
    expect(command?.event).to.deep.include({ kind: 'command', name: 'QueryPathInfos', finished: true })
    expect(command?.time).to.deep.equal({
      began: start + 100,
      ended: start + 205,
      waited: { client: 30, server: 75 },
    })
    expect(command && timedEventJson(command)).to.deep.include({
      time: {
        began: '2026-11-22T04:31:30.100000Z',
        ended: '2026-11-22T04:31:30.205000Z',
        took: 105_000n,
        waitedForClient: 30_000n,
        waitedForServer: 75_000n,
      },
    })
  })

  it('wait only for the server after the first bytes of the client', () => {
    const session = new RecordedSession(new ConnectionReader())
    const hello = greeting(7)
    session.take({ kind: 'bytes', connection: 0, side: 'client', at: start, bytes: concat(...hello.client) })
    const { waiting } = session.pending()
    expect(waiting.sides).to.deep.equal(['server'])
  })
})

describe('what is pending in a connection of the serve protocol', () => {
  const cases: ReadonlyArray<readonly [what: string, served: () => Served, waits: string]> = [
    [
      'a request that is not whole',
      () => new Served().say('client', 100, turn('QueryPathInfos').client[0]!),
      'the client has said nothing for 1 s; the server waits for the rest of the request of QueryPathInfos',
    ],
    [
      'an answer',
      () => new Served().say('client', 100, ...turn('BuildPaths').client),
      'the server has said nothing for 1.1 s; the client waits for the reply of BuildPaths',
    ],
    [
      'an answer in parts',
      () =>
        new Served()
          .say('client', 50, ...turn('QueryPathInfos').client)
          .say('server', 100, turn('QueryPathInfos').server[0]!),
      'the server has said nothing for 1 s; the client waits for the rest of the reply of QueryPathInfos',
    ],
    [
      'a download',
      () => new Served().say('client', 100, ...turn('DumpStorePath').client),
      'the server has said nothing for 1.1 s; the client waits for the download of DumpStorePath',
    ],
    [
      'a download that has begun',
      () =>
        new Served()
          .say('client', 50, ...turn('DumpStorePath').client)
          .say('server', 100, turn('DumpStorePath').server[0]!.subarray(0, 40)),
      'the server has said nothing for 1 s; the client waits for the rest of the download of DumpStorePath',
    ],
    [
      'an upload',
      () => new Served().say('client', 100, ...turn('AddToStoreNar').client.slice(0, -1)),
      'the client has said nothing for 1 s; the server waits for the upload of AddToStoreNar',
    ],
    [
      'nothing',
      () =>
        new Served()
          .say('client', 50, ...turn('QueryClosure').client)
          .say('server', 100, ...turn('QueryClosure').server),
      'the client has said nothing for 1.1 s; the server waits for the next command',
    ],
  ]
  for (const [what, served, waits] of cases) {
    it(`is ${what}`, () => {
      const it = served()
      expect(it.waiting(1100)).to.equal(waits)
      // That only looked: the recording goes on, and ends in the same way.
      const phrases = it.phrases(1100)
      expect([phrases[0], phrases.at(-1)]).to.deep.equal([
        'the connection is open where the recording ends',
        waits,
      ])
    })
  }

  it('is the handshake, or a command that no version has', () => {
    const session = new RecordedSession(new ConnectionReader())
    const bytes = concat(...greeting(7).client)
    session.take({ kind: 'bytes', connection: 0, side: 'client', at: start, bytes })
    expect(pendingPhrases(session.finish(start + 250).pending).slice(1)).to.deep.equal([
      'the handshake is pending',
      "the server has said nothing for 250 ms; the client waits for the server's part of the handshake",
    ])
    const unknown = new Served().say('client', 100, int(99)).end('client', 'closed', 200)
    expect(unknown.events.map(({ event }) => event.kind)).to.deep.equal(['handshake', 'command', 'issue'])
  })

  it('is reported for an open connection, and is an issue if it was cut or the server closed it', () => {
    const asked = () => new Served().say('client', 100, ...turn('QueryClosure').client)
    const open = asked()
    const { events, pending } = open.session.finish(start + 1000)
    expect(events.map(({ event }) => event.kind)).to.deep.equal(['command', 'end'])
    expect(pendingJson(pending)).to.deep.include({
      left: 'open',
      pending: 'QueryClosure',
      waitsFor: ['server'],
    })
    const stopped = asked().end('client', 'stopped', 900).end('server', 'stopped', 900)
    expect(stopped.phrases(1000)[0]).to.equal('the connection was open when the recording was stopped')
    const cut = asked().end('server', 'brokeOff', 900).end('client', 'closed', 901)
    expect(cut.events.map(({ event }) => event.kind)).to.deep.equal(['handshake', 'command', 'issue', 'end'])
    expect(cut.phrases(1000)).to.deep.equal([
      'the connection was cut: the server broke off',
      'QueryClosure is pending',
      'the server broke off; the reply of QueryClosure is missing',
    ])
    const failed = asked().end('server', 'closed', 900).end('client', 'closed', 901)
    expect(failed.phrases(1000)).to.deep.equal([
      'the connection was closed, by the server first',
      'QueryClosure is pending',
      'the server closed; the reply of QueryClosure is missing',
    ])
  })
})

describe('ConnectionReader', () => {
  const played = (client: Uint8Array, server: Uint8Array, size: number): ReadonlyArray<unknown> => {
    const reader = new ConnectionReader()
    const events: Array<ConnectionEvent> = []
    for (const [side, bytes] of [
      ['client', client],
      ['server', server],
    ] as const) {
      for (let at = 0; at < bytes.length; at += size) {
        const chunk = Buffer.from(bytes.subarray(at, at + size))
        events.push(...reader.push(side, chunk))
        // The reader reuses its buffer.
        chunk.fill(0xee)
      }
      events.push(...reader.end(side))
    }
    return events
  }

  it('recognises either protocol by its first number, however that is cut', () => {
    const turns = [greeting(7), ...turnsAt(7)]
    const serve = [
      concat(...turns.flatMap(({ client }) => client)),
      concat(...turns.flatMap(({ server }) => server)),
    ] as const
    const { client, server } = new ScriptedSession({ version: '1.38' }).bytes
    for (const size of [1, 7, Infinity]) {
      const kinds = (events: ReadonlyArray<unknown>) => events.map((event) => (event as ConnectionEvent).kind)
      expect(kinds(played(...serve, size))).to.deep.equal([
        'handshake',
        ...turnsAt(7).map(() => 'command'),
        'end',
      ])
      expect(kinds(played(client, server, size))).to.deep.equal(['handshake', 'end'])
    }
  })

  it('takes less than a whole number for the daemon protocol', () => {
    const kinds = played(int(0x390c9deb).subarray(0, 5), new Uint8Array(0), 3).map(
      (event) => (event as ConnectionEvent).kind,
    )
    expect(kinds).to.deep.equal(['issue', 'end'])
  })
})
