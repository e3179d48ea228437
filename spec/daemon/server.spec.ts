import { readFileSync } from 'node:fs'
import { duplexPair } from 'node:stream'
import { expect } from 'chai'
import { isLeft, isRight } from 'fp-ts/lib/Either.js'
import { none, some } from 'fp-ts/lib/Option.js'
import { versionFromBits } from '../../combinators/version.js'
import { promises } from '../../daemon/client.js'
import { Refusal, RemoteError } from '../../daemon/failure.js'
import { type ServeOptions, serve } from '../../daemon/server.js'
import type { Handlers } from '../../daemon/server-types.js'
import { LogMessage } from '../../grammar/index.js'
import { determinateOperations, type operations } from '../../grammar/operations/index.js'
import { readExport, writeExport } from '../../stream/export.js'
import { ByteSource } from '../../stream/nar/index.js'
import { NixReader } from '../../stream/nix-reader.js'
import type { StorePath } from '../../types/index.js'
import { issueOf, rightOf } from '../support/either.js'
import { collect, fileNar, memoryStore } from '../support/memory-store.js'
import { describeWithShared, sharedPath } from '../support/shared.js'
import { concat, int, padded } from '../support/wire.js'
import { joined } from './pair.js'

const path = '/nix/store/g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-foo' as StorePath

/** The bytes of a server in reply to a client's bytes, and how the connection ends for it. */
const answers = async (
  bytes: Uint8Array,
  handlers: Handlers<typeof operations>,
  options: ServeOptions = {},
) => {
  const [here, there] = duplexPair()
  const served = serve(there, handlers, options)
  const said = collect(here)
  here.end(bytes)
  return { said: await said, served: await served }
}

/** Magic, version, obsolete fields. */
const hello = (minor: number): Uint8Array =>
  concat(
    int(0x6e697863),
    int(256 + minor),
    ...(minor >= 14 ? [int(0)] : []),
    ...(minor >= 11 ? [int(0)] : []),
  )

const welcome = (minor: number): Uint8Array => concat(int(0x6478696f), int(256 + minor))

const last = int(0x616c7473)

const messages = async (bytes: Uint8Array, minor: number): Promise<ReadonlyArray<LogMessage>> => {
  const reader = new NixReader([bytes], { protocol: { version: versionFromBits(256 + minor) } })
  const list: Array<LogMessage> = []
  for (;;) {
    const next = await reader.promises.tryReadValue(LogMessage)
    if (next._tag === 'None') {
      return list
    }
    list.push(next.value)
  }
}

describeWithShared('a server, replying to a recorded client,', () => {
  const recorded = (name: string, side: 'client' | 'server'): Uint8Array =>
    new Uint8Array(readFileSync(sharedPath('nix/sessions', `${name}.${side}.bin`)))

  it('sends the same as the real daemon', async () => {
    for (const [name, handlers] of [
      ['store-ping', {}],
      ['check-validity', { IsValidPath: () => true }],
      ['path-info-invalid.2', { QueryPathInfo: () => none }],
    ] as const) {
      const { said, served } = await answers(recorded(name, 'client'), handlers, {
        newest: '1.34',
        nixVersion: '2.8.0',
      })
      expect(isRight(served), name).to.equal(true)
      const expected = recorded(name, 'server')
      // Which paths were valid then is not known here.
      expect(said.length, name).to.equal(expected.length)
      if (name !== 'check-validity') {
        expect(Buffer.from(said).equals(expected), name).to.equal(true)
      }
    }
  })

  it('sends an error twice, and closes, like the real daemon', async () => {
    for (const name of ['raw-unknown-op-99', 'raw-op-0', 'raw-op-15-removed', 'raw-not-a-store-path']) {
      const { said, served } = await answers(
        recorded(name, 'client'),
        { IsValidPath: () => true },
        { newest: '1.34', nixVersion: '2.8.0' },
      )
      expect(isLeft(served), name).to.equal(true)
      const real = await messages(recorded(name, 'server').subarray(32), 34)
      const ours = await messages(said.subarray(32), 34)
      expect(
        ours.map(({ _tag }) => _tag),
        name,
      ).to.deep.equal(real.map(({ _tag }) => _tag))
      expect(ours.at(-1), name).to.deep.equal(ours.at(-2))
    }
  })
})

describe('a server', () => {
  it('answers the magic before the version comes, since older clients wait for it', async () => {
    const [here, there] = duplexPair()
    const served = serve(there, {}, { newest: '1.32' })
    here.write(int(0x6e697863))
    const reader = new NixReader(here)
    expect(await reader.promises.readNumber()).to.equal(0x6478696fn)
    expect(await reader.promises.readNumber()).to.equal(0x120n)
    here.end(concat(int(0x120), int(0), int(0)))
    expect(await reader.promises.readNumber()).to.equal(0x616c7473n)
    expect(isRight(await served)).to.equal(true)
  })

  it('understands clients of Nix 2.23, which send their version twice', async () => {
    const twice = concat(int(0x6e697863), int(0x125), int(0x125), int(0), int(0))
    const request = concat(int(1), padded(path))
    const { said, served } = await answers(
      concat(twice, request),
      { IsValidPath: () => true },
      { newest: '1.37', nixVersion: '2.23.0', trusted: true },
    )
    expect(isRight(served)).to.equal(true)
    expect(said).to.deep.equal(concat(welcome(37), padded('2.23.0'), int(1), last, last, int(1)))
  })

  it('sends each version only what it can read', async () => {
    const trust = { undefined: 0, true: 1, false: 2 }
    for (const [minor, told] of [
      [10, []],
      [32, []],
      [33, [padded('x')]],
      [35, [padded('x'), int(trust.false)]],
    ] as const) {
      const { said } = await answers(hello(minor), {}, { nixVersion: 'x' })
      expect(said, `1.${minor}`).to.deep.equal(concat(welcome(38), ...told, last))
    }
  })

  it('sends features to clients that have them', async () => {
    const features = concat(int(2), padded('a'), padded('delete-dead-specific-referrers'))
    const { said } = await answers(
      concat(int(0x6e697863), int(0x126), features, int(0), int(0)),
      {},
      { nixVersion: 'x', trusted: false },
    )
    expect(said).to.deep.equal(
      concat(
        welcome(38),
        int(2),
        padded('delete-dead-specific-referrers'),
        padded('realisation-with-path-not-hash'),
        padded('x'),
        int(2),
        last,
      ),
    )
  })

  it('closes without a message if there is no way to send the reason', async () => {
    const magic = await answers(concat(int(0x6e697864), int(0x126)), {})
    expect(magic.said.length).to.equal(0)
    expect(issueOf(magic.served)).to.include({ _tag: 'UnexpectedValue', offset: 0 })
    const old = await answers(concat(int(0x6e697863), int(0x109)), {})
    expect(old.said).to.deep.equal(welcome(38))
    expect(issueOf(old.served)).to.have.property('actual').that.contains('1.9 is too old')
  })

  it('sends nothing to a client that ends inside an operation number or a request', async () => {
    const request = concat(int(1), padded(path))
    const asked: Array<unknown> = []
    const handlers: Handlers<typeof operations> = {
      IsValidPath: (each) => {
        asked.push(each)
        return true
      },
    }
    for (const before of [new Uint8Array(0), request]) {
      for (let length = 1; length < request.length; length++) {
        const { said, served } = await answers(
          concat(hello(20), before, request.subarray(0, length)),
          handlers,
        )
        const answered = before.length === 0 ? [] : [last, int(1)]
        expect(said, `${length} bytes`).to.deep.equal(concat(welcome(38), last, ...answered))
        expect(issueOf(served), `${length} bytes`).to.include({ _tag: 'UnexpectedEnd' })
      }
    }
    expect(asked.length).to.equal(request.length - 1)
  })

  it('sends an error once and goes on if a handler fails, however it fails', async () => {
    const { client, served } = await joined({
      IsValidPath: () => true,
      EnsurePath: () => {
        throw new Error('thrown')
      },
      AddTempRoot: () => Promise.reject(new RemoteError('rejected')),
      SyncWithGC: () => async () => ({
        _tag: 'Left',
        left: { _tag: 'DaemonError', level: 'Warn', msg: 'left', exitStatus: 1, traces: [] },
      }),
      // A reply that cannot be encoded.
      QueryReferrers: () => ['not a path' as StorePath],
    })
    const calls = [
      [client.ensurePath({ path }), 'thrown'],
      [client.addTempRoot({ path }), 'rejected'],
      [client.syncWithGC(), 'left'],
      [client.queryReferrers({ path }), 'not a path'],
      [client.optimiseStore(), 'OptimiseStore is not supported here'],
    ] as const
    for (const [call, words] of calls) {
      expect(issueOf<unknown, unknown>(await call()))
        .to.have.property('msg')
        .that.contains(words)
      expect(await client.promises.isValidPath({ path }), words).to.equal(true)
    }
    await client.close()
    expect(isRight(await served)).to.equal(true)
  })

  it('sends an error twice and closes if a handler rejects the request itself', async () => {
    const { said, served } = await answers(concat(hello(20), int(1), padded(path), int(1), padded(path)), {
      IsValidPath: () => {
        throw new Refusal('not that')
      },
    })
    const error = concat(int(0x63787470), padded('not that'), int(1))
    expect(said).to.deep.equal(concat(welcome(38), last, error, error))
    expect(isLeft(served)).to.equal(true)
  })

  it('rejects operations for trusted clients from untrusted ones, and goes on after the upload', async () => {
    const handlers: Handlers<typeof operations> = { IsValidPath: () => true, AddBuildLog: () => undefined }
    const request = { drvPath: `${path.slice(11)}.drv` as never }
    const untrusted = await joined(handlers)
    expect(untrusted.client.daemon.trust).to.deep.equal(some('NotTrusted'))
    const refused = issueOf(await untrusted.client.addBuildLog(request, [Buffer.alloc(200_000)])())
    expect(refused).to.include({ _tag: 'DaemonError' })
    await untrusted.client.close()
    expect(isRight(await untrusted.served)).to.equal(true)
    const trusted = await joined(handlers, {}, { trusted: true })
    expect(rightOf(await trusted.client.addBuildLog(request, [Buffer.alloc(200_000)])())).to.equal(undefined)
    await trusted.client.close()
  })

  it('logs to old clients in messages they know', async () => {
    const handlers: Handlers<typeof operations> = {
      SyncWithGC: async (_, { log }) => {
        await log.send({
          _tag: 'StartActivity',
          id: 1n,
          level: 'Info',
          type: 'Build',
          text: 'building',
          fields: [],
          parent: 0n,
        })
        await log.send({ _tag: 'Result', id: 1n, type: 'SetPhase', fields: [] })
        await log.send({ _tag: 'StopActivity', id: 1n })
        await log.line('done')
        return undefined
      },
    }
    const old = await answers(concat(hello(19), int(13)), handlers)
    const next = (text: string) => concat(int(0x6f6c6d67), padded(text))
    expect(old.said).to.deep.equal(
      concat(welcome(38), last, next('building...\n'), next('done\n'), last, int(1)),
    )
    const newer = await answers(concat(hello(20), int(13)), handlers)
    expect((await messages(newer.said.subarray(24, -8), 20)).map(({ _tag }) => _tag)).to.deep.equal([
      'StartActivity',
      'Result',
      'StopActivity',
      'Next',
      'Last',
    ])
  })

  it('pulls and pushes in the versions that did so', async () => {
    const nar = await fileNar(Buffer.from('moved'))
    const info = { path, references: [], deriver: none }
    const received: Array<string> = []
    const handlers: Handlers<typeof operations> = {
      ExportPath: async function* () {
        yield nar
      } as never,
      ImportPaths: async (_, { upload }) => {
        for await (const event of readExport(new ByteSource(upload))) {
          received.push(event._tag)
        }
        return [path]
      },
    }
    const { client, served } = await joined(handlers, { newest: '1.30' })
    const exported = collect(writeExport([{ nar: [nar], info }]))
    expect(await client.promises.importPaths([await exported])).to.deep.equal([path])
    expect(received.at(-1)).to.equal('info')
    await client.close()
    expect(isRight(await served)).to.equal(true)
  })

  it('breaks off an archive with an error in it, which the client finds', async () => {
    const nar = await fileNar(Buffer.alloc(100_000, 1))
    async function* broken() {
      yield nar.subarray(0, 112)
      throw new Error('bad sector')
    }
    const { client, served } = await joined({ NarFromPath: () => broken() })
    const download = await client.promises.narFromPath({ path })
    const error: unknown = await collect(download).catch((thrown: unknown) => thrown)
    // Within contents, an error looks like contents; the missing rest is noticed at the end.
    expect(error).to.be.an.instanceOf(Error)
    expect(isLeft(await served)).to.equal(true)

    async function* missing() {
      yield nar.subarray(0, 24)
      throw new Error('no such path')
    }
    const other = await joined({ NarFromPath: () => missing() })
    const thrown: unknown = await collect(await other.client.promises.narFromPath({ path })).catch(
      (e: unknown) => e,
    )
    expect(thrown).to.be.an.instanceOf(RemoteError).with.property('message', 'no such path')
    expect(issueOf(await other.client.isValidPath({ path })()))
      .to.have.property('actual')
      .that.contains('no such path')
  })

  it('is a gateway if its handlers are the methods of a client', async () => {
    const store = memoryStore()
    const { path: added } = await store.add('x', { _tag: 'Flat', algorithm: 'sha256' }, Buffer.from('x'))
    const upstream = (await joined(store.handlers)).client
    const { client } = await joined({
      QueryPathInfo: (request) => upstream.queryPathInfo(request),
      NarFromPath: (request) => upstream.narFromPath(request),
      AddToStoreNar: (request, { upload }) => upstream.addToStoreNar(request, upload),
      EnsurePath: (request, { log }) =>
        upstream.ensurePath(request, { onLog: (message) => log.send(message) }),
    })
    const entry = store.entries.get(added)!
    expect(await client.promises.queryPathInfo({ path: added })).to.deep.equal(some(entry.info))
    expect(await collect(await client.promises.narFromPath({ path: added }))).to.deep.equal(entry.nar)
    store.entries.clear()
    await client.promises.addToStoreNar(
      { info: { path: added, info: entry.info }, repair: false, dontCheckSigs: true },
      [entry.nar],
    )
    expect(store.entries.get(added)?.nar).to.deep.equal(entry.nar)
    expect(issueOf(await client.ensurePath({ path })())).to.include({ _tag: 'DaemonError' })
    await client.close()
    await upstream.close()
  })

  it('serves a dialect with its own table', async () => {
    const [here, there] = duplexPair()
    const features = ['queryActiveBuilds']
    const served = serve(
      there,
      { QueryActiveBuilds: () => '[]' },
      { operations: determinateOperations, features },
    )
    const client = await promises.connect(here, { operations: determinateOperations, features })
    expect(await client.promises.queryActiveBuilds()).to.equal('[]')
    await client.close()
    expect(isRight(await served)).to.equal(true)
  })
})
