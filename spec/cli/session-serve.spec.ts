import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { greeting, turnsAt } from '../serve/session.js'
import { nixWire } from '../support/cli.js'
import { concat } from '../support/wire.js'

describe('nix-wire session, of the serve protocol', () => {
  let dir = ''
  const turns = [greeting(7), ...turnsAt(7)]
  const client = concat(...turns.flatMap((turn) => turn.client))
  const server = concat(...turns.flatMap((turn) => turn.server))

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'nix-wire-session-serve-'))
  })
  afterEach(() => {
    rmSync(dir, { recursive: true })
  })

  const session = (from: Uint8Array, to: Uint8Array, ...args: ReadonlyArray<string>) => {
    const files = [join(dir, 'client.bin'), join(dir, 'server.bin')]
    writeFileSync(files[0]!, from)
    writeFileSync(files[1]!, to)
    return nixWire(['session', ...files, ...args])
  }

  it('is known by its magic, and prints each command', async () => {
    const { exitCode, stdout, stderr } = await session(client, server)
    const text = stdout.toString()
    expect([exitCode, stderr]).to.deep.equal([0, ''])
    expect(text).to.include('serve protocol 2.7, client 2.255, server 2.7')
    for (const { name } of turnsAt(7)) {
      expect(text).to.match(new RegExp(`^${name} \\([1-9]\\)  client `, 'm'))
    }
    expect(text).to.include('end of both streams')
  })

  it('prints a line of JSON for each event', async () => {
    const { exitCode, stdout } = await session(client, server, '--json')
    expect(exitCode).to.equal(0)
    const lines = stdout
      .toString()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines[0]).to.deep.include({ kind: 'handshake', protocol: 'serve', version: '2.7' })
    expect(lines.slice(1, -1).map(({ name }) => name)).to.deep.equal(turnsAt(7).map(({ name }) => name))
    expect(lines.at(-1)).to.deep.equal({ kind: 'end', clientLeft: 0, serverLeft: 0 })
  })

  it('says where a stream ends too early, with exit code 1', async () => {
    const { exitCode, stdout, stderr } = await session(client, server.subarray(0, 30))
    expect(exitCode).to.equal(1)
    expect(stdout.toString()).to.include('a server that fails closes')
    expect(stderr).to.include("the server's stream during QueryValidPaths: UnexpectedEnd at byte")
  })

  it('takes the store directory from the traffic, or from the command line', async () => {
    const text = (bytes: Uint8Array) =>
      Buffer.from(bytes).toString('latin1').replaceAll('/nix/store', '/gnu/store')
    const [from, to] = [Buffer.from(text(client), 'latin1'), Buffer.from(text(server), 'latin1')]
    expect((await session(from, to)).exitCode).to.equal(0)
    expect((await session(from, to, '--store-dir', '/gnu/store')).exitCode).to.equal(0)
    expect((await session(from, to, '--store-dir', '/nix/store')).exitCode).to.equal(1)
  })
})
