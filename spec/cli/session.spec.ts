import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { nixWire, type Ran } from '../support/cli.js'
import { ScriptedSession, somePath } from '../support/scripted-session.js'
import { describeWithShared, sharedPath } from '../support/shared.js'

const recording = (name: string): ReadonlyArray<string> =>
  ['client', 'server'].map((side) => sharedPath('nix', 'sessions', `${name}.${side}.bin`))

const linesOf = ({ stdout }: Ran): ReadonlyArray<Record<string, unknown>> =>
  stdout
    .toString()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)

describeWithShared('nix-wire session', () => {
  it('prints one line of JSON for the handshake, each operation, and the end', async () => {
    const ran = await nixWire(['session', ...recording('dump-path-unix'), '--json'])
    expect([ran.exitCode, ran.stderr]).to.deep.equal([0, ''])
    const lines = linesOf(ran)
    expect(lines.map(({ kind, id, name, outcome }) => [kind, id, name, outcome])).to.deep.equal([
      ['handshake', undefined, undefined, undefined],
      ['operation', 19, 'SetOptions', 'none'],
      ['operation', 40, 'QueryMissing', 'reply'],
      ['operation', 26, 'QueryPathInfo', 'reply'],
      ['end', undefined, undefined, undefined],
    ])
    for (const line of lines.slice(1, -1)) {
      expect(Object.keys(line)).to.deep.equal([
        'kind',
        'id',
        'name',
        'request',
        'log',
        'outcome',
        'reply',
        'error',
        'client',
        'server',
      ])
    }
    expect(lines[2]?.log).to.deep.equal([
      {
        _tag: 'StartActivity',
        id: 81204946665472,
        level: 'Debug',
        type: 'Unknown',
        text: 'querying info about missing paths',
        fields: [],
        parent: 0,
      },
      { _tag: 'StopActivity', id: 81204946665472 },
    ])
    expect(lines[3]).to.deep.include({ client: [224, 296], server: [208, 424] })
    expect(lines[4]).to.deep.equal({ kind: 'end', clientLeft: 0, serverLeft: 0 })
  })

  it('prints a block for each operation, for people', async () => {
    const ran = await nixWire(['session', ...recording('s28-wrongsystem')])
    expect([ran.exitCode, ran.stderr]).to.deep.equal([0, ''])
    const text = ran.stdout.toString()
    expect(text).to.match(/^handshake {2}client 0–32 {2}server 0–40$/m)
    expect(text).to.contain('protocol 1.34 (client 1.34, daemon 1.34), Nix 2.8.0')
    expect(text).to.match(/^AddToStore \(7\) {2}client 144–505 {2}server 48–320$/m)
    expect(text).to.contain('273 bytes in 1 frame')
    expect(text).to.contain('14 messages')
    expect(text).to.match(/ {2}error {4}a 'sparc-plan9' with features/)
    expect(text).to.match(/^end of both streams$/m)
    expect(text).not.to.contain('\u001b')
    expect(text).to.contain('… and 3 more')
    const full = await nixWire(['session', ...recording('s28-wrongsystem'), '--full'])
    expect(full.stdout.toString()).not.to.contain('… and')
  })

  it('says where a stream breaks the protocol, with the bytes around it and a guess', async () => {
    const ran = await nixWire(['session', ...recording('untrusted-copy-log'), '--json'])
    expect(ran.exitCode).to.equal(1)
    expect(ran.stderr).to.contain("the server's stream: TrailingBytes at byte 160")
    expect(ran.stderr).to.contain(
      '000000a0  70 74 78 63 00 00 00 00 05 00 00 00 00 00 00 00  |ptxc............|',
    )
    expect(ran.stderr).to.contain('Guess: The daemon refused AddBuildLog before it read the upload')
    expect(linesOf(ran).at(-1)).to.deep.equal({ kind: 'end', clientLeft: 0, serverLeft: 208 })
  })

  it('reports unrequested data, bytes that were never read, and operations that the protocol lacks', async () => {
    const ran = (name: string) =>
      nixWire([
        'session',
        ...['client', 'server'].map((side) => sharedPath('cases', 'sessions', `${name}.${side}.bin`)),
      ])
    const [unasked, twice, lacking] = [await ran('O1'), await ran('O2'), await ran('O9')]
    expect([unasked.exitCode, unasked.stderr]).to.deep.equal([0, ''])
    expect(unasked.stdout.toString()).to.contain('not asked for\n  done')
    expect(twice.exitCode).to.equal(1)
    expect(twice.stdout.toString()).to.match(/^operation 0, which protocol 1\.34 lacks/m)
    expect(twice.stdout.toString()).not.to.contain('Quit')
    expect(twice.stderr).to.contain('never read')
    expect(lacking.exitCode).to.equal(1)
    expect(lacking.stdout.toString()).to.match(/^AddBuildLog \(45\), which protocol 1\.21 lacks/m)
  })

  it('finds the store directory, unless one is given', async () => {
    const found = await nixWire(['session', ...recording('x-c28-d23-build'), '--json'])
    expect(found.exitCode).to.equal(0)
    const given = await nixWire([
      'session',
      ...recording('x-c28-d23-build'),
      '--json',
      '--store-dir',
      '/nix/store',
    ])
    expect(given.exitCode).to.equal(1)
    expect(given.stderr).to.contain('The paths here are in /srv/nixd/x-23/store')
  })
})

describe('nix-wire session, with its own files', () => {
  let dir = ''
  before(() => {
    dir = mkdtempSync(join(tmpdir(), 'nix-wire-session-'))
  })
  after(() => rmSync(dir, { recursive: true }))

  it('prints no control characters of a peer', async () => {
    const session = new ScriptedSession({ version: '1.34' })
    session.number('client', 10).text('client', somePath)
    session
      .message({ _tag: 'Next', text: '\u001b]0;title\u0007\u001b[31mred\r\u009b2J\n' })
      .error('a\u001b[2Jb\u0008')
    writeFileSync(join(dir, 'c'), session.bytes.client)
    writeFileSync(join(dir, 's'), session.bytes.server)
    const { exitCode, stdout } = await nixWire(['session', join(dir, 'c'), join(dir, 's')])
    expect(exitCode).to.equal(0)
    const control = [...stdout.toString()].filter((character) => {
      const code = character.charCodeAt(0)
      return (code < 0x20 && character !== '\n') || (code >= 0x7f && code < 0xa0)
    })
    expect(control).to.deep.equal([])
  })

  it('ends with 2 if a file cannot be read or an option is impossible', async () => {
    writeFileSync(join(dir, 'empty'), '')
    const missing = await nixWire(['session', join(dir, 'empty'), join(dir, 'none')])
    expect([missing.exitCode, missing.stdout.length]).to.deep.equal([2, 0])
    expect(missing.stderr).to.contain('cannot read')
    const folder = await nixWire(['session', join(dir, 'empty'), dir])
    expect(folder.exitCode).to.equal(2)
    const option = await nixWire(['session', join(dir, 'empty'), join(dir, 'empty'), '--store-dir', 'nix'])
    expect(option.exitCode).to.equal(2)
    expect(option.stderr).to.contain('not a store directory')
  })
})

describe('nix-wire session, of a message that cannot be read on', () => {
  it('shows what was read of it, and the command that shows its bytes', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'nix-wire-session-'))
    const script = new ScriptedSession({ version: '1.34' }).number('client', 7)
    const start = script.bytes.client.length
    const { client, server } = script.text('client', 'greeting').number('client', 2 ** 31, 1, 2, 3).bytes
    const files = ['client.bin', 'of the server'].map((name) => join(dir, name)) as [string, string]
    writeFileSync(files[0], client)
    writeFileSync(files[1], server)
    const { exitCode, stdout, stderr } = await nixWire(['session', ...files])
    expect([
      exitCode,
      stdout.toString().includes('no end   the rest never came, or cannot be read'),
    ]).to.deep.equal([1, true])
    expect(stderr).to.contain('  Read before it: name = "greeting"\n')
    const [, command = ''] = /Its message: nix-wire (.*)\n/.exec(stderr) ?? []
    expect(command).to.equal(`dissect AddToStoreRequest -p 1.34 --at ${start} ${files[0]}`)
    const dissected = await nixWire(command.split(' '))
    expect(dissected.stdout.toString()).to.contain('name: Text = "greeting"')
    const json = await nixWire(['session', ...files, '--json'])
    expect(linesOf(json).find(({ kind }) => kind === 'issue')).to.deep.include({
      message: { type: 'AddToStoreRequest', start },
    })
    rmSync(dir, { recursive: true })
  })
})
