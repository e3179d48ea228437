import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { nixWire } from '../support/cli.js'
import { describeWithNix, startNixDaemon } from '../support/nix-daemon.js'
import { describeReleases } from '../support/nix-releases.js'
import { describeWithNixStore, NixCommands } from '../support/nix-store.js'

interface Listed {
  readonly path: string
  readonly deriver: string | null
  readonly narHash: string
  readonly references: ReadonlyArray<string>
  readonly narSize: number
}

describeWithNixStore('exports, beside real Nix', () => {
  let dir = ''
  before(() => {
    dir = realpathSync(mkdtempSync(join(tmpdir(), 'nix-wire-exports-')))
  })
  after(() => {
    rmSync(dir, { recursive: true, force: true })
  })

  describeReleases('as they are', ({ version, bin }) => {
    let nix: NixCommands
    let paths: ReadonlyArray<string>
    let file: string
    let theirs: Buffer

    before(() => {
      nix = new NixCommands(join(dir, version), bin)
      const tree = join(dir, `tree-${version}`)
      mkdirSync(tree)
      writeFileSync(join(tree, 'tea'), 'tea'.repeat(100_000))
      const leaf = nix.run('nix-store', ['--add', tree]).toString().trim()
      // A derivation has references to its sources, and its output has a deriver.
      const expression = `derivation { name = "made"; system = builtins.currentSystem; builder = "/bin/sh";
        args = [ "-c" "echo \${builtins.storePath "${leaf}"} > $out" ]; }`
      const drv = nix.run('nix-instantiate', ['-E', expression]).toString().trim()
      const made = nix.run('nix-store', ['--realise', drv]).toString().trim()
      paths = nix.run('nix-store', ['-qR', made, drv]).toString().trim().split('\n')
      theirs = nix.run('nix-store', ['--export', ...paths])
      file = join(dir, `${version}.export`)
      writeFileSync(file, theirs)
    })

    const wire = async (...args: ReadonlyArray<string>): Promise<Buffer> => {
      const { exitCode, stdout, stderr } = await nixWire(['export', ...args, '--store-dir', nix.storeDir])
      expect([exitCode, stderr]).to.deep.equal([0, ''])
      return stdout
    }
    const list = async (of: string): Promise<ReadonlyArray<Listed>> =>
      (await wire('ls', '--json', of))
        .toString()
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Listed)

    it('are listed with the paths of Nix', async () => {
      const query = (what: string, path: string): string =>
        nix.run('nix-store', ['-q', what, path]).toString().trim()
      const listed = await list(file)
      expect(listed.map(({ path }) => path).sort()).to.deep.equal([...paths].sort())
      for (const { path, deriver, narHash, references, narSize } of listed) {
        expect(narHash).to.equal(nix.run('nix-hash', ['--type', 'sha256', path]).toString().trim())
        expect(String(narSize)).to.equal(query('--size', path))
        expect(references).to.deep.equal(query('--references', path).split('\n').filter(Boolean).sort())
        expect(deriver ?? 'unknown-deriver').to.equal(query('--deriver', path))
      }
      expect(listed.some(({ deriver }) => deriver !== null)).to.equal(true)
    })

    it('are converted to version 2 and back, and imported', async () => {
      const nario = join(dir, `${version}.nario`)
      writeFileSync(nario, await wire('convert', '--to', '2', file))
      const ours = await wire('convert', '--to', '1', nario)
      expect(ours.equals(theirs)).to.equal(true)
      const before = await list(file)
      nix.run('nix-store', ['--delete', ...paths])
      expect(() => nix.run('nix-store', ['-q', '--size', paths[0]!])).to.throw()
      const imported = nix.run('nix-store', ['--import'], ours).toString().trim().split('\n')
      expect(imported.sort()).to.deep.equal([...paths].sort())
      writeFileSync(file, nix.run('nix-store', ['--export', ...paths]))
      expect(await list(file)).to.deep.equal(before)
    })
  })
})

describeWithNix('store export, beside a real daemon', () => {
  it('writes an export that another store imports', async () => {
    const daemon = await startNixDaemon()
    const other = await startNixDaemon({ storeDir: daemon.storeDir })
    try {
      const nix = (
        env: NodeJS.ProcessEnv,
        command: string,
        args: ReadonlyArray<string>,
        input: Uint8Array = new Uint8Array(0),
      ) =>
        execFileSync(command, args, { env, input, stdio: ['pipe', 'pipe', 'pipe'] })
          .toString()
          .trim()
      writeFileSync(join(daemon.dir, 'tmp', 'tea'), 'tea'.repeat(100_000))
      const leaf = nix(daemon.env, 'nix-store', ['--add', join(daemon.dir, 'tmp', 'tea')])
      const expression = `builtins.toFile "branch" "see \${builtins.storePath "${leaf}"}"`
      const branch = JSON.parse(
        nix(daemon.env, 'nix-instantiate', ['--eval', '--read-write-mode', '-E', expression]),
      ) as string
      const where = ['--socket', daemon.socket, '--store-dir', daemon.storeDir]
      const { exitCode, stdout, stderr } = await nixWire(['store', 'export', '--closure', branch, ...where])
      expect([exitCode, stderr]).to.deep.equal([0, ''])
      expect(nix(other.env, 'nix-store', ['--import'], stdout).split('\n')).to.deep.equal([leaf, branch])
      nix(other.env, 'nix-store', ['--verify-path', leaf, branch])
      expect(nix(other.env, 'nix-store', ['-q', '--references', branch])).to.equal(leaf)
    } finally {
      await other.stop()
      await daemon.stop()
    }
  })
})
