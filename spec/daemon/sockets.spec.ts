import { once } from 'node:events'
import {
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { connect as connectSocket, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { expect } from 'chai'
import type { Issue } from '../../combinators/issue.js'
import { connect } from '../../daemon/client.js'
import { showFailure } from '../../daemon/failure.js'
import { recordingProxy } from '../../daemon/proxy/index.js'
import type { RecordingProxy } from '../../daemon/proxy/options.js'
import { serve } from '../../daemon/server.js'
import { listenAt } from '../../daemon/sockets.js'
import { issueOf, rightOf } from '../support/either.js'
import { eventually } from '../support/waiting.js'

const openFiles = (): number => readdirSync('/proc/self/fd').length

const closed = (server: Server): Promise<unknown> => new Promise((resolve) => server.close(resolve))

describe('sockets', () => {
  let dir: string
  let servers: Array<Server>
  let proxies: Array<RecordingProxy>
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'nix-wire-'))
    servers = []
    proxies = []
  })
  afterEach(async () => {
    await Promise.all(proxies.map((proxy) => proxy.close()))
    await Promise.all(servers.map((server) => (server.listening ? closed(server) : undefined)))
    rmSync(dir, { recursive: true })
  })

  /** A daemon at a path. */
  const daemonAt = async (path: string): Promise<Server> => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined)
      void serve(socket, { QueryAllValidPaths: () => [] })
    })
    await listenAt(server, path)
    servers.push(server)
    return server
  }

  const asks = async (path: string): Promise<void> => {
    const client = rightOf(await connect(path)())
    expect(rightOf(await client.queryAllValidPaths()())).to.deep.equal([])
    await client.close()
  }

  /** A path of that many bytes, in an existing folder. */
  const pathOf = (length: number, name = 's'): string => {
    const folder = join(dir, 'd'.repeat(length - Buffer.byteLength(join(dir, '', `/${name}`)) - 1))
    mkdirSync(folder, { recursive: true })
    return join(folder, name)
  }

  describe('at paths of any length', () => {
    // Modules that are loaded late have open files meanwhile.
    before(() =>
      Promise.all(['client-over', 'serving', 'proxy/start'].map((name) => import(`../../daemon/${name}.js`))),
    )

    // The address of a socket has room for 108 bytes, the zero at the end included.
    for (const length of [106, 107, 108, 109, 200]) {
      it(`listens, connects and forwards at one of ${length} bytes`, async () => {
        const before = openFiles()
        const path = pathOf(length)
        expect(Buffer.byteLength(path)).to.equal(length)
        const server = await daemonAt(path)
        expect(readdirSync(join(path, '..'))).to.deep.equal(['s'])
        await asks(path)
        const listen = join(path, '..', 'p')
        const proxy = await recordingProxy({ listen, to: path, record: join(dir, 'r') })
        expect(readdirSync(join(path, '..'))).to.deep.equal(['p', 's'])
        await asks(listen)
        await proxy.close()
        await closed(server)
        expect(readdirSync(join(path, '..'))).to.deep.equal([])
        expect(openFiles()).to.equal(before)
      })
    }

    it('counts bytes, not letters', async () => {
      const path = join(dir, 'ü'.repeat(43))
      await daemonAt(path)
      expect(existsSync(path)).to.equal(true)
      await asks(path)
    })

    it('replaces a dead socket, and no other', async () => {
      const path = pathOf(150)
      await daemonAt(path)
      const second = createServer()
      expect(await listenAt(second, path).catch((error) => error)).to.include({
        code: 'EADDRINUSE',
        address: path,
      })
      // The file stays after the server is gone.
      linkSync(path, `${path}2`)
      await closed(servers[0]!)
      linkSync(`${path}2`, path)
      await daemonAt(path)
      await asks(path)
    })

    it('rejects a name that is too long for any directory, with its length', async () => {
      const path = pathOf(260, 'n'.repeat(150))
      const before = openFiles()
      const error = await listenAt(createServer(), path).catch((thrown: Error) => thrown)
      expect(error).to.be.instanceOf(Error).with.property('message').that.contains('260').and.contains(path)
      expect(readdirSync(join(path, '..'))).to.deep.equal([])
      expect(openFiles()).to.equal(before)
    })
  })

  describe('of ours', () => {
    const modeOf = (path: string): number => statSync(path).mode & 0o777
    let umask = 0
    beforeEach(() => {
      umask = process.umask()
    })
    afterEach(() => {
      process.umask(umask)
    })

    /** The mode of the proxy's socket at the moment at which it can first be connected to. */
    const proxyModes = async (name: string, mode?: number): Promise<ReadonlyArray<number>> => {
      const proxy = await recordingProxy({
        listen: join(dir, name),
        to: join(dir, 'd'),
        record: join(dir, `records ${name}/of it`),
        ...(mode === undefined ? {} : { mode }),
      })
      proxies.push(proxy)
      const folders = [`records ${name}`, `records ${name}/of it`]
      return [name, ...folders].map((each) => modeOf(join(dir, each)))
    }

    it('can be used by their owner alone, whatever the umask; mode admits others, to the socket only', async () => {
      await daemonAt(join(dir, 'd'))
      for (const mask of [0, 0o022, 0o077]) {
        process.umask(mask)
        expect(await proxyModes(`plain ${mask}`), `umask ${mask}`).to.deep.equal([0o600, 0o700, 0o700])
        expect(await proxyModes(`open ${mask}`, 0o666), `umask ${mask}`).to.deep.equal([0o666, 0o700, 0o700])
        expect(process.umask()).to.equal(mask)
      }
    })

    it('have that mode before anybody can connect', async () => {
      process.umask(0)
      const server = createServer()
      const listen = server.listen.bind(server)
      const modes: Array<number> = []
      server.listen = ((path: string, ...more: []) => {
        const listening = listen(path, ...more)
        modes.push(modeOf(path))
        return listening
      }) as typeof server.listen
      await listenAt(server, join(dir, 's'))
      servers.push(server)
      expect(modes).to.deep.equal([0o600])
    })

    it('have it at a long path too, and if another is replaced', async () => {
      process.umask(0)
      const path = pathOf(150)
      await daemonAt(path)
      expect(modeOf(path)).to.equal(0o600)
      linkSync(path, `${path}2`)
      await closed(servers[0]!)
      linkSync(`${path}2`, path)
      await daemonAt(path)
      expect(modeOf(path)).to.equal(0o600)
    })

    it('have it in a worker thread, in which Node sets no umask', async () => {
      const path = join(dir, 's')
      const worker = new Worker(
        `import('tsx/esm/api').then(({ register }) => register()).then(async () => {
          const { listenAt } = await import(${JSON.stringify(new URL('../../daemon/sockets.ts', import.meta.url).href)})
          const server = require('node:net').createServer()
          const { parentPort } = require('node:worker_threads')
          await listenAt(server, ${JSON.stringify(path)})
          parentPort.once('message', () => server.close())
          parentPort.postMessage('listening')
        })`,
        { eval: true },
      )
      process.umask(0)
      await once(worker, 'message')
      expect(modeOf(path)).to.equal(0o600)
      worker.postMessage('enough')
      await once(worker, 'exit')
    })

    it('reject an invalid mode', async () => {
      for (const mode of [-1, 0o1000, 1.5, Number.NaN]) {
        const given = { listen: join(dir, 'p'), to: join(dir, 'd'), record: join(dir, 'r'), mode }
        expect(await recordingProxy(given).catch((error: unknown) => error)).to.be.instanceOf(RangeError)
      }
    })
  })

  describe('without a listening daemon', () => {
    const failureAt = async (path: string): Promise<string> => {
      const failure = issueOf(await connect(path)()) as Issue
      expect(failure).to.include({ _tag: 'SourceFailed', offset: 0 })
      return showFailure(failure)
    }

    it('say so, with the address', async () => {
      writeFileSync(join(dir, 'file'), '')
      mkdirSync(join(dir, 'folder'))
      const server = createServer()
      await listenAt(server, join(dir, 'gone'))
      linkSync(join(dir, 'gone'), join(dir, 'left'))
      await closed(server)
      symlinkSync('nowhere', join(dir, 'link'))
      for (const [name, why] of [
        ['nothing', 'no such file (ENOENT)'],
        ['folder/nothing', 'no such file (ENOENT)'],
        ['file/nothing', 'no such file (ENOTDIR)'],
        ['link', 'no such file (ENOENT)'],
        ['file', 'not a socket'],
        ['folder', 'not a socket'],
        ['left', '(ECONNREFUSED)'],
        ['n'.repeat(150), 'no such file (ENOENT)'],
      ] as const) {
        expect(await failureAt(join(dir, name)), name)
          .to.contain(`no daemon listens at ${join(dir, name)}`)
          .and.contain(why)
      }
    })

    it('say so of a socket that the caller connected', async () => {
      const server = createServer()
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      const address = server.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      await closed(server)
      const failure = issueOf(await connect(connectSocket(port, '127.0.0.1'))())
      expect(showFailure(failure)).to.contain(`no daemon listens at 127.0.0.1 port ${port}`)
    })

    it('report an abort if the caller gave up', async () => {
      const failure = issueOf(await connect(join(dir, 'nothing'), { signal: AbortSignal.abort() })())
      expect(failure).to.include({ _tag: 'Aborted' })
    })
  })

  describe('of a recording proxy', () => {
    const proxied = async (
      listen: string,
      to: string,
      maxConnections?: number,
    ): Promise<ReadonlyArray<string>> => {
      const failures: Array<string> = []
      const proxy = await recordingProxy({
        listen,
        to,
        record: join(dir, 'r'),
        onFailure: ({ message }) => failures.push(message),
        ...(maxConnections === undefined ? {} : { maxConnections }),
      })
      proxies.push(proxy)
      return failures
    }

    it('are reported at the start if there is no daemon yet, which may come later', async () => {
      const to = join(dir, 'd')
      const failures = await proxied(join(dir, 'p'), to)
      expect(failures).to.deep.equal([`no daemon listens at ${to}: there is no such file (ENOENT)`])
      await daemonAt(to)
      await asks(join(dir, 'p'))
      writeFileSync(join(dir, 'file'), '')
      expect((await proxied(join(dir, 'q'), join(dir, 'file'))).join()).to.contain('not a socket')
    })

    it('must be different sockets, whatever their names', async () => {
      const socket = join(dir, 's')
      await daemonAt(socket)
      linkSync(socket, join(dir, 'hard'))
      symlinkSync('s', join(dir, 'soft'))
      symlinkSync('.', join(dir, 'here'))
      symlinkSync('new', join(dir, 'dangling'))
      const pairs = [
        [socket, socket],
        [socket, join(dir, 'hard')],
        [join(dir, 'soft'), socket],
        [socket, join(dir, 'here', 's')],
        // The socket does not exist before the proxy makes it.
        [join(dir, 'new'), join(dir, 'new')],
        [join(dir, 'new'), join(dir, 'here', '.', 'new')],
        [join(dir, 'new'), join(dir, 'dangling')],
      ] as const
      for (const [listen, to] of pairs) {
        const refused = await proxied(listen, to).then(
          () => 'started',
          ({ message }: Error) => message,
        )
        expect(refused, `${listen} ${to}`).to.contain("is the daemon's own").and.contain(to)
      }
      expect(existsSync(join(dir, 'new'))).to.equal(false)
      await asks(socket)
    })

    it('accept up to the limit of connections at a time', async () => {
      const to = join(dir, 's')
      await daemonAt(to)
      const failures = await proxied(join(dir, 'p'), to, 2)
      const first = rightOf(await connect(join(dir, 'p'))())
      const second = rightOf(await connect(join(dir, 'p'))())
      expect(issueOf(await connect(join(dir, 'p'))())).to.have.property('offset')
      expect(failures).to.deep.equal(['a connection was rejected: 2 are open'])
      expect(rightOf(await first.queryAllValidPaths()())).to.deep.equal([])
      await second.close()
      // Its place is free after both directions are over.
      await eventually(() => asks(join(dir, 'p')))
      await first.close()
      for (const wrong of [0, -1, Number.NaN]) {
        const refused = await proxied(join(dir, 'q'), to, wrong).catch((error) => error)
        expect(refused).to.be.instanceOf(RangeError)
      }
    })
  })
})
