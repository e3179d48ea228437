import { expect } from 'chai'
import { expectTypeOf } from 'expect-type'
import { isLeft, isRight } from 'fp-ts/lib/Either.js'
import { none, some } from 'fp-ts/lib/Option.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { versionFromBits } from '../../combinators/version.js'
import type { Client } from '../../daemon/client-types.js'
import type { Download } from '../../daemon/download.js'
import { type Failure, RemoteError } from '../../daemon/failure.js'
import type { LogEntry } from '../../daemon/log.js'
import type { BuildResult, UnkeyedValidPathInfo } from '../../grammar/index.js'
import { type operations, operationsOf } from '../../grammar/operations/index.js'
import { IssueError } from '../../stream/issue-error.js'
import type { Source } from '../../stream/source.js'
import type { StorePath } from '../../types/index.js'
import { Clock } from '../support/clock.js'
import { issueOf, rightOf } from '../support/either.js'
import { collect, fileNar, memoryStore } from '../support/memory-store.js'
import { settled, turns, until } from '../support/waiting.js'
import { joined } from './pair.js'

const path = '/nix/store/g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-foo' as StorePath

describe('a client', () => {
  it('has a typed method for each operation of the table', async () => {
    const { client } = await joined({})
    const names = operationsOf({ version: '1.38' }).map(
      ({ name }) => name.charAt(0).toLowerCase() + name.slice(1),
    )
    expect(client).to.include.all.keys(names)
    expect(client.promises).to.include.all.keys(names)
    await client.close()

    type Methods = Client<typeof operations>
    expectTypeOf<Parameters<Methods['queryAllValidPaths']>['length']>().toEqualTypeOf<0 | 1>()
    expectTypeOf<Parameters<Methods['isValidPath']>[0]>().toEqualTypeOf<{ readonly path: StorePath }>()
    expectTypeOf<ReturnType<Methods['isValidPath']>>().toEqualTypeOf<TaskEither<Failure, boolean>>()
    expectTypeOf<ReturnType<Methods['narFromPath']>>().toEqualTypeOf<TaskEither<Failure, Download>>()
    expectTypeOf<Parameters<Methods['addBuildLog']>[1]>().toEqualTypeOf<Source>()
    expectTypeOf<Awaited<ReturnType<Methods['promises']['buildDerivation']>>>().toEqualTypeOf<BuildResult>()
    // @ts-expect-error A path is a StorePath, not any text.
    void ((c: Methods) => c.isValidPath({ path: 'foo' }))
    // @ts-expect-error The bytes are missing.
    void ((c: Methods) => c.addBuildLog({ drvPath: path }))
  })

  it('speaks every version with a server of the same table', async () => {
    for (let minor = 10; minor <= 38; minor++) {
      const version = versionFromBits(256 + minor)
      const store = memoryStore()
      const { client, served } = await joined(store.handlers, { newest: version })
      expect(client.protocol.version).to.equal(version)
      const content = Buffer.from('hello')
      const nar = await fileNar(content)
      const method = { _tag: 'Flat', algorithm: 'sha256' } as const
      const dump = minor < 25 ? nar : content
      const added = await client.promises.addToStore({ name: 'x', method, references: [], repair: false }, [
        dump,
      ])
      const info: UnkeyedValidPathInfo = store.entries.get(added.path)!.info
      const expected = minor < 16 ? { ...info, ca: none } : info
      expect(await client.promises.queryPathInfo({ path: added.path })).to.deep.equal(some(expected))
      // Below 1.17 the reply is an error with the same meaning.
      expect(await client.promises.queryPathInfo({ path })).to.deep.equal(none)
      if (minor >= 17) {
        expect(await collect(await client.promises.narFromPath({ path: added.path }))).to.deep.equal(nar)
        store.entries.clear()
        const whole = { info: { path: added.path, info: { ...expected, ca: minor < 16 ? none : info.ca } } }
        await client.promises.addToStoreNar({ ...whole, repair: false, dontCheckSigs: true }, [
          nar.subarray(0, 9),
          nar.subarray(9),
        ])
        expect([...store.entries.keys()]).to.deep.equal([added.path])
      }
      await client.close()
      expect(isRight(await served), version).to.equal(true)
    }
  })

  it('rejects a call that the protocol does not have, and sends nothing', async () => {
    const { client } = await joined({ IsValidPath: () => true }, { newest: '1.18' })
    const refused = issueOf(await client.queryMissing({ paths: [] })())
    expect(refused).to.include({ _tag: 'Unrepresentable', grammar: 'operations' })
    expect(refused).to.have.property('expected').that.contains('1.19')
    expect(await client.promises.isValidPath({ path })).to.equal(true)
    await client.close()
  })

  it('rejects a value that it cannot encode, and goes on', async () => {
    const { client } = await joined({ IsValidPath: () => true })
    const issue = issueOf(await client.isValidPath({ path: '/etc/passwd' as StorePath })())
    expect(issue).to.deep.include({ _tag: 'InvalidText', path: ['path'] })
    expect(await client.promises.isValidPath({ path })).to.equal(true)
    await client.close()
  })

  it('never asks Nix 2.35 for realisations without the feature', async () => {
    const output = { _tag: 'Path', drvPath: path, outputName: 'out' } as never
    for (const [nixVersion, features, isRefused] of [
      ['2.35.0', [], true],
      ['3.0.1', [], true],
      ['something', [], true],
      ['2.34.8', [], false],
      ['2.35.0', ['realisation-with-path-not-hash'], false],
    ] as const) {
      let asked = false
      const QueryRealisation = () => {
        asked = true
        return none
      }
      const { client } = await joined({ QueryRealisation }, { features }, { nixVersion })
      const hashed = { _tag: 'Hash', algorithm: 'sha256', digest: '0'.repeat(64), outputName: 'out' } as never
      const result = await client.queryRealisation({ output: features.length > 0 ? output : hashed })()
      expect([isLeft(result), asked], nixVersion).to.deep.equal([isRefused, !isRefused])
      await client.close()
    }
  })

  it('returns the daemon’s error as a value, and goes on', async () => {
    const { client } = await joined({
      IsValidPath: () => true,
      EnsurePath: () => {
        throw new RemoteError({
          _tag: 'DaemonError',
          level: 'Warn',
          msg: 'no luck',
          exitStatus: 1,
          traces: [{ hint: 'while trying' }],
        })
      },
    })
    expect(await client.ensurePath({ path })()).to.deep.equal({
      _tag: 'Left',
      left: {
        _tag: 'DaemonError',
        level: 'Warn',
        msg: 'no luck',
        exitStatus: 1,
        traces: [{ hint: 'while trying' }],
      },
    })
    const thrown: unknown = await client.promises.ensurePath({ path }).catch((error: unknown) => error)
    expect(thrown).to.be.an.instanceOf(RemoteError).with.property('message', 'no luck')
    expect(await client.promises.isValidPath({ path })).to.equal(true)
    await client.close()
  })

  it('passes the log to callbacks and loops, in order, for each call its own', async () => {
    const { client } = await joined({
      EnsurePath: async (_, { log }) => {
        await log.line('one')
        await log.send({ _tag: 'StopActivity', id: 7n })
        return undefined
      },
      AddTempRoot: async (_, { log }) => {
        await log.line('two')
        return undefined
      },
    })
    const looped: Array<LogEntry> = []
    const loop = (async () => {
      for await (const entry of client.logs()) {
        looped.push(entry)
      }
    })()
    const called: Array<string> = []
    await client.promises.ensurePath({ path }, { onLog: ({ _tag }) => void called.push(_tag) })
    await client.promises.addTempRoot({ path })
    await client.close()
    await loop
    expect(called).to.deep.equal(['Next', 'StopActivity'])
    expect(looped).to.deep.equal([
      { operation: 'EnsurePath', message: { _tag: 'Next', text: 'one\n' } },
      { operation: 'EnsurePath', message: { _tag: 'StopActivity', id: 7n } },
      { operation: 'AddTempRoot', message: { _tag: 'Next', text: 'two\n' } },
    ])
  })

  it('waits for a slow listener, and forgets one that leaves', async () => {
    let sent = 0
    const { client } = await joined({
      EnsurePath: async (_, { log }) => {
        for (; sent < 5000; sent++) {
          await log.line('x'.repeat(1000))
        }
        return undefined
      },
    })
    const reader = client.logs()
    const call = client.promises.ensurePath({ path })
    await reader.next()
    expect(await settled(() => sent)).to.be.lessThan(2500)
    await reader.return?.()
    await call
    expect(sent).to.equal(5000)
    await client.close()
  })

  it('runs calls one after another', async () => {
    const order: Array<string> = []
    const { client } = await joined({
      QueryAllValidPaths: async () => {
        order.push('begin')
        await turns(5)
        order.push('end')
        return []
      },
    })
    await Promise.all([1, 2, 3].map(() => client.promises.queryAllValidPaths()))
    expect(order).to.deep.equal(['begin', 'end', 'begin', 'end', 'begin', 'end'])
    await client.close()
  })

  it('reads the log while it uploads: neither side waits for the other', async () => {
    const chunk = Buffer.alloc(65536, 1)
    const count = 64
    const { client } = await joined(
      {
        AddBuildLog: async (_, { upload, log }) => {
          let size = 0
          for await (const piece of upload) {
            size += piece.length
            // More than all the buffers on the way can hold.
            await log.line('y'.repeat(piece.length))
          }
          expect(size).to.equal(chunk.length * count)
          return undefined
        },
      },
      {},
      { trusted: true },
    )
    let heard = 0
    await client.promises.addBuildLog(
      { drvPath: `${path.slice(11)}.drv` as never },
      Array(count).fill(chunk),
      {
        onLog: (message) => {
          heard += message._tag === 'Next' ? message.text.length : 0
        },
      },
    )
    expect(heard).to.be.greaterThan(chunk.length * count)
    await client.close()
  })

  it('reads from an upload only as much as the other side takes', async () => {
    let made = 0
    let release: () => void = () => undefined
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    const { client } = await joined({
      AddToStoreScanning: () => {
        throw new Error('not this one')
      },
      AddMultipleToStore: async (_, { upload }) => {
        await held
        await collect(upload)
        return undefined
      },
    })
    async function* endless() {
      for (; made < 500; made++) {
        yield Buffer.alloc(65536)
      }
    }
    const call = client.promises.addMultipleToStore({ repair: false, dontCheckSigs: true }, endless())
    expect(await settled(() => made)).to.be.lessThan(20)
    release()
    await call
    expect(made).to.equal(500)
    await client.close()
  })

  it('stops an upload that is rejected before its end, and goes on', async () => {
    const { client } = await joined({
      IsValidPath: () => true,
      AddMultipleToStore: () => {
        throw new Error('the disk is full')
      },
    })
    let cancelled = false
    async function* endless() {
      try {
        for (;;) {
          yield Buffer.alloc(65536)
        }
      } finally {
        cancelled = true
      }
    }
    const refused = issueOf(
      await client.addMultipleToStore({ repair: false, dontCheckSigs: true }, endless())(),
    )
    expect(refused).to.include({ _tag: 'DaemonError', msg: 'the disk is full' })
    expect(cancelled).to.equal(true)
    expect(await client.promises.isValidPath({ path })).to.equal(true)
    await client.close()
  })

  it('closes the connection if an upload without frames fails', async () => {
    const store = memoryStore()
    const { client, served } = await joined(store.handlers, { newest: '1.20' })
    const nar = await fileNar(Buffer.from('hello'))
    const method = { _tag: 'NixArchive', algorithm: 'sha256' } as const
    const request = { name: 'x', method, references: [], repair: false }
    const failed = issueOf(await client.addToStore(request, [nar.subarray(0, 60)])())
    expect(failed).to.include({ _tag: 'UnexpectedEnd' })
    const later = issueOf(await client.isValidPath({ path })())
    expect(later).to.have.property('actual').that.contains('given up')
    expect(isLeft(await served)).to.equal(true)
  })

  it('reads a download on demand, and skips the rest of it', async () => {
    const store = memoryStore()
    const big = Buffer.alloc(8 * 2 ** 20, 7)
    const { path: added } = await store.add('big', { _tag: 'Flat', algorithm: 'sha256' }, big)
    const { client } = await joined(store.handlers)
    const download = await client.promises.narFromPath({ path: added })
    const { value } = await download.next()
    expect(value?.length).to.be.greaterThan(0)
    let isNext = false
    const next = client.promises.isValidPath({ path: added }).then((valid) => {
      isNext = true
      return valid
    })
    await turns()
    expect(isNext).to.equal(false)
    await download.return()
    expect(await next).to.equal(true)
    await client.close()
  })

  it('closes at once, whatever calls are running', async () => {
    let calls = 0
    const { client, served } = await joined({
      QueryAllValidPaths: () => {
        calls++
        return new Promise<never>(() => undefined)
      },
    })
    const running = client.queryAllValidPaths()()
    const waiting = client.queryAllValidPaths()()
    await until(() => calls === 1)
    await client.close()
    expect(issueOf(await running)).to.include({ _tag: 'Aborted' })
    expect(issueOf(await waiting))
      .to.have.property('actual')
      .that.contains('close()')
    expect(await client.closed).to.include({ _tag: 'Aborted' })
    // The handler that never ends is dropped.
    expect(await Promise.race([served, turns().then(() => 'waiting')])).to.equal('waiting')
  })

  it('does not send a call that is aborted while it waits; aborting one that was sent ends the connection', async () => {
    let calls = 0
    let answer: () => void = () => undefined
    const { client } = await joined(
      {
        QueryAllValidPaths: async () => {
          calls++
          await new Promise<void>((resolve) => {
            answer = resolve
          })
          return []
        },
      },
      { most: 1 },
    )
    const first = client.queryAllValidPaths()()
    const givenUp = new AbortController()
    const second = client.queryAllValidPaths({ signal: givenUp.signal })()
    await until(() => calls === 1)
    givenUp.abort()
    expect(issueOf(await second)).to.include({ _tag: 'Aborted' })
    answer()
    expect(rightOf(await first)).to.deep.equal([])
    await turns()
    expect(calls).to.equal(1)
    const begun = new AbortController()
    const third = client.queryAllValidPaths({ signal: begun.signal })()
    await until(() => calls === 2)
    begun.abort()
    expect(issueOf(await third)).to.include({ _tag: 'Aborted' })
    expect(issueOf(await client.queryAllValidPaths()()))
      .to.have.property('actual')
      .that.contains('given up')
  })

  it('gives up after a silence, which log messages interrupt', async () => {
    const clock = new Clock().start()
    try {
      const { client } = await joined({
        EnsurePath: async (_, { log }) => {
          for (let i = 0; i < 8; i++) {
            clock.pass(79)
            await log.line('still here')
            await turns()
          }
          return undefined
        },
        QueryAllValidPaths: async () => {
          clock.pass(80)
          return new Promise<never>(() => undefined)
        },
      })
      await client.promises.ensurePath({ path }, { timeout: 80 })
      await turns()
      clock.pass(100)
      const silent = issueOf(await client.queryAllValidPaths({ timeout: 80 })())
      expect(silent).to.include({ _tag: 'Aborted', actual: 'nothing for 80 ms' })
      expect((silent as { cause?: Error }).cause).to.have.property('name', 'TimeoutError')
    } finally {
      clock.stop()
    }
  })

  it('goes on correctly after a listener throws', async () => {
    const { client } = await joined({
      EnsurePath: async (_, { log }) => {
        await log.line('hm')
        return undefined
      },
    })
    const onLog = () => {
      throw new Error('a listener of one’s own')
    }
    expect(issueOf(await client.ensurePath({ path }, { onLog })())).to.include({ _tag: 'Aborted' })
    const error: unknown = await client.promises.ensurePath({ path }).catch((thrown: unknown) => thrown)
    expect(error).to.be.an.instanceOf(IssueError)
  })
})
