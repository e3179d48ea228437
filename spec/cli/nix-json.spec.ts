import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { bytesOf } from '../../bytes/hex.js'
import { nixWire } from '../support/cli.js'
import { describeWithShared, projectPath, sharedPath } from '../support/shared.js'

const message = projectPath('examples/messages/valid-path-info-1.34.bin')

describe('--json nix', () => {
  it('decode prints the JSON of Nix, and encode reads it', async () => {
    const decoded = await nixWire(['decode', 'ValidPathInfo', '--json', 'nix', '-p', '1.34', message])
    expect([decoded.exitCode, decoded.stderr]).to.deep.equal([0, ''])
    expect(JSON.parse(decoded.stdout.toString())).to.deep.equal({
      version: 3,
      storeDir: '/nix/store',
      path: '43c29sgdpjbvrxsal68273n6g81s2kni-letter.txt',
      narHash: 'sha256-GEnGgfIuhNuGDMclVjFhkLkvilJV9yMdhlghn2Q412k=',
      narSize: 176,
      references: ['yks2k5mxl63q9mhan8kzvvm67q4r04wb-greeting'],
      ca: { hash: 'sha256-MwHGsvXf5B+aZcKuAHA/0mvN9qQ8uvxfjbq4uMbMH7E=', method: 'text' },
      deriver: null,
      registrationTime: 1795321890,
      ultimate: false,
      signatures: [
        {
          keyName: 'example-1',
          sig: '89+Ss+PP5sPEWfmBi1DVW/LRbN0221tv5PtMBDXSydgYXzmM2sCqeFXyF5+NoczUxDcFLOTOlPiPznVu908rCA==',
        },
      ],
    })
    const encoded = await nixWire(['encode', 'ValidPathInfo', '--json', 'nix', '-p', '1.34'], decoded.stdout)
    expect(encoded.stdout.equals(readFileSync(message))).to.equal(true)
  })

  it('reads and writes one line for each value with --many', async () => {
    const wire = bytesOf('0100000000000000 0000000000000000')
    const { stdout } = await nixWire(['decode', 'OptTrusted', '--json', 'nix', '--many'], wire)
    expect(stdout.toString()).to.equal('true\nnull\n')
    const back = await nixWire(['encode', 'OptTrusted', '--json', 'nix', '--many'], stdout)
    expect(back.stdout).to.deep.equal(Buffer.from(wire))
  })

  it('reports what is wrong with the JSON, a line for each field, with exit code 1', async () => {
    const { exitCode, stderr } = await nixWire(
      ['encode', 'UnkeyedValidPathInfo', '--json', 'nix'],
      '{"narHash":"x","narSize":-1,"references":[]}',
    )
    expect(exitCode).to.equal(1)
    expect(stderr.split('\n').slice(0, 2)).to.deep.equal([
      'nix-wire: narHash: expected a hash with its algorithm, such as sha256:… or sha256-… at position 0, got "x"',
      'narSize: expected an integer of at least 0, got -1',
    ])
    expect((await nixWire(['encode', 'StorePath', '--json', 'nix'], '{')).exitCode).to.equal(1)
  })

  it('rejects a type for which Nix has no JSON, and an unknown form, with exit code 2', async () => {
    const { exitCode, stderr } = await nixWire(
      ['decode', 'GCAction', '--json', 'nix'],
      bytesOf('0000000000000000'),
    )
    expect(exitCode).to.equal(2)
    expect(stderr).to.match(
      /^nix-wire: Nix has no JSON for GCAction: leave out --json nix\. It has for StorePath, .*ValidPathInfo, /,
    )
    expect((await nixWire(['decode', 'StorePath', '--json', 'yaml'])).exitCode).to.equal(2)
  })

  it('says that Nix has no JSON for a signature without a key', async () => {
    const wire = bytesOf('0200000000000000 6e6f000000000000')
    const { exitCode, stderr } = await nixWire(['decode', 'Signature', '--json', 'nix'], wire)
    expect(exitCode).to.equal(2)
    expect(stderr).to.contain('Signature')
  })
})

describe('fuzz --json nix', () => {
  let dir = ''
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'nix-wire-nix-json-'))
  })
  afterEach(() => {
    rmSync(dir, { recursive: true, force: true })
  })

  const fuzz = (type: string, perl: string, ...more: ReadonlyArray<string>) => {
    const run = ['--seed', '1', '--runs', '60', '--jobs', '1', '--timeout', '600', '--minimise', '0']
    return nixWire([
      ...['fuzz', type, '--exec', `perl -e '${perl}'`, '--json', 'nix', '--out', join(dir, 'none')],
      ...run,
      ...more,
    ])
  }
  // Nix says null, true or false; nix-wire says null, "Trusted" or "NotTrusted".
  const trusted = 'read STDIN, my $b, 9; my $n = unpack "Q<", $b; exit 1 if length $b != 8 || $n > 2;'

  it('compares the values that a program prints as the JSON of Nix', async () => {
    const right = await fuzz('OptTrusted', `${trusted} print((qw(null true false))[$n])`, '--check', 'value')
    expect([right.exitCode, right.stderr]).to.deep.equal([0, ''])
    const ours = await fuzz(
      'OptTrusted',
      `${trusted} print((qw(null "Trusted" "NotTrusted"))[$n])`,
      ...['--check', 'value', '--findings', '1'],
    )
    expect(ours.exitCode).to.equal(1)
    expect(ours.stdout.toString()).to.match(/got "(Not)?Trusted", expected (true|false)\n/)
  })

  it('gives an encoder the JSON of Nix', async () => {
    const script = 'print pack "Q<", {null => 0, true => 1, false => 2}->{<STDIN> =~ s/\\s//r}'
    const { exitCode, stderr } = await fuzz('OptTrusted', script, '--encoder')
    expect([exitCode, stderr]).to.deep.equal([0, ''])
  })

  it('says at once which types have it, and which checks use it', async () => {
    const none = await fuzz('GCAction', 'exit 0', '--check', 'value')
    expect([none.exitCode, none.stdout.toString()]).to.deep.equal([2, ''])
    expect(none.stderr).to.match(/Nix has no JSON for GCAction.* It has for StorePath, /)
    const useless = await fuzz('OptTrusted', 'exit 0')
    expect([useless.exitCode, useless.stderr]).to.deep.equal([
      2,
      'nix-wire: --json is for values: --check value, or --encoder\n',
    ])
  })
})

describeWithShared('--json nix, with a golden', () => {
  it('prints the JSON of the golden file', async () => {
    const [bin, json] = ['bin', 'json'].map((ending) =>
      readFileSync(sharedPath('golden', 'worker-protocol', `build-mode.${ending}`)),
    ) as [Buffer, Buffer]
    const { stdout } = await nixWire(['decode', 'BuildMode', '--json', 'nix', '--many'], bin)
    expect(stdout.toString().trim().split('\n').map(Number)).to.deep.equal(JSON.parse(json.toString()))
  })
})
