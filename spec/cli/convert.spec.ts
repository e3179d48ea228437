import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { RecordingReader } from '../../session/recording/recording-reader.js'
import { RecordingWriter } from '../../session/recording/recording-writer.js'
import { greeting, turnsAt } from '../serve/session.js'
import { CaptureBytes, sockdumpData } from '../support/capture-files.js'
import { nixWire, type Ran } from '../support/cli.js'
import { ScriptedSession } from '../support/scripted-session.js'
import { recordedSessions } from '../support/sessions.js'
import { describeWithShared, projectPath, sharedPath } from '../support/shared.js'
import { concat } from '../support/wire.js'

/** What `session --json` prints, without what only a recording with times has. */
const eventsOf = ({ stdout }: Ran): ReadonlyArray<unknown> =>
  stdout
    .toString()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter(({ kind }) => kind !== 'pending')
    .map(({ connection: _, ...event }) => event)

let dir = ''
const setUp = (): void => {
  before(() => {
    dir = mkdtempSync(join(tmpdir(), 'nix-wire-convert-'))
  })
  after(() => {
    rmSync(dir, { recursive: true })
  })
}

const tea = ['client', 'server'].map((side) => projectPath('examples', 'sessions', `tea.${side}.bin`))

describe('nix-wire convert', () => {
  setUp()

  it('makes a pcapng file of two files of bytes, and the same two files of that', async () => {
    const made = await nixWire(['convert', ...tea, '--out', join(dir, 'tea.pcapng')])
    expect([made.exitCode, made.stderr, made.stdout.length]).to.deep.equal([0, '', 0])
    const back = await nixWire(['convert', join(dir, 'tea.pcapng'), '--out', join(dir, 'back')])
    expect([back.exitCode, back.stderr]).to.deep.equal([0, ''])
    const files = ['client', 'server'].map((side) => readFileSync(join(dir, `back.${side}.bin`)))
    expect(files).to.deep.equal(tea.map((path) => readFileSync(path)))
  })

  it('reads the paths with the given store directory', async () => {
    const script = new ScriptedSession({ version: '1.34' })
    script.number('client', 1).text('client', '/gnu/store/g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-foo')
    const pair = ['client', 'server'].map((side) => join(dir, `gnu.${side}.bin`))
    for (const [i, side] of (['client', 'server'] as const).entries()) {
      writeFileSync(pair[i]!, script.bytes[side])
    }
    const hasType = async (...options: ReadonlyArray<string>): Promise<boolean> => {
      const out = join(dir, 'gnu.pcapng')
      expect((await nixWire(['convert', ...pair, '-o', out, ...options])).stderr).to.equal('')
      return readFileSync(out, 'latin1').includes('IsValidPathRequest')
    }
    expect([
      await hasType(),
      await hasType('-s', '/gnu/store'),
      await hasType('-s', '/nix/store'),
    ]).to.deep.equal([true, true, false])
    const wrong = await nixWire(['convert', ...pair, '-o', join(dir, 'gnu.pcapng'), '--store-dir', 'gnu'])
    expect([wrong.exitCode, wrong.stderr]).to.match(/^2,nix-wire: .*gnu/)
  })

  it('converts a connection of the serve protocol, with the types of its messages', async () => {
    const turns = [greeting(7), ...turnsAt(7)]
    const streams = ['client', 'server'].map((side) =>
      concat(...turns.flatMap((turn) => turn[side as 'client' | 'server'])),
    )
    const pair = ['client', 'server'].map((side) => join(dir, `serve.${side}.bin`))
    for (const [i, path] of pair.entries()) {
      writeFileSync(path, streams[i]!)
    }
    const out = join(dir, 'serve.pcapng')
    expect((await nixWire(['convert', ...pair, '-o', out])).exitCode).to.equal(0)
    const file = readFileSync(out, 'latin1')
    expect(file).to.include('ServeQueryPathInfosRequest').and.include('ServeBuildResult')
    const [before, after] = [
      await nixWire(['session', ...pair, '--json']),
      await nixWire(['session', out, '--json']),
    ]
    expect([after.exitCode, after.stderr]).to.deep.equal([0, ''])
    expect(eventsOf(after)).to.deep.equal(eventsOf(before))
    expect((await nixWire(['convert', out, '-o', join(dir, 'serve-again')])).exitCode).to.equal(0)
    const again = ['client', 'server'].map((side) => readFileSync(join(dir, `serve-again.${side}.bin`)))
    expect(again.map((bytes, i) => bytes.equals(streams[i]!))).to.deep.equal([true, true])
  })

  it('keeps the times and the endings of a recording that has them', async () => {
    const { client, server } = new ScriptedSession({ version: '1.38' }).bytes
    const writer = new RecordingWriter('x')
    writeFileSync(
      join(dir, 'timed.pcapng'),
      Buffer.concat([
        writer.start(),
        // The hello comes in two pieces.
        writer.bytes('client', client.subarray(0, 4), 1000),
        writer.bytes('client', client.subarray(4), 1500.25),
        writer.bytes('server', server, 2000),
        writer.end('server', 'brokeOff', 3000),
      ]),
    )
    const ran = await nixWire(['convert', join(dir, 'timed.pcapng'), '-o', join(dir, 'again.pcapng')])
    expect([ran.exitCode, ran.stderr]).to.deep.equal([0, ''])
    const steps = new RecordingReader()
      .push(readFileSync(join(dir, 'again.pcapng')))
      .map((step) =>
        step.kind === 'bytes'
          ? [step.side, step.at, step.bytes.length]
          : step.kind === 'end'
            ? [step.how, step.at]
            : step,
      )
    expect(steps.slice(0, 2)).to.deep.equal([
      ['client', 1500.25, 8],
      ['client', 1500.25, 8],
    ])
    expect(steps.at(-1)).to.deep.equal(['brokeOff', 3000])
  })

  it('takes the connection that the option names from the output of sockdump', async () => {
    const of = new CaptureBytes(true)
    const hello = new ScriptedSession({ version: '1.34' }).bytes.client
    const packets = [4000, 5000].map((pid) =>
      sockdumpData(1, pid, Buffer.concat([hello, Buffer.of(pid / 1000)])),
    )
    const file = Buffer.concat([of.pcap(147), ...packets.map((data) => of.record(1, 0, data))])
    writeFileSync(join(dir, 'dump.pcap'), file)
    const none = await nixWire(['convert', join(dir, 'dump.pcap'), '-o', join(dir, 'one')])
    expect([none.exitCode, none.stderr.includes('--connection chooses one')]).to.deep.equal([2, true])
    expect(existsSync(join(dir, 'one.client.bin'))).to.equal(false)
    const second = await nixWire(['convert', join(dir, 'dump.pcap'), '-c', '2', '-o', join(dir, 'one')])
    expect([second.exitCode, second.stderr]).to.deep.equal([0, ''])
    expect(readFileSync(join(dir, 'one.client.bin')).at(-1)).to.equal(5)
    const third = await nixWire([
      'convert',
      join(dir, 'dump.pcap'),
      '-c',
      '3',
      '-o',
      join(dir, 'three.pcapng'),
    ])
    expect([third.exitCode, third.stderr.includes('no connection 3')]).to.deep.equal([1, true])
  })

  it('leaves no file if it cannot convert all', async () => {
    const before = readdirSync(dir)
    const writer = new RecordingWriter('x')
    const start = writer.start()
    writer.skip('client', 3)
    const holed = Buffer.concat([start, writer.bytes('client', Buffer.of(1), 1)])
    const cases: ReadonlyArray<readonly [bytes: Uint8Array, out: string, exitCode: number, says: string]> = [
      [holed, 'x', 1, '3 bytes of the client are missing in it'],
      [Buffer.from('no capture'), 'x.pcapng', 1, 'UnexpectedValue at byte 0'],
      [Buffer.concat([start, Buffer.alloc(12)]), 'x.pcapng', 1, 'InvalidValue at byte'],
      [start, 'x.pcapng', 1, 'no connection of Nix'],
    ]
    for (const [bytes, out, exitCode, says] of cases) {
      writeFileSync(join(dir, 'bad'), bytes)
      const ran = await nixWire(['convert', join(dir, 'bad'), '-o', join(dir, out)])
      expect([ran.exitCode, ran.stderr.includes(says), ran.stderr]).to.deep.equal([
        exitCode,
        true,
        ran.stderr,
      ])
    }
    expect(readdirSync(dir).filter((name) => !before.includes(name))).to.deep.equal(['bad'])
  })

  it('ends with 2 for a command line that is wrong', async () => {
    const wrong = [
      [...tea, '-o', join(dir, 'name')],
      [...tea, '-o', join(dir, 'name.pcapng'), '-c', '1'],
      [tea[0] ?? ''],
      [join(dir, 'none'), '-o', join(dir, 'name')],
    ]
    for (const args of wrong) {
      expect((await nixWire(['convert', ...args])).exitCode).to.equal(2)
    }
  })
})

describeWithShared('nix-wire convert of recordings', () => {
  setUp()

  it('makes a recording of which session prints the same events', async () => {
    const names = recordedSessions()
      .map(({ name }) => name)
      .filter((_, i) => i % 6 === 0)
    for (const name of [...names, 'untrusted-copy-log']) {
      const pair = ['client', 'server'].map((side) => sharedPath('nix', 'sessions', `${name}.${side}.bin`))
      const out = join(dir, `${name}.pcapng`)
      expect((await nixWire(['convert', ...pair, '-o', out])).exitCode).to.equal(0)
      const [before, after] = [
        await nixWire(['session', ...pair, '--json']),
        await nixWire(['session', out, '--json']),
      ]
      expect([name, after.exitCode]).to.deep.equal([name, before.exitCode])
      expect(eventsOf(after)).to.deep.equal(eventsOf(before))
    }
  })
})
