import { duplexPair } from 'node:stream'
import { expect } from 'chai'
import { left, right } from 'fp-ts/lib/Either.js'
import { connect } from '../../daemon/client.js'
import type { StorePath } from '../../types/index.js'
import { suiteClock } from '../support/clock.js'
import { issueOf } from '../support/either.js'
import { collect, fileNar } from '../support/memory-store.js'
import { settled, turns, until } from '../support/waiting.js'
import { concat, int, padded } from '../support/wire.js'
import { ScriptedDaemon } from './scripted.js'

const path = '/nix/store/g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-foo' as StorePath
const drvPath = `${path.slice(11)}.drv` as never

// IsValidPath, and its reply.
const asked = concat(int(1), padded(path))
const yes = concat(int(0x616c7473), int(1))
const no = concat(int(0x616c7473), int(0))

const errorOf = (words: string): Uint8Array => concat(int(0x63787470), padded(words), int(1))
const lengthOf = ({ heard }: ScriptedDaemon): number => concat(...heard).length

describe('calls of one connection that are made at once', () => {
  it('are sent in one write, before any of them is answered, and each has its own reply', async () => {
    const daemon = new ScriptedDaemon()
    const client = await daemon.connect(20)
    const calls = Array.from({ length: 20 }, () => client.isValidPath({ path })())
    await until(() => daemon.heard.length > 0)
    await turns()
    expect(daemon.heard).to.deep.equal([concat(...calls.map(() => asked))])
    daemon.say(calls.map((_, i) => (i % 3 === 0 ? yes : no)))
    expect(await Promise.all(calls)).to.deep.equal(calls.map((_, i) => right(i % 3 === 0)))
    await client.close()
  })

  it('are in flight up to `most`, 64 by default', async () => {
    for (const most of [undefined, 1, 3]) {
      const daemon = new ScriptedDaemon()
      const client = await daemon.connect(20, most === undefined ? {} : { most })
      const calls = Array.from({ length: 100 }, () => client.isValidPath({ path })())
      for (let answered = 0; answered <= calls.length; answered++) {
        const sent = asked.length * Math.min(calls.length, answered + (most ?? 64))
        await until(() => lengthOf(daemon) >= sent)
        expect(lengthOf(daemon)).to.equal(sent)
        daemon.say([yes])
      }
      expect(await Promise.all(calls)).to.deep.equal(calls.map(() => right(true)))
      await client.close()
    }
  })

  it('need a `most` of at least one, which is checked at once', () => {
    const [here] = duplexPair()
    for (const most of [0, -1, Number.NaN, '8' as never]) {
      expect(() => connect(here, { most })).to.throw(RangeError, 'most of connect')
    }
  })

  it('wait for the end of an upload, and are sent while it is still answered', async () => {
    const daemon = new ScriptedDaemon()
    const client = await daemon.connect(32)
    let go: () => void = () => undefined
    const slow = async function* () {
      yield Buffer.alloc(65_536, 1)
      await new Promise<void>((resolve) => {
        go = resolve
      })
    }
    const upload = client.addBuildLog({ drvPath }, slow())()
    const behind = client.isValidPath({ path })()
    await settled(() => lengthOf(daemon))
    const request = concat(int(45), padded(drvPath))
    const frame = concat(int(65_536), Buffer.alloc(65_536, 1))
    expect(lengthOf(daemon)).to.equal(request.length + frame.length)
    go()
    await settled(() => lengthOf(daemon))
    expect(concat(...daemon.heard)).to.deep.equal(concat(request, frame, int(0), asked))
    daemon.say([concat(int(0x616c7473), int(1)), yes])
    expect((await upload)._tag).to.equal('Right')
    expect(await behind).to.deep.equal(right(true))
    await client.close()
  })

  it('wait for an upload that the daemon pulls until that is answered', async () => {
    const daemon = new ScriptedDaemon()
    const client = await daemon.connect(20)
    const pulled = client.importPaths([int(0)])()
    const behind = client.isValidPath({ path })()
    await settled(() => lengthOf(daemon))
    expect(concat(...daemon.heard)).to.deep.equal(int(27))
    daemon.say([concat(int(0x64617461), int(100))])
    await settled(() => lengthOf(daemon))
    expect(concat(...daemon.heard)).to.deep.equal(concat(int(27), padded(int(0))))
    daemon.say([concat(int(0x616c7473), int(0))])
    expect(await pulled).to.deep.equal(right([]))
    await settled(() => lengthOf(daemon))
    expect(concat(...daemon.heard).subarray(-asked.length)).to.deep.equal(asked)
    daemon.say([yes])
    expect(await behind).to.deep.equal(right(true))
    await client.close()
  })

  it('are answered after a download that is read', async () => {
    const nar = await fileNar(Buffer.alloc(1000, 7))
    const daemon = new ScriptedDaemon()
    const client = await daemon.connect(24)
    const first = client.promises.narFromPath({ path }).then(collect)
    const second = client.promises.narFromPath({ path }).then(collect)
    const behind = client.promises.isValidPath({ path })
    daemon.say([int(0x616c7473), nar, int(0x616c7473), nar.subarray(0, 100), nar.subarray(100), yes])
    expect([await first, await second]).to.deep.equal([nar, nar])
    expect(await behind).to.equal(true)
    await client.close()
  })

  it('report that the connection is over, and why, if another call breaks it', async () => {
    const daemon = new ScriptedDaemon()
    const client = await daemon.connect(20)
    const calls = Array.from({ length: 3 }, () => client.isValidPath({ path })())
    daemon.say([yes, int(0x12345678)])
    const [first, second, third] = await Promise.all(calls)
    expect(first).to.deep.equal(right(true))
    expect(issueOf(second!)).to.have.property('actual').that.contains('305419896')
    const behind = issueOf(third!)
    expect(behind).to.include({ _tag: 'SourceFailed', expected: 'an open connection' })
    expect(behind).to.have.property('actual').that.contains('305419896')
    expect(behind).to.have.property('cause', await client.closed)
  })

  it('end it if they are aborted after they were sent, each with its own reason', async () => {
    const daemon = new ScriptedDaemon()
    const client = await daemon.connect(20)
    const abort = new AbortController()
    const first = client.isValidPath({ path })()
    const second = client.isValidPath({ path }, { signal: abort.signal })()
    await until(() => lengthOf(daemon) === 2 * asked.length)
    abort.abort(new Error('enough'))
    expect(issueOf(await second)).to.include({ _tag: 'Aborted', actual: 'an abort: enough' })
    expect((await first)._tag).to.equal('Left')
    expect(await client.closed).to.have.property('actual', 'an abort: enough')
  })

  describe('while all clocks stand still', () => {
    const clock = suiteClock()

    it('have their own errors, however many, without a wait', async () => {
      const daemon = new ScriptedDaemon()
      const client = await daemon.connect(20)
      const refused = Array.from({ length: 200 }, () => client.ensurePath({ path })())
      daemon.say(refused.map(() => errorOf('bad path')))
      const error = { _tag: 'DaemonError', level: 'Error', msg: 'bad path', exitStatus: 1, traces: [] }
      expect(await Promise.all(refused)).to.deep.equal(refused.map(() => left(error)))
      await client.close()
    })

    it('extend their timeout for those before them, and are never sent if it runs out', async () => {
      const daemon = new ScriptedDaemon()
      const timeout = 80
      const client = await daemon.connect(20, { most: 1 })
      const first = client.isValidPath({ path })()
      const second = client.isValidPath({ path }, { timeout })()
      await turns()
      clock.pass(timeout)
      expect(issueOf(await second))
        .to.have.property('actual')
        .that.contains('waiting for the call before it')
      daemon.say([yes])
      expect(await first).to.deep.equal(right(true))
      await turns()
      expect(lengthOf(daemon)).to.equal(asked.length)
      await client.close()
    })
  })
})
