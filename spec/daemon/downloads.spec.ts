import { expect } from 'chai'
import { RemoteError } from '../../daemon/failure.js'
import type { StorePath } from '../../types/index.js'
import { suiteClock } from '../support/clock.js'
import { issueOf } from '../support/either.js'
import { collect, fileNar, memoryStore } from '../support/memory-store.js'
import { turns } from '../support/waiting.js'
import { concat, int, padded } from '../support/wire.js'
import { joined } from './pair.js'
import { ScriptedDaemon } from './scripted.js'

const path = '/nix/store/g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-foo' as StorePath
const flat = { _tag: 'Flat', algorithm: 'sha256' } as const

describe('a download', () => {
  it('is the remote error if one comes in place of an archive, wherever its tag is cut', async () => {
    const error = concat(int(0x63787470), padded('no such path'), int(1))
    for (let cut = 1; cut <= 16; cut++) {
      const daemon = new ScriptedDaemon()
      const client = await daemon.connect(24)
      daemon.answer([int(0x616c7473), error.subarray(0, cut), error.subarray(cut)])
      const download = await client.promises.narFromPath({ path })
      const thrown: unknown = await collect(download).catch((each: unknown) => each)
      expect(thrown, `cut at ${cut}`)
        .to.be.an.instanceOf(RemoteError)
        .with.property('message', 'no such path')
      await client.close()
    }
  })

  it('is not a remote error if the tag continues differently, or ends', async () => {
    for (const rest of [[Uint8Array.of(0x75, 0, 0, 0, 0)], [null]]) {
      const daemon = new ScriptedDaemon()
      const client = await daemon.connect(24)
      daemon.answer([int(0x616c7473), int(0x63787470).subarray(0, 3), ...rest])
      const thrown: unknown = await collect(await client.promises.narFromPath({ path })).catch(
        (each: unknown) => each,
      )
      expect(thrown).to.be.an.instanceOf(Error).and.not.an.instanceOf(RemoteError)
      await client.close()
    }
  })

  describe('in time', () => {
    const timeout = 60
    const clock = suiteClock()

    it('reaches a slow reader with every byte', async () => {
      const store = memoryStore()
      const { path: added } = await store.add('big', flat, Buffer.alloc(3 * 2 ** 20, 7))
      const { client } = await joined(store.handlers, { timeout })
      const download = await client.promises.narFromPath({ path: added })
      const pieces: Array<Uint8Array> = []
      for await (const piece of download) {
        pieces.push(piece.slice())
        if (pieces.length === 2) {
          // This side is the one that does not read.
          for (let i = 0; i < 5; i++) {
            clock.pass(timeout)
          }
        }
      }
      expect(pieces.length).to.be.greaterThan(2)
      expect(Buffer.concat(pieces).equals(store.entries.get(added)!.nar)).to.equal(true)
      expect(await client.promises.isValidPath({ path: added })).to.equal(true)
      await client.close()
    })

    it('has its time limit only while it is being read', async () => {
      const nar = await fileNar(Buffer.alloc(1000, 7))
      const daemon = new ScriptedDaemon()
      const client = await daemon.connect(24, { timeout })
      daemon.answer([int(0x616c7473), nar.subarray(0, 200)])
      const download = await client.promises.narFromPath({ path })
      await download.next()
      clock.pass(timeout - 1)
      const next = download.next()
      clock.pass(timeout - 1)
      daemon.say([nar.subarray(200, 400)])
      expect((await next).value).to.deep.equal(nar.subarray(200, 400))
      clock.pass(timeout - 1)
      const last = download.next().catch((error: unknown) => error)
      clock.pass(timeout)
      expect(await last)
        .to.have.property('issue')
        .that.includes({ _tag: 'Aborted', actual: `nothing for ${timeout} ms` })
    })

    it('keeps later calls waiting until their timeout if it is not read, and then goes on', async () => {
      const store = memoryStore()
      const { path: added } = await store.add('big', flat, Buffer.alloc(3 * 2 ** 20, 7))
      const { client, served } = await joined(store.handlers)
      const download = await client.promises.narFromPath({ path: added })
      await download.next()
      const first = client.isValidPath({ path: added }, { timeout })()
      const second = client.isValidPath({ path: added }, { timeout: 2 * timeout })()
      await turns()
      clock.pass(timeout)
      const impatient = issueOf(await first)
      expect(impatient).to.include({ _tag: 'Aborted' })
      expect(impatient).to.have.property('actual').that.contains('a download that is not read to its end')
      expect((impatient as { cause?: Error }).cause).to.have.property('name', 'TimeoutError')
      expect((await collect(download)).length).to.be.greaterThan(0)
      expect(await second).to.deep.equal({ _tag: 'Right', right: true })
      await client.close()
      expect((await served)._tag).to.equal('Right')
    })

    it('counts as progress for waiting calls as long as it is read, however slowly', async () => {
      const store = memoryStore()
      const { path: added } = await store.add('big', flat, Buffer.alloc(2 ** 20, 7))
      const { client } = await joined(store.handlers)
      const download = await client.promises.narFromPath({ path: added })
      const waiting = client.isValidPath({ path: added }, { timeout })()
      for await (const _ of download) {
        clock.pass(timeout - 1)
      }
      expect(await waiting).to.deep.equal({ _tag: 'Right', right: true })
      await client.close()
    })
  })

  it('does not keep later calls waiting if the connection is over', async () => {
    const store = memoryStore()
    const { path: added } = await store.add('big', flat, Buffer.alloc(3 * 2 ** 20, 7))
    const { client } = await joined(store.handlers)
    const download = await client.promises.narFromPath({ path: added })
    await download.next()
    const waiting = client.isValidPath({ path: added })()
    await client.close()
    expect(issueOf(await waiting)).to.include({ expected: 'an open connection' })
    expect(issueOf(await client.isValidPath({ path: added })())).to.include({
      expected: 'an open connection',
    })
    const thrown: unknown = await download.next().catch((error: unknown) => error)
    expect(thrown).to.be.an.instanceOf(Error)
  })

  it('may have any length if a daemon pushes it, and may end in a remote error', async () => {
    const nar = await fileNar(Buffer.alloc(1000, 1))
    for (const [end, outcome] of [
      [concat(int(0x616c7473), int(1)), nar],
      [concat(int(0x63787470), padded('bad sector'), int(1)), 'bad sector'],
    ] as const) {
      const daemon = new ScriptedDaemon()
      const client = await daemon.connect(20)
      const pieces = [nar.subarray(0, 8), nar.subarray(8, 600), nar.subarray(600)]
      daemon.answer([concat(...pieces.map((piece) => concat(int(0x64617416), padded(piece))), end)])
      const download = await client.promises.exportPath({ path, sign: false })
      const got: unknown = await collect(download).catch((error: RemoteError) => error.message)
      expect(got).to.deep.equal(outcome)
      await client.close()
    }
  })
})
