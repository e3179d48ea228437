import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect } from 'chai'
import { nixWire } from '../support/cli.js'
import { archive, directory, file, u64le, words } from '../support/nar.js'

const base = 'g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q'
const store = '/nix/store'
const nar = archive(directory(['tea', file('tea'.repeat(300_000))]))
const small = archive(file('x'))

// Both versions, written from their descriptions.
const trailer = (dir: string, name: string, references: ReadonlyArray<string>, deriver: string): Buffer =>
  Buffer.concat([
    Buffer.from('4e49584500000000', 'hex'),
    words(`${dir}/${base}-${name}`),
    u64le(BigInt(references.length)),
    words(...references.map((each) => `${dir}/${base}-${each}`)),
    words(deriver === '' ? '' : `${dir}/${base}-${deriver}`),
    u64le(0n),
  ])
const exported = (dir = store): Buffer =>
  Buffer.concat([
    u64le(1n),
    small,
    trailer(dir, 'bar', [], ''),
    u64le(1n),
    nar,
    trailer(dir, 'foo', ['bar', 'foo'], 'foo.drv'),
    u64le(0n),
  ])

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

const info = (
  name: string,
  references: ReadonlyArray<string>,
  deriver: string,
  bytes: Uint8Array,
  time = 0n,
  signatures: ReadonlyArray<string> = [],
): Buffer =>
  Buffer.concat([
    words(`${base}-${name}`, deriver === '' ? '' : `${base}-${deriver}`, hashOf(bytes)),
    u64le(BigInt(references.length)),
    words(...references.map((each) => `${base}-${each}`)),
    u64le(time),
    u64le(BigInt(bytes.length)),
    u64le(0n),
    u64le(BigInt(signatures.length)),
    words(...signatures, ''),
  ])
const nario = (...signatures: ReadonlyArray<string>): Buffer =>
  Buffer.concat([
    Buffer.from('NARIO2\0\0'),
    u64le(1n),
    info('bar', [], '', small, 0n, signatures),
    small,
    u64le(1n),
    info('foo', ['bar', 'foo'], 'foo.drv', nar),
    nar,
    u64le(0n),
  ])

const run = async (args: ReadonlyArray<string>, stdin: Uint8Array = new Uint8Array(0), terminal = false) => {
  const { exitCode, stdout, stderr } = await nixWire(['export', ...args], stdin, {}, terminal)
  return { exitCode, stdout, stderr }
}

describe('nix-wire export', () => {
  let dir = ''
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'nix-wire-export-'))
  })
  afterEach(() => {
    rmSync(dir, { recursive: true, force: true })
  })

  describe('ls', () => {
    const listed =
      `${store}/${base}-bar\n  NAR        ${small.length} bytes, sha256:${hashOf(small)}\n` +
      `${store}/${base}-foo\n  NAR        ${nar.length} bytes, sha256:${hashOf(nar)}\n` +
      `  built from ${store}/${base}-foo.drv\n  refers to  ${store}/${base}-bar\n  refers to  ${store}/${base}-foo\n`

    it('lists the paths of both versions, from a pipe, from a file and unpacked', async () => {
      for (const bytes of [exported(), nario()]) {
        const path = join(dir, 'it')
        writeFileSync(path, bytes)
        for (const [args, stdin] of [
          [['ls'], bytes],
          [['ls', '-'], gzipSync(bytes)],
          [['ls', path], Buffer.alloc(0)],
        ] as const) {
          const { exitCode, stdout, stderr } = await run(args, stdin)
          expect([exitCode, stdout.toString(), stderr]).to.deep.equal([0, listed, ''])
        }
      }
      const signed = (await run(['ls'], nario('key-1:AAAA'))).stdout.toString()
      expect(signed).to.contain('  signed by  key-1:AAAA\n')
    })

    it('prints JSON: the fields of version 1, and more for version 2', async () => {
      const first = {
        path: `${store}/${base}-bar`,
        deriver: null,
        narHash: hashOf(small),
        references: [],
        narSize: small.length,
      }
      const lines = async (bytes: Uint8Array): Promise<ReadonlyArray<unknown>> =>
        (await run(['ls', '--json'], bytes)).stdout
          .toString()
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line) as unknown)
      expect((await lines(exported()))[0]).to.deep.equal(first)
      expect((await lines(nario('key-1:AAAA')))[0]).to.deep.equal({
        ...first,
        registrationTime: 0,
        ultimate: false,
        signatures: ['key-1:AAAA'],
        ca: null,
      })
      expect((await lines(exported())).length).to.equal(2)
    })

    it('uses the given store directory', async () => {
      const { stdout } = await run(['ls', '--store-dir', '/gnu/store'], exported('/gnu/store'))
      expect(stdout.toString()).to.contain(`/gnu/store/${base}-foo`)
      expect((await run(['ls'], exported('/gnu/store'))).exitCode).to.equal(1)
      expect((await run(['ls', '--store-dir', '/gnu/store'], nario())).stdout.toString()).to.contain(
        '/gnu/store',
      )
    })

    it('prints the paths before an invalid byte, and where that byte is', async () => {
      const bytes = exported()
      const at = 8 + small.length
      bytes[at]! ^= 1
      const { exitCode, stdout, stderr } = await run(['ls'], bytes)
      expect([exitCode, stdout.length]).to.deep.equal([1, 0])
      expect(stderr).to.match(
        new RegExp(`^nix-wire: UnexpectedValue at byte ${at}, \\[0\\]\\.magic, in ExportInfo: `),
      )
      expect(stderr).to.contain('4f 49 58 45')
      const cut = await run(['ls'], exported().subarray(0, 600_000))
      expect([cut.exitCode, cut.stdout.toString().split('\n')[0]]).to.deep.equal([1, `${store}/${base}-bar`])
      expect(cut.stderr).to.match(/^nix-wire: UnexpectedEnd at byte \d+, \[1\]\.nar\.tea, /)
    })

    it('checks the hash that version 2 carries', async () => {
      const bytes = nario()
      bytes[bytes.lastIndexOf('teatea') + 1]! ^= 1
      const { exitCode, stderr } = await run(['ls'], bytes)
      expect(exitCode).to.equal(1)
      expect(stderr).to.match(
        /the archive of .*-foo has the hash sha256:[0-9a-f]{64}, and its info says sha256:/,
      )
    })

    it('says that a file is not an export', async () => {
      for (const [bytes, words] of [
        [nar, 'not an export: it is an archive (NAR): `nix-wire nar ls FILE` lists it'],
        [
          Buffer.from('fd377a585a0000', 'hex'),
          'not an export: it is compressed with xz: `xz -dc FILE | nix-wire export …` reads it',
        ],
        [Buffer.from('NARIO3\0\0'), 'expected 1 (one more path), 0 (the end) or "NARIO2" (version 2)'],
      ] as const) {
        const { exitCode, stderr } = await run(['ls'], bytes)
        expect(exitCode).to.equal(1)
        expect(stderr).to.contain(words)
      }
      expect((await run(['ls', join(dir, 'none')])).exitCode).to.equal(2)
      expect((await run(['ls', '--store-dir', 'x'])).exitCode).to.equal(2)
    })
  })

  describe('convert', () => {
    const converted = async (bytes: Uint8Array, to: string): Promise<Buffer> => {
      writeFileSync(join(dir, 'in'), bytes)
      const { exitCode, stdout, stderr } = await run(['convert', join(dir, 'in'), '--to', to])
      expect([exitCode, stderr]).to.deep.equal([0, ''])
      return stdout
    }

    it('converts each version to each', async () => {
      for (const bytes of [exported(), nario()]) {
        expect((await converted(bytes, '1')).equals(exported())).to.equal(true)
        expect((await converted(bytes, '2')).equals(nario())).to.equal(true)
      }
      expect((await converted(nario('key-1:AAAA'), '2')).equals(nario('key-1:AAAA'))).to.equal(true)
      expect((await converted(gzipSync(nario('key-1:AAAA')), '1')).equals(exported())).to.equal(true)
    })

    it('writes a file, and leaves none if the export is invalid', async () => {
      writeFileSync(join(dir, 'in'), exported())
      const out = join(dir, 'out')
      expect((await run(['convert', join(dir, 'in'), '-t', '2', '-o', out])).exitCode).to.equal(0)
      expect(readFileSync(out).equals(nario())).to.equal(true)
      writeFileSync(join(dir, 'in'), exported().subarray(0, -8))
      expect((await run(['convert', join(dir, 'in'), '-t', '2', '-o', join(dir, 'none')])).exitCode).to.equal(
        1,
      )
      expect((await run(['ls', join(dir, 'none')])).exitCode).to.equal(2)
    })

    it('says what is wrong with the command line', async () => {
      writeFileSync(join(dir, 'in'), exported())
      for (const args of [
        ['convert', join(dir, 'in')],
        ['convert', '-', '--to', '1'],
        ['convert', join(dir, 'in'), '--to', '3'],
        ['convert'],
        [],
      ]) {
        expect((await run(args, exported())).exitCode, args.join(' ')).to.equal(2)
      }
      expect((await run(['convert', join(dir, 'in'), '--to', '1'], undefined, true)).exitCode).to.equal(2)
    })
  })

  it('has examples in the help of each command', async () => {
    for (const command of [[], ['ls'], ['convert']]) {
      const { exitCode, stdout } = await run([...command, '--help'])
      expect(exitCode).to.equal(0)
      expect(stdout.toString()).to.match(/Examples:\n {2}\$ .*nix-wire export/)
      expect(stdout.toString()).to.match(/Exit codes/)
    }
  })
})
