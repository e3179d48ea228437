import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { serve } from '../../daemon/server.js'
import { type StorePath, toBase16 } from '../../types/index.js'
import { nixWire, type Ran } from '../support/cli.js'
import { contentAddressedPath, digest, type MemoryStore, memoryStore } from '../support/memory-store.js'
import { archive, directory, file, words } from '../support/nar.js'
import { describeWithNix, type NixDaemon, startNixDaemon } from '../support/nix-daemon.js'

const missing = '/nix/store/g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-missing'

describe('nix-wire store', () => {
  let dir: string
  let server: Server
  let store: MemoryStore
  let leaf: string
  let branch: string

  before(async () => {
    dir = mkdtempSync(join(tmpdir(), 'nix-wire-'))
    store = memoryStore()
    const text = { _tag: 'Text', algorithm: 'sha256' } as const
    const { path } = await store.add('leaf', text, Buffer.from('leaf'))
    leaf = path
    branch = (await store.add('branch', text, Buffer.from(`see ${path}`), [path])).path
    server = createServer(
      (socket) => void serve(socket, store.handlers, { nixVersion: '2.99', trusted: true }),
    )
    await new Promise<void>((resolve) => server.listen(join(dir, 's'), resolve))
  })

  after(async () => {
    await new Promise((resolve) => server.close(resolve))
    rmSync(dir, { recursive: true })
  })

  const run = (...args: ReadonlyArray<string>): Promise<Ran> =>
    nixWire(['store', ...args], '', {
      NIX_REMOTE: '',
      NIX_STORE_DIR: undefined,
      NIX_DAEMON_SOCKET_PATH: join(dir, 's'),
    })

  const printed = async (...args: ReadonlyArray<string>): Promise<string> => {
    const { exitCode, stdout, stderr } = await run(...args)
    expect([exitCode, stderr], args.join(' ')).to.deep.equal([0, ''])
    return stdout.toString()
  }

  it('pings', async () => {
    expect(JSON.parse(await printed('ping', '--json'))).to.deep.equal({
      daemon: join(dir, 's'),
      protocol: '1.38',
      features: ['delete-dead-specific-referrers', 'realisation-with-path-not-hash'],
      daemonProtocol: '1.38',
      nixVersion: '2.99',
      trusted: true,
    })
    expect(await printed('ping', '-p', '1.30')).to.contain('protocol  1.30 (the daemon has 1.38)')
  })

  it('prints path infos, for people and for programs', async () => {
    const json = (await printed('path-info', '--json', leaf, branch)).trim().split('\n')
    expect(json.map((line) => JSON.parse(line).path)).to.deep.equal([leaf, branch])
    expect(JSON.parse(json[1]!)).to.deep.include({ references: [leaf], narSize: 168 })
    expect(await printed('path-info', branch)).to.contain(`refers to  ${leaf}`)
    const { exitCode, stderr } = await run('path-info', missing)
    expect([exitCode, stderr]).to.deep.equal([1, `nix-wire: ${missing} is not valid\n`])
  })

  it('lists the store, and a path', async () => {
    expect((await printed('ls')).trim().split('\n')).to.deep.equal([branch, leaf].sort())
    expect(await printed('ls', leaf)).to.match(/^-r--r--r-- +4 \.\n$/)
    expect(JSON.parse(await printed('ls', '--json', leaf))).to.include({ type: 'regular', size: 4 })
  })

  it('takes a path below a store path for that node of its archive, or rejects it', async () => {
    const inner = directory(
      ['run', file('#!'.repeat(9))],
      ['to', words('(', 'type', 'symlink', 'target', 'run', ')')],
    )
    const tree = directory(['a', file('a')], ['bin', inner], ['bin2', file('b')], ['z', file('')])
    const method = { _tag: 'NixArchive', algorithm: 'sha256' } as const
    const { path } = await store.add('tree', method, archive(tree))
    expect(await printed('ls', `${path}/bin`)).to.equal(
      'dr-xr-xr-x              0 .\n-r--r--r--             18 ./run\nlrwxrwxrwx              0 ./to -> run\n',
    )
    expect(await printed('ls', `${path.slice(11)}/bin/run/`)).to.equal('-r--r--r--             18 .\n')
    expect(await printed('ls', `${path}/`)).to.equal(await printed('ls', path))
    for (const [names, node] of [
      ['', tree],
      ['/bin', inner],
      ['/./bin//', inner],
      ['/bin2', file('b')],
      ['/z', file('')],
    ] as const) {
      const { exitCode, stdout } = await run('nar', `${path}${names}`)
      expect([exitCode, stdout]).to.deep.equal([0, archive(node)])
    }
    expect(await printed('ls', '--json', `${path}/bin`)).to.equal(
      '{"entries":{"run":{"narOffset":560,"size":18,"type":"regular"},"to":{"target":"run","type":"symlink"}},"type":"directory"}\n',
    )
    expect((await printed('ls', '--json-lines', `${path}/bin`)).split('\n')[1]).to.equal(
      '{"path":"./run","type":"regular","size":18,"executable":false}',
    )
    expect(await printed('cat', `${path}/bin/run`)).to.equal('#!'.repeat(9))
    expect(await printed('ls', `${path}/bin/..`)).to.equal(await printed('ls', path))
    for (const command of ['ls', 'nar', 'cat']) {
      for (const [names, why] of [
        ['bin/none', './bin has no none'],
        ['none/of/it', 'the archive has no none'],
        ['bin/to/x', './bin/to is a symbolic link to run, and links are not followed'],
        ['a/b', './a is a file'],
      ]) {
        const { exitCode, stdout, stderr } = await run(command, `${path}/${names}`)
        expect([exitCode, stdout.length, stderr]).to.deep.equal([
          1,
          0,
          `nix-wire: no ./${names} in the archive: ${why}\n`,
        ])
      }
      expect((await run(command, `${path}/..`)).exitCode).to.equal(2)
    }
    for (const [names, what] of [
      ['', 'a directory'],
      ['/bin/to', 'a symbolic link to run'],
    ]) {
      expect((await run('cat', `${path}${names}`)).stderr).to.match(new RegExp(`is ${what}, not a file`))
    }
    for (const command of ['path-info', 'valid', 'closure']) {
      const { exitCode, stdout, stderr } = await run(command, `${path}/bin`)
      expect([exitCode, stdout.length]).to.deep.equal([2, 0])
      expect(stderr).to.contain(`./bin is inside ${path}`)
      expect((await run(command, `${path}/`)).exitCode).to.equal(0)
    }
  })

  it('exports paths, references first, in both versions', async () => {
    const listed = async (bytes: Uint8Array): Promise<ReadonlyArray<unknown>> =>
      (await nixWire(['export', 'ls', '--json'], bytes)).stdout
        .toString()
        .trim()
        .split('\n')
        .map((line) => {
          const { path, narSize, narHash } = JSON.parse(line) as Record<string, unknown>
          return [path, narSize, narHash]
        })
    const known = (path: string): unknown => {
      const { narSize, narHash } = store.entries.get(path as StorePath)!.info
      return [path, Number(narSize), narHash]
    }
    for (const format of [[], ['--format', '1'], ['--format', '2']]) {
      const all = await run('export', '--closure', branch, ...format)
      expect([all.exitCode, all.stderr]).to.deep.equal([0, ''])
      expect(await listed(all.stdout)).to.deep.equal([leaf, branch].map(known))
      expect(all.stdout.subarray(0, 6).toString() === 'NARIO2').to.equal(format[1] === '2')
      const both = await run('export', branch, leaf, branch, ...format)
      expect(both.stdout.equals(all.stdout)).to.equal(true)
      const one = await run('export', branch.slice(11), ...format)
      expect(await listed(one.stdout)).to.deep.equal([branch].map(known))
    }
    const { exitCode, stdout, stderr } = await run('export', leaf, missing)
    expect([exitCode, stdout.length, stderr]).to.deep.equal([1, 0, `nix-wire: ${missing} is not valid\n`])
    expect((await run('export', `${leaf}/x`)).exitCode).to.equal(2)
    expect((await run('export', leaf, '--format', '3')).exitCode).to.equal(2)
  })

  it('reports a file that it cannot write', async function () {
    if (!existsSync('/dev/full')) {
      this.skip() // Only Linux has a device that is always full.
    }
    const { exitCode, stderr } = await run('nar', branch, '-o', '/dev/full')
    expect([exitCode, stderr]).to.deep.equal([
      1,
      'nix-wire: cannot write /dev/full: ENOSPC: no space left on device, write\n',
    ])
  })

  it('says which paths are valid', async () => {
    expect(await printed('valid', leaf.slice(11), branch)).to.equal(`${leaf}\n${branch}\n`)
    const { exitCode, stdout, stderr } = await run('valid', missing, leaf)
    expect([exitCode, stdout.toString()]).to.deep.equal([1, `${leaf}\n`])
    expect(stderr).to.contain('1 of 2 paths is not valid')
  })

  it('lists a closure, references first', async () => {
    expect(await printed('closure', branch)).to.equal(`${leaf}\n${branch}\n`)
  })

  it('fetches archives', async () => {
    const { stdout, exitCode } = await run('nar', branch)
    const expected = store.entries.get(branch as never)!
    expect([exitCode, toBase16(digest('sha256', stdout))]).to.deep.equal([0, expected.info.narHash])
    await printed('nar', branch, '-o', join(dir, 'out.nar'))
    expect(readFileSync(join(dir, 'out.nar')).equals(expected.nar)).to.equal(true)
    expect((await run('nar', missing)).exitCode).to.equal(1)
  })

  it('leaves the old file, and nothing beside it, if an archive breaks off', async () => {
    const out = join(dir, 'old.nar')
    writeFileSync(out, 'old')
    const entry = store.entries.get(leaf as never)!
    store.entries.set(leaf as never, { ...entry, nar: entry.nar.subarray(0, 50) })
    const before = readdirSync(dir)
    const { exitCode } = await run('nar', leaf, '-o', out)
    store.entries.set(leaf as never, entry)
    expect([exitCode, readFileSync(out, 'utf8'), readdirSync(dir)]).to.deep.equal([1, 'old', before])
  })

  it('adds files and directories, at every version', async () => {
    mkdirSync(join(dir, 'tree'))
    writeFileSync(join(dir, 'tree', 'a'), 'a')
    const file = join(dir, 'file')
    writeFileSync(file, 'contents')
    const flat = contentAddressedPath(
      '/nix/store',
      'x',
      { _tag: 'Flat', algorithm: 'sha256' },
      Buffer.from('contents'),
    )
    for (const version of ['1.38', '1.20']) {
      const { stdout, exitCode } = await run('add', '--flat', '--name', 'x', file, '-p', version)
      expect([exitCode, stdout.toString()]).to.deep.equal([0, `${flat}\n`])
    }
    const added = (await run('add', join(dir, 'tree'))).stdout.toString().trim()
    expect(await printed('ls', added)).to.contain(' ./a\n')
  })

  it('reports what is wrong with the daemon, or with the command line', async () => {
    const closed = await run('ping', '--socket', '/no/such/socket')
    expect([closed.exitCode, closed.stdout.length]).to.deep.equal([1, 0])
    expect(closed.stderr).to.contain('no daemon listens at /no/such/socket').and.contain('ENOENT')
    const greeting = await run('ping', '--command', 'echo hello there')
    expect(greeting.exitCode).to.equal(1)
    expect(greeting.stderr).to.contain('the other side sent text: "hello there\\n"')
    const wrong = [
      [['path-info', '/etc/passwd'], 'is not a path in /nix/store'],
      [['path-info'], 'missing argument <'],
      [['add', '/no/such/file'], 'cannot read /no/such/file'],
      [['add', '--flat', dir], 'is not a file'],
      [['ping', '-p', '1.999'], 'expected a version such as 1.37'],
      [['ls', '-s', 'nix/store'], 'not a store directory'],
      [['no-such-command'], 'unknown command'],
    ] as const
    const ran = await Promise.all(wrong.map(([args]) => run(...args)))
    ran.forEach(({ exitCode, stderr }, i) => {
      expect(exitCode, wrong[i]![0].join(' ')).to.equal(2)
      expect(stderr).to.contain(wrong[i]![1])
    })
    expect((await run('add', '--help')).stdout.toString()).to.contain('Examples:')
  })
})

describeWithNix('nix-wire store, with a real daemon', () => {
  let daemon: NixDaemon
  before(async () => {
    daemon = await startNixDaemon()
  })
  after(() => daemon?.stop())

  it('works over the socket, and over nix-daemon --stdio', async () => {
    const env = { ...daemon.env, PATH: process.env.PATH }
    const file = join(daemon.dir, 'file')
    writeFileSync(file, 'contents')
    const added = await nixWire(['store', 'add', file], '', env)
    const path = added.stdout.toString().trim()
    expect(path).to.match(/^\S+-file$/)
    for (const where of [[], ['--command', 'nix-daemon --stdio']]) {
      const { stdout, exitCode, stderr } = await nixWire(['store', 'ls', path, ...where], '', env)
      expect([exitCode, stderr]).to.deep.equal([0, ''])
      expect(stdout.toString()).to.match(/ 8 \.\n$/)
    }
  })
})
