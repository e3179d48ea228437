import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { connect as connectSocket, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { duplexPair } from 'node:stream'
import { expect } from 'chai'
import type { Either } from 'fp-ts/lib/Either.js'
import type { Issue } from '../../combinators/issue.js'
import { connect } from '../../daemon/client.js'
import { recordingProxy } from '../../daemon/proxy/index.js'
import { serveAt } from '../../daemon/serve-at.js'
import { type ServeOptions, serve } from '../../daemon/server.js'
import type { Handlers } from '../../daemon/server-types.js'
import { operations } from '../../grammar/operations/index.js'
import type { StorePath } from '../../types/index.js'
import { Clock, suiteClock } from '../support/clock.js'
import { issueOf, rightOf } from '../support/either.js'
import { somePath } from '../support/scripted-session.js'
import { becomes, turns, until } from '../support/waiting.js'
import { concat, int, padded } from '../support/wire.js'
import { joined } from './pair.js'

const path = somePath as StorePath
const hello = concat(int(0x6e697863), int(0x120), int(0), int(0))
const limit = 100

describe('a server waits', () => {
  const clock = suiteClock()

  /** A client that sends bytes and then stays; and how its connection ended. */
  const staying = async (
    said: ReadonlyArray<Uint8Array>,
    handlers: Handlers<typeof operations>,
    options: ServeOptions,
  ) => {
    const [here, there] = duplexPair()
    let ended: Either<Issue, void> | null = null
    void serve(there, handlers, options).then((each) => {
      ended = each
    })
    here.on('error', () => undefined)
    here.resume()
    for (const bytes of said) {
      here.write(bytes)
    }
    await turns()
    return { here, ended: () => ended }
  }

  const isLate = (ended: Either<Issue, void> | null, actual: string): void => {
    const issue = issueOf(ended!)
    expect(issue).to.include({ _tag: 'Aborted', actual })
    expect((issue as { cause?: Error }).cause).to.have.property('name', 'TimeoutError')
  }

  it('30 seconds for a handshake, however its bytes come', async () => {
    for (const said of [[], [hello.subarray(0, 4)], [hello.subarray(0, 12)], [hello.subarray(0, 24)]]) {
      const { here, ended } = await staying(said, {}, {})
      clock.pass(29_999)
      here.write(hello.subarray(0, 1))
      await turns()
      expect(ended()).to.equal(null)
      clock.pass(1)
      await until(() => ended() !== null)
      isLate(ended(), 'a handshake not whole after 30000 ms')
    }
  })

  it('5 minutes for the bytes of a request, from its first one on', async () => {
    for (const said of [int(1), concat(int(1), padded(path).subarray(0, 20))]) {
      const { here, ended } = await staying([hello], { IsValidPath: () => true }, {})
      clock.pass(300_000)
      await turns()
      here.write(said)
      await turns()
      clock.pass(299_999)
      here.write(Uint8Array.of(0))
      await turns()
      expect(ended()).to.equal(null)
      clock.pass(1)
      await until(() => ended() !== null)
      isLate(ended(), 'a request not whole after 300000 ms')
    }
  })

  it('5 minutes between two pieces of an upload', async () => {
    const request = concat(int(7), padded('x'), padded('fixed:r:sha256'), int(0), int(0))
    const handlers: Handlers<typeof operations> = {
      AddToStore: async (_, { upload }) => {
        for (let piece = await upload.next(); piece !== null; piece = await upload.next()) {
          // Thrown away.
        }
        throw new Error('no room')
      },
    }
    const { here, ended } = await staying([hello, request, int(8), padded('').subarray(0, 4)], handlers, {
      requestTimeout: limit,
    })
    clock.pass(limit - 1)
    here.write(padded('').subarray(4))
    await turns()
    clock.pass(limit - 1)
    await turns()
    expect(ended()).to.equal(null)
    clock.pass(1)
    await until(() => ended() !== null)
    isLate(ended(), `nothing for ${limit} ms`)
  })

  it('an hour for the next request', async () => {
    const { here, ended } = await staying([hello], { IsValidPath: () => true }, {})
    clock.pass(3_599_999)
    here.write(concat(int(1), padded(path)))
    await turns()
    clock.pass(3_599_999)
    await turns()
    expect(ended()).to.equal(null)
    clock.pass(1)
    await until(() => ended() !== null)
    isLate(ended(), 'nothing for 3600000 ms')
  })

  it('an hour for a client to read its replies, but not for a handler', async () => {
    let go: () => void = () => undefined
    const handlers: Handlers<typeof operations> = {
      SyncWithGC: async (_, { log }) => {
        await new Promise<void>((resolve) => {
          go = resolve
        })
        for (;;) {
          await log.line('x'.repeat(100_000))
        }
      },
    }
    const { here, ended } = await staying([hello, int(operations.SyncWithGC.id)], handlers, {
      idleTimeout: limit,
    })
    for (let i = 0; i < 5; i++) {
      clock.pass(limit)
    }
    await turns()
    expect(ended()).to.equal(null)
    here.pause()
    go()
    await turns()
    clock.pass(limit)
    await until(() => ended() !== null)
    isLate(ended(), `nothing for ${limit} ms`)
  })

  it('for ever if a limit is 0', async () => {
    const options = { handshakeTimeout: 0, requestTimeout: 0, idleTimeout: 0 }
    for (const said of [[], [hello], [hello, int(1)]]) {
      const { here, ended } = await staying(said, {}, options)
      clock.pass(2 ** 40)
      await turns()
      expect(ended()).to.equal(null)
      here.destroy()
    }
  })

  it('never with an invalid limit, which is rejected', async () => {
    for (const name of ['handshakeTimeout', 'requestTimeout', 'idleTimeout']) {
      for (const time of [-1, Number.NaN]) {
        const [, there] = duplexPair()
        const thrown: unknown = await serve(there, {}, { [name]: time }).catch((error: unknown) => error)
        expect(thrown).to.be.instanceOf(RangeError).with.property('message').that.contains(name)
      }
    }
  })
})

describe('a client waits', () => {
  it('for ever if the limit of a call is 0, whatever that of its connection is', async () => {
    const clock = new Clock().start()
    try {
      let answer: () => void = () => undefined
      const handlers: Handlers<typeof operations> = {
        IsValidPath: () =>
          new Promise<boolean>((resolve) => {
            answer = () => resolve(true)
          }),
      }
      const { client } = await joined(handlers, { timeout: limit, handshakeTimeout: 0 })
      const asked = client.isValidPath({ path }, { timeout: 0 })()
      await turns()
      clock.pass(2 ** 40)
      await turns()
      answer()
      expect(rightOf(await asked)).to.equal(true)
      const silent = client.isValidPath({ path })()
      await turns()
      clock.pass(limit)
      expect(issueOf(await silent)).to.include({ _tag: 'Aborted', actual: `nothing for ${limit} ms` })
    } finally {
      clock.stop()
    }
  })
})

describe('many clients at once', () => {
  let dir: string
  let sockets: Array<Socket>
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'nix-wire-'))
    sockets = []
  })
  afterEach(() => {
    for (const socket of sockets) {
      socket.destroy()
    }
    rmSync(dir, { recursive: true })
  })

  const opened = (to: string): Promise<string> =>
    new Promise((resolve) => {
      const socket = connectSocket(to)
      sockets.push(socket)
      socket.once('connect', () => resolve('open'))
      socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
    })

  it('are accepted by a server and by a proxy, even more than the default queue of Node', async () => {
    const most = Number(readFileSync('/proc/sys/net/core/somaxconn', 'utf8'))
    const count = Math.min(1500, most)
    const failures: Array<string> = []
    const server = await serveAt(join(dir, 's'), {}, { onFailure: (error) => failures.push(error.message) })
    const proxy = await recordingProxy({
      listen: join(dir, 'p'),
      to: join(dir, 's'),
      record: join(dir, 'r'),
      maxConnections: 1,
    })
    for (const name of ['s', 'p']) {
      const all = await Promise.all(Array.from({ length: count }, () => opened(join(dir, name))))
      expect(all.filter((each) => each !== 'open')).to.deep.equal([])
    }
    expect(failures).to.deep.equal([])
    await proxy.close()
    await server.close()
  })

  it('are rejected by a server that has its limit of connections', async () => {
    const failures: Array<string> = []
    let over = 0
    const server = await serveAt(
      join(dir, 's'),
      { QueryAllValidPaths: () => [path] },
      {
        maxConnections: 2,
        onFailure: (error) => failures.push(error.message),
        onClose: () => {
          over++
        },
      },
    )
    const [first, second] = await Promise.all([0, 1].map(() => connect(join(dir, 's'))()))
    expect(issueOf(await connect(join(dir, 's'))())).to.have.property('_tag')
    expect(failures).to.deep.equal(['a connection was rejected: 2 are open'])
    await rightOf(first!).close()
    await becomes(() => over, 1)
    const third = rightOf(await connect(join(dir, 's'))())
    expect(await third.promises.queryAllValidPaths()).to.deep.equal([path])
    await server.close()
    expect(over).to.equal(3)
    expect(issueOf(await third.queryAllValidPaths()())).to.have.property('_tag')
    await rightOf(second!).close()
  })

  it('try again at a daemon with a queue of two, and so does a proxy', async () => {
    const daemon: Server = createServer((socket) => {
      socket.on('error', () => undefined)
      void serve(socket, { QueryAllValidPaths: () => [path] })
    })
    await new Promise<void>((resolve) => daemon.listen(join(dir, 'd'), 1, resolve))
    const failures: Array<string> = []
    const proxy = await recordingProxy({
      listen: join(dir, 'p'),
      to: join(dir, 'd'),
      record: join(dir, 'r'),
      onFailure: (error) => failures.push(error.message),
    })
    for (const name of ['d', 'p']) {
      const clients = await Promise.all(Array.from({ length: 40 }, () => connect(join(dir, name))()))
      for (const client of clients) {
        expect(await rightOf(client).promises.queryAllValidPaths()).to.deep.equal([path])
        await rightOf(client).close()
      }
    }
    expect(failures).to.deep.equal([])
    await proxy.close()
    await new Promise((resolve) => daemon.close(resolve))
  })

  describe('that send nothing', () => {
    const clock = suiteClock()

    it('are closed by a proxy, which keeps those that wait for the daemon', async () => {
      const accepted: Array<Socket> = []
      const daemon = createServer((socket) => {
        socket.on('error', () => undefined)
        accepted.push(socket)
      })
      await new Promise<void>((resolve) => daemon.listen(join(dir, 'd'), resolve))
      const failures: Array<string> = []
      const proxy = await recordingProxy({
        listen: join(dir, 'p'),
        to: join(dir, 'd'),
        record: join(dir, 'r'),
        onFailure: (error) => failures.push(error.message),
      })
      const closed = new Set<string>()
      const client = async (name: string, said: Uint8Array, answer: Uint8Array): Promise<void> => {
        const count = accepted.length
        const socket = connectSocket(join(dir, 'p')).resume()
        sockets.push(socket)
        socket.on('close', () => closed.add(name))
        await until(() => accepted.length > count)
        let heard = 0
        accepted[count]!.on('data', (bytes) => {
          heard += bytes.length
        })
        socket.write(said)
        accepted[count]!.write(answer)
        await until(() => heard === said.length)
        await until(() => socket.bytesRead === answer.length)
      }
      const none = new Uint8Array(0)
      const welcome = concat(int(0x6478696f), int(0x120))
      await client('four bytes', hello.subarray(0, 4), none)
      await client('no version', hello.subarray(0, 8), welcome)
      await client('not answered', hello.subarray(0, 8), none)
      await client('greeted', hello.subarray(0, 16), welcome)
      clock.pass(29_999)
      await turns()
      expect([...closed]).to.deep.equal([])
      clock.pass(1)
      await until(() => closed.size >= 2)
      await turns()
      expect([...closed].sort()).to.deep.equal(['four bytes', 'no version'])
      clock.pass(2 ** 40)
      await turns()
      expect(closed.size).to.equal(2)
      const silent = 'the client said no hello for 30000 ms'
      expect(failures).to.deep.equal([silent, silent])
      await proxy.close()
      for (const socket of accepted) {
        socket.destroy()
      }
      await new Promise((resolve) => daemon.close(resolve))
    })
  })
})
