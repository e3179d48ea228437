import { once } from 'node:events'
import {
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { isSome } from 'fp-ts/lib/Option.js'
import { promises } from '../../daemon/client.js'
import type { ConnectOptions } from '../../daemon/connect-options.js'
import { nixWire, spawnNixWire } from '../support/cli.js'
import { collect } from '../support/memory-store.js'
import { archive, file } from '../support/nar.js'
import { eventually, longest, until } from '../support/waiting.js'

describe('nix-wire serve', () => {
  let dir = ''
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'nix-wire-cli-serve-'))
  })
  afterEach(() => rmSync(dir, { recursive: true }))

  const connected = (socket: string, options: ConnectOptions = {}) =>
    eventually(() => promises.connect(socket, { timeout: longest, ...options }))

  /** Runs the command in this process, does something beside it, and asks it to end as a signal would. */
  const serving = async (args: ReadonlyArray<string>, use: (socket: string) => Promise<void>) => {
    const others = process.listeners('SIGTERM')
    const socket = join(dir, 's')
    const running = nixWire(['serve', '--listen', socket, ...args])
    try {
      await use(socket)
    } finally {
      for (const listener of process.listeners('SIGTERM').filter((each) => !others.includes(each))) {
        listener('SIGTERM')
      }
    }
    return running
  }

  it('serves a store in memory, says so, and ends at a signal', async () => {
    let isTrusted = false
    const { exitCode, stdout, stderr } = await serving([], async (socket) => {
      const client = await connected(socket)
      const { trust } = client.daemon
      const path = await client.promises.addTextToStore({ name: 'x', text: 'hello', references: [] })
      const nar = await collect(await client.promises.narFromPath({ path }))
      expect(Buffer.from(nar).equals(archive(file('hello')))).to.equal(true)
      isTrusted = isSome(trust) && trust.value === 'Trusted'
      expect(statSync(socket).mode & 0o777).to.equal(0o600)
      await client.close()
    })
    expect(isTrusted).to.equal(true)
    expect([exitCode, stdout.toString()]).to.deep.equal([0, ''])
    expect(stderr).to.equal(
      `nix-wire: serving a store in memory at ${join(dir, 's')}; its paths are in /nix/store, clients are trusted\n`,
    )
    expect(existsSync(join(dir, 's'))).to.equal(false)
  })

  it('serves a folder, and the same folder again', async () => {
    const store = join(dir, 'a', 'store')
    const storeDir = '/gnu/store'
    const args = ['--store', store, '--store-dir', storeDir]
    const first = await serving(args, async (socket) => {
      const client = await connected(socket, { storeDir })
      await client.promises.addTextToStore({ name: 'x', text: 'hello', references: [] })
      await client.close()
    })
    expect([first.exitCode, first.stderr]).to.deep.equal([
      0,
      `nix-wire: serving ${store} (0 paths) at ${join(dir, 's')}; its paths are in /gnu/store, clients are trusted\n`,
    ])
    const second = await serving(args, async (socket) => {
      const client = await connected(socket, { storeDir })
      const [path] = await client.promises.queryAllValidPaths()
      expect(path).to.match(/^\/gnu\/store\/.*-x$/)
      await client.close()
    })
    expect(second.stderr).to.match(/\(1 path\)/)
    const other = await nixWire(['serve', '--listen', join(dir, 's'), '--store', store])
    expect([other.exitCode, other.stderr]).to.deep.equal([
      2,
      `nix-wire: cannot use the store in ${store}: the store in ${store} has its paths in /gnu/store, not in /nix/store\n`,
    ])
  })

  it('trusts its clients, unless the mode of the socket lets anybody connect or an option decides', async () => {
    for (const [args, trusted] of [
      [[], true],
      [['--mode', '666'], false],
      [['--mode', '660', '--trusted'], true],
      [['--no-trusted'], false],
      [['--no-trusted', '--trusted-key', `a:${'A'.repeat(43)}=`], false],
    ] as const) {
      const { stderr } = await serving(args, async (socket) => {
        const client = await connected(socket)
        expect(isSome(client.daemon.trust) && client.daemon.trust.value).to.equal(
          trusted ? 'Trusted' : 'NotTrusted',
        )
        await client.close()
      })
      expect(stderr).to.match(trusted ? /clients are trusted\n$/ : /clients are not trusted\n$/)
    }
  })

  it('reports why a connection broke, and goes on', async () => {
    const { exitCode, stderr } = await serving([], async (socket) => {
      const broken = await connected(socket)
      await broken.close()
      const passerby = connect(socket)
      passerby.end().resume()
      await once(passerby, 'close')
      const stranger = connect(socket)
      stranger.end('GET / HTTP/1.1\r\n\r\n').resume()
      await once(stranger, 'close')
      const client = await connected(socket)
      expect(await client.promises.queryAllValidPaths()).to.deep.equal([])
      await client.close()
    })
    expect(exitCode).to.equal(0)
    expect(stderr.match(/broke/g)).to.have.lengthOf(1)
    expect(stderr).to.match(/^nix-wire: a connection broke: .* magic, .*HTTP/m)
  })

  it('holds no more bytes than --max-size', async () => {
    await serving(['--max-size', '200'], async (socket) => {
      const client = await connected(socket)
      const add = (text: string) => client.promises.addTextToStore({ name: 'x', text, references: [] })
      expect(await add('y'.repeat(300)).catch(({ message }: Error) => message)).to.match(
        /full: it can hold 200 bytes/,
      )
      await client.close()
    })
  })

  it('rejects a command line with missing, conflicting or impossible options', async () => {
    const socket = join(dir, 's')
    const foreign = join(dir, 'foreign')
    mkdirSync(foreign)
    writeFileSync(join(foreign, 'mine'), 'x')
    for (const [args, says] of [
      [[], /name where to serve: --listen SOCKET, or --stdio/],
      [['--listen', socket, '--stdio'], /name where to serve/],
      [['--listen', socket, '--store', join(dir, 'x'), '--memory'], /--memory is for a store in memory/],
      [
        ['--listen', socket, '--store', join(dir, 'x'), '--max-size', '1'],
        /--max-size is for a store in memory/,
      ],
      [['--listen', socket, '--store', foreign], /is not a store: it is not empty/],
      [['--listen', socket, '--store', join(foreign, 'mine')], /cannot use the store in .*mine: EEXIST/],
      [['--listen', socket, '--store-dir', 'relative'], /store directory/],
      [['--listen', join(dir, 'no', 's')], /cannot listen at .*no\/s: /],
      [
        ['--listen', foreign],
        /cannot listen at .*foreign: another process listens there, perhaps an earlier nix-wire that still runs; or it is not a socket/,
      ],
      [['--listen', socket, '--mode', '9'], /three octal digits/],
      [['--listen', socket, '--trusted-key', 'key'], /expected a public key, NAME:BASE64/],
      [['--listen', socket, '--max-connections', '0'], /at least 1/],
      [['--listen', 's\udcff'], /must be UTF-8/],
    ] as const) {
      const { exitCode, stderr, stdout } = await nixWire(['serve', ...args])
      expect(stderr).to.match(says)
      expect([exitCode, stdout.toString()]).to.deep.equal([2, ''])
    }
    expect(readdirSync(dir)).to.deep.equal(['foreign'])
  })

  it('replaces a dead socket, but not one on which another process listens', async () => {
    const socket = join(dir, 's')
    const server = createServer().listen(socket)
    await once(server, 'listening')
    const { exitCode, stderr } = await nixWire(['serve', '--listen', socket])
    expect([exitCode, stderr]).to.deep.equal([
      2,
      `nix-wire: cannot listen at ${socket}: another process listens there, perhaps an earlier nix-wire that still runs; or it is not a socket\n`,
    ])
    // A process that died leaves the file; Node removes it otherwise.
    linkSync(socket, join(dir, 'dead'))
    await new Promise((resolve) => server.close(resolve))
    renameSync(join(dir, 'dead'), socket)
    const again = await serving([], async (place) => {
      const client = await connected(place)
      await client.close()
    })
    expect(again.exitCode).to.equal(0)
  })

  it('serves standard input and output, and ends with its client', async () => {
    const store = join(dir, 'store')
    const child = spawnNixWire(['serve', '--stdio', '--store', store])
    let stderr = ''
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString()
    })
    const ended = once(child, 'close')
    const client = await promises.connect(
      { readable: child.stdout, writable: child.stdin },
      { timeout: longest, handshakeTimeout: longest },
    )
    const path = await client.promises.addTextToStore({ name: 'x', text: 'hello', references: [] })
    expect(existsSync(join(store, 'store', path.slice('/nix/store/'.length)))).to.equal(true)
    await client.close()
    expect(await ended).to.deep.equal([0, null])
    expect(stderr).to.equal('')
  })

  it('reports what is wrong if a client on standard input speaks something else', async () => {
    const { exitCode, stderr } = await nixWire(['serve', '--stdio'], 'GET / HTTP/1.1\r\n\r\n')
    expect(exitCode).to.equal(1)
    expect(stderr).to.match(/^nix-wire: the connection broke: .* magic, .*HTTP.*\n$/)
  })

  it('ends at a signal even while a connection is open, and leaves no socket and no lock', async () => {
    const [socket, store] = [join(dir, 's'), join(dir, 'store')]
    const child = spawnNixWire(['serve', '--listen', socket, '--store', store])
    child.stdin.end()
    const ended = once(child, 'close')
    await until(() => {
      expect(child.exitCode).to.equal(null)
      return existsSync(socket)
    })
    const client = await connected(socket)
    const path = await client.promises.addTextToStore({ name: 'x', text: 'hello', references: [] })
    child.kill('SIGINT')
    expect(await ended).to.deep.equal([0, null])
    expect(await client.promises.isValidPath({ path }).catch(() => 'gone')).to.equal('gone')
    expect(existsSync(socket)).to.equal(false)
    expect(readdirSync(store).sort()).to.deep.equal(['info', 'nix-wire-store', 'roots', 'staging', 'store'])
  })
})
