import { expect } from 'chai'
import { RecordingWriter } from '../../session/recording/recording-writer.js'
import { nixWire, nixWireProcess } from '../support/cli.js'
import { int, padded } from '../support/wire.js'

const message = Buffer.concat([int(2), padded('hi'), padded('there')])

describe('nix-wire dissect', () => {
  it('prints each primitive with its range, bytes, field, grammar and value', async () => {
    const { exitCode, stdout, stderr } = await nixWire(['dissect', 'List<String>'], message)
    expect([exitCode, stderr]).to.deep.equal([0, ''])
    expect(stdout.toString()).to.equal(
      [
        '0..40  40 bytes                           (top level): list',
        '0..8   0200000000000000                   (top level) (count): size = 2',
        '8..24  0200000000000000 6869000000000000  [0]: String = "hi"',
        '24..40 0500000000000000 7468657265000000  [1]: String = "there"',
        '',
      ].join('\n'),
    )
  })

  it('marks what is wrong, goes on, and reports the issue on stderr', async () => {
    const broken = Buffer.from(message)
    broken[20] = 1
    const { exitCode, stdout, stderr } = await nixWire(['dissect', 'List<String>'], broken)
    expect(exitCode).to.equal(1)
    expect(stdout.toString()).to.match(
      /8\.\.24 .*\[0\]: String = "hi" {2}✗ NonZeroPadding at byte 20: .*\n24\.\.40 /,
    )
    expect(stderr).to.contain('NonZeroPadding').and.to.contain('20').and.to.contain('[0]')
    expect(stderr).not.to.contain('more issue')
    broken[38] = 1
    expect((await nixWire(['dissect', 'List<String>'], broken)).stderr).to.contain('and 1 more issue\n')
  })

  it('goes on as long as it knows where the next field begins', async () => {
    const { exitCode, stdout, stderr } = await nixWire(['dissect', 'List<String>'], message.subarray(0, 20))
    expect(exitCode).to.equal(1)
    expect(stdout.toString()).to.match(/8\.\.20 .*\[0\]: String {2}✗ UnexpectedEnd at byte 8: .*\n$/)
    expect(stderr).to.contain('UnexpectedEnd at byte 8, [0]')
  })

  it('prints the tree as JSON, with the issue', async () => {
    const { exitCode, stdout } = await nixWire(
      ['dissect', 'Tuple<UInt64,Bool64>', '--json'],
      new Uint8Array(15).fill(255),
    )
    expect(exitCode).to.equal(1)
    expect(stdout.toString()).to.contain('"value":18446744073709551615')
    expect(JSON.parse(stdout.toString())).to.deep.include({
      issue: {
        _tag: 'UnexpectedEnd',
        offset: 8,
        path: [1],
        grammar: 'Bool64',
        expected: '8 bytes',
        actual: '7 bytes',
        missing: 1,
      },
    })
  })

  it('folds long lists to as many lines as --fold allows', async () => {
    const long = Buffer.concat([int(10_000), new Uint8Array(80_000)])
    const { stdout } = await nixWire(['dissect', 'List<UInt64>', '--fold', '2'], long)
    expect(stdout.toString()).to.contain('… 9,998 more')
    expect(stdout.toString().split('\n')).to.have.lengthOf(6)
  })

  it('takes one message out of a longer stream, with --at', async () => {
    const stream = Buffer.concat([int(7), message, int(99)])
    const { exitCode, stdout, stderr } = await nixWire(['dissect', 'List<String>', '--at', '8'], stream)
    expect([exitCode, stderr]).to.deep.equal([0, ''])
    expect(stdout.toString()).to.equal(
      (await nixWire(['dissect', 'List<String>'], message)).stdout.toString(),
    )
    const hex = await nixWire(['dissect', 'List<String>', '--at', '0x8'], stream)
    expect(hex.stdout.toString()).to.equal(stdout.toString())
    const json = await nixWire(['dissect', 'List<String>', '--at', '8', '--json'], stream)
    expect([json.exitCode, JSON.parse(json.stdout.toString()).issue]).to.deep.equal([0, null])
    expect((await nixWire(['dissect', 'UInt64', '--at', '1'], int(7))).exitCode).to.equal(1)
    const outside = await nixWire(['dissect', 'UInt64', '--at', '9'], int(7))
    expect([outside.exitCode, outside.stderr]).to.deep.equal([
      2,
      'nix-wire: --at 9: there are only 8 bytes\n',
    ])
  })

  it('says where the next message begins, if there are several', async () => {
    const { exitCode, stderr } = await nixWire(['dissect', 'List<String>'], Buffer.concat([message, message]))
    expect(exitCode).to.equal(1)
    expect(stderr).to.contain(
      `Another List<String> begins at byte ${message.length}: --at 0 shows the first, --at ${message.length} the next; sample -n 1 makes only one.`,
    )
    const other = await nixWire(['dissect', 'List<String>'], Buffer.concat([message, Buffer.from('abc')]))
    expect(other.stderr).not.to.contain('Another')
  })

  it('says that the bytes are a recording, and what reads it', async () => {
    const recording = Buffer.from(new RecordingWriter('orders').start())
    for (const command of [['decode'], ['dissect'], ['dissect', '--at', '8']]) {
      const { exitCode, stderr } = await nixWire([...command, 'List<String>'], recording)
      expect(exitCode).to.equal(1)
      expect(stderr).to.contain('The file is a recording of connections: `nix-wire session` explains it')
    }
  })

  it('has colour on request', async () => {
    const { stdout } = await nixWireProcess(['dissect', 'UInt64'], int(1), { FORCE_COLOR: '1' })
    expect(stdout.toString()).to.contain('\u001b[36m0100000000000000')
  })

  it('rejects a wrong command line with exit code 2', async () => {
    expect((await nixWire(['dissect', 'Nonsense'])).exitCode).to.equal(2)
    expect((await nixWire(['dissect', 'UInt64', '--fold', '0'], int(1))).exitCode).to.equal(2)
    expect((await nixWire(['dissect', 'UInt64', '/no/such/file'])).exitCode).to.equal(2)
  })
})
