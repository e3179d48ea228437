import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { bytesOf } from '../../bytes/hex.js'
import { nixWire, nixWireProcess } from '../support/cli.js'
import { describeWithShared, projectPath, sharedPath } from '../support/shared.js'

const message = projectPath('examples/messages/valid-path-info-1.34.bin')

describe('nix-wire decode', () => {
  it('prints what the README says of its first command', async () => {
    const readme = readFileSync(projectPath('README.md'), 'utf8')
    const words = /^npx nix-wire (decode .*)$/m.exec(readme)?.[1]?.split(' ') ?? []
    const printed = /^```json\n(.*?)^```$/ms.exec(readme)?.[1]
    const { exitCode, stdout, stderr } = await nixWireProcess(words)
    expect([exitCode, stderr]).to.deep.equal([0, ''])
    expect(stdout.toString()).to.equal(printed)
  })

  it('reads standard input, and keeps every digit of an integer', async () => {
    const { exitCode, stdout } = await nixWireProcess(['decode', 'UInt64'], bytesOf('ffffffffffffffff'))
    expect([exitCode, stdout.toString()]).to.deep.equal([0, '18446744073709551615\n'])
  })

  it('takes type expressions, nested', async () => {
    const wire = bytesOf(
      '0100000000000000 0300000000000000 6b6579 0000000000 0100000000000000 0700000000000000 0100000000000000',
    )
    const { stdout } = await nixWire(['decode', 'Map<String,Tuple< List<UInt64> , Bool64>>', '-'], wire)
    expect(JSON.parse(stdout.toString())).to.deep.equal({ key: [[7], true] })
  })

  it('takes a type nested a hundred levels deep', async () => {
    const type = `${'List<'.repeat(100)}UInt64${'>'.repeat(100)}`
    const wire = bytesOf(`${'0100000000000000'.repeat(99)}0000000000000000`)
    const { exitCode, stdout } = await nixWire(['decode', type], wire)
    expect([exitCode, stdout.toString().replace(/\s/g, '')]).to.deep.equal([
      0,
      '['.repeat(100) + ']'.repeat(100),
    ])
  })

  it('prints one line for each value with --many', async () => {
    const { stdout } = await nixWire(
      ['decode', 'Bool64', '--many'],
      bytesOf('0100000000000000 0000000000000000'),
    )
    expect(stdout.toString()).to.equal('true\nfalse\n')
  })

  it('prints nothing for no input with --many', async () => {
    const { exitCode, stdout } = await nixWire(['decode', 'Bool64', '--many'])
    expect([exitCode, stdout.length]).to.deep.equal([0, 0])
  })

  it('keeps keys that are special in a JavaScript object', async () => {
    const wire = bytesOf(
      '0200000000000000 0100000000000000 3700000000000000 0000000000000000 ' +
        '0900000000000000 5f5f70726f746f5f5f 00000000000000 0000000000000000',
    )
    const { stdout } = await nixWire(['decode', 'Map<String,String>'], wire)
    expect(stdout.toString().replace(/\s/g, '')).to.equal('{"7":"","__proto__":""}')
  })

  it('shows the wrong bytes and their offset, prints no value and exits with 1', async () => {
    const bytes = new Uint8Array(readFileSync(message))
    bytes[0x50] = 0x7a
    const { exitCode, stdout, stderr } = await nixWire(['decode', 'ValidPathInfo', '-p', '1.34'], bytes)
    expect([exitCode, stdout.length]).to.deep.equal([1, 0])
    expect(stderr).to.match(
      /^nix-wire: InvalidText at byte 80, info\.narHash, in NARHash: expected .*, got .*\n/,
    )
    expect(stderr).to.contain('00000050  7a 38 34 39')
  })

  it('gives the offset of a wrong value in the whole input with --many', async () => {
    const { exitCode, stdout, stderr } = await nixWire(
      ['decode', 'Int', '--many'],
      bytesOf('0700000000000000 0000000001000000'),
    )
    expect([exitCode, stdout.toString()]).to.deep.equal([1, '7\n'])
    expect(stderr).to.contain('OutOfRange at byte 8')
  })

  it('says that a wrong number looks like text', async () => {
    const { exitCode, stderr } = await nixWire(
      ['decode', 'ValidPathInfo'],
      'HTTP/1.1 400 Bad Request\r\n\r\n',
    )
    expect(exitCode).to.equal(1)
    expect(stderr).to.contain('A text begins here: "HTTP/1.1')
  })

  it('reports bytes after the value', async () => {
    const { exitCode, stderr } = await nixWireProcess(['decode', 'UInt8'], new Uint8Array(9))
    expect(exitCode).to.equal(1)
    expect(stderr).to.contain('TrailingBytes at byte 8')
  })

  it('reads as the options say: version, feature, store directory, profile', async () => {
    const handshake = bytesOf('0500000000000000 322e382e30000000')
    const at = (...options: ReadonlyArray<string>) =>
      nixWire(['decode', 'ClientHandshakeInfo', ...options], handshake)
    expect((await at('--protocol', '1.34')).exitCode).to.equal(0)
    expect((await at('--protocol', '1.35')).exitCode).to.equal(1)

    const path = bytesOf(
      '2d00000000000000 2f676e752f73746f72652f 6731773768793371 6731773768793371 6731773768793371 6731773768793371 2d78 000000',
    )
    expect((await nixWire(['decode', 'StorePath', '-s', '/gnu/store'], path)).exitCode).to.equal(0)
    expect((await nixWire(['decode', 'StorePath'], path)).exitCode).to.equal(1)

    const yes = bytesOf('0200000000000000')
    expect((await nixWire(['decode', 'Bool64'], yes)).exitCode).to.equal(0)
    expect((await nixWire(['decode', 'Bool64', '--canonical'], yes)).exitCode).to.equal(1)

    const two = bytesOf(
      '3100000000000000 2f6e69782f73746f72652f 6731773768793371 6731773768793371 6731773768793371 6731773768793371 2d782e647276 00000000000000 ' +
        '0300000000000000 6f75740000000000',
    )
    const output = (...options: ReadonlyArray<string>) => nixWire(['decode', 'DrvOutput', ...options], two)
    expect((await output()).exitCode).to.equal(1)
    expect((await output('--feature', 'realisation-with-path-not-hash')).exitCode).to.equal(0)
  })

  it('exits with 2 for a wrong command line', async () => {
    for (const [args, words] of [
      [['decode', 'StorPath'], '(did you mean StorePath?); `nix-wire grammar` lists all types'],
      [['decode', 'List<String'], 'expected List<TYPE>, got the end'],
      [['decode', 'Map<String>'], 'expected Map<KEY,VALUE>'],
      [['decode', 'List<ClientHandshakeInfo>', message], 'take no bytes'],
      [['decode', 'String>'], 'expected the end of the type'],
      [['decode', '__proto__'], 'there is no type'],
      [['decode'], 'nix-wire: missing argument <type>; `nix-wire decode --help` shows the usage\n'],
      [['decode', 'String', '--protocol', '1.999'], 'expected a version such as 1.37'],
      [
        ['decode', 'ValidPathInfo', '--protocol', '2.7', message],
        'belongs to the protocol worker, whose versions are 1.x, but --protocol was given version 2.7',
      ],
      [
        ['decode', 'ServeBuildResult', '--protocol', '1.38', message],
        'belongs to the protocol serve, whose versions are 2.x, but --protocol was given version 1.38',
      ],
      [['decode', 'Tuple<BuildResult,ServeBuildResult>', message], 'tuple mixes the gates of two protocols'],
      [['decode', 'String', '--store-dir', 'nix/store', message], 'not a store directory'],
      [['decode', 'String', '/no/such/file'], 'cannot read /no/such/file'],
    ] as const) {
      const { exitCode, stdout, stderr } = await nixWire(args)
      expect([exitCode, stdout.length], args.join(' ')).to.deep.equal([2, 0])
      expect(stderr).to.contain(words)
    }
  })

  it('has a help with examples', async () => {
    const { exitCode, stdout } = await nixWire(['decode', '--help'])
    expect(exitCode).to.equal(0)
    expect(stdout.toString()).to.contain('$ nix-wire decode ValidPathInfo --protocol 1.37 reply.bin')
  })
})

describeWithShared('nix-wire decode and encode', () => {
  it('give back the bytes of the reference implementation', async () => {
    for (const [type, version, file] of [
      ['ValidPathInfo', '1.16', 'valid-path-info-1.16'],
      ['BuildResult', '1.28', 'build-result-1.28'],
      ['BuildResult', '1.29', 'build-result-1.29-compat'],
      ['BuildResult', '1.37', 'build-result-1.37'],
      ['DerivedPath', '1.30', 'derived-path-1.30'],
      ['Realisation', '1.37', 'realisation-with-deps'],
      ['ServePathInfo', '2.4', 'unkeyed-valid-path-info-2.4'],
      ['ServeBuildResult', '2.6', 'build-result-2.6'],
      ['ServeBuildResult', undefined, 'build-result-2.8'],
    ] as const) {
      const folder = type.startsWith('Serve') ? 'serve-protocol' : 'worker-protocol'
      const path = sharedPath('golden', folder, `${file}.bin`)
      const at = version === undefined ? [] : ['-p', version]
      const { stdout } = await nixWire(['decode', type, ...at, '--many', path])
      const { stdout: back } = await nixWire(['encode', type, ...at, '--many'], stdout)
      expect(back.equals(readFileSync(path)), file).to.equal(true)
    }
  })
})
