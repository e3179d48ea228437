import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { lookEvery } from '../../cli/session/growth.js'
import { now } from '../../daemon/now.js'
import { RecordingWriter } from '../../session/recording/recording-writer.js'
import { greeting, turnsAt } from '../serve/session.js'
import { nixWire } from '../support/cli.js'
import { suiteClock } from '../support/clock.js'
import { ScriptedSession, somePath } from '../support/scripted-session.js'
import { until } from '../support/waiting.js'
import { concat } from '../support/wire.js'

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
  const clock = suiteClock()
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'nix-wire-follow-'))
  })
  afterEach(() => {
    rmSync(dir, { recursive: true })
  })

  /** Resolves after the bytes present at the start have been read. */
  const caughtUp = (): Promise<void> => until(() => clock.waiting > 0)

  /** Appends bytes to a file, and resolves after they have been read. */
  const grow = async (file: string, ...parts: ReadonlyArray<Uint8Array>): Promise<void> => {
    appendFileSync(join(dir, file), Buffer.concat(parts))
    clock.pass(lookEvery)
    await caughtUp()
  }

  it('prints the events of a recording as they come, until its connection is closed', async () => {
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

  it('says what is pending when the command ends, with the time passed', async () => {
    const others = process.listeners('SIGINT')
    writeFileSync(join(dir, 'client'), handshake.client)
    writeFileSync(join(dir, 'server'), handshake.server)
    const running = nixWire(['session', join(dir, 'client'), join(dir, 'server'), '-f', '--json'])
    await caughtUp()
    await grow('client', request)
    await grow('server', log)
    clock.pass(41_000)
    interrupted(others)
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

  const interrupted = (others: ReadonlyArray<NodeJS.SignalsListener>): void => {
    for (const listener of process.listeners('SIGINT').filter((each) => !others.includes(each))) {
      listener('SIGINT')
    }
  }

  /** A recording that continues up to a request, by the test's clock. */
  const asked = (writer: RecordingWriter): Uint8Array =>
    Buffer.concat([
      writer.start(),
      writer.bytes('client', handshake.client, now()),
      writer.bytes('server', handshake.server, now()),
      writer.bytes('client', request, now()),
    ])

  /** Lets time pass, one look after another. */
  const passing = async (seconds: number): Promise<void> => {
    for (let i = 0; i < seconds; i++) {
      clock.pass(1000)
      await caughtUp()
    }
  }

  it('says at growing intervals what it waits for, while nothing comes', async () => {
    const others = process.listeners('SIGINT')
    const writer = new RecordingWriter('x')
    writeFileSync(join(dir, 'a.pcapng'), asked(writer))
    const running = nixWire(['session', join(dir, 'a.pcapng'), '--follow'])
    await caughtUp()
    await passing(41)
    await grow('a.pcapng', writer.bytes('server', log, now()))
    await passing(11)
    await grow('a.pcapng', writer.bytes('server', reply, now()))
    // Nothing is pending now.
    await passing(41)
    interrupted(others)
    const { exitCode, stdout, stderr } = await running
    expect([exitCode, stderr]).to.deep.equal([0, ''])
    // The client has said nothing since it asked.
    const idle = (since: string): string =>
      `the client has said nothing for ${since}; the daemon waits for the next operation; if the client waits too, it expects more than the reply of IsValidPath has, or has not sent its request (buffered)`
    const silence = (seconds: number, since: number): string =>
      `  … the daemon has said nothing for ${seconds} s; the client waits for the reply of IsValidPath  +${since} s`
    const lines = stdout.toString().split('\n')
    expect(lines.filter((line) => line.includes('…'))).to.deep.equal([
      silence(10, 10),
      silence(20, 20),
      silence(40, 40),
      silence(10, 51),
      ...['1 min 2 s', '1 min 12 s', '1 min 32 s'].map((since) => `  … ${idle(since)}  +${since}`),
    ])
    expect(lines.at(-2)).to.equal(`  ${idle('1 min 34 s')}`)
  })

  it('says it in a line of JSON, also for two files and for the serve protocol', async () => {
    const others = process.listeners('SIGINT')
    const [hello, , infos] = [greeting(7), ...turnsAt(7)]
    writeFileSync(join(dir, 'client'), concat(...hello.client))
    writeFileSync(join(dir, 'server'), concat(...hello.server))
    const running = nixWire(['session', join(dir, 'client'), join(dir, 'server'), '-f', '--json'])
    await caughtUp()
    await grow('client', ...(infos?.client ?? []))
    await passing(20)
    interrupted(others)
    const { exitCode, stdout, stderr } = await running
    expect([exitCode, stderr]).to.deep.equal([0, ''])
    const lines = stdout
      .toString()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(lines.map(({ kind, name }) => [kind, name])).to.deep.equal([
      ['handshake', undefined],
      ['begun', 'QueryPathInfos'],
      ['waiting', undefined],
      ['waiting', undefined],
      ['command', 'QueryPathInfos'],
      ['end', undefined],
      ['pending', undefined],
    ])
    expect(lines[2]).to.deep.include({
      pending: 'QueryPathInfos',
      waitsFor: ['server'],
      text: 'the server has said nothing for 10 s; the client waits for the reply of QueryPathInfos',
    })
  })

  it('says it on a terminal in the last line, which is removed when something comes', async () => {
    const writer = new RecordingWriter('x')
    writeFileSync(join(dir, 'a.pcapng'), asked(writer))
    const running = nixWire(['session', join(dir, 'a.pcapng'), '--follow'], '', {}, true)
    await caughtUp()
    await passing(3)
    appendFileSync(
      join(dir, 'a.pcapng'),
      Buffer.concat([
        writer.bytes('server', reply, now()),
        writer.end('client', 'closed', now()),
        writer.end('server', 'closed', now()),
      ]),
    )
    clock.pass(lookEvery)
    const { exitCode, stdout, stderr } = await running
    expect([exitCode, stdout.includes('…')]).to.deep.equal([0, false])
    const shown = (seconds: number): string =>
      `the daemon has said nothing for ${seconds} s; the client waits for the reply of IsValidPath`.slice(
        0,
        79,
      )
    expect(stderr.split('\r\u001b[K')).to.deep.equal(['', shown(2), shown(3), ''])
  })

  it('says in a line what has come of a value, on a terminal too', async () => {
    const others = process.listeners('SIGINT')
    const writer = new RecordingWriter('x')
    const part = request.subarray(0, -8)
    writeFileSync(
      join(dir, 'a.pcapng'),
      Buffer.concat([
        writer.start(),
        writer.bytes('client', handshake.client, now()),
        writer.bytes('server', handshake.server, now()),
        writer.bytes('client', part, now()),
      ]),
    )
    const running = nixWire(['session', join(dir, 'a.pcapng'), '--follow'], '', {}, true)
    await caughtUp()
    await passing(11)
    interrupted(others)
    const { exitCode, stdout } = await running
    expect(exitCode).to.equal(0)
    expect(
      stdout
        .toString()
        .split('\n')
        .filter((line) => line.includes('…')),
    ).to.deep.equal([
      '  … the client has said nothing for 10 s; the daemon waits for the rest of the request of IsValidPath (path at byte 48: 48 of 56 bytes, its length is 47)  +10 s',
    ])
  })

  it('ends at once if a file cannot be followed', async () => {
    writeFileSync(join(dir, 'a'), 'no recording')
    const other = await nixWire(['session', join(dir, 'a'), '--follow'])
    expect([other.exitCode, other.stderr.includes('is not a pcapng or pcap file')]).to.deep.equal([1, true])
    expect((await nixWire(['session', join(dir, 'none'), '--follow'])).exitCode).to.equal(2)
  })
})
