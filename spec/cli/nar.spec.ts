import { once } from 'node:events'
import fs, {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import zlib, { brotliCompressSync, gzipSync } from 'node:zlib'
import { expect } from 'chai'
import { archive, directory, file, u64le, words } from '../support/nar.js'
import { runNar, spawnNar } from '../support/nar-command.js'
import { describeWithShared, sharedPath } from '../support/shared.js'
import { until } from '../support/waiting.js'

const hasZstd = 'createZstdDecompress' in zlib

const executable = words('(', 'type', 'regular', 'executable', '', 'contents', '#!/bin/sh\n', ')')
const link = words('(', 'type', 'symlink', 'target', '../etc\u001b[2J', ')')
const tree = archive(
  directory(
    [Buffer.from([0x61, 0xff]), file('')],
    ['bin', directory(['run', executable])],
    ['esc\u001b[31m\n', file('x')],
    ['link', link],
    ['ö', file('hello\n')],
  ),
)

/** Paths that are not there, and why. */
const missing = [
  ['nothing', 'the archive has no nothing'],
  ['nothing/at/all', 'the archive has no nothing'],
  ['bin/runs', './bin has no runs'],
  ['bin/run/x', './bin/run is a file'],
  ['link/passwd', './link is a symbolic link to "../etc\\u001b[2J", and links are not followed'],
] as const

describe('nix-wire nar', () => {
  let dir = ''
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'nix-wire-cli-'))
  })
  afterEach(() => {
    rmSync(dir, { recursive: true, force: true })
  })

  describe('ls', () => {
    it('lists mode, size and path, and sends only text to a terminal', async () => {
      const { exitCode, stdout, stderr } = await runNar(['ls'], tree)
      expect({ exitCode, stderr }).to.deep.equal({ exitCode: 0, stderr: '' })
      expect(stdout.toString().split('\n')).to.deep.equal([
        'dr-xr-xr-x              0 .',
        '-r--r--r--              0 "./a\\udcff"',
        'dr-xr-xr-x              0 ./bin',
        '-r-xr-xr-x             10 ./bin/run',
        '-r--r--r--              1 "./esc\\u001b[31m\\n"',
        'lrwxrwxrwx              0 ./link -> "../etc\\u001b[2J"',
        '-r--r--r--              6 ./ö',
        '',
      ])
    })

    it('prints a line of JSON for each node', async () => {
      writeFileSync(join(dir, 'a.nar'), tree)
      const { stdout } = await runNar(['ls', '--json-lines', join(dir, 'a.nar')])
      const lines = stdout.toString().trim().split('\n')
      expect(lines.map((line) => JSON.parse(line) as unknown)).to.deep.equal([
        { path: '.', type: 'directory' },
        { path: './a\udcff', type: 'regular', size: 0, executable: false },
        { path: './bin', type: 'directory' },
        { path: './bin/run', type: 'regular', size: 10, executable: true },
        { path: './esc\u001b[31m\n', type: 'regular', size: 1, executable: false },
        { path: './link', type: 'symlink', target: '../etc\u001b[2J' },
        { path: './ö', type: 'regular', size: 6, executable: false },
      ])
    })

    it('prints one JSON value: the form of Nix, and the form of a cache', async () => {
      const plain = archive(directory(['bin', directory(['run', executable])], ['ö', file('hello\n')]))
      const inner =
        '{"entries":{"run":{"executable":true,"narOffset":400,"size":10,"type":"regular"}},"type":"directory"}'
      const all = `{"entries":{"bin":${inner},"ö":{"narOffset":632,"size":6,"type":"regular"}},"type":"directory"}`
      expect((await runNar(['ls', '--json'], plain)).stdout.toString()).to.equal(`${all}\n`)
      expect((await runNar(['ls', '--json', '-', './bin/'], plain)).stdout.toString()).to.equal(`${inner}\n`)
      const { stdout } = await runNar(['ls', '--listing'], plain)
      expect(stdout.toString()).to.equal(`{"root":${all},"version":1}`)
      for (const more of [['--json'], ['--json-lines'], ['-', 'bin']]) {
        expect((await runNar(['ls', '--listing', ...more], plain)).exitCode).to.equal(2)
      }
    })

    it('lists the node at a path', async () => {
      for (const path of ['bin', '/bin/', './ö/../bin', '../bin']) {
        expect((await runNar(['ls', '-', path], tree)).stdout.toString()).to.equal(
          'dr-xr-xr-x              0 .\n-r-xr-xr-x             10 ./run\n',
        )
      }
      const lines = (await runNar(['ls', '--json-lines', '-', 'bin/run'], tree)).stdout.toString()
      expect(JSON.parse(lines)).to.deep.equal({ path: '.', type: 'regular', size: 10, executable: true })
    })

    it('says which part of a path is missing, and does not follow links', async () => {
      for (const options of [[], ['--json'], ['--json-lines']]) {
        for (const [path, why] of missing) {
          const { exitCode, stdout, stderr } = await runNar(['ls', ...options, '-', path], tree)
          expect([exitCode, stdout.length, stderr]).to.deep.equal([
            1,
            0,
            `nix-wire: no ./${path} in the archive: ${why}\n`,
          ])
        }
      }
    })

    it('lists an archive that is a single file', async () => {
      expect((await runNar(['ls', '-'], archive(file('abc')))).stdout.toString()).to.equal(
        '-r--r--r--              3 .\n',
      )
    })

    it('prints the entries before an invalid byte', async () => {
      const { exitCode, stdout, stderr } = await runNar(['ls'], tree.subarray(0, 600))
      expect(exitCode).to.equal(1)
      expect(stdout.toString()).to.match(/^dr-xr-xr-x/)
      expect(stderr).to.match(/the archive ends at byte 600, in \.\/bin/)
    })
  })

  describe('cat', () => {
    it('prints one file, however its path is written', async () => {
      for (const path of ['ö', '/ö/']) {
        expect((await runNar(['cat', '-', path], tree)).stdout.toString()).to.equal('hello\n')
      }
      expect((await runNar(['cat', '-', 'bin/run'], tree)).stdout.toString()).to.equal('#!/bin/sh\n')
      expect((await runNar(['cat', '-'], archive(file('alone')))).stdout.toString()).to.equal('alone')
    })

    it('says that a node is not a file', async () => {
      for (const [path, message] of [
        ['bin', './bin is a directory, not a file'],
        ['link', './link is a symbolic link to "../etc\\u001b[2J", not a file'],
        ...missing.map(([given, why]) => [given, `no ./${given} in the archive: ${why}`]),
      ]) {
        if (path === undefined || message === undefined) throw new Error('a path and its message')
        const { exitCode, stdout, stderr } = await runNar(['cat', '-', path], tree)
        expect({ exitCode, stdout: stdout.length, stderr }).to.deep.equal({
          exitCode: 1,
          stdout: 0,
          stderr: `nix-wire: ${message}\n`,
        })
      }
    })
  })

  describe('pack and unpack', () => {
    it('are each the inverse of the other', async () => {
      const target = join(dir, 'out')
      expect(await runNar(['unpack', '-', target], tree)).to.deep.include({ exitCode: 0, stderr: '' })
      expect(readFileSync(join(target, 'ö'), 'utf8')).to.equal('hello\n')
      expect(lstatSync(join(target, 'bin', 'run')).mode & 0o100).to.equal(0o100)
      const { exitCode, stdout } = await runNar(['pack', target])
      expect(exitCode).to.equal(0)
      expect(stdout).to.deep.equal(tree)
    })

    it('accepts relative paths, and does not change the working directory', async () => {
      const before = process.cwd()
      writeFileSync(join(dir, 'a.nar'), archive(directory(['tree', directory(['tree', file('x')])])))
      process.chdir(dir)
      try {
        expect(await runNar(['unpack', 'a.nar', 'tree'])).to.deep.include({ exitCode: 0, stderr: '' })
        writeFileSync(
          join(dir, 'a.nar'),
          archive(directory(['a', file('')], ['n'.repeat(200), file('x')])).subarray(0, -8),
        )
        expect(await runNar(['unpack', './a.nar', 'again'])).to.have.property('exitCode', 1)
        expect(await runNar(['unpack', 'none.nar', 'again'])).to.have.property('exitCode', 2)
        expect(realpathSync(process.cwd())).to.equal(realpathSync(dir))
      } finally {
        process.chdir(before)
      }
      expect(readFileSync(join(dir, 'tree', 'tree', 'tree'), 'utf8')).to.equal('x')
      expect(readdirSync(dir).sort()).to.deep.equal(['a.nar', 'tree'])
    })

    it('names the path that the system rejects as it was given', async () => {
      const { openSync } = fs
      fs.openSync = ((path: string, ...more: [number, number]) =>
        openSync(`${path}${path.endsWith('/tree/b') ? '/none' : ''}`, ...more)) as typeof openSync
      syncBuiltinESMExports()
      try {
        const archived = archive(directory(['tree', directory(['b', file('x')])]))
        const { exitCode, stderr } = await runNar(['unpack', '-', join(dir, 'out')], archived)
        expect([exitCode, stderr]).to.deep.equal([
          2,
          `nix-wire: ENOENT: no such file or directory, open '${join(dir, 'out', 'tree', 'b', 'none')}'\n`,
        ])
      } finally {
        fs.openSync = openSync
        syncBuiltinESMExports()
      }
    })

    it('packs the bytes of standard input as a file', async () => {
      expect((await runNar(['pack', '-'], 'hello')).stdout).to.deep.equal(archive(file('hello')))
      expect((await runNar(['pack', '-'], '')).stdout).to.deep.equal(archive(file('')))
    })

    it('does not overwrite anything', async () => {
      writeFileSync(join(dir, 'mine'), 'mine')
      symlinkSync('nowhere', join(dir, 'dangling'))
      for (const name of ['mine', 'dangling']) {
        const { exitCode, stderr } = await runNar(['unpack', '-', join(dir, name)], tree)
        expect(exitCode).to.equal(2)
        expect(stderr).to.match(/: exists already; nothing is overwritten\n$/)
      }
      expect(readFileSync(join(dir, 'mine'), 'utf8')).to.equal('mine')
    })

    it('leaves nothing of an invalid archive', async () => {
      const { exitCode, stderr } = await runNar(['unpack', '-', join(dir, 'out')], tree.subarray(0, 900))
      expect(exitCode).to.equal(1)
      expect(stderr).to.match(/not a valid archive: the archive ends at byte 900/)
      expect(readdirSync(dir)).to.deep.equal([])
    })

    it('says whether the paths of the archive are too long or the disk is full', async () => {
      let deep = file('x')
      for (let depth = 0; depth < 40; depth++) {
        deep = directory(['n'.repeat(250), deep])
      }
      const long = await runNar(['unpack', '-', join(dir, 'out')], archive(deep))
      expect([long.exitCode, long.stderr.includes('longer than the system takes')]).to.deep.equal([1, true])
      const given = await runNar(['unpack', '-', join(dir, 'n'.repeat(300))], tree)
      expect([given.exitCode, given.stderr.includes('ENAMETOOLONG')]).to.deep.equal([2, true])
      const { writeSync } = fs
      fs.writeSync = () => {
        throw Object.assign(new Error('ENOSPC: no space left on device, write'), {
          code: 'ENOSPC',
          syscall: 'write',
        })
      }
      try {
        const full = await runNar(['unpack', '-', join(dir, 'out')], tree)
        expect([full.exitCode, full.stderr]).to.deep.equal([
          1,
          'nix-wire: ENOSPC: no space left on device, write\n',
        ])
      } finally {
        fs.writeSync = writeSync
        syncBuiltinESMExports()
      }
      expect(readdirSync(dir)).to.deep.equal([])
    })

    it('leaves nothing when it is interrupted', async () => {
      const child = spawnNar(['unpack', '-', join(dir, 'out')])
      child.stdin.write(tree.subarray(0, 900))
      await until(() => readdirSync(dir).length > 0)
      child.kill('SIGINT')
      const stderr = once(child.stderr, 'data')
      const [exitCode] = (await once(child, 'close')) as [number]
      expect(exitCode).to.equal(1)
      expect(String((await stderr)[0])).to.match(/interrupted; nothing was written/)
      expect(readdirSync(dir)).to.deep.equal([])
    })

    it('names the path that cannot be read', async () => {
      const { exitCode, stderr } = await runNar(['pack', join(dir, 'nothing')])
      expect(exitCode).to.equal(2)
      expect(stderr).to.match(/ENOENT.*nothing/)
      expect((await runNar(['unpack', join(dir, 'nothing'), join(dir, 'out')])).exitCode).to.equal(2)
      expect(existsSync(join(dir, 'out'))).to.equal(false)
    })
  })

  describe('verify', () => {
    it('counts the entries of a valid archive', async () => {
      expect(await runNar(['verify'], tree)).to.deep.equal({
        exitCode: 0,
        stdout: Buffer.from(`valid: ${tree.length} bytes, files: 4, symbolic links: 1, directories: 2\n`),
        stderr: '',
      })
    })

    it('rejects bytes after the archive', async () => {
      const { exitCode, stderr } = await runNar(['verify'], Buffer.concat([tree, Buffer.from('x')]))
      expect(exitCode).to.equal(1)
      expect(stderr).to.match(new RegExp(`the first wrong byte is byte ${tree.length}, in \\.`))
      expect(stderr).to.match(/TrailingBytes/)
    })

    it('shows the bytes before an invalid one, even if their buffer is reused', async () => {
      // The contents end 8 bytes before the end of the first 256 KiB, the size in which a file is read.
      const bytes = archive(file(Buffer.alloc(262_040, 'z')))
      bytes[262_144] = 0
      const wrong = join(dir, 'wrong.nar')
      writeFileSync(wrong, Buffer.concat([bytes, Buffer.alloc(300_000)]))
      const { exitCode, stderr } = await runNar(['verify', wrong])
      expect(exitCode).to.equal(1)
      expect(stderr).to.match(/the first wrong byte is byte 262144, in \./)
      expect(stderr).to.match(/0003fff0 {2}(7a ){8}01 (00 ){7} *\|z{8}\.{8}\|/)
    })

    it('shows the first wrong byte, far into an archive that comes in many chunks', async () => {
      const names = Array.from({ length: 4000 }, (_, i) => String(i).padStart(5, '0'))
      const bytes = archive(directory(...names.map((name) => [name, file('contents')] as const)))
      const at = bytes.indexOf('03900') + 2
      bytes[at] = 0
      const { exitCode, stdout, stderr } = await runNar(['verify'], bytes)
      expect({ exitCode, stdout: stdout.length }).to.deep.equal({ exitCode: 1, stdout: 0 })
      expect(stderr).to.match(new RegExp(`the first wrong byte is byte ${at}, in \\.`))
      expect(stderr).to.match(/an entry name: .* without "\/" and NUL/)
      expect(stderr).to.contain('30 33 00 30 30')
    })

    describeWithShared('and the archives of the reference implementation', () => {
      const wrong: ReadonlyArray<readonly [string, number, RegExp]> = [
        ['executable-after-contents', 240, /"\)" \(the node ends\)/],
        ['name-after-node', 121, /"name" \(the first field of an entry\)/],
        ['regular-one-byte-non-zero-padding', 97, /a zero byte \(the padding of contents\)/],
        ['slash', 137, /an entry name/],
      ]
      for (const [name, at, rule] of wrong) {
        it(name, async () => {
          const { exitCode, stderr } = await runNar(['verify', sharedPath(`golden/nars/${name}.nar`)])
          expect(exitCode).to.equal(1)
          expect(stderr).to.match(new RegExp(`the first wrong byte is byte ${at}, in `))
          expect(stderr).to.match(rule)
        })
      }
    })
  })

  describe('verify --listing', () => {
    const said = async (...args: ReadonlyArray<string>): Promise<string> => {
      const { stdout } = await runNar(['ls', ...args], tree)
      writeFileSync(join(dir, 'listing'), stdout)
      return join(dir, 'listing')
    }

    it('compares an archive with its listing: of a cache, of Nix, compressed', async () => {
      const plain = await said('--json')
      const ended = await said('--listing')
      writeFileSync(join(dir, 'listing.br'), brotliCompressSync(readFileSync(ended)))
      for (const listing of [plain, ended, join(dir, 'listing.br')]) {
        const { exitCode, stdout } = await runNar(['verify', '--listing', listing], tree)
        expect([exitCode, stdout.toString().split('\n')[1]]).to.deep.equal([
          0,
          'the listing matches the archive',
        ])
      }
    })

    it('says how they differ', async () => {
      const listing = await said('--listing')
      const text = readFileSync(listing, 'utf8')
      writeFileSync(listing, text.replace('"executable":true,', '').replace('"size":6', '"size":7'))
      const { exitCode, stdout, stderr } = await runNar(['verify', '--listing', listing], tree)
      expect([exitCode, stdout.toString().split(':')[0]]).to.deep.equal([1, 'valid'])
      expect(stderr.split('\n')).to.deep.equal([
        'nix-wire: the listing does not match the archive:',
        '  ./bin/run: expected a file of 10 bytes, got an executable file of 10 bytes',
        '  ./ö: expected a file of 7 bytes, got a file of 6 bytes',
        '',
      ])
    })

    it('says where a listing is invalid', async () => {
      const listing = await said('--listing')
      writeFileSync(listing, readFileSync(listing, 'utf8').replace('"symlink"', '"pipe"'))
      const { exitCode, stdout, stderr } = await runNar(['verify', '--listing', listing], tree)
      expect([exitCode, stdout.length]).to.deep.equal([1, 0])
      expect(stderr).to.match(
        /is not a listing: 1:\d+: root\.entries\.link\.type: expected .*, got "\\"pipe\\"/,
      )
      expect((await runNar(['verify', '--listing', join(dir, 'none')], tree)).exitCode).to.equal(2)
    })
  })

  describe('what is not an archive', () => {
    const nar = archive(file('x'))
    const exported = Buffer.concat([u64le(1n), nar, u64le(0x4558494en)])
    const foreign: ReadonlyArray<readonly [string, Uint8Array, string]> = [
      // `xz -c`, `zstd -c`, `bzip2 -c` of one byte.
      [
        'xz',
        Buffer.from(
          '/Td6WFoAAATm1rRGAgAhARYAAAB0L+WjAQAAeAAAAABFru+D+O4WCgABGQGlLIHMH7bzfQEAAAAABFla',
          'base64',
        ),
        'xz -dc FILE',
      ],
      ...(hasZstd ? [] : [['zstd', Buffer.from('28b52ffd04580900007823110483', 'hex'), '22.15 on'] as const]),
      [
        'bzip2',
        Buffer.from('425a6839314159265359774bb01400000000800040200021184682ee48a70a120ee9760280', 'hex'),
        'bzip2 -dc FILE',
      ],
      ['an export', exported, 'nix-wire export ls FILE'],
      ['an export', Buffer.from('NARIO2\0\0'), 'nix-wire export ls FILE'],
    ]
    for (const [name, bytes, advice] of foreign) {
      it(`is named: ${name} (${bytes.length} bytes)`, async () => {
        writeFileSync(join(dir, 'it'), bytes)
        const commands = [
          ['ls', '-'],
          ['ls', '--json', join(dir, 'it')],
          ['cat', join(dir, 'it'), 'x'],
          ['unpack', join(dir, 'it'), join(dir, 'out')],
          ['verify', '-'],
          ['hash', join(dir, 'it')],
        ]
        for (const command of commands) {
          const { exitCode, stdout, stderr } = await runNar(command, bytes)
          expect([exitCode, stdout.length], command.join(' ')).to.deep.equal([1, 0])
          expect(stderr).to.match(/^nix-wire: not an archive: it is .*\n$/)
          expect(stderr).to.contain(name).and.to.contain(advice)
        }
        expect(readdirSync(dir)).to.deep.equal(['it'])
      })
    }

    it('is not named if the archive is invalid or ends only later', async () => {
      for (const bytes of [nar.subarray(0, 30), Buffer.concat([nar, gzipSync(nar)]), Buffer.from('BZ')]) {
        expect((await runNar(['verify'], bytes)).stderr).to.match(/^nix-wire: not a valid archive/)
      }
    })
  })

  describe('hash', () => {
    // sha256 of the archive of the file "hello", by coreutils' sha256sum on bytes written by hand.
    const bytes = archive(file('hello'))

    it('hashes an archive, and the archive that a file or folder would become', async () => {
      mkdirSync(join(dir, 'tree'))
      writeFileSync(join(dir, 'tree', 'a'), 'hello')
      writeFileSync(join(dir, 'a.nar'), archive(directory(['a', file('hello')])))
      const ofTree = (await runNar(['hash', join(dir, 'tree')])).stdout.toString()
      expect(ofTree).to.match(/^sha256:[0-9a-z]{52}\n$/)
      expect((await runNar(['hash', join(dir, 'a.nar')])).stdout.toString()).to.equal(ofTree)
      const ofFile = (await runNar(['hash', '--path', join(dir, 'tree', 'a')])).stdout.toString()
      expect((await runNar(['hash'], bytes)).stdout.toString()).to.equal(ofFile)
    })

    it('prints no hash of an invalid archive', async () => {
      const { exitCode, stdout } = await runNar(['hash'], bytes.subarray(0, 100))
      expect({ exitCode, stdout: stdout.length }).to.deep.equal({ exitCode: 1, stdout: 0 })
    })

    it('rejects two forms at once, and an unknown algorithm', async () => {
      expect((await runNar(['hash', '--base16', '--sri'], bytes)).exitCode).to.equal(2)
      expect((await runNar(['hash', '--type', 'crc32'], bytes)).exitCode).to.equal(2)
    })
  })

  it('ends without an error if its output is closed early', async () => {
    const names = Array.from({ length: 20_000 }, (_, i) => String(i).padStart(5, '0'))
    writeFileSync(join(dir, 'a.nar'), archive(directory(...names.map((name) => [name, file('')] as const))))
    const child = spawnNar(['ls', join(dir, 'a.nar')])
    let stderr = ''
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString()
    })
    await once(child.stdout, 'data')
    child.stdout.destroy()
    const [exitCode] = (await once(child, 'close')) as [number]
    expect({ exitCode, stderr }).to.deep.equal({ exitCode: 0, stderr: '' })
  })

  it('has examples in the help of each command', async () => {
    const commands = [[], ['ls'], ['cat'], ['pack'], ['unpack'], ['verify'], ['hash']]
    for (const { exitCode, stdout } of await Promise.all(
      commands.map((words) => runNar([...words, '--help'])),
    )) {
      expect(exitCode).to.equal(0)
      expect(stdout.toString()).to.match(/Examples:\n {2}\$ .*nix-wire nar/)
      expect(stdout.toString()).to.match(/Exit codes/)
    }
  })

  it('says what is wrong with the command line', async () => {
    const wrong = [['frobnicate'], ['unpack', '-'], ['cat'], ['pack'], ['ls', 'a', 'b', 'c'], []]
    const ran = await Promise.all(wrong.map((words) => runNar(words)))
    expect(ran.map(({ exitCode }) => exitCode)).to.deep.equal(wrong.map(() => 2))
  })
})
