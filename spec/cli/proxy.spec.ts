import { type ChildProcessWithoutNullStreams, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import fs, { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { decodeSession, RecordingReader } from '../../session/index.js'
import { nixWire, spawnNixWire } from '../support/cli.js'
import { Clock } from '../support/clock.js'
import { listening } from '../support/listening.js'
import { describeWithNix, type NixDaemon, startNixDaemon } from '../support/nix-daemon.js'
import { recordedBytes } from '../support/recorded.js'
import { ScriptedSession, somePath } from '../support/scripted-session.js'
import { becomes, eventually, turns, until } from '../support/waiting.js'

const nixDaemon = 'nix-daemon'
const run = promisify(execFile)

/** The command as a process, and what it has printed so far. */
class ProxyProcess {
  readonly child: ChildProcessWithoutNullStreams
  stdout = ''
  stderr = ''
  readonly #ended: Promise<unknown>

  constructor(args: ReadonlyArray<string>) {
    this.child = spawnNixWire(['proxy', ...args])
    this.child.stdin.end()
    this.child.stdout.on('data', (chunk: Buffer) => {
      this.stdout += chunk.toString()
    })
    this.child.stderr.on('data', (chunk: Buffer) => {
      this.stderr += chunk.toString()
    })
    this.#ended = once(this.child, 'close')
  }

  async until(text: string): Promise<void> {
    while (!this.stderr.includes(text)) {
      if (this.child.exitCode !== null) {
        throw new Error(`the proxy has ended: ${this.stderr}`)
      }
      await once(this.child.stderr, 'data')
    }
  }

  async end(signal: NodeJS.Signals): Promise<number | null> {
    this.child.kill(signal)
    await this.#ended
    return this.child.exitCode
  }
}

describe('nix-wire proxy on a full disk', () => {
  const { write, writev } = fs
  let dir = ''
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'nix-wire-cli-proxy-'))
  })
  afterEach(() => {
    Object.assign(fs, { write, writev })
    rmSync(dir, { recursive: true })
  })

  /** What has been written of the first connection, and how many of its sides are said to have ended. */
  const written = (folder: string) => {
    const paths = readdirSync(folder).map((name) => join(folder, name))
    const [path = ''] = paths
    if (!path.endsWith('.pcapng')) {
      return { said: paths.map((each) => readFileSync(each, 'utf8')), ends: 0 }
    }
    const steps = new RecordingReader().push(readFileSync(path))
    return {
      said: Object.values(recordedBytes(paths)).map(String),
      ends: steps.filter(({ kind }) => kind === 'end').length,
    }
  }

  for (const [format, files, ends] of [
    ['pcapng', 1, 2],
    ['bin', 2, 0],
  ] as const) {
    it(`forwards all, says which recording lost what, and ends with 1: ${format}`, async () => {
      const [to, stop] = await listening((socket) => socket.pipe(socket))
      const others = process.listeners('SIGTERM')
      const listen = join(dir, 's')
      const running = nixWire([
        'proxy',
        '--listen',
        listen,
        '--to',
        to,
        '--record',
        join(dir, 'r'),
        '--format',
        format,
      ])
      const talk = async (...words: ReadonlyArray<string>): Promise<void> => {
        const socket = await eventually(async () => {
          const attempt = connect(listen)
          await once(attempt, 'connect')
          return attempt
        })
        for (const word of words) {
          socket.write(word)
          expect(String((await once(socket, 'data'))[0])).to.equal(word)
        }
        socket.end().resume()
        await once(socket, 'close')
      }
      try {
        await talk('whole')
        await becomes(() => written(join(dir, 'r')), { said: ['whole', 'whole'], ends })
        const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
        const fail = (...args: ReadonlyArray<unknown>): void => {
          const done = args.at(-1) as (error: Error) => void
          setImmediate(() => done(full))
        }
        Object.assign(fs, { write: fail, writev: fail })
        await talk('lost', 'too')
      } finally {
        for (const listener of process.listeners('SIGTERM').filter((each) => !others.includes(each))) {
          listener('SIGTERM')
        }
      }
      const { exitCode, stderr } = await running
      await stop()
      const lines = stderr.split('\n')
      expect(
        lines.filter((line) => new RegExp(`-1 recorded:( \\S+-1\\S+){${files}}$`).test(line)),
      ).to.have.lengthOf(1)
      expect(lines.filter((line) => line.includes('-2: ENOSPC: no space left'))).to.have.lengthOf(files)
      expect(
        lines.filter(
          (line) =>
            line.includes('-2 recorded in part') && /7 bytes of the client, 7 of the daemon/.test(line),
        ),
      ).to.have.lengthOf(1)
      expect(lines.at(-2)).to.equal('nix-wire: recordings that are not whole: 1')
      expect(exitCode).to.equal(1)
      const whole = readdirSync(join(dir, 'r')).filter((name) => name.includes('-1.'))
      const said =
        format === 'bin'
          ? whole.map((name) => readFileSync(join(dir, 'r', name), 'utf8'))
          : Object.values(recordedBytes([join(dir, 'r', whole[0] ?? '')])).map(String)
      expect(said).to.deep.equal(['whole', 'whole'])
    })
  }
})

describe('nix-wire proxy --live, without a recording', () => {
  let dir = ''
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'nix-wire-cli-proxy-'))
  })
  afterEach(() => {
    rmSync(dir, { recursive: true })
  })

  const script = new ScriptedSession({ version: '1.38' })
  const handshake = script.bytes
  const request = script.number('client', 1).text('client', somePath).bytes.client

  /** What the proxy says of a client that sends this much of a request, while a daemon says nothing to it. */
  const shown = async (sent: Uint8Array, meanwhile: () => Promise<void>) => {
    let asked = 0
    const [to, stop] = await listening((socket) => {
      socket.on('error', () => undefined)
      socket.on('data', (chunk: Buffer) => {
        asked += chunk.length
      })
      socket.write(handshake.server)
    })
    const others = process.listeners('SIGTERM')
    const listen = join(dir, 's')
    const running = nixWire(['proxy', '--listen', listen, '--to', to, '--live'])
    const client = await eventually(async () => {
      const attempt = connect(listen)
      await once(attempt, 'connect')
      return attempt
    })
    client.on('error', () => undefined)
    client.write(handshake.client)
    let heard = 0
    client.on('data', (chunk: Buffer) => {
      heard += chunk.length
    })
    await until(() => heard === handshake.server.length)
    const passed = once(client.resume(), 'close')
    client.write(sent.subarray(handshake.client.length))
    await until(() => asked === sent.length)
    await meanwhile()
    for (const listener of process.listeners('SIGTERM').filter((each) => !others.includes(each))) {
      listener('SIGTERM')
    }
    await passed
    const { exitCode, stdout, stderr } = await running
    await stop()
    expect(exitCode).to.equal(0)
    expect(stderr).to.match(/-1 is over$/m)
    expect(readdirSync(dir)).to.deep.equal([])
    return stdout.toString().split('\n')
  }

  it('prints when each operation was, and what is pending, and writes no file', async () => {
    const lines = await shown(request, async () => undefined)
    expect(lines[1]).to.match(/^1 │ {3}time {5}\d{4}-\d\d-\d\dT.*Z, took /)
    expect(lines.filter((line) => /^1 │ → IsValidPath \(1\) .* \+\d/.test(line))).to.have.lengthOf(1)
    expect(lines.slice(-4)).to.deep.include('1 │   IsValidPath is pending')
    expect(lines.at(-2)).to.match(
      /^1 │ {3}the daemon has said nothing for .*; the client waits for the reply of IsValidPath$/,
    )
  })

  it('says what a client may wait for when nothing is pending', async () => {
    const clock = new Clock().start()
    try {
      const idle = await shown(handshake.client, async () => {
        clock.pass(10_000)
        await turns(2)
      })
      expect(idle.filter((line) => line.includes('…'))).to.deep.equal([
        '1 │   … the client has said nothing for 10 s; the daemon waits for the next operation; if the client waits too, it expects more than the handshake has, or has not sent its request (buffered)  +10 s',
      ])
    } finally {
      clock.stop()
    }
  })

  it('says what may listen at its socket already', async () => {
    const [taken, stop] = await listening((socket) => socket.destroy())
    const { exitCode, stderr } = await nixWire(['proxy', '-l', taken, '-t', '/no/such', '--live'])
    await stop()
    expect([exitCode, stderr.trimEnd().split('\n').at(-1)]).to.deep.equal([
      2,
      `nix-wire: cannot listen at ${taken}: another process listens there, perhaps an earlier nix-wire that still runs; or it is not a socket`,
    ])
  })

  it('says at growing intervals what a connection waits for, and what has come of it', async () => {
    const clock = new Clock().start()
    try {
      const lines = await shown(request.subarray(0, -8), async () => {
        for (let i = 0; i < 21; i++) {
          clock.pass(1000)
          await turns(2)
        }
      })
      const silence = (seconds: number): string =>
        `1 │   … the client has said nothing for ${seconds} s; the daemon waits for the rest of the request of IsValidPath (path at byte 48: 48 of 56 bytes, its length is 47)  +${seconds} s`
      expect(lines.filter((line) => line.includes('…'))).to.deep.equal([silence(10), silence(20)])
    } finally {
      clock.stop()
    }
  })
})

describeWithNix('nix-wire proxy', () => {
  let daemon: NixDaemon
  let dir = ''
  before(async () => {
    daemon = await startNixDaemon()
    dir = mkdtempSync(join(tmpdir(), 'nix-wire-cli-proxy-'))
  })
  after(async () => {
    await daemon.stop()
    rmSync(dir, { recursive: true })
  })

  const args = (name: string): ReadonlyArray<string> => [
    '--listen',
    join(dir, `${name}.socket`),
    '--to',
    daemon.socket,
    '--record',
    join(dir, name),
  ]
  const ask = (name: string) =>
    run('nix', ['store', 'ping'], {
      env: { ...daemon.env, NIX_REMOTE: `unix://${join(dir, `${name}.socket`)}` },
    })

  it('records, prints what happens, and removes its socket at a signal', async () => {
    const proxy = new ProxyProcess([...args('live'), '--live'])
    await proxy.until('listening')
    const pong = await ask('live')
    expect(`${pong.stdout}${pong.stderr}`).to.contain('Version: 2.')
    await proxy.until('recorded')
    expect(await proxy.end('SIGINT')).to.equal(0)
    expect(proxy.stdout).to.match(/1 │ handshake {2}client 0–32/)
    expect(proxy.stdout).to.match(/1 │ → SetOptions \(19\)/)
    expect(proxy.stdout).to.match(/1 │ SetOptions \(19\) {2}client 32–/)
    expect(proxy.stdout).to.match(/1 │ {3}time {5}\+\d.* took \d/)
    expect(existsSync(join(dir, 'live.socket'))).to.equal(false)
    const files = readdirSync(join(dir, 'live')).sort()
    expect(files.map((file) => file.replace(/^.*-/, ''))).to.deep.equal(['1.pcapng'])
    const { client, server } = recordedBytes([join(dir, 'live', files[0] ?? '')])
    const events = decodeSession(client, server)
    expect(events.at(-1)).to.deep.equal({ kind: 'end', clientLeft: 0, serverLeft: 0 })
  })

  it('prints nothing without --live, and ends at SIGTERM with a connection open', async () => {
    const proxy = new ProxyProcess(args('quiet'))
    await proxy.until('listening')
    const waiting = spawn(nixDaemon, ['--stdio'], {
      env: { ...daemon.env, NIX_REMOTE: `unix://${join(dir, 'quiet.socket')}` },
      stdio: ['pipe', 'ignore', 'ignore'],
    })
    waiting.stdin.on('error', () => undefined)
    await until(() => existsSync(join(dir, 'quiet')) && readdirSync(join(dir, 'quiet')).length === 1)
    expect(await proxy.end('SIGTERM')).to.equal(0)
    waiting.kill()
    expect(proxy.stdout).to.equal('')
    expect(existsSync(join(dir, 'quiet.socket'))).to.equal(false)
  })

  it('ends with 2 if it cannot listen, and if an option is missing', async () => {
    const nowhere = await nixWire(['proxy', '-l', join(dir, 'no/such'), '-t', daemon.socket, '-r', dir])
    expect(nowhere.exitCode).to.equal(2)
    expect(nowhere.stderr).to.contain('no/such')
    const missing = await nixWire(['proxy', '-l', join(dir, 'x')])
    expect(missing.exitCode).to.equal(2)
    const idle = await nixWire(['proxy', '-l', join(dir, 'x'), '-t', daemon.socket])
    expect([idle.exitCode, idle.stderr.includes('--record it, or show it --live')]).to.deep.equal([2, true])
    const format = await nixWire(['proxy', ...args('bad'), '--format', 'pcap'])
    expect([
      format.exitCode,
      format.stderr.includes("'pcapng'") || format.stderr.includes('pcapng'),
    ]).to.deep.equal([2, true])
    const option = await nixWire(['proxy', ...args('bad'), '--live', '--store-dir', 'nix'])
    expect([option.exitCode, option.stderr.includes('not a store directory')]).to.deep.equal([2, true])
  })
})
