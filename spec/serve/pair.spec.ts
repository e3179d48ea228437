import { expect } from 'chai'
import { isRight, left, right } from 'fp-ts/lib/Either.js'
import { none } from 'fp-ts/lib/Option.js'
import {
  connectServe,
  pathInfosOf,
  type ServeBuildOptions,
  type ServeHandlers,
  type ServePathInfo,
  sayPathInfos,
  serveStore,
} from '../../serve/index.js'
import type * as T from '../../types/index.js'
import { storePath } from '../support/edge-values.js'
import { rightOf } from '../support/either.js'
import { concat, int } from '../support/wire.js'
import { nar } from './session.js'

const path = storePath('leaf')
const drv = storePath('tea.drv')
const drvPath = { _tag: 'Opaque', path: drv } as const
const [maxSilentTime, buildTimeout] = [60, 600]
const options: ServeBuildOptions = {
  ...{ maxSilentTime, buildTimeout, maxLogSize: 0n },
  ...{ nrRepeats: 0, enforceDeterminism: false, keepFailed: false },
}

const info: ServePathInfo = {
  ...{ deriver: none, references: [], downloadSize: 9n, narSize: 9n, narHash: none, ca: none },
  signatures: [],
}

const bytesOf = async (chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> => {
  const all: Array<Uint8Array> = []
  for await (const chunk of chunks) {
    all.push(chunk.slice())
  }
  return concat(...all)
}

const exported = concat(int(0))

/** A server that has one path, and builds nothing well. */
const handlers = (heard: Array<unknown>): ServeHandlers => ({
  QueryValidPaths: ({ request }) => right({ reply: request.paths }),
  QueryPathInfos: ({ request }) => right(sayPathInfos(new Map(request.paths.map((each) => [each, info])))),
  DumpStorePath: () => right({ download: [nar.subarray(0, 20), nar.subarray(20)] }),
  ImportPaths: async ({ upload }) => {
    heard.push(await bytesOf(upload))
    return right({ reply: undefined })
  },
  ExportPaths: () => right({ download: [exported] }),
  BuildPaths: ({ request }) => {
    heard.push(request)
    return right(request.paths.length === 0 ? { status: 0 } : { status: 100, message: 'burnt' })
  },
  QueryClosure: ({ request }) => right({ reply: request.paths }),
  BuildDerivation: ({ request }, _say, { protocol }) => {
    heard.push(request.drvPath)
    return right({
      reply: {
        ...{ status: 'MiscFailure', errorMsg: `at ${protocol.version}`, timesBuilt: 0 },
        ...{ isNonDeterministic: false, startTime: 0n, stopTime: 0n, builtOutputs: new Map() },
      } as const,
    })
  },
  AddToStoreNar: async ({ request, upload }) => {
    heard.push([request.path, await bytesOf(upload)])
    return right({ reply: undefined })
  },
})

const pairs = () => {
  const [up, down] = [new TransformStream<Uint8Array>(), new TransformStream<Uint8Array>()]
  return {
    server: { readable: up.readable, writable: down.writable },
    client: { readable: down.readable, writable: up.writable },
  }
}

describe('a client and a server of the serve protocol', () => {
  for (const newest of ['2.1', '2.2', '2.3', '2.4', '2.5', '2.6', '2.7', '2.8'] as const) {
    it(`exchange every command at ${newest}`, async () => {
      const { client, server } = pairs()
      const heard: Array<unknown> = []
      const served = serveStore(server, handlers(heard))
      const { calls, close, protocol } = rightOf(await connectServe(client, { newest })())
      expect(protocol).to.deep.include({ version: newest, features: [] })
      expect(
        rightOf(await calls.QueryValidPaths({ request: { lock: true, substitute: false, paths: [path] } })()),
      ).to.deep.equal({ reply: [path] })
      const said = rightOf(await calls.QueryPathInfos({ request: { paths: [path] } })())
      expect(pathInfosOf(said)).to.deep.equal(new Map([[path, info]]))
      const dump = rightOf(await calls.DumpStorePath({ request: { path } })())
      expect(await bytesOf(dump.download)).to.deep.equal(nar)
      expect(rightOf(await calls.ImportPaths({ upload: [exported] })())).to.deep.equal({ reply: undefined })
      const exports = rightOf(await calls.ExportPaths({ request: { sign: false, paths: [path] } })())
      expect(await bytesOf(exports.download)).to.deep.equal(exported)
      const built = { _tag: 'Built', drvPath, outputs: { _tag: 'All' } } as const
      const known = { ...options, ...(newest < '2.7' ? {} : { keepFailed: true }) }
      expect(rightOf(await calls.BuildPaths({ request: { paths: [], options: known } })())).to.deep.equal({
        status: 0,
      })
      expect(
        rightOf(await calls.BuildPaths({ request: { paths: [built], options: known } })()),
      ).to.deep.equal({
        status: 100,
        message: 'burnt',
      })
      expect(
        rightOf(await calls.QueryClosure({ request: { includeOutputs: true, paths: [path] } })()),
      ).to.deep.equal({
        reply: [path],
      })
      const derivation = {
        outputs: new Map(),
        inputSrcs: [],
        platform: 'none',
        builder: '',
        args: [],
        env: new Map(),
      }
      const result = rightOf(
        await calls.BuildDerivation({ request: { drvPath: drv, drv: derivation, options: known } })(),
      )
      expect(result.reply).to.deep.include({ status: 'MiscFailure', errorMsg: `at ${newest}` })
      const added = await calls.AddToStoreNar({
        request: {
          ...{ path, deriver: none, narHash: '0'.repeat(64) as string as T.NARHash, references: [] },
          ...{ registrationTime: 0n, narSize: BigInt(nar.length), ultimate: false, signatures: [], ca: none },
        },
        upload: [nar.subarray(0, 9), nar.subarray(9)],
      })()
      if (newest < '2.5') {
        expect(added).to.deep.include({ _tag: 'Left' })
        expect(JSON.stringify(added)).to.include('protocol version 2.5 or above')
      } else {
        expect(rightOf(added)).to.deep.equal({ reply: undefined })
        expect(heard.at(-1)).to.deep.equal([path, nar])
      }
      await close()
      expect(await served).to.deep.equal(right(undefined))
    })
  }

  it('disconnect if a handler throws, or is missing', async () => {
    for (const given of [
      {},
      {
        QueryClosure: () => {
          throw new Error('no closures here')
        },
      },
    ] satisfies ReadonlyArray<ServeHandlers>) {
      const { client, server } = pairs()
      const served = serveStore(server, given)
      const { calls, closed } = rightOf(await connectServe(client)())
      const answer = await calls.QueryClosure({ request: { includeOutputs: true, paths: [path] } })()
      expect(answer._tag).to.equal('Left')
      await closed
      expect(isRight(await served)).to.equal(false)
    }
  })

  it('reject another major version', async () => {
    const { client, server } = pairs()
    const served = serveStore(server, {})
    expect((await connectServe(client, { newest: '1.38' })())._tag).to.equal('Left')
    expect((await served)._tag).to.equal('Left')
  })

  it('reject invalid options', () => {
    const { client, server } = pairs()
    expect(() => connectServe(client, { newest: '2' as '2.1' })).to.throw(RangeError)
    expect(() => connectServe(client, { storeDir: 'store' })).to.throw(RangeError, 'store directory')
    expect(() => connectServe(client, { most: 0 })).to.throw(RangeError)
    expect(() => serveStore(server, { Brew: () => left(undefined) } as never)).to.throw(TypeError, 'Brew')
  })
})
