import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import type { Side } from '../../session/events.js'
import { RecordingWriter } from '../../session/recording/recording-writer.js'
import type { Ending } from '../../session/recording/step.js'
import { greeting, type Turn, turnsAt } from '../serve/session.js'
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

  it('recognises it by its magic, and prints each command', async () => {
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

  /** A recording with times: a command that goes on for 41 seconds, and one that is pending. */
  const timed = (...ends: ReadonlyArray<readonly [side: Side, how: Ending]>): string => {
    const writer = new RecordingWriter('x')
    const start = 1_795_321_890_000
    const [hello, first, second] = turns
    const say = (side: Side, turn: Turn | undefined, at: number) =>
      writer.bytes(side, concat(...(turn?.[side] ?? [])), start + at)
    const file = join(dir, 'timed.pcapng')
    writeFileSync(
      file,
      concat(
        writer.start(),
        ...[say('client', hello, 0), say('server', hello, 5)],
        ...[say('client', first, 1000), say('server', first, 42_000)],
        say('client', second, 43_000),
        ...ends.map(([side, how]) => writer.end(side, how, start + 50_000)),
      ),
    )
    return file
  }

  it('prints for a recording with times when each command was, which side was waiting, and what is pending', async () => {
    const { exitCode, stdout, stderr } = await nixWire(['session', timed()])
    const lines = stdout.toString().split('\n')
    expect([exitCode, stderr]).to.deep.equal([0, ''])
    expect(lines[1]).to.equal('  time     2026-11-22T04:31:30.000000Z, took 5 ms: waited 5 ms for the server')
    expect(lines).to.include('  time     +1 s, took 41 s: waited 41 s for the server')
    expect(lines.slice(-4, -1)).to.deep.equal([
      'the connection is open where the recording ends  +43 s',
      '  QueryPathInfos is pending',
      '  the server has said nothing for 1 s; the client waits for the reply of QueryPathInfos',
    ])
    const json = await nixWire(['session', timed(), '--json'])
    const [, command, , , pending] = json.stdout
      .toString()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(command).to.deep.include({ connection: 1, kind: 'command', name: 'QueryValidPaths' })
    expect(command.time).to.deep.include({ took: 41_000_000, waitedForServer: 41_000_000 })
    expect(pending).to.deep.include({ kind: 'pending', left: 'open', pending: 'QueryPathInfos' })
  })

  it('says whether a connection is open or was cut', async () => {
    const stopped = await nixWire(['session', timed(['client', 'stopped'], ['server', 'stopped'])])
    expect([stopped.exitCode, stopped.stderr]).to.deep.equal([0, ''])
    expect(stopped.stdout.toString()).to.match(/^ {2}pending +$/m)
    expect(stopped.stdout.toString()).to.include('was open when the recording was stopped  +50 s')
    const cut = await nixWire(['session', timed(['server', 'brokeOff'], ['client', 'closed'])])
    expect(cut.exitCode).to.equal(1)
    expect(cut.stdout.toString()).to.include('the connection was cut: the server broke off  +50 s')
    expect(cut.stdout.toString()).to.include('cut      incomplete')
    expect(cut.stderr).to.include("the server's stream during QueryPathInfos: UnexpectedEnd")
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
