import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import type { Side } from '../../session/events.js'
import { RecordingWriter } from '../../session/recording/recording-writer.js'
import type { Ending } from '../../session/recording/step.js'
import { CaptureBytes, sockdumpData } from '../support/capture-files.js'
import { nixWire, type Ran } from '../support/cli.js'
import { ScriptedSession, somePath } from '../support/scripted-session.js'

const start = 1_795_321_890_000

/** The messages of a client and a daemon, with times in milliseconds from the start. */
class Written {
  readonly script = new ScriptedSession({ version: '1.38' })
  readonly #writer = new RecordingWriter('test')
  readonly #parts = [this.#writer.start()]
  readonly #said = { client: 0, server: 0 }

  constructor() {
    this.say('client', 0).say('server', 5)
  }

  say(side: Side, at: number): this {
    const bytes = this.script.bytes[side].subarray(this.#said[side])
    this.#said[side] += bytes.length
    this.#parts.push(this.#writer.bytes(side, bytes, start + at))
    return this
  }

  ask(at: number): this {
    this.script.number('client', 1)
    this.script.text('client', somePath)
    return this.say('client', at)
  }

  answer(at: number): this {
    this.script.last().number('server', 1)
    return this.say('server', at)
  }

  end(side: Side, how: Ending, at: number): this {
    this.#parts.push(this.#writer.end(side, how, start + at))
    return this
  }

  lose(side: Side, bytes: number): this {
    this.#writer.skip(side, bytes)
    return this
  }

  get bytes(): Uint8Array {
    return Buffer.concat(this.#parts)
  }
}

const linesOf = ({ stdout }: Ran): ReadonlyArray<Record<string, unknown>> =>
  stdout
    .toString()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)

describe('nix-wire session with a recording that has times', () => {
  let dir = ''
  before(() => {
    dir = mkdtempSync(join(tmpdir(), 'nix-wire-session-'))
  })
  after(() => {
    rmSync(dir, { recursive: true })
  })

  const session = (bytes: Uint8Array, ...more: ReadonlyArray<string>): Promise<Ran> => {
    writeFileSync(join(dir, 'recording'), bytes)
    return nixWire(['session', join(dir, 'recording'), ...more])
  }

  it('prints when each operation was, how long it took, and which side kept the other waiting', async () => {
    const written = new Written()
      .ask(1000)
      .answer(42_200)
      .end('client', 'closed', 50_000)
      .end('server', 'closed', 50_001)
    const ran = await session(written.bytes)
    expect([ran.exitCode, ran.stderr]).to.deep.equal([0, ''])
    const lines = ran.stdout.toString().split('\n')
    expect(lines[1]).to.equal('  time     2026-11-22T04:31:30.000000Z, took 5 ms: waited 5 ms for the daemon')
    expect(lines.find((line) => line.startsWith('IsValidPath'))).to.equal(
      'IsValidPath (1)  client 40–104  server 56–72',
    )
    expect(lines).to.include('  time     +1 s, took 41.2 s: waited 41.2 s for the daemon')
    expect(lines.slice(-4, -1)).to.deep.equal([
      'end of both streams  +50 s',
      'the connection was closed, by the client first  +50 s',
      '  nothing was said for 7.8 s before, since the reply of IsValidPath; if the client waited, it expected more than that has, or had not sent its request (buffered)',
    ])
  })

  it('prints the same as JSON, in microseconds', async () => {
    const written = new Written()
      .ask(1000)
      .answer(42_200.25)
      .end('client', 'closed', 50_000)
      .end('server', 'closed', 50_001)
    const [handshake, operation, end, pending] = linesOf(await session(written.bytes, '--json'))
    expect([handshake?.connection, handshake?.time]).to.deep.equal([
      1,
      {
        began: '2026-11-22T04:31:30.000000Z',
        ended: '2026-11-22T04:31:30.005000Z',
        took: 5000,
        waitedForClient: 0,
        waitedForServer: 5000,
      },
    ])
    expect(operation?.time).to.deep.include({ began: '2026-11-22T04:31:31.000000Z', took: 41_200_250 })
    expect(end?.time).to.deep.equal({ at: '2026-11-22T04:32:20.001000Z' })
    expect(pending).to.deep.include({ kind: 'pending', left: 'closed', pending: null })
  })

  it('says what is pending, and whether the connection is open or was cut', async () => {
    const open = await session(new Written().ask(1000).bytes)
    expect([open.exitCode, open.stderr]).to.deep.equal([0, ''])
    expect(open.stdout.toString()).to.match(/^ {2}pending +$/m)
    expect(open.stdout.toString()).to.contain(`request  {"path":"${somePath}"}`)
    expect(open.stdout.toString().split('\n').slice(-4)).to.deep.equal([
      'the connection is open where the recording ends  +1 s',
      '  IsValidPath is pending',
      '  the daemon has said nothing for 995 ms; the client waits for the reply of IsValidPath',
      '',
    ])
    const stopped = await session(
      new Written().ask(1000).end('client', 'stopped', 42_000).end('server', 'stopped', 42_000).bytes,
    )
    expect([stopped.exitCode, stopped.stderr]).to.deep.equal([0, ''])
    expect(stopped.stdout.toString()).to.contain('was open when the recording was stopped  +42 s')
    expect(stopped.stdout.toString()).to.contain('the daemon has said nothing for 42 s; the client waits')
    const cut = await session(
      new Written().ask(1000).end('server', 'brokeOff', 42_000).end('client', 'closed', 42_001).bytes,
    )
    expect(cut.exitCode).to.equal(1)
    expect(cut.stdout.toString()).to.contain('no end   the rest never came, or cannot be read')
    expect(cut.stdout.toString()).to.contain('the connection was cut: the daemon broke off  +42 s')
    expect(cut.stderr).to.contain("the server's stream during IsValidPath: UnexpectedEnd")
  })

  it('prints the commands that take the bytes of a broken message out of the recording', async () => {
    const written = new Written()
    const { script } = written
    script.number('client', 1).number('client', 99)
    const at = script.bytes.client.length - 8
    written.say('client', 1000).end('client', 'closed', 2000).end('server', 'closed', 2001)
    const { stderr } = await session(written.bytes)
    const recording = join(dir, 'recording')
    expect(stderr).to.contain(`  Its bytes: nix-wire convert ${recording} -o message\n`)
    expect(stderr).to.contain(
      `  Its message: nix-wire dissect IsValidPathRequest -p 1.38 --at ${at} message.client.bin\n`,
    )
    const converted = await nixWire(['convert', recording, '-o', join(dir, 'message')])
    expect([converted.exitCode, readFileSync(join(dir, 'message.client.bin')).length]).to.deep.equal([
      0,
      script.bytes.client.length,
    ])
  })

  it('says how a connection ended, as far as the kind of recording knows it', async () => {
    const asked = () => new Written().ask(1000)
    const { client, server } = asked().script.bytes
    const of = new CaptureBytes(true)
    const [daemon, pid, worker] = [1, 4000, 4001]
    const sockdump = (...more: ReadonlyArray<Uint8Array>) =>
      Buffer.concat([
        of.pcap(147),
        ...[
          sockdumpData(daemon, pid, client.subarray(0, 16)),
          sockdumpData(pid, worker, server),
          sockdumpData(daemon, pid, client.subarray(16)),
          ...more,
        ].map((data, i) => of.record(1_795_321_890 + i, 0, data)),
      ])
    const ended = (how: Ending) =>
      asked()
        .end('server', how, 42_000)
        .end('client', how === 'brokeOff' ? 'closed' : how, 42_001).bytes
    const kinds: ReadonlyArray<readonly [recording: Uint8Array, left: string, exitCode: number]> = [
      [asked().bytes, 'open', 0],
      [ended('stopped'), 'stopped', 0],
      [ended('closed'), 'closed', 1],
      [ended('brokeOff'), 'cut', 1],
      // The format has no record of an end, but a client that begins again has left its old connection.
      [sockdump(), 'open', 0],
      [sockdump(sockdumpData(daemon, pid, client.subarray(0, 16))), 'stopped', 0],
    ]
    for (const [recording, left, exitCode] of kinds) {
      const ran = await session(recording, '--json')
      const found = linesOf(ran).find(({ kind, connection }) => kind === 'pending' && connection === 1)
      expect([left, found?.pending, ran.exitCode]).to.deep.equal([found?.left, 'IsValidPath', exitCode])
    }
    // Two files do not contain it: their end counts as that of both sides, unless they are followed.
    writeFileSync(join(dir, 'client'), client)
    writeFileSync(join(dir, 'server'), server)
    const pair = await nixWire(['session', join(dir, 'client'), join(dir, 'server'), '--json'])
    expect(linesOf(pair).map(({ kind }) => kind)).to.deep.equal(['handshake', 'operation', 'issue', 'end'])
    expect(pair.exitCode).to.equal(1)
  })

  it('shows all connections in a file of sockdump, or one of them', async () => {
    const of = new CaptureBytes(true)
    const { client, server } = new ScriptedSession({ version: '1.34' }).bytes
    const [first, second] = [4000, 5000]
    const packets = [first, second].flatMap((pid) => [
      sockdumpData(1, pid, client.subarray(0, 16)),
      sockdumpData(pid, pid + 1, server),
      sockdumpData(1, pid, client.subarray(16)),
    ])
    const file = Buffer.concat([of.pcap(147), ...packets.map((data, i) => of.record(i, 0, data))])
    const both = await session(file)
    expect([both.exitCode, both.stderr]).to.deep.equal([0, ''])
    const text = both.stdout.toString()
    expect(text.match(/^handshake/gm)).to.have.lengthOf(2)
    expect(text.match(/^— connection \d —$/gm)).to.deep.equal([
      '— connection 2 —',
      '— connection 1 —',
      '— connection 2 —',
    ])
    const one = linesOf(await session(file, '--connection', '2', '--json'))
    expect(one.map(({ connection, kind }) => [connection, kind])).to.deep.equal([
      [2, 'handshake'],
      [2, 'end'],
      [2, 'pending'],
    ])
    const none = await session(file, '--connection', '3')
    expect([none.exitCode, none.stdout.length, none.stderr.includes('no connection 3')]).to.deep.equal([
      1,
      0,
      true,
    ])
  })

  it('reads a file that is still being written, and says so', async () => {
    const { bytes } = new Written().ask(1000).answer(1001)
    const ran = await session(bytes.subarray(0, bytes.length - 3))
    expect(ran.exitCode).to.equal(0)
    expect(ran.stderr).to.match(
      /UnexpectedEnd at byte \d+.*; it is still being written, or its writer was killed/,
    )
    expect(ran.stdout.toString()).to.contain('IsValidPath is pending')
  })

  it('ends with 1 if the file is damaged, is not a recording, or has a gap', async () => {
    const { bytes } = new Written().ask(1000)
    bytes.set([1], bytes.length - 4)
    const damaged = await session(bytes)
    expect([damaged.exitCode, damaged.stderr.includes('UnexpectedValue at byte')]).to.deep.equal([1, true])
    expect(damaged.stdout.toString()).to.contain('handshake')
    const { client, server } = new ScriptedSession({ version: '1.38' }).bytes
    for (const [given, words] of [
      [Buffer.from('a file of another kind'), 'is not a pcapng or pcap file; for a recording in two files'],
      [
        client,
        'is what the client of a connection sent: name the file with the bytes of the other side after it',
      ],
      [
        server,
        'is what the daemon or server of a connection sent: name the file with the bytes of the client before',
      ],
    ] as const) {
      const other = await session(given)
      expect([other.exitCode, other.stderr.includes(words)]).to.deep.equal([1, true], words)
    }
    const gap = await session(new Written().ask(1000).lose('server', 5).answer(2000).bytes)
    expect(gap.exitCode).to.equal(1)
    expect(gap.stderr).to.contain(
      '5 bytes of the daemon are missing in the recording, from byte 56 of its stream on',
    )
    const nothing = await session(new RecordingWriter('').start())
    expect([nothing.exitCode, nothing.stderr.includes('there is no connection of Nix in it')]).to.deep.equal([
      1,
      true,
    ])
  })

  it('ends with 2 for a wrong command line', async () => {
    const two = await nixWire(['session', 'a', 'b', '--connection', '1'])
    expect([two.exitCode, two.stderr]).to.deep.equal([
      2,
      'nix-wire: --connection is for a file with several connections\n',
    ])
    const none = await nixWire(['session', join(dir, 'none')])
    expect(none.exitCode).to.equal(2)
    const store = await nixWire(['session', join(dir, 'none'), '--store-dir', 'nix'])
    expect([store.exitCode, store.stderr.includes('not a store directory')]).to.deep.equal([2, true])
  })
})
