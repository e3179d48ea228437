import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import zlib, { brotliCompressSync, gzipSync } from 'node:zlib'
import { expect } from 'chai'
import { compressionOf } from '../../cli/compression/kinds.js'
import { readUnpacked, unpacked } from '../../cli/compression/unpacked.js'
import { nixWire } from '../support/cli.js'
import { archive, cut, directory, file, u64le, words } from '../support/nar.js'
import { until } from '../support/waiting.js'

const hasZstd = 'createZstdDecompress' in zlib

const tree = archive(directory(['bin', directory(['tea', file('tea'.repeat(5000))])], ['ö', file('milk\n')]))

/** A frame with one block that is not compressed, by the letter of RFC 8878. */
const zstd = (bytes: Uint8Array): Buffer => {
  const block = Buffer.alloc(4)
  block.writeUInt32LE(1 | (bytes.length << 3))
  return Buffer.concat([Buffer.from('28b52ffd0058', 'hex'), block.subarray(0, 3), bytes])
}

const run = async (args: ReadonlyArray<string>, stdin: Uint8Array = new Uint8Array(0)) => {
  const { exitCode, stdout, stderr } = await nixWire(args, stdin)
  return { exitCode, stdout: stdout.toString(), stderr }
}

async function* chunks(...parts: ReadonlyArray<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  yield* parts
}

const collected = async (source: AsyncIterable<Uint8Array>): Promise<Buffer> => {
  const parts: Array<Uint8Array> = []
  for await (const part of source) {
    parts.push(part)
  }
  return Buffer.concat(parts)
}

describe('compressed input', () => {
  let dir = ''
  before(() => {
    dir = mkdtempSync(join(tmpdir(), 'nix-wire-compression-'))
  })
  after(() => {
    rmSync(dir, { recursive: true, force: true })
  })

  const put = (name: string, bytes: Uint8Array): string => {
    writeFileSync(join(dir, name), bytes)
    return join(dir, name)
  }

  const commands: ReadonlyArray<readonly [before: ReadonlyArray<string>, after: ReadonlyArray<string>]> = [
    [['nar', 'ls'], []],
    [['nar', 'ls'], ['--json']],
    [['nar', 'cat'], ['bin/tea']],
    [['nar', 'verify'], []],
    [['nar', 'hash'], []],
    [['decode', 'Nar'], []],
  ]

  it('is recognised by its first bytes: gzip, in a file and in a pipe, in one member or more', async () => {
    const plain = put('plain.nar', tree)
    const packed = put('packed.nar.gz', gzipSync(tree))
    const members = Buffer.concat([gzipSync(tree.subarray(0, 99)), gzipSync(tree.subarray(99))])
    for (const [before, after] of commands) {
      const expected = await run([...before, plain, ...after])
      expect(expected.exitCode).to.equal(0)
      expect(await run([...before, packed, ...after])).to.deep.equal(expected)
      expect(await run([...before, '-', ...after], gzipSync(tree))).to.deep.equal(expected)
      expect(await run([...before, '-', ...after], members)).to.deep.equal(expected)
    }
    const out = join(dir, 'out')
    expect((await run(['nar', 'unpack', packed, out])).exitCode).to.equal(0)
    expect(readFileSync(join(out, 'ö'), 'utf8')).to.equal('milk\n')
  })

  it('is taken for brotli only by the name of its file', async () => {
    const packed = brotliCompressSync(tree)
    const expected = await run(['nar', 'ls'], tree)
    expect(await run(['nar', 'ls', put('a.nar.br', packed)])).to.deep.equal(expected)
    expect((await run(['nar', 'ls', put('a.nar', packed)])).exitCode).to.equal(1)
    expect((await run(['nar', 'ls', put('no.nar.br', Buffer.from('tea'))])).stderr).to.match(
      /^nix-wire: the brotli data are broken: /,
    )
  })

  it(`may be zstd${hasZstd ? '' : ', for which this version of Node has no decoder, and the error says so'}`, async () => {
    const listed = await run(['nar', 'ls'], zstd(tree))
    if (hasZstd) {
      expect(listed).to.deep.equal(await run(['nar', 'ls'], tree))
      expect((await run(['nar', 'ls'], zstd(tree).subarray(0, 5000))).stderr).to.match(
        /the zstd data are broken/,
      )
    } else {
      const why = `which Node reads from 22.15 on and this is ${process.version.slice(1)}`
      expect(listed).to.deep.equal({
        exitCode: 1,
        stdout: '',
        stderr: `nix-wire: not an archive: it is compressed with zstd, ${why}: \`zstd -dc FILE | nix-wire nar …\` reads it\n`,
      })
    }
  })

  it('is not a whole archive if it is cut or corrupt', async () => {
    const packed = gzipSync(tree)
    const cut = await run(['nar', 'verify'], packed.subarray(0, packed.length - 20))
    expect([cut.exitCode, cut.stdout]).to.deep.equal([1, ''])
    expect(cut.stderr).to.equal('nix-wire: the gzip data are broken: unexpected end of file\n')
    const broken = Buffer.from(packed)
    broken[broken.length - 6]! ^= 1
    expect((await run(['nar', 'verify'], broken)).stderr).to.equal(
      'nix-wire: the gzip data are broken: incorrect data check\n',
    )
  })

  it('is not confused with a number that begins with the same bytes', async () => {
    for (const number of [0x8b1fn, 0x088b1fn, 0xfd2fb528n, 0x685a42n, 0x587a37fdn]) {
      for (const many of [[], ['--many']]) {
        expect(await run(['decode', 'UInt64', ...many], u64le(number))).to.deep.equal({
          exitCode: 0,
          stdout: `${number}\n`,
          stderr: '',
        })
        expect(
          (
            await run(
              ['decode', 'Tuple<UInt64,UInt64,UInt64>', ...many],
              Buffer.concat([u64le(number), Buffer.alloc(16)]),
            )
          ).exitCode,
        ).to.equal(0)
      }
    }
    expect(await run(['decode', 'String', '--many'], gzipSync(words('tea', 'milk')))).to.deep.equal({
      exitCode: 0,
      stdout: '"tea"\n"milk"\n',
      stderr: '',
    })
  })

  it('of a kind that Node cannot unpack is named if it is not a valid message', async () => {
    const { exitCode, stderr } = await run(
      ['decode', 'String'],
      Buffer.from('fd377a585a00000000000000', 'hex'),
    )
    expect(exitCode).to.equal(1)
    expect(stderr).to.match(
      /LimitExceeded[\s\S]*\nIt may be compressed with xz: `xz -dc FILE \| nix-wire decode …` reads it\.\nMore: /,
    )
  })

  it('is recognised as soon as its first bytes allow it', () => {
    const known = (hex: string): string | null | undefined => {
      const kind = compressionOf(Buffer.from(hex, 'hex'))
      return kind ? kind.name : kind
    }
    expect(
      ['', '1f', '1f8b', '1f8b08', '1f8b07', '00', '28b52f', '28b52ffd', '425a', '425a68'].map(known),
    ).to.deep.equal([
      undefined,
      undefined,
      undefined,
      'gzip',
      null,
      null,
      undefined,
      'zstd',
      undefined,
      'bzip2',
    ])
  })

  it('lets bytes that are not compressed through as they come, without waiting for more', async () => {
    let asked = 0
    async function* slow(): AsyncGenerator<Uint8Array, void> {
      for (const part of cut(Buffer.from('\u0002\0\0\0tea!'), [1])) {
        asked++
        yield part
      }
    }
    const passed = unpacked(slow(), '-', true)
    expect((await passed.next()).value).to.deep.equal(Buffer.from([2]))
    expect(asked).to.equal(1)
    expect((await collected(passed)).toString()).to.equal('\0\0\0tea!')
    // Input that ends before its kind is known.
    expect(await collected(unpacked(chunks(Buffer.from('BZ')), '-'))).to.deep.equal(Buffer.from('BZ'))
  })

  it('is unpacked even if the source reuses its buffer', async () => {
    const packed = gzipSync(Buffer.from(Array.from({ length: 5000 }, (_, i) => i % 251)))
    async function* lent(): AsyncGenerator<Uint8Array, void> {
      const memory = Buffer.alloc(7)
      for (const part of cut(packed, [7])) {
        memory.set(part)
        yield memory.subarray(0, part.length)
        memory.fill(0xee)
      }
    }
    expect((await collected(unpacked(lent(), '-'))).length).to.equal(5000)
  })

  it('releases its source when reading stops', async () => {
    let ended = false
    async function* endless(): AsyncGenerator<Uint8Array, void> {
      try {
        yield gzipSync(Buffer.alloc(2 ** 20)).subarray(0, 500)
        for (;;) {
          yield Buffer.alloc(1)
        }
      } finally {
        ended = true
      }
    }
    for await (const _ of unpacked(endless(), '-')) {
      break
    }
    await until(() => ended)
  })

  it('is rejected if it has to be held in memory and unpacks to more than the limit', async () => {
    const bomb = gzipSync(Buffer.alloc(100_000))
    const failed = await readUnpacked(chunks(bomb), '-', 99_999).catch((error: Error) => error)
    expect(failed).to.have.property(
      'message',
      'it is compressed, and more than 99999 bytes when it is unpacked',
    )
    expect((await readUnpacked(chunks(bomb), '-', 100_000)).length).to.equal(100_000)
    // Input that is not compressed has no such limit.
    expect((await readUnpacked(chunks(Buffer.alloc(2000)), '-', 1000)).length).to.equal(2000)
  })
})
