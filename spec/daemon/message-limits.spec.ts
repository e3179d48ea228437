import { expect } from 'chai'
import fc from 'fast-check'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { holds } from '../../combinators/gate.js'
import type { Issue } from '../../combinators/issue.js'
import type { AnyGrammar, Grammar } from '../../combinators/node.js'
import { connect } from '../../daemon/client.js'
import { serve } from '../../daemon/server.js'
import type { Handlers } from '../../daemon/server-types.js'
import { type AnyOperation, operations, takesNoArguments } from '../../grammar/operations/index.js'
import { toArbitrary } from '../../interpreters/arbitrary/index.js'
import { compile } from '../../interpreters/index.js'
import { decodeSession, SessionDecoder, type SessionEvent, type SessionOptions } from '../../session/index.js'
import type { StorePath } from '../../types/index.js'
import { nixProtocol } from '../../types/nix-protocol.js'
import { issueOf, rightOf } from '../support/either.js'
import { collect, fileNar, memoryStore } from '../support/memory-store.js'
import { ScriptedSession, somePath } from '../support/scripted-session.js'
import { concat, int, padded } from '../support/wire.js'
import { joined } from './pair.js'
import { ScriptedDaemon } from './scripted.js'

const handshakeMessage = 65536
const path = somePath as StorePath

/** Endless pieces of sixteen bytes; and how many were taken. */
class EndlessNames {
  taken = 0
  readonly #block = concat(...Array.from({ length: 256 }, () => padded('aaaaaaaa')))

  async *after(...first: ReadonlyArray<Uint8Array>): AsyncGenerator<Uint8Array, void> {
    yield* first
    for (;;) {
      this.taken += this.#block.length
      yield this.#block
    }
  }
}

const nowhere = { write: () => undefined }

const isOver = (issue: unknown, message: number, place: Pick<Issue, 'path' | 'offset'>): void => {
  expect(issue).to.deep.include({ _tag: 'LimitExceeded', limit: 'message', maximum: message, ...place })
}

describe('before the end of the handshake a value may take 64 KiB', () => {
  // The list stands at byte 16, its first name at 24: name 4095 would go over.
  const hello = [int(0x6e697863), int(0x126), int(2 ** 24)]
  const welcome = [int(0x6478696f), int(0x126), int(2 ** 24)]
  const place = { offset: 24 + 4095 * 16, path: [4095] }

  it('in the features of a client', async () => {
    const names = new EndlessNames()
    const issue = issueOf(await serve({ readable: names.after(...hello), writable: nowhere }, {}))
    isOver(issue, handshakeMessage, place)
    expect(names.taken).to.be.lessThan(3 * handshakeMessage)
  })

  it('in the features of a daemon', async () => {
    const names = new EndlessNames()
    const issue = issueOf(await connect({ readable: names.after(...welcome), writable: nowhere })())
    isOver(issue, handshakeMessage, place)
    expect(names.taken).to.be.lessThan(3 * handshakeMessage)
  })

  it("in the rest of a daemon's handshake: its release, its first log", async () => {
    const long = padded('x'.repeat(handshakeMessage))
    for (const [said, field] of [
      [concat(int(0x6478696f), int(0x121), long, int(0x616c7473)), ['daemonNixVersion']],
      [concat(int(0x6478696f), int(0x121), padded('2.9'), int(0x6f6c6d67), long), ['text']],
    ] as const) {
      const issue = issueOf(await connect({ readable: [said], writable: nowhere })())
      expect(issue).to.deep.include({ _tag: 'LimitExceeded', limit: 'message', path: field })
    }
  })

  it('on each side of a session', () => {
    const names = concat(...Array.from({ length: 5000 }, () => padded('aaaaaaaa')))
    for (const side of ['client', 'server'] as const) {
      const decoder = new SessionDecoder()
      decoder.push('client', concat(...(side === 'client' ? hello : [int(0x6e697863), int(0x126), int(0)])))
      decoder.push('server', concat(...(side === 'server' ? welcome : welcome.slice(0, 2))))
      const events = decoder.push(side, names)
      const [issue] = events.flatMap((event) => (event.kind === 'issue' ? [event] : []))
      expect(issue).to.include({ side, fatal: true })
      isOver(issue?.issue, handshakeMessage, { ...place, path: ['handshake', 'features', 4095] })
    }
  })

  it('and less if the limit is lower', async () => {
    const issue = issueOf(
      await serve(
        { readable: new EndlessNames().after(...hello), writable: nowhere },
        {},
        { limits: { message: 100 } },
      ),
    )
    isOver(issue, 100, { offset: 24 + 5 * 16, path: [5] })
  })

  it('and afterwards as much as the limit', async () => {
    const text = 'x'.repeat(handshakeMessage)
    const many = Array.from({ length: 2000 }, (_, i) => `${path}-${i}` as StorePath)
    const { client } = await joined({
      AddTextToStore: async ({ text: given }, { log }) => {
        await log.line(given)
        return path
      },
      QueryAllValidPaths: () => many,
    })
    const heard: Array<number> = []
    const request = { name: 'foo', text, references: [] }
    await client.promises.addTextToStore(request, {
      onLog: (message) => void heard.push(message._tag === 'Next' ? message.text.length : 0),
    })
    expect(heard).to.deep.equal([handshakeMessage + 1])
    expect(await client.promises.queryAllValidPaths()).to.have.length(2000)
    await client.close()
    const session = new ScriptedSession({ version: '1.37' }).number('client', 23).last()
    session.number('server', 2000)
    for (const each of many) {
      session.text('server', each)
    }
    const { client: said, server: answered } = session.bytes
    expect(decodeSession(said, answered).map(({ kind }) => kind)).to.deep.equal([
      'handshake',
      'operation',
      'end',
    ])
  })
})

const version = '1.37'
const given = nixProtocol({ version })
const untyped = (grammar: AnyGrammar): Grammar<unknown> => grammar as Grammar<unknown>

/** A value of some size, and its bytes. */
const sampled = (grammar: AnyGrammar): readonly [value: unknown, bytes: Uint8Array] | null => {
  const codec = compile(untyped(grammar), given)
  const found = fc
    .sample(toArbitrary(untyped(grammar), given), { numRuns: 40, seed: 20 })
    .map((value) => [value, rightOf(codec.encode(value))] as const)
    .find(([, { length }]) => length >= 100 && length < 10_000)
  return found ?? null
}

const fatalIn = (events: ReadonlyArray<SessionEvent>): Issue | undefined =>
  events.flatMap((event) => (event.kind === 'issue' && event.fatal ? [event.issue] : []))[0]

type Methods = Readonly<Record<string, (...given: ReadonlyArray<unknown>) => TaskEither<unknown, unknown>>>

describe('the message limit of a connection', () => {
  const plain: ReadonlyArray<AnyOperation> = Object.values(operations).filter(
    ({ gate, streams, name }: AnyOperation) => holds(gate, given) && streams.length === 0 && name !== 'Quit',
  )
  const methodOf = (name: string): string => `${name.charAt(0).toLowerCase()}${name.slice(1)}`
  const sample = (grammar: AnyGrammar): unknown =>
    fc.sample(toArbitrary(untyped(grammar), given), { numRuns: 1, seed: 20 })[0]

  /** One call of an operation, with a limit on one side, and how it ended there. */
  const called = async (
    operation: AnyOperation,
    request: unknown,
    reply: unknown,
    limited: { readonly client?: number; readonly server?: number },
  ) => {
    const limits = (message: number | undefined) => (message === undefined ? {} : { limits: { message } })
    const { client, served } = await joined(
      { [operation.name]: () => reply } as Handlers<typeof operations>,
      { newest: version, settings: false, features: [], ...limits(limited.client) },
      { newest: version, trusted: true, features: [], ...limits(limited.server) },
    )
    const method = (client as unknown as Methods)[methodOf(operation.name)]!
    const answered = await method(...(takesNoArguments(operation) ? [] : [request]))()
    await client.close()
    return { answered, served: await served }
  }

  const isRefused = (issue: unknown, maximum: number, name: string): void =>
    void expect(issue, name).to.include({ _tag: 'LimitExceeded', limit: 'message', maximum })

  it('holds for every reply, at the client and in a session', async () => {
    let count = 0
    for (const operation of plain) {
      const { id, name } = operation
      const found = sampled(operation.reply)
      const request = sample(operation.request)
      const sent = rightOf(compile(untyped(operation.request), given).encode(request))
      if (found === null || sent.length + 8 >= found[1].length) {
        continue
      }
      count++
      const [reply, bytes] = found
      const session = new ScriptedSession({ version }).number('client', id).client(sent).last().server(bytes)
      const sides = session.bytes
      const decoded = (message: number) =>
        fatalIn(decodeSession(sides.client, sides.server, { limits: { message } }))
      const { length } = bytes
      rightOf((await called(operation, request, reply, { client: length })).answered)
      isRefused(
        issueOf((await called(operation, request, reply, { client: length - 1 })).answered),
        length - 1,
        name,
      )
      expect(decoded(length), name).to.equal(undefined)
      isRefused(decoded(length - 1), length - 1, name)
      expect(decoded(length - 1)?.path[0]).to.equal('reply')
    }
    expect(count).to.be.greaterThan(5)
  })

  it('holds for every request, at the server and in a session', async () => {
    let count = 0
    for (const operation of plain) {
      const { id, name } = operation
      const found = sampled(operation.request)
      const reply = sample(operation.reply)
      const answer = rightOf(compile(untyped(operation.reply), given).encode(reply))
      if (found === null || answer.length + 8 >= found[1].length) {
        continue
      }
      count++
      const [request, bytes] = found
      const session = new ScriptedSession({ version })
        .number('client', id)
        .client(bytes)
        .last()
        .server(answer)
      const sides = session.bytes
      const decoded = (message: number) =>
        fatalIn(decodeSession(sides.client, sides.server, { limits: { message } }))
      const { length } = bytes
      rightOf((await called(operation, request, reply, { server: length })).answered)
      isRefused(
        issueOf((await called(operation, request, reply, { server: length - 1 })).served),
        length - 1,
        name,
      )
      expect(decoded(length), name).to.equal(undefined)
      isRefused(decoded(length - 1), length - 1, name)
      expect(decoded(length - 1)?.path[0]).to.equal('request')
    }
    expect(count).to.be.greaterThan(5)
  })

  it('holds for traces, and fields of a log', async () => {
    const message = 1000
    for (const [said, place] of [
      // Error: its type, level, name, text, position; then traces of a position and 16 bytes each.
      [
        [
          int(0x63787470),
          padded('Error'),
          int(0),
          padded('Error'),
          padded('no'),
          int(0),
          int(2 ** 24),
          ...Array.from({ length: 100 }, () => concat(int(0), padded('trace'))),
        ],
        { path: ['error', 'traces', 38, 'hint'], offset: 80 + 38 * 24 + 8 },
      ],
      // Result: activity 1 of type 101, with fields that are texts of 16 bytes behind a tag.
      [
        [
          int(0x52534c54),
          int(1),
          int(101),
          int(2 ** 24),
          ...Array.from({ length: 100 }, () => concat(int(1), padded('field'))),
        ],
        { path: ['fields', 40, 'value'], offset: 32 + 40 * 24 + 8 },
      ],
    ] as const) {
      const daemon = new ScriptedDaemon()
      const client = await daemon.connect(32, { limits: { message } })
      daemon.answer([concat(...said)])
      // After the handshake of 24 bytes.
      isOver(issueOf(await client.syncWithGC()()), message, { ...place, offset: 24 + place.offset })
      await client.close()
      const session = new ScriptedSession({ version: '1.32' }).number('client', operations.SyncWithGC.id)
      const start = session.offsets.server
      const sides = session.server(...said).bytes
      const issue = fatalIn(decodeSession(sides.client, sides.server, { limits: { message } }))
      isOver(issue, message, { path: ['log', 0, ...place.path], offset: start + place.offset })
    }
  })

  it('does not include streams, in either direction', async () => {
    const contents = Buffer.alloc(100_000, 7)
    for (const minor of [17, 24, 25, 37]) {
      const store = memoryStore()
      const limits = { message: 70_000 }
      const options = { newest: `1.${minor}`, limits } as const
      const { client } = await joined(store.handlers, options, { ...options, trusted: true })
      const nar = await fileNar(contents)
      const added = await client.promises.addToStore(
        { name: 'big', method: { _tag: 'NixArchive', algorithm: 'sha256' }, references: [], repair: false },
        [nar],
      )
      expect(
        Buffer.from(await collect(await client.promises.narFromPath({ path: added.path }))),
      ).to.deep.equal(Buffer.from(nar))
      await client.close()
    }
  })
})

describe('the log in an event of a session', () => {
  const linesOf = (options: SessionOptions): readonly [kept: number, omitted: number] => {
    const session = new ScriptedSession({ version: '1.32' }).number('client', operations.SyncWithGC.id)
    for (let i = 0; i < 10; i++) {
      // There are 16 bytes before the text.
      session.message({ _tag: 'Next', text: 'x'.repeat(984) })
    }
    const { client, server } = session.last().number('server', 1).bytes
    const [event] = decodeSession(client, server, options).flatMap((each) =>
      each.kind === 'operation' ? [each] : [],
    )
    return [event!.log.length, event!.logOmitted]
  }

  it('is no longer than one message may be', () => {
    expect(linesOf({})).to.deep.equal([10, 0])
    expect(linesOf({ limits: { message: 4999 } })).to.deep.equal([4, 6])
    expect(linesOf({ limits: { message: 5000 } })).to.deep.equal([5, 5])
    expect(linesOf({ keep: 3, limits: { message: 5000 } })).to.deep.equal([3, 7])
  })
})
