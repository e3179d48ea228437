import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { proxyCommand } from '../../cli/commands/proxy.js'
import { storeCommand } from '../../cli/commands/store.js'
import { Failure } from '../../cli/failure.js'
import { nixWire } from '../support/cli.js'
import { describeWithNix, type NixDaemon, startNixDaemon } from '../support/nix-daemon.js'

/** Runs a command that must fail, in this process. */
const failing = async (run: () => Promise<unknown>): Promise<Failure> => {
  const thrown = await run().then(
    () => null,
    (error: unknown) => error,
  )
  expect(thrown).to.be.instanceOf(Failure)
  return thrown as Failure
}

const store = (...args: ReadonlyArray<string>): Promise<Failure> =>
  failing(() => storeCommand().parseAsync([...args], { from: 'user' }))

const whole = (text: string): RegExp => new RegExp(`^${text}$`)

describe('nix-wire store, without a daemon', () => {
  const programs: ReadonlyArray<readonly [line: string, message: RegExp]> = [
    [
      'echo hello there',
      whole('cannot talk to echo hello there: the other side sent text: "hello there\\\\n"'),
    ],
    ["printf '\\033[31mno\\033[0m'", /: the other side sent text: "\\u001b\[31mno\\u001b\[0m"$/],
    ['echo sh: no; exit 3', /: the other side sent text: "sh: no\\n"$/],
    [
      'no-such-program --stdio',
      /^no-such-program --stdio exited with code 127 without a word; it said: ".*no-such-program: not found"$/,
    ],
    ['false', whole('false exited with code 1 without a word')],
    ['exit 0', whole('exit 0 exited with code 0 without a word')],
    ['exit 42', whole('exit 42 exited with code 42 without a word')],
    ['kill -9 $$', /^kill -9 \$\$ exited with code 137 without a word/],
    [
      'echo no route to host >&2; exit 255',
      /exited with code 255 without a word; it said: "no route to host"$/,
    ],
    ['printf "oixd\\0\\0\\0\\0"', /exited with code 0 in the middle of the handshake$/],
    ['cd / && exit 5', /exited with code 5 without a word$/],
  ]
  for (const [line, message] of programs) {
    it(`reports what the program ${JSON.stringify(line)} did`, async () => {
      const failure = await store('ping', '--command', line)
      expect(failure.exitCode).to.equal(1)
      expect(failure.message).to.match(message).and.not.contain('\n')
    })
  }

  it('says that no daemon listens', async () => {
    const failure = await store('ping', '--socket', '/no/such/socket')
    expect([failure.exitCode, failure.message]).to.deep.equal([
      1,
      'no daemon listens at /no/such/socket: there is no such file (ENOENT)',
    ])
  })

  it('reads the environment only if no option names a daemon', async () => {
    const before = process.env.NIX_REMOTE
    process.env.NIX_REMOTE = 'ssh-ng://builder'
    try {
      for (const args of [['ping'], ['valid', '/nix/store/g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-x']]) {
        const failure = await store(...args)
        expect([failure.exitCode, failure.message]).to.have.property('0', 2)
        expect(failure.message).to.contain('NIX_REMOTE is "ssh-ng://builder"')
      }
      expect((await store('ping', '--socket', '/no/such/socket')).exitCode).to.equal(1)
      expect((await store('ping', '--command', 'false')).exitCode).to.equal(1)
    } finally {
      if (before === undefined) {
        delete process.env.NIX_REMOTE
      } else {
        process.env.NIX_REMOTE = before
      }
    }
  })
})

describe('nix-wire proxy, with impossible sockets', () => {
  let dir: string
  before(() => {
    dir = mkdtempSync(join(tmpdir(), 'nix-wire-'))
  })
  after(() => rmSync(dir, { recursive: true }))

  it('rejects one socket for both sides', async () => {
    const socket = join(dir, 's')
    const args = ['--listen', socket, '--to', socket, '--record', join(dir, 'r')]
    const failure = await failing(() => proxyCommand().parseAsync(args, { from: 'user' }))
    expect([failure.exitCode, failure.message]).to.deep.equal([
      2,
      `the socket to listen on is the daemon's own: ${socket}`,
    ])
  })

  it('names the most connections in its help', () => {
    expect(proxyCommand().helpInformation()).to.match(/--max-connections <n> .*\(default:\s+256\)/s)
  })
})

describeWithNix('nix-wire store, with a store directory that ends in a slash', () => {
  let daemon: NixDaemon
  before(async () => {
    daemon = await startNixDaemon()
  })
  after(() => daemon?.stop())

  it('finds its paths', async () => {
    const { storeDir, socket } = daemon
    const env = { PATH: process.env.PATH, NIX_REMOTE: `unix://${encodeURI(socket)}?store=${storeDir}/` }
    const { stdout, stderr, exitCode } = await nixWire(['store', 'add', 'package.json'], '', env)
    expect([exitCode, stderr]).to.deep.equal([0, ''])
    expect(stdout.toString()).to.match(new RegExp(`^${storeDir}/[0-9a-z]{32}-package.json\n$`))
  })
})
