import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { recordingProxy } from '../../daemon/proxy/index.js'
import type { ProxiedConnection, RecordingProxy, RecordingProxyOptions } from '../../daemon/proxy/options.js'
import { decodeSession, type SessionEvent } from '../../session/index.js'
import { Clock } from '../support/clock.js'
import { describeWithNix, type NixDaemon, startNixDaemon } from '../support/nix-daemon.js'
import { recordedBytes, recordedSteps } from '../support/recorded.js'
import { recordedSessions, sessionBytes } from '../support/sessions.js'
import { describeWithShared } from '../support/shared.js'
import { settled, turns, until } from '../support/waiting.js'

const run = promisify(execFile)

/** Bytes that do not repeat, so that a lost or exchanged one is noticed. */
const noise = (size: number): Buffer => {
  const bytes = Buffer.alloc(size)
  let state = 1
  for (let at = 0; at + 4 <= size; at += 4) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    bytes.writeUInt32LE(state, at)
  }
  return bytes
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/**
 * The bytes up to the end, or until the connection breaks. Unlike iteration, it leaves the other direction open.
 */
const readAll = (socket: Socket): Promise<Buffer> =>
  new Promise((resolve) => {
    const chunks: Array<Buffer> = []
    socket.on('data', (chunk: Buffer) => chunks.push(chunk))
    socket.once('end', () => resolve(Buffer.concat(chunks)))
    socket.once('close', () => resolve(Buffer.concat(chunks)))
    socket.resume()
  })

const endsOf = (connection: ProxiedConnection | undefined): ReadonlyArray<string> =>
  recordedSteps(connection?.files[0] ?? '').flatMap((step) =>
    step.kind === 'end' ? [`${step.side} ${step.how}`] : [],
  )

/** A daemon whose behaviour a test defines for each connection, and a proxy in front of it. */
class Bench {
  readonly dir = mkdtempSync(join(tmpdir(), 'nix-wire-proxy-'))
  readonly listen = join(this.dir, 'l')
  readonly record = join(this.dir, 'recordings')
  readonly failures: Array<string> = []
  readonly closed: Array<ProxiedConnection> = []
  readonly #to = join(this.dir, 't')
  #server: Server | null = null
  #proxy: RecordingProxy | null = null

  async start(
    handle: ((socket: Socket) => void) | null,
    options: Partial<RecordingProxyOptions> = {},
  ): Promise<RecordingProxy> {
    if (handle !== null) {
      this.#server = createServer({ allowHalfOpen: true }, (socket) => {
        socket.on('error', () => undefined)
        handle(socket)
      })
      this.#server.listen(this.#to)
      await once(this.#server, 'listening')
    }
    this.#proxy = await recordingProxy({
      listen: this.listen,
      to: this.#to,
      record: this.record,
      onFailure: (error) => this.failures.push(error.message),
      onClose: (connection) => this.closed.push(connection),
      ...options,
    })
    return this.#proxy
  }

  connect(): Socket {
    const socket = connect({ path: this.listen, allowHalfOpen: true })
    socket.on('error', () => undefined)
    return socket
  }

  /** The recording of the connection that ended first, after its end. */
  async recorded(): Promise<{ readonly client: Buffer; readonly server: Buffer }> {
    await until(() => this.closed.length > 0, 'a connection that has ended')
    const [first] = this.closed as [ProxiedConnection]
    return recordedBytes(first.files)
  }

  async stop(): Promise<void> {
    await this.#proxy?.close()
    this.#server?.close()
    rmSync(this.dir, { recursive: true, force: true })
  }
}

describe('a recording proxy', () => {
  let bench: Bench
  beforeEach(() => {
    bench = new Bench()
  })
  afterEach(() => bench.stop())

  it('forwards and records large transfers both ways at once, byte exact', async () => {
    const up = noise(24 * 2 ** 20)
    const down = Buffer.from(noise(24 * 2 ** 20)).reverse()
    let received: Promise<Buffer> | null = null
    await bench.start((socket) => {
      socket.end(down)
      received = readAll(socket)
    })
    const client = bench.connect()
    client.end(up)
    const downloaded = await readAll(client)
    const uploaded = (await received) ?? Buffer.alloc(0)
    expect(sha256(uploaded)).to.equal(sha256(up))
    const recorded = await bench.recorded()
    expect(sha256(downloaded)).to.equal(sha256(down))
    expect([sha256(recorded.client), sha256(recorded.server)]).to.deep.equal([sha256(up), sha256(down)])
    expect(bench.failures).to.deep.equal([])
  })

  it('reads no more than a slow reader takes', async () => {
    let accepted: Socket | null = null
    await bench.start((socket) => {
      accepted = socket
      socket.pause()
    })
    const client = bench.connect()
    await once(client, 'connect')
    const piece = noise(2 ** 16)
    const fill = () => {
      while (client.bytesWritten < 64 * 2 ** 20 && client.write(piece)) {}
    }
    client.on('drain', fill)
    fill()
    const sent = await settled(() => client.bytesWritten - client.writableLength)
    client.off('drain', fill)
    expect(sent).to.be.within(1, 4 * 2 ** 20)
    const total = client.bytesWritten
    const rest = readAll(accepted as unknown as Socket)
    client.end()
    expect((await rest).length).to.equal(total)
    ;(accepted as unknown as Socket).end()
    expect((await bench.recorded()).client.length).to.equal(total)
  })

  it('forwards the end of one direction while the other goes on', async () => {
    await bench.start((socket) => {
      readAll(socket).then((bytes) => {
        socket.write(`${bytes.length} bytes came, `)
        void turns().then(() => socket.end('and this is the answer'))
      })
    })
    const client = bench.connect()
    client.end('a request')
    expect((await readAll(client)).toString()).to.equal('9 bytes came, and this is the answer')
    const { client: sent, server } = await bench.recorded()
    expect([sent.toString(), server.toString()]).to.deep.equal([
      'a request',
      '9 bytes came, and this is the answer',
    ])
  })

  it('forwards the last messages of a daemon that reads no more', async () => {
    // Exactly as much as the buffers between the daemon and a client that does not read can hold.
    const words = noise(400 * 1024)
    let gone: Promise<unknown> | null = null
    await bench.start((socket) => {
      socket.write(words)
      socket.destroySoon()
      gone = once(socket, 'close')
    })
    const client = bench.connect()
    await once(client, 'connect')
    await until(() => gone !== null)
    await gone
    // The proxy notices that the other side has left while it still holds bytes that the client has not read.
    client.write('an upload')
    await turns()
    expect(sha256(await readAll(client))).to.equal(sha256(words))
    client.destroy()
    expect(sha256((await bench.recorded()).server)).to.equal(sha256(words))
  })

  it('breaks off if one side does', async () => {
    let received = ''
    let isGone = false
    await bench.start((socket) => {
      socket.on('data', (chunk: Buffer) => {
        received += chunk.toString()
      })
      socket.once('close', () => {
        isGone = true
      })
      socket.once('end', () => socket.destroy())
    })
    const client = bench.connect()
    client.write('some bytes')
    await until(() => received === 'some bytes')
    client.destroy()
    await until(() => isGone)
    expect((await bench.recorded()).client.toString()).to.equal('some bytes')
  })

  it('closes the client if there is no daemon, and says why', async () => {
    await bench.start(null)
    const client = bench.connect()
    expect((await readAll(client)).length).to.equal(0)
    client.end()
    await bench.recorded()
    expect(bench.failures.join()).to.contain('ENOENT')
  })

  it('keeps connections apart, and their files', async () => {
    await bench.start((socket) => {
      readAll(socket).then((bytes) => socket.end(bytes.reverse()))
    })
    const words = Array.from({ length: 20 }, (_, i) => `client ${i}`)
    const answers = await Promise.all(
      words.map(async (word) => {
        const client = bench.connect()
        client.end(word)
        return (await readAll(client)).toString()
      }),
    )
    const reversed = (text: string): string => [...text].reverse().join('')
    expect(answers).to.deep.equal(words.map(reversed))
    await until(() => bench.closed.length === 20)
    const recorded = bench.closed.map(({ files }) => recordedBytes(files))
    expect(recorded.map(({ client }) => client.toString()).sort()).to.deep.equal([...words].sort())
    for (const { client, server } of recorded) {
      expect(server.toString()).to.equal(reversed(client.toString()))
    }
    for (const { files } of bench.closed) {
      expect(files.map((file) => statSync(file).mode & 0o777)).to.deep.equal([0o600])
    }
  })

  it('goes on if a listener of its events throws', async () => {
    await bench.start(
      (socket) => {
        readAll(socket).then((bytes) => socket.end(bytes))
      },
      {
        onEvent: () => {
          throw new Error('thrown by the watcher')
        },
      },
    )
    const client = bench.connect()
    client.end('no protocol of any kind')
    expect((await readAll(client)).toString()).to.equal('no protocol of any kind')
    expect((await bench.recorded()).client.toString()).to.equal('no protocol of any kind')
    expect(bench.failures).to.deep.equal(['thrown by the watcher'])
  })

  it('passes the bytes of each side and their ends to listeners, and nothing more to one that throws', async () => {
    const heard: Array<string> = []
    await bench.start(
      (socket) => {
        readAll(socket).then((bytes) => socket.end(`${bytes}, please`))
      },
      {
        onBytes: (side, bytes) => {
          heard.push(`${side} ${bytes === null ? 'ended' : Buffer.from(bytes).toString()}`)
          if (heard.length === 3) {
            throw new Error('thrown by the listener')
          }
        },
      },
    )
    const client = bench.connect()
    client.end('tea')
    expect((await readAll(client)).toString()).to.equal('tea, please')
    await bench.recorded()
    expect(heard).to.deep.equal(['client tea', 'client ended', 'server tea, please'])
    expect(bench.failures).to.deep.equal(['thrown by the listener'])
  })

  it('forwards and records what it cannot show in time, and says so', async () => {
    const said = noise(2 ** 20)
    const events: Array<SessionEvent> = []
    await bench.start((socket) => socket.end(said), { maxBehind: 1, onEvent: (event) => events.push(event) })
    const client = bench.connect()
    client.end('some bytes')
    expect(sha256(await readAll(client))).to.equal(sha256(said))
    expect(sha256((await bench.recorded()).server)).to.equal(sha256(said))
    expect([events, bench.failures]).to.deep.equal([
      [],
      ['its conversation is no longer shown: the display was 1 bytes behind'],
    ])
  })

  it('removes its socket when it ends, with connections open, and completes their files', async () => {
    let received = ''
    const proxy = await bench.start((socket) => {
      socket.on('data', (chunk: Buffer) => {
        received += chunk.toString()
      })
    })
    const client = bench.connect()
    client.write('not the end')
    await until(() => received === 'not the end')
    const ended = once(client, 'close')
    client.resume()
    client.once('end', () => client.end())
    await proxy.close()
    await ended
    expect(existsSync(bench.listen)).to.equal(false)
    expect((await bench.recorded()).client.toString()).to.equal('not the end')
    expect(endsOf(bench.closed[0])).to.have.members(['client stopped', 'server stopped'])
  })

  it('records when bytes came, and how each side ended', async () => {
    const clock = new Clock().start()
    try {
      await bench.start((socket) => {
        socket.once('data', () => socket.destroy())
        socket.write('hello')
      })
      const client = bench.connect()
      expect(String((await once(client, 'data'))[0])).to.equal('hello')
      clock.pass(1500)
      client.end('bye')
      await once(client.resume(), 'close')
      await bench.recorded()
    } finally {
      clock.stop()
    }
    const steps = recordedSteps(bench.closed[0]?.files[0] ?? '')
    const times = steps.map((step) => (step.kind === 'issue' ? null : step.at))
    const kinds = steps.map((step) => (step.kind === 'bytes' ? step.side : step.kind))
    expect(kinds).to.deep.equal(['server', 'client', 'end', 'end'])
    const start = times[0] ?? Number.NaN
    expect(start).to.be.closeTo(performance.timeOrigin, 0.001)
    expect(times.slice(1).map((at) => Math.round((at ?? Number.NaN) - start))).to.deep.equal([
      1500, 1500, 1500,
    ])
    expect(endsOf(bench.closed[0])).to.have.members(['client closed', 'server closed'])
  })

  it('writes the bytes alone, or both, as the option says; and nothing without a folder', async () => {
    const echo = (socket: Socket): void => void readAll(socket).then((bytes) => socket.end(bytes))
    const endings: ReadonlyArray<readonly [options: object, ends: ReadonlyArray<string>]> = [
      [{ format: 'bin' }, ['.client.bin', '.server.bin']],
      [{ format: 'both' }, ['.pcapng', '.client.bin', '.server.bin']],
      [{ record: undefined }, []],
    ]
    for (const [options, ends] of endings) {
      const each = new Bench()
      await each.start(echo, options)
      const client = each.connect()
      client.end('word')
      expect((await readAll(client)).toString()).to.equal('word')
      await until(() => each.closed.length === 1)
      const { files = [], name = '' } = each.closed[0] ?? {}
      expect(files).to.deep.equal(ends.map((end) => join(each.record, `${name}${end}`)))
      for (const file of files.filter((path) => path.endsWith('.bin'))) {
        expect(readFileSync(file, 'utf8')).to.equal('word')
      }
      expect(existsSync(each.record)).to.equal(files.length > 0)
      await each.stop()
    }
    const wrong = { listen: bench.listen, to: 'x', format: 'pcap' as 'bin' }
    expect(await recordingProxy(wrong).catch((error: Error) => error.message)).to.contain(
      'must be pcapng, bin, both',
    )
  })

  it('replaces a dead socket, and nothing else', async () => {
    const left = createServer().listen(bench.listen)
    await once(left, 'listening')
    const used = await bench.start(null).then(
      () => 'started',
      (error: NodeJS.ErrnoException) => error.code,
    )
    expect(used).to.equal('EADDRINUSE')
    left.close()
    await once(left, 'close')
    writeFileSync(bench.listen, 'a file')
    const file = await bench.start(null).then(
      () => 'started',
      (error: NodeJS.ErrnoException) => error.code,
    )
    expect([file, readFileSync(bench.listen, 'utf8')]).to.deep.equal(['EADDRINUSE', 'a file'])
    rmSync(bench.listen)
    await run(process.execPath, [
      '-e',
      `require('net').createServer().listen(${JSON.stringify(bench.listen)}, () => process.kill(process.pid, 'SIGKILL'))`,
    ]).catch(() => undefined)
    expect(existsSync(bench.listen)).to.equal(true)
    await bench.start(null)
  })
})

describeWithShared('a recording proxy, with recorded connections', () => {
  it('forwards each unchanged, and reports its events', async () => {
    for (const { name } of recordedSessions()) {
      const bench = new Bench()
      const events: Array<SessionEvent> = []
      const bytes = sessionBytes(name)
      try {
        await bench.start(
          (socket) => {
            socket.end(bytes.server)
            socket.resume()
          },
          { onEvent: (event) => events.push(event) },
        )
        const client = bench.connect()
        client.end(bytes.client)
        expect(await readAll(client)).to.deep.equal(bytes.server)
        expect(await bench.recorded()).to.deep.equal(bytes)
        const kinds = (given: ReadonlyArray<SessionEvent>) => given.map(({ kind }) => kind)
        expect(kinds(events)).to.deep.equal(kinds(decodeSession(bytes.client, bytes.server)))
      } finally {
        await bench.stop()
      }
    }
  })
})

describeWithNix('a recording proxy in front of a real daemon', () => {
  let daemon: NixDaemon
  let bench: Bench
  before(async () => {
    daemon = await startNixDaemon()
  })
  after(() => daemon.stop())
  beforeEach(() => {
    bench = new Bench()
  })
  afterEach(() => bench.stop())

  const nix = async (command: string, ...args: ReadonlyArray<string>): Promise<string> => {
    const env = { ...daemon.env, NIX_REMOTE: `unix://${bench.listen}`, NIX_DAEMON_SOCKET_PATH: bench.listen }
    return (await run(command, args, { env, maxBuffer: 2 ** 26 })).stdout
  }

  it('records nix, and every recording decodes to its last byte', async () => {
    const events: Array<SessionEvent> = []
    await bench.start(null, { to: daemon.socket, onEvent: (event) => events.push(event) })
    const tree = join(bench.dir, 'tree')
    writeFileSync(tree, noise(3 * 2 ** 20))
    const path = (await nix('nix-store', '--add', tree)).trim()
    expect(path).to.match(/-tree$/)
    await nix('nix-store', '--check-validity', path)
    const expression =
      'derivation { name = "x"; system = builtins.currentSystem; builder = "/bin/sh"; args = [ "-c" "echo building; echo hi > $out" ]; }'
    const built = (await nix('nix-build', '--no-out-link', '-E', expression)).trim()
    expect(readFileSync(built, 'utf8')).to.equal('hi\n')
    await nix('nix', 'path-info', '--json', '--all')

    await until(() => bench.closed.length === 4)
    const named = new Set<string>()
    for (const { files } of bench.closed) {
      const { client, server } = recordedBytes(files)
      const decoded = decodeSession(client, server)
      expect(decoded.filter(({ kind }) => kind === 'issue')).to.deep.equal([])
      expect(decoded.at(-1)).to.deep.equal({ kind: 'end', clientLeft: 0, serverLeft: 0 })
      for (const event of decoded) {
        if (event.kind === 'operation' && event.operation._tag === 'Some') {
          named.add(event.operation.value.name)
        }
      }
    }
    expect([...named]).to.include.members(['SetOptions', 'AddToStore', 'IsValidPath', 'BuildPaths'])
    const uploads = events.filter((event) => event.kind === 'operation' && event.id === 7)
    expect(uploads[0]).to.have.nested.property('stream.value.content.value.contents', 3 * 2 ** 20)
    expect(events.filter(({ kind }) => kind === 'issue')).to.deep.equal([])
    expect(readdirSync(bench.record).length).to.equal(bench.closed.length)
  })

  it('records a download of nix-daemon --stdio as nix reads it', async () => {
    await bench.start(null, { to: daemon.socket })
    const tree = join(bench.dir, 'file')
    writeFileSync(tree, noise(2 ** 20))
    const path = (await nix('nix-store', '--add', tree)).trim()
    const from = `ssh-ng://localhost?remote-program=${join(bench.dir, 'remote')}`
    writeFileSync(
      join(bench.dir, 'remote'),
      `#!/bin/sh\nNIX_REMOTE=unix://${bench.listen} exec nix-daemon --stdio\n`,
      { mode: 0o755 },
    )
    const dumped = await run('nix', ['store', 'dump-path', '--store', from, path], {
      env: daemon.env,
      encoding: 'buffer',
      maxBuffer: 2 ** 24,
    })
    expect(dumped.stdout.length).to.be.above(2 ** 20)
    await until(() => bench.closed.length === 2)
    const hashes = bench.closed.flatMap(({ files }) => {
      const { client, server } = recordedBytes(files)
      return decodeSession(client, server).flatMap((event) =>
        event.kind === 'operation' && event.id === 38 && event.stream._tag === 'Some'
          ? [event.stream.value.content]
          : [],
      )
    })
    expect(hashes.length).to.equal(1)
    expect(hashes[0]).to.have.nested.property('value.sha256', sha256(dumped.stdout))
  })
})
