import { createHash } from 'node:crypto'
import { expect } from 'chai'
import { isSome, toNullable } from 'fp-ts/lib/Option.js'
import { printJson } from '../../interpreters/json/index.js'
import {
  decodeSession,
  eventJson,
  type HandshakeEvent,
  type IssueEvent,
  type OperationEvent,
  type SessionEvent,
  type SessionMessage,
  type Side,
} from '../../session/index.js'
import { NarParser } from '../../stream/nar/index.js'
import { type Recorded, recordedSessions, sessionBytes } from '../support/sessions.js'
import { describeWithShared } from '../support/shared.js'

const operationsIn = (events: ReadonlyArray<SessionEvent>): ReadonlyArray<OperationEvent> =>
  events.filter((event) => event.kind === 'operation')

const issuesIn = (events: ReadonlyArray<SessionEvent>): ReadonlyArray<IssueEvent> =>
  events.filter((event) => event.kind === 'issue')

const handshakesIn = (events: ReadonlyArray<SessionEvent>): ReadonlyArray<HandshakeEvent> =>
  events.filter((event) => event.kind === 'handshake')

const names: { readonly [T in SessionMessage['_tag']]: string } = {
  Next: 'NEXT',
  Read: 'READ',
  Write: 'WRITE',
  StartActivity: 'START',
  StopActivity: 'STOP',
  Result: 'RESULT',
}

/** Messages as the table of the recordings counts them, those that end a log among them. */
const messagesIn = (events: ReadonlyArray<SessionEvent>): Record<string, number> => {
  const counts: Record<string, number> = {}
  const add = (name: string): void => {
    counts[name] = (counts[name] ?? 0) + 1
  }
  for (const event of [...handshakesIn(events), ...operationsIn(events)]) {
    for (const { _tag } of event.log) {
      add(names[_tag])
    }
    add(isSome(event.error) ? 'ERROR' : 'LAST')
  }
  return counts
}

/** What breaks the protocol, and where. Everything else in the table decodes to the last byte. */
const broken: {
  readonly [name: string]: {
    readonly side: Side
    readonly tag: string
    readonly offset: number
    readonly path: ReadonlyArray<string>
    readonly guess: RegExp | null
    readonly left: readonly [client: number, server: number]
    readonly fatal?: false
  }
} = {
  'not-allowed-user': {
    side: 'server',
    tag: 'UnexpectedEnd',
    offset: 0,
    path: ['handshake', 'server', 'magic'],
    guess: /allowed-users/,
    left: [8, 0],
  },
  'raw-nothing': {
    side: 'client',
    tag: 'UnexpectedEnd',
    offset: 0,
    path: ['handshake', 'client', 'magic'],
    guess: /sent nothing/,
    left: [0, 0],
  },
  'raw-not-a-store-path': {
    side: 'client',
    tag: 'InvalidText',
    offset: 48,
    path: ['request', 'path'],
    guess: null,
    left: [0, 0],
    fatal: false,
  },
  'raw-op-15-removed': {
    side: 'client',
    tag: 'UnknownTag',
    offset: 32,
    path: ['operation'],
    guess: /newer than what was agreed on/,
    left: [0, 0],
  },
  'raw-unknown-op-99': {
    side: 'client',
    tag: 'UnknownTag',
    offset: 32,
    path: ['operation'],
    guess: /newer than what was agreed on/,
    left: [0, 0],
  },
  'untrusted-copy-log': {
    side: 'server',
    tag: 'TrailingBytes',
    offset: 160,
    path: [],
    guess: /refused AddBuildLog before it read the upload/,
    left: [0, 208],
  },
}

/** In these the second error, with which the daemon closes, is on the wire. */
const saidTwice = new Set([
  'n234-py-v1.38-op3',
  'n234-py-v1.38-op4',
  'n234-py-v1.38-op5',
  'raw-not-a-store-path',
  'raw-op-0',
  'raw-op-15-removed',
  'raw-op-24-removed',
  'raw-unknown-op-47',
  'raw-unknown-op-99',
  'x-c28-d23-build',
])

describeWithShared('recorded connections', () => {
  const decoded = new Map<string, ReadonlyArray<SessionEvent>>()
  const eventsOf = ({ name }: Pick<Recorded, 'name'>): ReadonlyArray<SessionEvent> => {
    const known = decoded.get(name)
    if (known !== undefined) {
      return known
    }
    const { client, server } = sessionBytes(name)
    const events = decodeSession(client, server)
    decoded.set(name, events)
    return events
  }
  const operationNamed = (name: string, id: number): OperationEvent => {
    const found = operationsIn(eventsOf({ name })).find((event) => event.id === id)
    if (found === undefined) {
      throw new Error(`no operation ${id} in ${name}`)
    }
    return found
  }

  const table = recordedSessions()

  it('number 76, some of them with an issue', () => {
    expect(table.length).to.equal(76)
    expect(table.map(({ name }) => name)).to.include.members(Object.keys(broken))
  })

  for (const recorded of table) {
    const { name } = recorded
    const wrong = broken[name]
    it(`${name}: ${wrong === undefined ? 'decodes to the last byte' : 'has its issue in the right place'}`, () => {
      const events = eventsOf(recorded)
      const operations = operationsIn(events)
      expect(operations.map(({ id, outcome }) => ({ id, failed: outcome === 'error' }))).to.deep.equal(
        recorded.operations,
      )
      expect(handshakesIn(events).map(({ version }) => version)).to.deep.equal(
        recorded.version === null ? [] : [recorded.version],
      )
      expect(messagesIn(events)).to.deep.equal(recorded.messages)
      expect(operations.some(({ errorTwice }) => errorTwice)).to.equal(saidTwice.has(name))
      const [clientLeft, serverLeft] = wrong?.left ?? [0, 0]
      expect(events.at(-1)).to.deep.equal({ kind: 'end', clientLeft, serverLeft })
      const issues = issuesIn(events).map(({ side, issue, guess, fatal }) => ({
        side,
        tag: issue._tag,
        offset: issue.offset,
        path: issue.path,
        isGuess: wrong?.guess == null ? guess._tag === 'None' : wrong.guess.test(toNullable(guess) ?? ''),
        fatal,
      }))
      const { guess: _, left: __, ...place } = wrong ?? { guess: null, left: null }
      expect(issues).to.deep.equal(wrong === undefined ? [] : [{ fatal: true, ...place, isGuess: true }])
    })

    it(`${name}: its events cover both streams, one after another`, () => {
      const events = eventsOf(recorded)
      let at = { client: 0, server: 0 }
      for (const { client, server } of [...handshakesIn(events), ...operationsIn(events)]) {
        expect([client[0], server[0]]).to.deep.equal([at.client, at.server])
        at = { client: client[1], server: server[1] }
      }
      const [clientLeft, serverLeft] = wrong?.left ?? [0, 0]
      expect([at.client + clientLeft, at.server + serverLeft]).to.deep.equal([
        recorded.clientBytes,
        recorded.serverBytes,
      ])
    })
  }

  it('show the handshake data of the client and the daemon', () => {
    const [handshake] = handshakesIn(eventsOf({ name: 'n226-py-v1.37-basic' }))
    const { client: _, server: __, ...rest } = handshake ?? { client: null, server: null }
    expect(rest).to.deep.equal({
      kind: 'handshake',
      clientVersion: '1.37',
      serverVersion: '1.38',
      version: '1.37',
      clientFeatures: [],
      serverFeatures: [],
      features: [],
      versionTwice: false,
      daemonNixVersion: { _tag: 'Some', value: '2.26.3' },
      trust: { _tag: 'Some', value: 'Trusted' },
      dialect: 'Nix',
      log: [],
      error: { _tag: 'None' },
      unfinished: false,
    })
  })

  it('have archives with the size and hash that the infos beside them announce', () => {
    const { request, stream } = operationNamed('n226-py-v1.38-addtostorenar', 39)
    const { info } = toNullable(request) as { info: { info: { narHash: string; narSize: bigint } } }
    const content = isSome(stream) ? toNullable(stream.value.content) : null
    expect(content).to.include({ _tag: 'Nar', sha256: info.info.narHash, size: Number(info.info.narSize) })

    const { stream: many } = operationNamed('py-v1.32-addmultiple', 44)
    const paths = isSome(many) ? toNullable(many.value.content) : null
    if (paths?._tag !== 'AddMultipleToStore') {
      throw new Error('no paths were read')
    }
    expect(paths.paths.length).to.equal(3)
    for (const { info: each, nar } of paths.paths) {
      expect([nar.sha256, BigInt(nar.size)]).to.deep.equal([each.info.narHash, each.info.narSize])
    }
  })

  it('have downloads with the hash of their bytes', () => {
    const name = 'n226-py-v1.38-addtostorenar'
    const { server, stream } = operationNamed(name, 38)
    const bytes = sessionBytes(name).server.subarray(server[0] + 8, server[1])
    expect(new NarParser().push(bytes)._tag).to.equal('end')
    const content = isSome(stream) ? toNullable(stream.value.content) : null
    expect(content).to.include({
      sha256: createHash('sha256').update(bytes).digest('hex'),
      size: bytes.length,
    })
  })

  it('have exports in pushed and in pulled pieces', () => {
    const pushed = operationNamed('py-v1.10-export-import', 16)
    const pulled = operationNamed('py-v1.10-export-import', 27)
    const contents = [pushed, pulled].map(({ stream }) =>
      isSome(stream) ? [stream.value.way, stream.value.pieces, toNullable(stream.value.content)] : null,
    )
    expect(contents).to.have.nested.property('[0][0]', 'pushed')
    expect(contents).to.have.nested.property('[0][1]', 36)
    expect(contents).to.have.nested.property(
      '[0][2].path.info.path',
      '/nix/store/jrhn5d71pmqzv2v9shnnappmgm4wq578-app',
    )
    expect(contents).to.have.nested.property('[1][0]', 'pulled')
    expect(contents).to.have.nested.property('[1][1]', 1)
    expect(contents).to.have.nested.property(
      '[1][2].paths[0].info.references[0]',
      '/nix/store/z45ailnkm27lnvhimqkhy08f6sh5m17d-hello.txt',
    )
  })

  it('have uploads that are sent while the daemon works', () => {
    const { stream } = operationNamed('eval-path-filter', 7)
    expect(isSome(stream) && stream.value).to.deep.include({ way: 'framed', pieces: 7, trailing: 0 })
  })

  it('show the store directory if it is not given', () => {
    for (const name of ['n23-optimise', 'x-c28-d23-build', 'x-c234-d23-build-fail']) {
      expect(issuesIn(eventsOf({ name }))).to.deep.equal([])
    }
    const { client, server } = sessionBytes('x-c28-d23-build')
    const given = decodeSession(client, server, { storeDir: '/srv/nixd/x-23/store' })
    expect(given.map(eventJson)).to.deep.equal(eventsOf({ name: 'x-c28-d23-build' }).map(eventJson))
  })

  it('fail at the first path if another store directory is given, which the guess names', () => {
    const { client, server } = sessionBytes('x-c28-d23-build')
    const [found] = issuesIn(decodeSession(client, server, { storeDir: '/nix/store' }))
    expect([found?.side, found?.issue._tag]).to.deep.equal(['server', 'InvalidText'])
    expect(found && toNullable(found.guess)).to.contain('/srv/nixd/x-23/store')
  })

  it('have a JSON form of one line each', () => {
    for (const recorded of table) {
      for (const event of eventsOf(recorded).filter(({ kind }) => kind !== 'issue')) {
        const json: unknown = JSON.parse(printJson(eventJson(event)))
        expect(json).to.have.property('kind', event.kind)
      }
    }
    const name = 'check-validity'
    expect(
      eventsOf({ name })
        .map((event) => printJson(eventJson(event)))
        .slice(2),
    ).to.deep.equal([
      '{"kind":"operation","id":1,"name":"IsValidPath","request":{"path":"/nix/store/z45ailnkm27lnvhimqkhy08f6sh5m17d-hello.txt"},"log":[],"outcome":"reply","reply":true,"error":null,"client":[144,216],"server":[48,64]}',
      '{"kind":"operation","id":1,"name":"IsValidPath","request":{"path":"/nix/store/jrhn5d71pmqzv2v9shnnappmgm4wq578-app"},"log":[],"outcome":"reply","reply":true,"error":null,"client":[216,280],"server":[64,80]}',
      '{"kind":"end","clientLeft":0,"serverLeft":0}',
    ])
  })
})
