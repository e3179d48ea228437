import { duplexPair } from 'node:stream'
import { expect } from 'chai'
import { none } from 'fp-ts/lib/Option.js'
import { serve } from '../../daemon/server.js'
import { writeExport } from '../../stream/export.js'
import { NixReader } from '../../stream/nix-reader.js'
import type { StorePath } from '../../types/index.js'
import { issueOf } from '../support/either.js'
import { pathInfo } from '../support/exports.js'
import { collect, fileNar } from '../support/memory-store.js'
import { concat, int, padded } from '../support/wire.js'
import { joined } from './pair.js'
import { ScriptedDaemon } from './scripted.js'

const path = '/nix/store/g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-foo' as StorePath
const drvPath = `${path.slice(11)}.drv` as never

/** Bytes that do not repeat. */
const noise = (size: number): Buffer => {
  const bytes = Buffer.alloc(size)
  for (let at = 0; at + 4 <= size; at += 4) {
    bytes.writeUInt32LE(Math.imul(at + 1, 2654435761) >>> 0, at)
  }
  return bytes
}

describe('an upload that the daemon pulls', () => {
  it('arrives whole, in replies of the requested size, however it comes', async () => {
    const bytes = noise(200_128)
    const sizes = [65_536, 1, 65_536, 65_536, 3519, 65_536]
    for (const chunks of [[bytes], [bytes.subarray(0, 5), bytes.subarray(5)]]) {
      const daemon = new ScriptedDaemon()
      const client = await daemon.connect(10)
      const asks = (wanted: number) => [concat(int(0x64617461), int(wanted))]
      const reply = concat(int(0x616c7473), int(1), padded(path))
      daemon.answer(...sizes.map(asks), [reply])
      expect(await client.promises.importPaths(chunks)).to.deep.equal([path])
      const reader = new NixReader(daemon.heard)
      expect(await reader.promises.readNumber()).to.equal(27n)
      const answers: Array<Uint8Array> = []
      while (answers.length < sizes.length) {
        answers.push(await reader.promises.readBytesLimited([0, sizes[answers.length]!]))
      }
      expect(Buffer.concat(answers).equals(bytes)).to.equal(true)
      expect(reader.buffer.length).to.equal(0)
      await client.close()
    }
  })

  it('is requested once if the archive came in one reply, however often the handler reads', async () => {
    const nar = await fileNar(Buffer.from('hello'))
    const [here, there] = duplexPair()
    const seen: Array<Uint8Array | null> = []
    const served = serve(
      there,
      {
        AddToStoreNar: async (_, { upload }) => {
          for (let i = 0; i < 4; i++) {
            seen.push(await upload.next())
          }
          return undefined
        },
      },
      { newest: '1.21', trusted: true },
    )
    const hello = concat(int(0x6e697863), int(0x115), int(0), int(0))
    const info = [padded(path), padded(''), padded('0'.repeat(64)), int(0), int(0), int(nar.length), int(0)]
    const request = concat(int(39), ...info, int(0), padded(''), int(0), int(1))
    const said = collect(here)
    here.end(concat(hello, request, padded(nar)))
    const welcome = concat(int(0x6478696f), int(0x115), int(0x616c7473))
    const asked = concat(int(0x64617461), int(65_536))
    expect(await said).to.deep.equal(concat(welcome, asked, int(0x616c7473)))
    expect(seen).to.deep.equal([nar, null, null, null])
    expect((await served)._tag).to.equal('Right')
  })

  it('is checked against the requested size: a longer reply ends the connection', async () => {
    const [here, there] = duplexPair()
    const served = serve(
      there,
      { ImportPaths: async (_, { upload }) => [String(await collect(upload)) as StorePath] },
      { newest: '1.20' },
    )
    here.resume()
    here.end(concat(int(0x6e697863), int(0x114), int(0), int(0), int(27), padded(new Uint8Array(65_537))))
    expect(issueOf(await served)).to.include({ _tag: 'LimitExceeded' })
  })
})

describe('a rejected build log', () => {
  it('closes the connection, since the daemon may read the rest of it as requests', async () => {
    const { client } = await joined(
      {
        IsValidPath: () => true,
        AddBuildLog: () => {
          throw new Error('no room')
        },
      },
      {},
      { trusted: true },
    )
    const refused = issueOf(await client.addBuildLog({ drvPath }, [noise(200_000)])())
    expect(refused).to.include({ _tag: 'DaemonError', msg: 'no room' })
    const later = issueOf(await client.isValidPath({ path })())
    expect(later).to.include({ expected: 'an open connection' })
    expect(later).to.have.property('actual').that.contains('no room')
    await client.close()
  })

  it('differs from other rejected uploads, after which the connection goes on', async () => {
    const refuse = () => {
      throw new Error('no room')
    }
    const { client } = await joined(
      { IsValidPath: () => true, AddMultipleToStore: refuse, AddToStore: refuse, AddToStoreNar: refuse },
      {},
      { trusted: true },
    )
    const method = { _tag: 'Flat', algorithm: 'sha256' } as const
    const { info } = pathInfo(0n)
    const rest = { repair: false, dontCheckSigs: true }
    for (const call of [
      client.addMultipleToStore(rest, [noise(200_000)]),
      client.addToStore({ name: 'x', method, references: [], repair: false }, [noise(200_000)]),
      client.addToStoreNar({ info: { path, info }, ...rest }, [noise(200_000)]),
    ]) {
      expect(issueOf<unknown, unknown>(await call())).to.include({ _tag: 'DaemonError', msg: 'no room' })
      expect(await client.promises.isValidPath({ path })).to.equal(true)
    }
    await client.close()
  })
})

describe('an export that a server pulls', () => {
  it('is read to its end and no further, by every reader', async () => {
    const exported = await collect(
      writeExport([{ nar: [await fileNar(noise(100_000))], info: { path, references: [], deriver: none } }]),
    )
    const taken: Array<number> = []
    const { client, served } = await joined(
      {
        IsValidPath: () => true,
        ImportPaths: async (_, { upload }) => {
          taken.push((await collect(upload)).length)
          return [path]
        },
      },
      { newest: '1.30' },
    )
    for (let i = 0; i < 2; i++) {
      expect(await client.promises.importPaths([exported])).to.deep.equal([path])
      expect(await client.promises.isValidPath({ path })).to.equal(true)
    }
    expect(taken).to.deep.equal([exported.length, exported.length])
    await client.close()
    expect((await served)._tag).to.equal('Right')
  })
})
