import { expect } from 'chai'
import { bytesOf } from '../../bytes/hex.js'
import { nixWire, nixWireProcess } from '../support/cli.js'

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const digits = (text: string): string => hex(bytesOf(text))

describe('nix-wire encode', () => {
  it('writes the bytes of a value, with the items of sets in order', async () => {
    const { exitCode, stdout } = await nixWireProcess(['encode', 'Set<String>'], '["b","a"]')
    expect([exitCode, hex(stdout)]).to.deep.equal([
      0,
      digits('0200000000000000 0100000000000000 6100000000000000 0100000000000000 6200000000000000'),
    ])
  })

  it('does not round integers', async () => {
    const { stdout } = await nixWire(['encode', 'UInt64'], '18446744073709551615')
    expect(hex(stdout)).to.equal('ffffffffffffffff')
  })

  it('reads one value for each line with --many, and skips empty lines', async () => {
    const { stdout } = await nixWire(['encode', 'Bool64', '--many'], 'true\n\nfalse\n')
    expect(hex(stdout)).to.equal(digits('0100000000000000 0000000000000000'))
  })

  it('accepts an object without the fields that the protocol does not send', async () => {
    const json = '{"status":"MiscFailure","errorMsg":"no"}'
    const { exitCode, stdout } = await nixWire(['encode', 'BuildResult', '-p', '1.27'], json)
    expect([exitCode, hex(stdout)]).to.deep.equal([
      0,
      digits('0900000000000000 0200000000000000 6e6f000000000000'),
    ])
  })

  it('says what is wrong with the JSON, writes nothing and exits with 1', async () => {
    for (const [type, json, words] of [
      ['UInt64', '[1,', 'not JSON at line 1, column 4: expected a JSON value, got the end of the text'],
      ['UInt64', '1.5', 'expected an integer, got 1.5'],
      ['UInt8', '256', 'OutOfRange'],
      ['UInt64', '-1', 'OutOfRange'],
      ['List<StorePath>', '["/nix/store/x"]', 'InvalidText'],
      ['List<StorePath>', '["/nix/store/x"]', '[0]'],
      ['BuildMode', '"Checks"', 'expected one of "Normal", "Repair", "Check"'],
      ['ValidPathInfo', '{"path":"/nix/store/g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-x"}', 'info'],
      ['Field', '{"type":"Int","value":1,"valeu":2}', 'expected no field but type, value'],
      [
        'Field',
        '{"type":"Int",\n"type":"String","value":1}',
        'line 2, column 2: expected each key once in its object, got "type" again',
      ],
      ['Set<String>', '["a","a"]', 'DuplicateKey'],
      ['OptStorePath', '""', 'InvalidText'],
      ['UInt64', '', 'not JSON at line 1, column 1: expected a JSON value, got the end of the text'],
      ['UInt64', '"x"', 'InvalidJson at (top level), in UInt64: expected an integer, got "x"'],
      ['String', '"\\ud800"', 'Unrepresentable'],
    ] as const) {
      const { exitCode, stdout, stderr } = await nixWire(['encode', type], json)
      expect([exitCode, stdout.length], `${type} ${json}: ${stderr}`).to.deep.equal([1, 0])
      expect(stderr, `${type} ${json}`).to.contain(words)
    }
  })

  it('names the line with --many, and writes only whole values', async () => {
    const { exitCode, stdout, stderr } = await nixWire(
      ['encode', 'Tuple<UInt8,UInt8>', '--many'],
      '[1,2]\n[1,999]\n',
    )
    expect([exitCode, stdout.length]).to.deep.equal([1, 16])
    expect(stderr).to.contain('line 2: OutOfRange').and.to.contain('[1]')
    const broken = await nixWire(['encode', 'UInt8', '--many'], '1\n\nyes\n')
    expect([broken.exitCode, broken.stderr]).to.deep.equal([
      1,
      'nix-wire: not JSON at line 3, column 1: expected a JSON value, got "yes"\n',
    ])
  })

  it('rejects JSON that is nested too deep, without a crash', async () => {
    const { exitCode, stderr } = await nixWire(['encode', 'UInt64'], '['.repeat(1_000_000))
    expect(exitCode).to.equal(1)
    expect(stderr).to.equal(
      'nix-wire: not JSON at line 1, column 1001: expected at most 1000 levels of nesting, got one more level\n',
    )
  })

  it('rejects a value that the version cannot carry', async () => {
    const json = '{"status":"Built","errorMsg":"","timesBuilt":1}'
    const { exitCode, stderr } = await nixWire(['encode', 'BuildResult', '-p', '1.27'], json)
    expect(exitCode).to.equal(1)
    expect(stderr).to.contain('timesBuilt').and.to.contain('this protocol does not send the field')
  })
})
