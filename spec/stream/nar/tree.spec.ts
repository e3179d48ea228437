import { once } from 'node:events'
import fs, {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import fc from 'fast-check'
import { Nar, type NarNode } from '../../../grammar/nar.js'
import { compile } from '../../../interpreters/index.js'
import {
  ByteSource,
  entryNameBytes,
  type NarParserOptions,
  type NarWriterOptions,
  narBytes,
  pack,
  TreeFailure,
  type TreeOptions,
  treeEvents,
  unpack,
} from '../../../stream/nar/index.js'
import { packedBatches } from '../../../stream/nar/packed-batches.js'
import { Slab } from '../../../stream/nar/slab.js'
import { TreeWriter } from '../../../stream/nar/tree-writer.js'
import { rightOf } from '../../support/either.js'
import { directoryNames } from '../../support/names.js'
import { archive, cut, directory, eventsOf, file, narNode, words } from '../../support/nar.js'

const link = (target: string) => words('(', 'type', 'symlink', 'target', target, ')')

describe('archives and trees of files', () => {
  let dir = ''
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'nix-wire-tree-'))
  })
  afterEach(() => {
    rmSync(dir, { recursive: true, force: true })
  })

  const packed = async (
    path: string | Uint8Array,
    options: NarWriterOptions & TreeOptions = {},
  ): Promise<Buffer> => {
    const chunks: Array<Uint8Array> = []
    for await (const chunk of pack(path, options)) {
      chunks.push(chunk)
    }
    return Buffer.concat(chunks)
  }

  const outcomeOf = async (bytes: Uint8Array, options: NarParserOptions = {}): Promise<unknown> => {
    try {
      await unpack([bytes], join(dir, 'out'), options)
      return null
    } catch (error) {
      // Nothing is left, whatever failed.
      expect(readdirSync(dir)).to.deep.equal([])
      return error
    }
  }

  it('unpacks what it packs, and packs what it unpacks', async () => {
    const codec = compile(Nar)
    let run = 0
    await fc.assert(
      fc.asyncProperty(narNode, fc.integer({ min: 1, max: 500 }), async (root, size) => {
        const bytes = rightOf(codec.encode({ root }))
        const target = join(dir, `out${run++}`)
        await unpack(cut(bytes, [size]), target)
        expect(await packed(target)).to.deep.equal(Buffer.from(bytes))
      }),
      { numRuns: 60 },
    )
  })

  it('packs the same as the events of the tree, in chunks of any size', async () => {
    const tree = join(dir, 'tree')
    mkdirSync(join(tree, 'z', 'empty'), { recursive: true })
    for (const [i, size] of [0, 1, 7, 8, 4095, 4096, 40_000, 300_000, 131_000, 5, 600_000, 0, 9].entries()) {
      writeFileSync(join(tree, `${i % 4 === 3 ? 'ö語' : 'n'}${i}`), Buffer.alloc(size, i + 1), {
        mode: i % 3 === 0 ? 0o755 : 0o644,
      })
      writeFileSync(join(tree, 'z', `a${i}`), `${i}`)
    }
    symlinkSync('n1', join(tree, 'n10-link'))
    writeFileSync(Buffer.concat([Buffer.from(`${tree}/`), Buffer.from([0x6e, 0xff])]), 'x')
    const chunks: Array<Uint8Array> = []
    for await (const chunk of narBytes(treeEvents(tree))) {
      chunks.push(new Uint8Array(chunk))
    }
    const expected = Buffer.concat(chunks)
    for (const chunkSize of [1, 500, 4096, 65_536, 262_144, 2 ** 24]) {
      expect((await packed(tree, { chunkSize })).equals(expected), `chunks of ${chunkSize}`).to.equal(true)
      const copies: Array<Uint8Array> = []
      for (const batch of packedBatches(tree, { chunkSize }, new Slab(524_288))) {
        copies.push(...batch.map((chunk) => new Uint8Array(chunk)))
      }
      expect(Buffer.concat(copies).equals(expected), `memory used again: ${chunkSize}`).to.equal(true)
    }
  })

  it('rejects a name longer than the limit, in its place', async () => {
    mkdirSync(join(dir, 'tree'))
    for (const name of ['a', 'bb', 'ccc']) {
      writeFileSync(join(dir, 'tree', name), name)
    }
    const error = await packed(join(dir, 'tree'), { limits: { name: 2 } }).catch((thrown: unknown) => thrown)
    expect(error).to.have.nested.property('issue._tag', 'LimitExceeded')
    expect(error).to.have.nested.property('issue.path').that.deep.equals([])
  })

  it('reports a file that changes while it is read, and leaves none open', async () => {
    const { fstatSync } = fs
    mkdirSync(join(dir, 'tree'))
    writeFileSync(join(dir, 'tree', 'a'), '')
    writeFileSync(join(dir, 'tree', 'shrinks'), 'abcdef')
    fs.fstatSync = ((fd: number) => {
      const stats = fstatSync(fd)
      if (stats.size > 0) {
        writeFileSync(join(dir, 'tree', 'shrinks'), '')
      }
      return stats
    }) as typeof fstatSync
    syncBuiltinESMExports()
    const open = () => readdirSync('/proc/self/fd').length
    const before = process.platform === 'linux' ? open() : 0
    try {
      const error = await packed(join(dir, 'tree')).catch((thrown: unknown) => thrown)
      expect(error).to.be.instanceOf(TreeFailure)
      expect((error as TreeFailure).message).to.match(/tree\/shrinks: shorter than its \d+ bytes/)
    } finally {
      fs.fstatSync = fstatSync
      syncBuiltinESMExports()
    }
    expect(process.platform === 'linux' ? open() : 0).to.equal(before)
  })

  it('keeps the executable bit of the owner, and nothing else of a mode', async () => {
    const path = join(dir, 'file')
    for (const [mode, executable] of [
      [0o644, false],
      [0o755, true],
      [0o100, true],
      [0o677, false],
      [0o4755, true],
    ] as const) {
      writeFileSync(path, 'x')
      chmodSync(path, mode)
      const bytes = await packed(path)
      expect(bytes.includes('executable')).to.equal(executable)
      if (process.getuid?.() === 0 || mode & 0o400) {
        await unpack([bytes], join(dir, 'out'))
        expect(statSync(join(dir, 'out')).mode & 0o777).to.equal(
          (executable ? 0o777 : 0o666) & ~process.umask(),
        )
        rmSync(join(dir, 'out'))
      }
      rmSync(path)
    }
  })

  it('packs a link as a link, and follows none', async () => {
    mkdirSync(join(dir, 'tree'))
    symlinkSync('../../etc', join(dir, 'tree', 'away'))
    expect(await packed(join(dir, 'tree'))).to.deep.equal(archive(directory(['away', link('../../etc')])))
    symlinkSync('tree', join(dir, 'to-tree'))
    expect(await packed(join(dir, 'to-tree'))).to.deep.equal(archive(link('tree')))
  })

  it('reports entries that no archive can hold', async () => {
    mkdirSync(join(dir, 'tree'))
    const server = createServer().listen(join(dir, 'tree', 'socket'))
    await once(server, 'listening')
    const error = await packed(join(dir, 'tree')).catch((thrown: unknown) => thrown)
    server.close()
    expect(error).to.be.instanceOf(TreeFailure)
    expect((error as TreeFailure).message).to.match(/tree\/socket: neither a file, nor a directory/)
    expect(await packed(join(dir, 'nothing')).catch((thrown: { code: string }) => thrown.code)).to.equal(
      'ENOENT',
    )
  })

  it('removes the suffix of the case hack on request', async () => {
    mkdirSync(join(dir, 'tree'))
    writeFileSync(join(dir, 'tree', 'a~nix~case~hack~1'), '')
    writeFileSync(join(dir, 'tree', 'A'), '')
    const hacked: Array<Uint8Array> = []
    for await (const chunk of pack(join(dir, 'tree'), { caseHack: true })) {
      hacked.push(chunk)
    }
    expect(Buffer.concat(hacked)).to.deep.equal(archive(directory(['A', file('')], ['a', file('')])))
    writeFileSync(join(dir, 'tree', 'a'), '')
    const again = pack(join(dir, 'tree'), { caseHack: true }).next()
    expect(await again.catch((thrown: unknown) => thrown)).to.be.instanceOf(TreeFailure)
  })

  it('packs the entries of a directory in the order of the bytes of their names, whatever they are', async () => {
    let run = 0
    await fc.assert(
      fc.asyncProperty(directoryNames, async (names) => {
        const tree = join(dir, `tree${run++}`)
        const hacked = `${tree}-hacked`
        const inside = (path: string, name: Buffer, mark = '') =>
          Buffer.concat([Buffer.from(`${path}/`), name, Buffer.from(mark)])
        mkdirSync(tree)
        mkdirSync(hacked)
        for (const [i, name] of names.entries()) {
          writeFileSync(inside(tree, name), '')
          writeFileSync(inside(hacked, name, i % 2 === 0 ? `~nix~case~hack~${i}` : ''), '')
        }
        const ascending = [...names].sort(Buffer.compare)
        const expected = archive(directory(...ascending.map((name) => [name, file('')] as const)))
        expect(await packed(tree)).to.deep.equal(expected)
        expect(await packed(hacked, { caseHack: true })).to.deep.equal(expected)
        const entries = [...treeEvents(tree)].flatMap((event) => (event._tag === 'entry' ? [event.name] : []))
        expect(entries.map((name) => Buffer.from(entryNameBytes(name)))).to.deep.equal(ascending)
        const target = `${tree}-unpacked`
        await unpack([expected], target)
        expect(readdirSync(target, { encoding: 'buffer' }).sort(Buffer.compare)).to.deep.equal(ascending)
      }),
      { numRuns: 60 },
    )
  })

  it('never write outside the target', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'nix-wire-outside-'))
    try {
      const names = ['..', '.', '', '/', '../x', '/etc', 'a/../../x', 'a\0b', `${outside}/x`]
      for (const name of names) {
        expect(await outcomeOf(archive(directory([name, file('evil')])))).to.be.an('error')
        expect(
          await outcomeOf(archive(directory([name, file('evil')])), { lenient: { unsorted: true } }),
        ).to.be.an('error')
      }
      // A link, and then the same name as a directory or a file: the target of the link is never touched.
      for (const second of [directory(['x', file('evil')]), file('evil'), link('y')]) {
        const bytes = archive(directory(['a', link(outside)], ['a', second]))
        expect(await outcomeOf(bytes)).to.have.nested.property('issue._tag', 'DuplicateKey')
        const error = await outcomeOf(bytes, { lenient: { unsorted: true } })
        expect(error).to.be.instanceOf(TreeFailure)
        expect((error as TreeFailure).message).to.match(/takes two names of the archive as the same/)
      }
      expect(readdirSync(outside)).to.deep.equal([])
    } finally {
      rmSync(outside, { recursive: true })
    }
  })

  it('reject names that Windows takes for another path', () => {
    for (const name of ['a\\b', 'C:x', 'C:', 'nul', 'NUL.txt', 'com1', 'a.', 'a ', 'a\u0001', 'a?']) {
      const writer = new TreeWriter(Buffer.from(join(dir, 'tree')), 'win32')
      expect(() => writer.write({ _tag: 'entry', name })).to.throw(TreeFailure, /Windows/)
    }
    const writer = new TreeWriter(Buffer.from(join(dir, 'tree')), 'win32')
    for (const name of ['a', 'console', 'a.b', '.a', 'communal']) {
      writer.write({ _tag: 'entry', name })
    }
  })

  it('makes dangling links, and links that lead away, as they are', async () => {
    await unpack([archive(directory(['a', link('/nonexistent')], ['b', link('../../..')]))], join(dir, 'out'))
    expect(readlinkSync(join(dir, 'out', 'a'))).to.equal('/nonexistent')
    expect(readlinkSync(join(dir, 'out', 'b'))).to.equal('../../..')
    await unpack([archive(link('/nonexistent'))], join(dir, 'link'))
    expect(readlinkSync(join(dir, 'link'))).to.equal('/nonexistent')
  })

  it('overwrite nothing', async () => {
    mkdirSync(join(dir, 'directory'))
    writeFileSync(join(dir, 'file'), 'mine')
    symlinkSync('nowhere', join(dir, 'dangling'))
    for (const name of ['directory', 'file', 'dangling']) {
      for (const node of [file('theirs'), directory(['x', file('')]), link('y')]) {
        const error = await unpack([archive(node)], join(dir, name)).catch((thrown: unknown) => thrown)
        expect(error).to.be.instanceOf(TreeFailure)
        expect((error as TreeFailure).path).to.equal(join(dir, name))
      }
    }
    expect(readFileSync(join(dir, 'file'), 'utf8')).to.equal('mine')
    expect(readdirSync(dir).sort()).to.deep.equal(['dangling', 'directory', 'file'])
    expect(lstatSync(join(dir, 'dangling')).isSymbolicLink()).to.equal(true)
  })

  it('replace nothing that appears at the target meanwhile', async () => {
    const target = join(dir, 'out')
    const nodes = [directory(['x', file('theirs')]), directory(), file('theirs'), link('theirs')]
    const comings: ReadonlyArray<() => void> = [
      () => mkdirSync(target),
      () => writeFileSync(target, 'mine'),
      () => symlinkSync('mine', target),
    ]
    for (const node of nodes) {
      for (const come of comings) {
        const source = (async function* () {
          const bytes = archive(node)
          yield bytes.subarray(0, 100)
          come()
          yield bytes.subarray(100)
        })()
        const error = await unpack(source, target).catch((thrown: unknown) => thrown)
        expect(error).to.be.instanceOf(TreeFailure)
        expect(error).to.include({ path: target, problem: 'exists already; nothing is overwritten' })
        expect(readdirSync(dir)).to.deep.equal(['out'])
        const stats = lstatSync(target)
        expect(
          stats.isDirectory()
            ? readdirSync(target)
            : stats.isFile()
              ? readFileSync(target, 'utf8')
              : readlinkSync(target),
        ).to.deep.equal(stats.isDirectory() ? [] : 'mine')
        rmSync(target, { recursive: true })
      }
    }
  })

  it('packs and unpacks at paths that are not UTF-8, as bytes and as the text that stands for them', async () => {
    const bytes = archive(directory([Buffer.from([0x61, 0xff]), file('x')]))
    const raw = Buffer.concat([Buffer.from(`${dir}/`), Buffer.from([0x6f, 0xff])])
    for (const path of [raw, `${dir}/o\udcff`]) {
      await unpack([bytes], path)
      expect(readdirSync(dir, { encoding: 'buffer' })).to.deep.equal([Buffer.from([0x6f, 0xff])])
      expect(await packed(raw)).to.deep.equal(bytes)
      expect(await packed(`${dir}/o\udcff`)).to.deep.equal(bytes)
      const again = await unpack([bytes], path).catch((thrown: unknown) => thrown)
      expect(again).to.include({ name: 'TreeFailure', path: `${dir}/o\udcff` })
      rmSync(raw, { recursive: true })
    }
  })

  it('unpacks at a name as long as the system allows', async () => {
    const name = '語'.repeat(85)
    await unpack([archive(file('x'))], join(dir, name))
    expect(readdirSync(dir)).to.deep.equal([name])
  })

  it('leaves nothing of an archive that is cut or has bytes after it', async () => {
    const bytes = archive(directory([Buffer.from([0x61, 0xff]), directory(['b', file('x'.repeat(5000))])]))
    for (const length of [0, 10, 100, 300, 2000, bytes.length - 1]) {
      expect(await outcomeOf(bytes.subarray(0, length))).to.have.nested.property(
        'issue._tag',
        'UnexpectedEnd',
      )
    }
    expect(await outcomeOf(Buffer.concat([bytes, Buffer.from('x')]))).to.have.nested.property(
      'issue._tag',
      'TrailingBytes',
    )
  })

  it('leaves the bytes after an archive in a source that can be read on', async () => {
    const source = new ByteSource([
      Buffer.concat([archive(file('a')), archive(file('b')), Buffer.from('rest')]),
    ])
    await unpack(source, join(dir, 'a'))
    await unpack(source, join(dir, 'b'))
    expect(['a', 'b'].map((name) => readFileSync(join(dir, name), 'utf8'))).to.deep.equal(['a', 'b'])
    expect(Buffer.from((await source.next()) ?? []).toString()).to.equal('rest')
  })

  it('stops on request', async () => {
    const abort = new AbortController()
    const reason = new Error('enough')
    const source = (async function* () {
      const bytes = archive(file('x'.repeat(5000)))
      yield bytes.subarray(0, 1000)
      abort.abort(reason)
      yield bytes.subarray(1000)
    })()
    const error = await unpack(source, join(dir, 'out'), { signal: abort.signal }).catch(
      (thrown: unknown) => thrown,
    )
    expect(error).to.equal(reason)
    expect(readdirSync(dir)).to.deep.equal([])
  })

  it('reports a missing parent', async () => {
    const error = await unpack([archive(file('x'))], join(dir, 'no', 'out')).catch(
      (thrown: unknown) => thrown,
    )
    expect(error).to.include({ code: 'ENOENT' })
    expect(existsSync(join(dir, 'no'))).to.equal(false)
  })

  it('packs a tree beyond the limits up to the limit', async () => {
    let path = join(dir, 'deep')
    mkdirSync(path)
    for (let i = 0; i < 64; i++) {
      path = join(path, 'd')
      mkdirSync(path)
    }
    const error = await packed(join(dir, 'deep')).catch((thrown: unknown) => thrown)
    expect(error).to.have.nested.property('issue.limit', 'depth')
  })

  it('writes large values through events only', async () => {
    const root: NarNode = {
      type: 'directory',
      entries: Array.from({ length: 300 }, (_, i) => ({
        name: String(i).padStart(4, '0'),
        node: { type: 'regular', executable: i % 2 === 0, contents: Buffer.alloc(i * 31, i) },
      })),
    }
    await unpack(narBytes(eventsOf(root)), join(dir, 'out'))
    expect(await packed(join(dir, 'out'))).to.deep.equal(Buffer.from(rightOf(compile(Nar).encode({ root }))))
  })
})
