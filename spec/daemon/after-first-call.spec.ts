import { getEventListeners } from 'node:events'
import { duplexPair } from 'node:stream'
import { expect } from 'chai'
import { isLeft } from 'fp-ts/lib/Either.js'
import { promises } from '../../daemon/client.js'
import { serve } from '../../daemon/server.js'
import type { StorePath } from '../../types/index.js'
import { suiteClock } from '../support/clock.js'
import { issueOf } from '../support/either.js'
import { longest } from '../support/waiting.js'
import { concat, int, padded } from '../support/wire.js'
import { joined } from './pair.js'
import { ScriptedDaemon } from './scripted.js'

const path = '/nix/store/g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-foo' as StorePath
const other = '/nix/store/g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-bar' as StorePath

const listeners = (signal: AbortSignal): number => getEventListeners(signal, 'abort').length

describe('a connection after its first call', () => {
  it('ignores the abort of a call that has ended', async () => {
    const { client } = await joined({
      IsValidPath: () => true,
      EnsurePath: () => {
        throw new Error('no')
      },
    })
    for (const call of [
      (signal: AbortSignal) => client.isValidPath({ path }, { signal }),
      (signal: AbortSignal) => client.ensurePath({ path }, { signal }),
    ]) {
      const abort = new AbortController()
      await call(abort.signal)()
      expect(listeners(abort.signal)).to.equal(0)
      abort.abort()
      expect(await client.promises.isValidPath({ path })).to.equal(true)
    }
    await client.close()
  })

  it('leaves no listener on the signal of a call, also of one that waited', async () => {
    const { client } = await joined({ IsValidPath: () => true })
    const { signal } = new AbortController()
    const calls = Array.from({ length: 5 }, () =>
      client.isValidPath({ path }, { signal, timeout: longest })(),
    )
    await Promise.all(calls)
    expect(listeners(signal)).to.equal(0)
    const download = client.isValidPath({ path }, { signal })()
    const waiting = client.isValidPath({ path }, { signal })()
    await client.close()
    await Promise.all([download, waiting])
    expect(listeners(signal)).to.equal(0)
  })

  it('leaves no listener on its own signal after it is closed', async () => {
    const [here, there] = duplexPair()
    const served = serve(there, { IsValidPath: () => true })
    const abort = new AbortController()
    const client = await promises.connect(here, { signal: abort.signal })
    expect(listeners(abort.signal)).to.be.greaterThan(0)
    await client.promises.isValidPath({ path })
    await client.close()
    expect(listeners(abort.signal)).to.equal(0)
    abort.abort()
    expect(await client.closed)
      .to.have.property('actual')
      .that.contains('close()')
    await served
  })

  it('rejects every call after close(), one by one and at once', async () => {
    const { client } = await joined({ IsValidPath: () => true })
    await client.close()
    const both = await Promise.all([client.isValidPath({ path })(), client.isValidPath({ path })()])
    for (const each of [...both, await client.isValidPath({ path })(), await client.queryAllValidPaths()()]) {
      expect(issueOf<unknown, unknown>(each)).to.include({ expected: 'an open connection' })
    }
  })

  it('ends a call whose listener, or whose pulled upload, never finishes', async () => {
    const stuck = new Promise<never>(() => undefined)
    const daemon = new ScriptedDaemon()
    const abort = new AbortController()
    const client = await daemon.connect(20)
    daemon.answer([concat(int(0x6f6c6d67), padded('hm\n'))])
    const heard = new Promise<void>((resolve) => {
      const onLog = (): Promise<void> => {
        resolve()
        return stuck
      }
      void client.isValidPath({ path }, { signal: abort.signal, onLog })()
    })
    await heard
    const call = client.isValidPath({ path })()
    abort.abort()
    expect(isLeft(await call)).to.equal(true)

    const puller = new ScriptedDaemon()
    const pulled = await puller.connect(20)
    puller.answer([concat(int(0x64617461), int(100))])
    const stop = new AbortController()
    async function* never() {
      stop.abort()
      await stuck
      yield new Uint8Array(0)
    }
    expect(issueOf(await pulled.importPaths(never(), { signal: stop.signal })())).to.include({
      _tag: 'Aborted',
    })
  })
})

describe('an error that is sent twice', () => {
  const error = concat(int(0x63787470), padded('bad path'), int(1))
  const yes = concat(int(0x616c7473), int(1))

  describe('while all clocks stand still', () => {
    suiteClock()

    it('is a reply if the next call is answered', async () => {
      // One by one, and both in one write.
      for (const [most, answers] of [
        [1, [[error], [yes]]],
        [2, [[error, yes]]],
      ] as const) {
        const daemon = new ScriptedDaemon()
        const client = await daemon.connect(20, { most })
        daemon.answer([error], ...answers)
        await client.ensurePath({ path })()
        const again = client.addTempRoot({ path })()
        expect(await client.isValidPath({ path })()).to.deep.equal({ _tag: 'Right', right: true })
        expect(issueOf(await again)).to.include({ _tag: 'DaemonError', msg: 'bad path' })
        await client.close()
      }
    })

    it('is a reply if the same operation was seen to send it once', async () => {
      const daemon = new ScriptedDaemon()
      const client = await daemon.connect(20)
      daemon.answer([error], [yes], ...Array(50).fill([error]))
      await client.ensurePath({ path })()
      expect(await client.promises.isValidPath({ path })).to.equal(true)
      for (let i = 0; i < 50; i++) {
        const failed = issueOf(await client.ensurePath({ path: i % 2 === 0 ? path : other })())
        expect(failed).to.include({ _tag: 'DaemonError', msg: 'bad path' })
      }
      await client.close()
    })
  })

  it('is a copy if the connection ends after it, whichever side waits', async () => {
    for (const count of [1, 2]) {
      const daemon = new ScriptedDaemon()
      const client = await daemon.connect(20)
      daemon.answer([error], [error, null])
      expect(issueOf(await client.ensurePath({ path })())).to.include({ _tag: 'DaemonError' })
      const calls = Array.from({ length: count }, () => client.addTempRoot({ path })())
      const [second, ...rest] = await Promise.all(calls)
      expect(issueOf(second!)).to.have.property('actual').that.contains('the last error once more')
      for (const each of rest) {
        expect(issueOf(each)).not.to.include({ _tag: 'DaemonError' })
      }
      expect(issueOf(await client.isValidPath({ path })())).to.include({ expected: 'an open connection' })
      await client.close()
    }
  })

  it('is unknown for another operation, or with another text', async () => {
    const daemon = new ScriptedDaemon()
    const client = await daemon.connect(20)
    const worse = concat(int(0x63787470), padded('worse'), int(1))
    // EnsurePath's error is sent once; AddTempRoot's is sent twice, like that of an unreadable request.
    daemon.answer([error], [error], [yes], [error], [worse], [error], [error, null])
    await client.ensurePath({ path })()
    await client.ensurePath({ path })()
    expect(await client.promises.isValidPath({ path })).to.equal(true)
    await client.ensurePath({ path })()
    expect(issueOf(await client.ensurePath({ path })())).to.include({ msg: 'worse' })
    expect(issueOf(await client.addTempRoot({ path })())).to.include({ msg: 'bad path' })
    expect(issueOf(await client.syncWithGC()()))
      .to.have.property('actual')
      .that.contains('the last error once more')
    await client.close()
  })
})
