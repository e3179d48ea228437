import { duplexPair } from 'node:stream'
import { expect } from 'chai'
import { isLeft } from 'fp-ts/lib/Either.js'
import { none } from 'fp-ts/lib/Option.js'
import type { ProtocolVersion } from '../../combinators/version.js'
import { promises } from '../../daemon/client.js'
import { serve } from '../../daemon/server.js'
import type { Handlers } from '../../daemon/server-types.js'
import { operations, streamOf } from '../../grammar/operations/index.js'
import { writeExport } from '../../stream/export.js'
import type { Source } from '../../stream/source.js'
import type { StorePath } from '../../types/index.js'
import { issueOf } from '../support/either.js'
import { pathInfo } from '../support/exports.js'
import { collect, fileNar } from '../support/memory-store.js'
import { concat, int, padded } from '../support/wire.js'
import { joined } from './pair.js'

const path = '/nix/store/g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-foo' as StorePath
const drvPath = `${path.slice(11)}.drv` as never

const cable = new Error('cable')

/** Sources that give this much and break off, each in its own manner. */
const breaking: { readonly [kind: string]: (given: Uint8Array) => Source } = {
  'an async generator': async function* (given) {
    yield given
    throw cable
  },
  'a generator': function* (given) {
    yield given
    throw cable
  },
  'chunks, later': (given) => {
    let count = 0
    return {
      next: () => (count++ === 0 ? given : new Promise((_, reject) => setImmediate(() => reject(cable)))),
      cancel: () => undefined,
    }
  },
}

const { info } = pathInfo(0n)

/** One request for each operation that takes an upload. */
const requests = {
  AddToStore: {
    name: 'x',
    method: { _tag: 'NixArchive', algorithm: 'sha256' },
    references: [],
    repair: false,
  },
  AddToStoreNar: { info: { path, info }, repair: false, dontCheckSigs: true },
  AddMultipleToStore: { repair: false, dontCheckSigs: true },
  AddBuildLog: { drvPath },
  AddToStoreScanning: {
    name: 'x',
    method: { _tag: 'NixArchive', algorithm: 'sha256' },
  },
  ImportPaths: {},
} as const

/** Every way an upload goes, with a protocol that has it. */
const ways = Object.values(operations).flatMap((operation) =>
  operation.streams
    .filter(({ direction }) => direction === 'upload')
    .map(({ way, gate }) => {
      const minor = Array.from({ length: 29 }, (_, i) => 38 - i).find((each) => {
        const protocol = {
          version: `1.${each}` as ProtocolVersion,
          features: ['add-to-store-scanning'],
          storeDir: '/nix/store',
        }
        return streamOf(operation, protocol)?.gate === gate
      })
      return { name: operation.name, way, minor }
    }),
)

describe('an upload whose source fails', () => {
  it('is tested for every operation that has one', () => {
    const seen = ways.filter(({ minor }) => minor !== undefined)
    expect(new Set(seen.map(({ name }) => name))).to.deep.equal(new Set(Object.keys(requests)))
    expect(new Set(seen.map(({ way }) => way))).to.deep.equal(new Set(['framed', 'raw', 'pulled']))
  })

  for (const { name, way, minor } of ways.filter((each) => each.minor !== undefined)) {
    it(`never looks whole: ${name} (${way}), 1.${minor}`, async () => {
      const nar = await fileNar(Buffer.alloc(200_000, 7))
      const exported = await collect(
        writeExport([{ nar: [nar], info: { path, references: [], deriver: none } }]),
      )
      const content = name === 'ImportPaths' ? exported : nar
      for (const [kind, source] of Object.entries(breaking)) {
        for (const length of [0, 1, 112, 65_536, 150_000]) {
          let whole = false
          const handler = async (_: unknown, { upload }: { readonly upload: AsyncIterable<Uint8Array> }) => {
            await collect(upload)
            whole = true
            throw new Error('the server took it for whole')
          }
          const features = ['add-to-store-scanning']
          const { client, served } = await joined(
            { [name]: handler } as Handlers<typeof operations>,
            { newest: `1.${minor}` as ProtocolVersion, features },
            { trusted: true, features },
          )
          const method = `${name.charAt(0).toLowerCase()}${name.slice(1)}` as 'addBuildLog'
          const { [name as 'AddBuildLog']: request } = requests
          const given = source(content.subarray(0, length))
          const call = name === 'ImportPaths' ? client.importPaths(given) : client[method](request, given)
          const what = `${kind}, ${length} bytes`
          const failed = issueOf<unknown, unknown>(await call())
          expect(failed, what).to.deep.include({ _tag: 'SourceFailed', cause: cable })
          expect(await client.closed, what).to.equal(failed)
          expect(issueOf(await client.isValidPath({ path })()), what)
            .to.have.property('actual')
            .that.contains('cable')
          expect(isLeft(await served), what).to.equal(true)
          expect(whole, what).to.equal(false)
        }
      }
    })
  }

  it('ends in an impossible frame length', async () => {
    const [here, there] = duplexPair()
    const sent: Array<Uint8Array> = []
    const over = (async () => {
      for await (const chunk of there) {
        sent.push(chunk)
      }
    })()
    there.write(concat(int(0x6478696f), int(0x120), int(0x616c7473)))
    const client = await promises.connect(here, { newest: '1.32', settings: false })
    const log = async function* () {
      yield Buffer.alloc(65_536, 1)
      yield Buffer.alloc(10, 2)
      throw cable
    }
    expect(issueOf(await client.addBuildLog({ drvPath }, log())())).to.deep.include({ cause: cable })
    await over
    const hello = concat(int(0x6e697863), int(0x120), int(0), int(0))
    const request = concat(int(45), padded(drvPath))
    const frame = concat(int(65_536), Buffer.alloc(65_536, 1))
    expect(Buffer.concat(sent).equals(concat(hello, request, frame, int(2n ** 64n - 1n)))).to.equal(true)
  })

  it('is not completed by an abort either, whatever the sink', async () => {
    const [here, there] = duplexPair()
    there.write(concat(int(0x6478696f), int(0x120), int(0x616c7473)))
    const written: Array<Uint8Array> = []
    // A sink that cannot be closed.
    const writable = {
      write: (chunk: Uint8Array) => {
        written.push(chunk)
        here.write(chunk)
      },
    }
    const client = await promises.connect({ readable: here, writable }, { newest: '1.32', settings: false })
    const abort = new AbortController()
    const log = async function* () {
      yield Buffer.alloc(65_536, 1)
      abort.abort()
      await new Promise(() => undefined)
    }
    const failed = await client.addBuildLog({ drvPath }, log(), { signal: abort.signal })()
    expect(issueOf(failed)).to.include({ _tag: 'Aborted' })
    const whole = Buffer.concat(written)
    expect(whole.subarray(-16)).to.deep.equal(Buffer.from('0101010101010101ffffffffffffffff', 'hex'))
  })
})

describe('a server that pulls an archive', () => {
  it('does not take an empty reply for the end of it', async () => {
    const nar = await fileNar(Buffer.alloc(1000, 7))
    for (const length of [0, 8, 112, nar.length - 8]) {
      const [here, there] = duplexPair()
      let outcome: unknown = null
      const served = serve(
        there,
        {
          AddToStoreNar: async (_, { upload }) => {
            outcome = await collect(upload).catch((error: unknown) => error)
            throw outcome
          },
        },
        { newest: '1.21', trusted: true },
      )
      const hello = concat(int(0x6e697863), int(0x115), int(0), int(0))
      const head = concat(
        int(39),
        padded(path),
        padded(''),
        padded('0'.repeat(64)),
        int(0),
        int(0),
        int(nar.length),
        int(0),
        int(0),
        padded(''),
        int(0),
        int(1),
      )
      const answers = length === 0 ? padded('') : concat(padded(nar.subarray(0, length)), padded(''))
      here.end(concat(hello, head, answers))
      here.resume()
      await served
      expect(outcome, String(length)).to.be.an.instanceOf(Error)
      expect((outcome as { issue?: unknown }).issue).to.include({ _tag: 'UnexpectedEnd' })
    }
  })
})

describe('a server whose download fails', () => {
  it('never completes it', async () => {
    const [here, there] = duplexPair()
    const served = serve(
      there,
      {
        ExportPath: async function* () {
          yield Buffer.from('12345678')
          throw cable
        } as never,
      },
      { newest: '1.18' },
    )
    const said = collect(here)
    here.end(concat(int(0x6e697863), int(0x112), int(0), int(0), concat(int(16), padded(path), int(0))))
    const words = concat(
      int(0x6478696f),
      int(0x112),
      int(0x616c7473),
      int(0x64617416),
      padded('12345678'),
      int(0x63787470),
      padded('cable'),
      int(1),
    )
    expect(Buffer.from(await said).equals(words)).to.equal(true)
    await served
  })
})
