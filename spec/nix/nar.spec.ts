import { createHash } from 'node:crypto'
import {
  chmodSync,
  closeSync,
  createReadStream,
  createWriteStream,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { expect } from 'chai'
import fc from 'fast-check'
import type { ExportInfo } from '../../grammar/export.js'
import { ImportPaths } from '../../grammar/export.js'
import { compile } from '../../interpreters/index.js'
import { readExport, writeExport } from '../../stream/export.js'
import { pack, unpack } from '../../stream/nar/index.js'
import { rightOf } from '../support/either.js'
import { directoryNames } from '../support/names.js'
import { runNar } from '../support/nar-command.js'
import { describeWithNixStore, NixCommands } from '../support/nix-store.js'

const smallFiles = 2500
const largeFile = 9 * 2 ** 20 + 5

/** All kinds of nodes, names of every sort, many small files and a large one. */
const makeTree = (root: string): void => {
  mkdirSync(root)
  const put = (name: string | Buffer, contents: string, mode = 0o644): void => {
    const path = Buffer.concat([Buffer.from(`${root}/`), Buffer.from(name)])
    writeFileSync(path, contents)
    chmodSync(path, mode)
  }
  put('empty', '')
  put('empty executable', '', 0o755)
  put('executable', '#!/bin/sh\n', 0o711)
  put('.hidden', 'x')
  put('Zoë', 'composed')
  put('\uffee', 'above the surrogates')
  put('\u{1f600}', 'an astral name')
  put('new\nline', 'x')
  put(Buffer.from([0x62, 0x61, 0x64, 0xff, 0xfe]), 'no UTF-8')
  put('x'.repeat(255), 'a long name')
  for (let size = 1; size <= 17; size++) {
    put(`size ${size}`, 'y'.repeat(size))
  }
  symlinkSync('executable', join(root, 'link'))
  symlinkSync('../../away', join(root, 'link away'))
  symlinkSync('/nonexistent', join(root, 'link dangling'))
  symlinkSync(Buffer.from([0x61, 0xff]), join(root, 'link to no UTF-8'))
  mkdirSync(join(root, 'empty directory'))
  mkdirSync(join(root, ...Array.from({ length: 30 }, () => 'deep')), { recursive: true })
  for (let i = 0; i < smallFiles; i++) {
    if (i % 250 === 0) {
      mkdirSync(join(root, `many ${i / 250}`))
    }
    put(`many ${Math.floor(i / 250)}/${i}`, String(i).repeat(i % 60), i % 7 === 0 ? 0o755 : 0o644)
  }
  const fd = openSync(join(root, 'large'), 'w')
  const piece = Buffer.alloc(2 ** 20, 'nix-wire ')
  for (let left = largeFile; left > 0; left -= piece.length) {
    writeSync(fd, piece, 0, Math.min(left, piece.length))
  }
  closeSync(fd)
}

/** The lines behind each line that begins with =, sorted. */
const sortedBlocks = (text: string): string =>
  text
    .split(/^(?==)/m)
    .map((block) => {
      const [head, ...lines] = block.trim().split('\n')
      return [head, ...lines.sort()].join('\n')
    })
    .join('\n')

describeWithNixStore('archives, compared with real Nix', () => {
  let dir = ''
  let tree = ''
  let nix: NixCommands
  let dump: Buffer

  before(() => {
    dir = realpathSync(mkdtempSync(join(tmpdir(), 'nix-wire-nix-')))
    tree = join(dir, 'tree')
    makeTree(tree)
    nix = new NixCommands(join(dir, 'nix'))
    dump = nix.run('nix-store', ['--dump', tree])
    writeFileSync(join(dir, 'theirs.nar'), dump)
  })
  after(() => {
    // A store is read-only.
    nix.run('chmod', ['-R', 'u+w', dir])
    rmSync(dir, { recursive: true, force: true })
  })

  it('pack makes the same as nix-store --dump, byte for byte', async () => {
    await pipeline(pack(tree), createWriteStream(join(dir, 'ours.nar')))
    expect(readFileSync(join(dir, 'ours.nar')).equals(dump)).to.equal(true)
  })

  it('pack keeps names that are not UTF-8, like nix-store --dump', async () => {
    const mixed = join(dir, 'mixed')
    mkdirSync(mixed)
    for (const [i, names] of fc.sample(directoryNames, 150).entries()) {
      mkdirSync(join(mixed, String(i)))
      for (const name of names) {
        writeFileSync(Buffer.concat([Buffer.from(`${mixed}/${i}/`), name]), '')
      }
    }
    const ours: Array<Uint8Array> = []
    for await (const chunk of pack(mixed)) {
      ours.push(chunk)
    }
    const theirs = nix.run('nix-store', ['--dump', mixed])
    expect(Buffer.concat(ours).equals(theirs)).to.equal(true)
    const { stdout } = await runNar(['hash', '--base32', mixed])
    expect(stdout.toString()).to.equal(
      nix.run('nix-hash', ['--type', 'sha256', '--base32', mixed]).toString(),
    )
  })

  it('nix-store --restore makes the same tree of our archive', async () => {
    await pipeline(pack(tree), createWriteStream(join(dir, 'ours.nar')))
    nix.run('sh', [
      '-c',
      'nix-store --restore "$1" < "$2"',
      'sh',
      join(dir, 'restored'),
      join(dir, 'ours.nar'),
    ])
    expect(nix.run('diff', ['-r', '--no-dereference', tree, join(dir, 'restored')]).toString()).to.equal('')
    expect(nix.run('nix-store', ['--dump', join(dir, 'restored')]).equals(dump)).to.equal(true)
  })

  it('unpack creates the path exactly if nix-store --restore does', async () => {
    const place = join(dir, 'places')
    mkdirSync(join(place, 'there'), { recursive: true })
    writeFileSync(join(place, 'file'), 'x')
    symlinkSync('there', join(place, 'link'))
    const targets = [
      ...['out', './out', 'out/', 'out//', 'out/.', 'out/./', 'out/..', 'there/../out', 'link/out'],
      ...['missing/out', 'missing/../out', 'file/out', '.', '..', './', 'there', 'there/', 'file', 'file/'],
      ...['link', 'link/'],
    ].map((path) => `${place}/${path}`)
    const clean = () => {
      for (const name of ['out', 'there/out']) {
        rmSync(join(place, name), { recursive: true, force: true })
      }
    }
    // One process for all: its results for each node at each place, after lines that begin with =.
    const script = `cd "$1"; shift; for node in there file link; do
      nix-store --dump "$node" > "../$node.nar"
      for target in "$@" ''; do
        nix-store --restore "$target" < "../$node.nar" 2> /dev/null && how=made || how=refused
        echo "= $node at $target is $how"
        for folder in . there out; do
          [ -L "$folder" ] || for path in "$folder"/.[!.]* "$folder"/*; do
            if [ -e "$path" ] || [ -L "$path" ]; then echo "./\${path#./}"; fi
          done
        done
        if [ "$how" = made ] || [ -e out ] || [ -e there/out ]; then rm -rf out there/out; fi
      done
    done`
    const theirs = sortedBlocks(nix.run('sh', ['-c', script, 'sh', place, ...targets]).toString())
    let ours = ''
    for (const node of ['there', 'file', 'link']) {
      const archive = readFileSync(join(dir, `${node}.nar`))
      for (const target of [...targets, '']) {
        const how = await unpack([archive], target).then(
          () => 'made',
          () => 'refused',
        )
        const listing = ['.', './out', './there'].flatMap((path) =>
          lstatSync(join(place, path), { throwIfNoEntry: false })?.isDirectory()
            ? readdirSync(join(place, path)).map((name) => `${path}/${name}`)
            : [],
        )
        ours += [`= ${node} at ${target} is ${how}`, ...listing, ''].join('\n')
        clean()
      }
    }
    expect(sortedBlocks(ours)).to.equal(theirs)
    expect(theirs).to.contain('/out/ is made').and.to.contain('/out/. is refused')
  })

  it('unpack makes the same tree of their archive', async () => {
    await unpack(createReadStream(join(dir, 'theirs.nar')), join(dir, 'unpacked'))
    expect(nix.run('diff', ['-r', '--no-dereference', tree, join(dir, 'unpacked')]).toString()).to.equal('')
    expect(nix.run('nix-store', ['--dump', join(dir, 'unpacked')]).equals(dump)).to.equal(true)
  })

  it('nar hash prints the same as nix-hash', async () => {
    const theirs = (path: string, ...options: ReadonlyArray<string>) =>
      nix
        .run('nix-hash', [...options, path])
        .toString()
        .trim()
    const ours = async (...args: ReadonlyArray<string>) => {
      const { exitCode, stdout } = await runNar(['hash', ...args])
      expect(exitCode).to.equal(0)
      return stdout.toString().trim()
    }
    const base32 = theirs(tree, '--type', 'sha256', '--base32')
    expect(await ours(join(dir, 'theirs.nar'))).to.equal(`sha256:${base32}`)
    expect(await ours('--base32', tree)).to.equal(base32)
    // A small tree is enough for the forms.
    const part = join(tree, 'many 0')
    const archived = join(dir, 'part.nar')
    writeFileSync(archived, nix.run('nix-store', ['--dump', part]))
    const base16 = theirs(part, '--type', 'sha256')
    expect(await ours('--base16', part)).to.equal(base16)
    for (const type of ['sha512', 'md5']) {
      expect(await ours('--type', type, '--base16', archived)).to.equal(theirs(part, '--type', type))
    }
    const base64 = Buffer.from(base16, 'hex').toString('base64')
    expect(await ours('--base64', part)).to.equal(base64)
    expect(await ours('--sri', part)).to.equal(`sha256-${base64}`)
  })

  describe('exports', () => {
    let paths: ReadonlyArray<string> = []
    let theirs: Buffer

    before(() => {
      writeFileSync(join(dir, 'source'), 'a source\n')
      const expression = `derivation { name = "it"; system = builtins.currentSystem; builder = "/bin/sh";
        args = [ ${join(dir, 'source')} ]; }`
      const derivation = nix.run('nix-instantiate', ['-E', expression]).toString().trim()
      const little = join(dir, 'little')
      mkdirSync(little)
      writeFileSync(join(little, 'file'), 'x'.repeat(5000))
      symlinkSync('file', join(little, 'link'))
      const file = nix.run('nix-store', ['--add', little]).toString().trim()
      const closure = nix.run('nix-store', ['-qR', derivation]).toString().trim().split('\n')
      paths = [...closure, file]
      theirs = nix.run('nix-store', ['--export', ...paths])
    })

    const options = () => ({ protocol: { storeDir: nix.storeDir } })

    it('are read: each path, its references, and an archive with its hash in Nix', async () => {
      const seen: Array<string> = []
      let hash = createHash('sha256')
      for await (const event of readExport([theirs], options())) {
        if (event._tag === 'nar') {
          hash.update(event.bytes)
          continue
        }
        if (event._tag !== 'info') throw new Error('version 1 says nothing before')
        const { path, references } = event.info
        const query = (what: string) => nix.run('nix-store', ['-q', what, path]).toString().trim()
        expect(`sha256:${hash.digest('hex')}`).to.equal(
          `sha256:${nix.run('nix-hash', ['--type', 'sha256', path]).toString().trim()}`,
        )
        expect(String(event.narSize)).to.equal(query('--size'))
        expect(references).to.deep.equal(query('--references').split('\n').filter(Boolean).sort())
        seen.push(path)
        hash = createHash('sha256')
      }
      expect([...seen].sort()).to.deep.equal([...paths].sort())
      expect(seen).to.have.lengthOf(3)
    })

    it('are written byte for byte like by Nix, which imports them', async () => {
      const codec = compile(ImportPaths, options().protocol)
      const values = rightOf(codec.decode(theirs))
      expect(Buffer.from(rightOf(codec.encode(values))).equals(theirs)).to.equal(true)
      expect(values.some(({ references }) => references.length > 0)).to.equal(true)

      const infos = values.map(({ nar: _, ...info }): ExportInfo => info)
      const ours: Array<Uint8Array> = []
      const given = infos.map((info) => ({ info, nar: pack(info.path) }))
      for await (const chunk of writeExport(given, options())) {
        ours.push(chunk)
      }
      expect(Buffer.concat(ours).equals(theirs)).to.equal(true)

      nix.run('nix-store', ['--delete', '--ignore-liveness', ...paths])
      expect(() => nix.run('nix-store', ['--check-validity', paths[0]!])).to.throw()
      const imported = nix.run('nix-store', ['--import'], Buffer.concat(ours)).toString().trim().split('\n')
      expect([...imported].sort()).to.deep.equal([...paths].sort())
      nix.run('nix-store', ['--check-validity', ...paths])
      expect(nix.run('nix-store', ['--export', ...paths]).equals(theirs)).to.equal(true)
    })
  })
})
