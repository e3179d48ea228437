import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { stripVTControlCharacters } from 'node:util'
import { expect } from 'chai'
import { connect, promises } from '../../daemon/client.js'
import type { ConnectOptions } from '../../daemon/connect-options.js'
import { type Failure, RemoteError, showFailure } from '../../daemon/failure.js'
import { operations } from '../../grammar/operations/index.js'
import type { Source } from '../../stream/source.js'
import type { StorePath } from '../../types/index.js'
import { issueOf } from '../support/either.js'
import { collect, fileNar } from '../support/memory-store.js'
import {
  describeWithNix,
  type NixDaemon,
  type NixDaemonOptions,
  startNixDaemon,
} from '../support/nix-daemon.js'
import { longest, until } from '../support/waiting.js'
import { rejection } from './suite/scene.js'

describeWithNix('our client, when the real daemon rejects a request or dies', () => {
  const daemons: Array<NixDaemon> = []

  const start = async (options: NixDaemonOptions = {}): Promise<NixDaemon> => {
    const daemon = await startNixDaemon({ ...options, conf: `fsync-metadata = false\n${options.conf ?? ''}` })
    daemons.push(daemon)
    return daemon
  }

  afterEach(async () => {
    await Promise.all(daemons.splice(0).map((daemon) => daemon.stop()))
  })

  const open = (daemon: NixDaemon, options: ConnectOptions = {}) =>
    promises.connect(daemon.socket, { storeDir: daemon.storeDir, timeout: longest, ...options })

  /** Ends the process that serves the one connection there is. */
  const killWorker = ({ pid }: NixDaemon): void => {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(/\s+/)
    expect(children).to.have.length(1)
    process.kill(Number(children[0]), 'SIGKILL')
  }

  /** Waits until so many connections are left. */
  const allEnd = async ({ pid }: NixDaemon, but: number): Promise<void> => {
    const count = () =>
      readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(/\s+/).filter(Boolean).length
    await until(() => count() <= but)
  }

  it('reports an error for a path of another store, which ends the connection', async () => {
    const client = await open(await start(), { storeDir: '/gnu/store' })
    const path = `/gnu/store/${'0'.repeat(32)}-x` as StorePath
    const refused = issueOf(await client.isValidPath({ path })())
    expect(refused).to.include({ _tag: 'DaemonError' })
    expect(refused).to.have.property('msg').that.contains('is not in the Nix store')
    expect(issueOf(await client.isValidPath({ path })())).not.to.include({ _tag: 'DaemonError' })
    await client.close()
  })

  it('reports an error for an invalid path, after which the connection goes on', async () => {
    const daemon = await start()
    const client = await open(daemon)
    const path = `${daemon.storeDir}/${'0'.repeat(32)}-x` as StorePath
    for (let i = 0; i < 3; i++) {
      expect(issueOf(await client.ensurePath({ path })())).to.include({ _tag: 'DaemonError' })
      expect(await client.promises.isValidPath({ path })).to.equal(false)
    }
    const error = await rejection(client.promises.narFromPath({ path }).then(collect))
    expect(error).to.be.an.instanceOf(RemoteError)
    expect(error.message).to.contain('No such file or directory')
    expect(issueOf(await client.isValidPath({ path })()))
      .to.have.property('actual')
      .that.contains('No such file or directory')
    await client.close()
  })

  it('reports an error for an unknown operation, which ends the connection', async () => {
    const daemon = await start()
    const table = { Strange: { ...operations.IsValidPath, id: 99, name: 'Strange' } } as const
    const client = await promises.connect(daemon.socket, { storeDir: daemon.storeDir, operations: table })
    const path = `${daemon.storeDir}/${'0'.repeat(32)}-x` as StorePath
    const unknown = issueOf(await client.strange({ path })())
    expect(stripVTControlCharacters(showFailure(unknown))).to.contain('invalid operation 99')
    expect(issueOf(await client.strange({ path })())).not.to.include({ _tag: 'DaemonError' })
    await client.close()
  })

  it('reports the errors of an untrusted client', async () => {
    const daemon = await start({ trusted: false })
    const client = await open(daemon)
    const path = await client.promises.addTextToStore({ name: 'x', text: 'x', references: [] })
    const repair = issueOf(await client.verifyStore({ checkContents: false, repair: true })())
    expect(repair).to.have.property('msg').that.contains('not privileged')
    const nar = await fileNar(randomBytes(1_000_000))
    const info = await client.promises.queryPathInfo({ path })
    expect(info._tag).to.equal('Some')
    if (info._tag === 'Some') {
      const other = path.replace(/-x$/, '-y') as StorePath
      const request = { info: { path: other, info: info.value }, repair: false, dontCheckSigs: true }
      const unsigned = issueOf(await client.addToStoreNar(request, [nar])())
      expect(unsigned).to.have.property('msg').that.contains('lacks a valid signature')
    }
    expect(await client.promises.isValidPath({ path })).to.equal(true)
    // The daemon leaves this upload unread, and would take it for operations.
    const drvPath = `${path.slice(daemon.storeDir.length + 1)}.drv` as never
    const refused = issueOf(await client.addBuildLog({ drvPath }, [randomBytes(1_000_000)])())
    expect(refused).to.include({ _tag: 'DaemonError' })
    expect(issueOf(await client.isValidPath({ path })())).to.have.property('expected', 'an open connection')
    await client.close()
  })

  it('registers nothing if an upload breaks off on its side', async () => {
    const daemon = await start()
    const nar = await fileNar(randomBytes(300_000))
    const text = randomBytes(300_000)
    const cable = new Error('cable')
    async function* cut(bytes: Uint8Array) {
      yield bytes.subarray(0, 100_000)
      yield bytes.subarray(100_000, 200_000)
      throw cable
    }
    const told = await open(daemon)
    const known = await told.promises.addTextToStore({ name: 'x', text: 'x', references: [] })
    const info = await told.promises.queryPathInfo({ path: known })
    const drvPath = `${known.slice(daemon.storeDir.length + 1)}.drv` as never
    const other = known.replace(/-x$/, '-y') as StorePath
    for (const newest of ['1.34', '1.24', '1.22', '1.20'] as const) {
      const methods =
        newest === '1.34' ? (['NixArchive', 'Flat', 'Text'] as const) : (['NixArchive'] as const)
      const uploads = [
        ...methods.map((_tag) => (client: typeof told) => {
          const method = { _tag, algorithm: 'sha256' } as const
          const content = _tag === 'NixArchive' ? nar : text
          return client.addToStore({ name: 'z', method, references: [], repair: false }, cut(content))
        }),
        (client: typeof told) => {
          const added = info._tag === 'Some' ? { path: other, info: info.value } : (null as never)
          return client.addToStoreNar({ info: added, repair: false, dontCheckSigs: true }, cut(nar))
        },
        (client: typeof told) =>
          client.importPaths(cut(Buffer.concat([Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0), nar]))),
        ...(newest === '1.34' ? [(client: typeof told) => client.addBuildLog({ drvPath }, cut(text))] : []),
      ]
      for (const upload of uploads) {
        const client = await open(daemon, { newest })
        const failed = issueOf<Failure, unknown>(await upload(client)())
        expect(failed).to.deep.include({ _tag: 'SourceFailed', cause: cable })
        await client.close()
      }
    }
    // For Nix, flat contents and logs end with the connection, unless a message says that they break off.
    const method = { _tag: 'Flat', algorithm: 'sha256' } as const
    for (const how of ['abort', 'close'] as const) {
      for (const act of [
        (client: typeof told, upload: Source, signal: AbortSignal) =>
          client.addToStore({ name: 'z', method, references: [], repair: false }, upload, { signal }),
        (client: typeof told, upload: Source, signal: AbortSignal) =>
          client.addBuildLog({ drvPath }, upload, { signal }),
      ]) {
        const client = await open(daemon)
        const stop = new AbortController()
        async function* endless() {
          for (let count = 0; ; count++) {
            if (count === 20) {
              how === 'abort' ? stop.abort() : void client.close()
            }
            yield text
          }
        }
        expect(issueOf(await act(client, endless(), stop.signal)())).to.include({ _tag: 'Aborted' })
        await client.close()
      }
    }
    // The daemon finishes its work before its process ends.
    await allEnd(daemon, 1)
    expect(await told.promises.queryAllValidPaths()).to.deep.equal([known])
    expect(existsSync(`${daemon.dir}/log/drvs`)).to.equal(false)
    await told.close()
  })

  it('reports that a user may not connect', async () => {
    const daemon = await start({ trusted: false, conf: 'allowed-users = nobody' })
    const refused = issueOf(await connect(daemon.socket, { storeDir: daemon.storeDir })())
    expect(refused).to.have.property('actual').that.contains('may reject this user')
  })

  it('reports a daemon that is killed in the middle of a reply', async () => {
    const daemon = await start()
    const client = await open(daemon)
    const nar = await fileNar(randomBytes(20_000_000))
    const method = { _tag: 'NixArchive', algorithm: 'sha256' } as const
    const added = await client.promises.addToStore({ name: 'big', method, references: [], repair: false }, [
      nar,
    ])
    const download = await client.promises.narFromPath({ path: added.path })
    await download.next()
    killWorker(daemon)
    const error = await rejection(collect(download))
    expect(error.message).to.match(/UnexpectedEnd|SourceFailed/)
    expect(issueOf(await client.isValidPath({ path: added.path })())).to.include({
      expected: 'an open connection',
    })
    await client.close()
  })

  it('reports a daemon that is killed in the middle of an upload', async () => {
    const daemon = await start()
    for (const newest of ['1.34', '1.22', '1.20'] as const) {
      const client = await open(daemon, { newest })
      const path = await client.promises.addTextToStore({ name: 'x', text: newest, references: [] })
      const info = await client.promises.queryPathInfo({ path })
      const nar = await fileNar(randomBytes(20_000_000))
      let sent = 0
      async function* upload() {
        for (; sent < nar.length; sent += 65536) {
          if (sent === 65536 * 20) {
            killWorker(daemon)
          }
          yield nar.subarray(sent, sent + 65536)
        }
      }
      if (info._tag === 'Some') {
        const other = path.replace(/-x$/, '-y') as StorePath
        const request = { info: { path: other, info: info.value }, repair: false, dontCheckSigs: true }
        const failed = issueOf(await client.addToStoreNar(request, upload())())
        expect(failed._tag, newest).to.be.oneOf(['UnexpectedEnd', 'SourceFailed', 'SinkFailed'])
      }
      expect(sent).to.be.lessThan(nar.length)
      expect(issueOf(await client.isValidPath({ path })())).to.include({ expected: 'an open connection' })
      await client.close()
    }
  })

  it('reports a daemon that is gone, in calls and in new connections', async () => {
    const daemon = await start()
    const client = await open(daemon)
    killWorker(daemon)
    await client.closed
    expect(issueOf(await client.queryAllValidPaths()())).to.include({ expected: 'an open connection' })
    await daemons.pop()?.stop()
    const later = issueOf(await connect(daemon.socket, { storeDir: daemon.storeDir })())
    expect(later).to.have.property('actual').that.contains('ENOENT')
  })
})
