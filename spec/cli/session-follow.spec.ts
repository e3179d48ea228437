import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { lookEvery } from '../../cli/session/growth.js'
import { RecordingWriter } from '../../session/recording/recording-writer.js'
import { nixWire } from '../support/cli.js'
import { Clock } from '../support/clock.js'
import { ScriptedSession, somePath } from '../support/scripted-session.js'
import { until } from '../support/waiting.js'

const script = (): ScriptedSession => new ScriptedSession({ version: '1.38' })
const handshake = script().bytes
const request = script()
  .number('client', 1)
  .text('client', somePath)
  .bytes.client.subarray(handshake.client.length)
const log = script()
  .message({ _tag: 'Next', text: 'still here' })
  .bytes.server.subarray(handshake.server.length)
const reply = script().last().number('server', 1).bytes.server.subarray(handshake.server.length)

describe('nix-wire session --follow', () => {
  let dir = ''
  let clock: Clock
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'nix-wire-follow-'))
    clock = new Clock()
  })
  afterEach(() => {
    clock.stop()
    rmSync(dir, { recursive: true })
  })

  /** All that was there has been read. */
  const caughtUp = (): Promise<void> => until(() => clock.waiting > 0)

  /** More is in a file, and has been read. */
  const grow = async (file: string, ...parts: ReadonlyArray<Uint8Array>): Promise<void> => {
    appendFileSync(join(dir, file), Buffer.concat(parts))
    clock.pass(lookEvery)
    await caughtUp()
  }

  it('prints what goes on in a recording, until its connection is closed', async () => {
    const writer = new RecordingWriter('x')
    const start = 1_795_321_890_000
    writeFileSync(
      join(dir, 'a.pcapng'),
      Buffer.concat([writer.start(), writer.bytes('client', handshake.client, start)]),
    )
    const running = nixWire(['session', join(dir, 'a.pcapng'), '--follow'])
    await caughtUp()
    await grow('a.pcapng', writer.bytes('server', handshake.server, start + 5))
    // A packet that is written in two pieces.
    const packet = writer.bytes('client', request, start + 1000)
    await grow('a.pcapng', packet.subarray(0, 50))
    await grow('a.pcapng', packet.subarray(50))
    await grow('a.pcapng', writer.bytes('server', log, start + 42_000))
    await grow('a.pcapng', writer.bytes('server', reply, start + 42_001))
    appendFileSync(
      join(dir, 'a.pcapng'),
      Buffer.concat([
        writer.end('client', 'closed', start + 43_000),
        writer.end('server', 'closed', start + 43_000),
      ]),
    )
    clock.pass(lookEvery)
    const { exitCode, stdout, stderr } = await running
    expect([exitCode, stderr]).to.deep.equal([0, ''])
    const lines = stdout.toString().split('\n')
    expect(lines.slice(4, 6)).to.deep.equal([
      `→ IsValidPath (1)  {"path":"${somePath}"}  +1 s`,
      '  │ still here  +42 s',
    ])
    expect(lines).to.include('  time     +1 s, took 41 s: waited 41 s for the daemon')
    expect(lines.at(-2)).to.equal('end of both streams  +43 s')
  })

  it('says what is pending when the command ends, with the time that has passed', async () => {
    const others = process.listeners('SIGINT')
    writeFileSync(join(dir, 'client'), handshake.client)
    writeFileSync(join(dir, 'server'), handshake.server)
    const running = nixWire(['session', join(dir, 'client'), join(dir, 'server'), '-f', '--json'])
    await caughtUp()
    await grow('client', request)
    await grow('server', log)
    clock.pass(41_000)
    for (const listener of process.listeners('SIGINT').filter((each) => !others.includes(each))) {
      listener('SIGINT')
    }
    const { exitCode, stdout, stderr } = await running
    expect([exitCode, stderr]).to.deep.equal([0, ''])
    const lines = stdout
      .toString()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(lines.map(({ kind, outcome, time }) => [kind, outcome, time !== undefined])).to.deep.equal([
      ['handshake', undefined, false],
      ['started', undefined, true],
      ['message', undefined, true],
      ['operation', 'unfinished', true],
      ['end', undefined, false],
      ['pending', undefined, false],
    ])
    expect(lines.at(-1)).to.deep.include({ left: 'open', pending: 'IsValidPath', waitsFor: ['server'] })
    expect(lines.at(-1)?.quietFor).to.deep.equal({ client: 41_250_000, server: 41_000_000 })
    expect(lines.at(-1)?.text).to.contain(
      'the daemon has said nothing for 41 s; the client waits for the reply',
    )
  })

  it('ends at once where a file cannot be followed', async () => {
    writeFileSync(join(dir, 'a'), 'no recording')
    const other = await nixWire(['session', join(dir, 'a'), '--follow'])
    expect([other.exitCode, other.stderr.includes('is no pcapng or pcap file')]).to.deep.equal([1, true])
    expect((await nixWire(['session', join(dir, 'none'), '--follow'])).exitCode).to.equal(2)
  })
})
