import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { bytesOf } from '../../bytes/hex.js'
import { greeting, turnsAt } from '../serve/session.js'
import { nixWire, nixWireProcess, spawnNixWire } from '../support/cli.js'
import { projectPath } from '../support/shared.js'
import { until } from '../support/waiting.js'
import { concat } from '../support/wire.js'

describe('nix-wire proxy --command', () => {
  let dir = ''
  const turns = [greeting(7), ...turnsAt(7)]
  const client = concat(...turns.flatMap((turn) => turn.client))
  const server = concat(...turns.flatMap((turn) => turn.server))

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'nix-wire-proxy-program-'))
    writeFileSync(join(dir, 'server.bin'), server)
  })
  afterEach(() => {
    rmSync(dir, { recursive: true })
  })

  /** A run with a client that says all of it at once. */
  const run = (command: string, ...args: ReadonlyArray<string>) =>
    nixWireProcess(['proxy', '--command', command, ...args], client)

  const answering = () => `cat > '${join(dir, 'got.bin')}'; cat '${join(dir, 'server.bin')}'`

  it('forwards both directions, records them, and prints commands of the serve protocol as they pass', async () => {
    const record = join(dir, 'recordings')
    const { exitCode, stdout, stderr } = await run(
      answering(),
      '--record',
      record,
      '--format',
      'both',
      '--live',
    )
    expect(exitCode).to.equal(0)
    expect(stdout.equals(server)).to.equal(true)
    expect(readFileSync(join(dir, 'got.bin')).equals(client)).to.equal(true)
    expect(stderr).to.include('serve protocol 2.7')
    expect(stderr).to.include('AddToStoreNar (9)')
    const files = readdirSync(record)
    const named = (end: string) => join(record, files.find((file) => file.endsWith(end)) ?? '')
    expect(readFileSync(named('.client.bin')).equals(client)).to.equal(true)
    expect(readFileSync(named('.server.bin')).equals(server)).to.equal(true)
    for (const recorded of [[named('.client.bin'), named('.server.bin')], [named('.pcapng')]]) {
      const shown = await nixWire(['session', ...recorded, '--json'])
      expect([shown.exitCode, shown.stderr]).to.deep.equal([0, ''])
      const names = shown.stdout
        .toString()
        .trimEnd()
        .split('\n')
        .flatMap((line) => JSON.parse(line).name ?? [])
      expect(names).to.deep.equal(turnsAt(7).map(({ name }) => name))
    }
  })

  it('prints the conversation that a module exports', async () => {
    const kitchen = projectPath('examples/kitchen/kitchen.js')
    const words = bytesOf('0100000000000000 0400000000000000 6d696c6b 00000000')
    writeFileSync(join(dir, 'server.bin'), words)
    const { exitCode, stdout, stderr } = await nixWireProcess(
      ['proxy', '--live', '--module', kitchen, '--command', answering()],
      concat(words, bytesOf('0200000000000000 09')),
    )
    expect([exitCode, stdout.equals(words)]).to.deep.equal([0, true])
    expect(stderr).to.include('→ asks   ["milk"]')
    expect(stderr).to.include('Photo (orders 0)')
    expect(stderr).to.match(/the client's stream during turn 0 of orders: .*at byte 32/)
  })

  /** What is printed of the only recording in a folder. */
  const recorded = async (record: string) => {
    const [file = ''] = readdirSync(record)
    return nixWire(['session', join(record, file)])
  }

  it('records that the command was killed, as a connection that was cut', async () => {
    const record = join(dir, 'recordings')
    const { exitCode, stderr } = await run('kill -KILL $$', '--record', record, '--live')
    expect(exitCode).to.equal(1)
    expect(stderr).to.include('the command was ended by a signal')
    expect(stderr).to.include('the connection was cut: the client closed, then the server broke off')
    const shown = await recorded(record)
    expect(shown.exitCode).to.equal(1)
    expect(shown.stdout.toString()).to.include(
      'the connection was cut: the client closed, then the server broke off',
    )
  })

  it('records at a signal that the connection was open, and ends the command', async () => {
    const record = join(dir, 'recordings')
    const child = spawnNixWire(['proxy', '--command', 'exec sleep 86400', '--record', record, '--live'])
    let stderr = ''
    child.stderr.on('data', (chunk) => {
      stderr += chunk
    })
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
    child.stdin.write(client.subarray(0, 16))
    const isRecorded = (): boolean =>
      existsSync(record) && readdirSync(record).some((name) => readFileSync(join(record, name)).length > 200)
    await until(isRecorded)
    child.kill('SIGTERM')
    expect([await ended, stderr]).to.satisfy(([code, text]: [number, string]) => code === 0 && text !== '')
    expect(stderr).to.include('the connection was open when the recording was stopped')
    const shown = await recorded(record)
    expect([shown.exitCode, shown.stderr]).to.deep.equal([0, ''])
    expect(shown.stdout.toString()).to.include('the connection was open when the recording was stopped')
    expect(shown.stdout.toString()).to.include("the client waits for the server's part of the handshake")
  })

  it('ends with the command, and says so if that failed', async () => {
    const { exitCode, stderr } = await run('exit 3', '--live')
    expect(exitCode).to.equal(1)
    expect(stderr).to.include("the command's exit code: 3")
  })

  it('is allowed only without --listen and without --live', async () => {
    for (const args of [
      ['--command', 'true', '--listen', join(dir, 's'), '--live'],
      ['--command', 'true'],
      ['--listen', join(dir, 's'), '--live'],
      ['--command', '', '--live'],
    ]) {
      expect((await nixWire(['proxy', ...args])).exitCode, args.join(' ')).to.equal(2)
    }
  })
})
