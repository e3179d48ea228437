import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { TreeFailure, unpack } from '../../../stream/nar/index.js'
import { removeTree } from '../../../stream/nar/workshop.js'
import { archive, directory, file } from '../../support/nar.js'

/** Runs something so deep in the stack that no call there can have these arguments. */
const whereNoCallTakes = (values: ReadonlyArray<unknown>, run: () => void): void => {
  const some = values.slice(0, 5000)
  const takes = (): boolean => {
    try {
      return ((...all: ReadonlyArray<unknown>) => all.length > 0)(...values)
    } catch {
      return false
    }
  }
  const deeper = (..._: ReadonlyArray<unknown>): void => (takes() ? deeper(...some) : run())
  deeper()
}

const isRootOnLinux = process.platform === 'linux' && process.geteuid?.() === 0

describe('an archive that is being unpacked', () => {
  const { mkdirSync } = fs
  let dir = ''
  let victim = ''
  let umask = 0
  beforeEach(() => {
    umask = process.umask()
    const root = fs.mkdtempSync(join(tmpdir(), 'nix-wire-workshop-'))
    dir = join(root, 'theirs')
    victim = join(root, 'victim')
    fs.mkdirSync(dir)
    fs.mkdirSync(join(victim, 'tree'), { recursive: true })
    fs.writeFileSync(join(victim, 'precious'), 'precious')
  })
  afterEach(() => {
    fs.mkdirSync = mkdirSync
    syncBuiltinESMExports()
    process.seteuid?.(process.getuid?.() ?? 0)
    process.umask(umask)
    fs.rmSync(join(dir, '..'), { recursive: true })
  })

  const tree = archive(directory(['a', file('x'.repeat(1000))], ['b', directory(['c', file('y')])]))
  const outcome = (source: Parameters<typeof unpack>[0]): Promise<unknown> =>
    unpack(source, join(dir, 'out')).then(
      () => 'unpacked',
      (error: unknown) => error,
    )
  const isUntouched = (): void => {
    expect(fs.readdirSync(victim).sort()).to.deep.equal(['precious', 'tree'])
    expect(fs.readdirSync(join(victim, 'tree'))).to.deep.equal([])
  }

  /** An archive in two pieces; between them the owner of the folder puts a link in the place of what is made there. */
  async function* swapping(bytes: Uint8Array) {
    yield bytes.subarray(0, 500)
    const [made = ''] = fs.readdirSync(dir)
    fs.renameSync(join(dir, made), join(dir, 'away'))
    fs.symlinkSync(victim, join(dir, made))
    yield bytes.subarray(500)
  }

  for (const [what, bytes] of [
    ['whole', tree],
    ['cut short', tree.subarray(0, -8)],
  ] as const) {
    it(`is created and removed nowhere else if a link takes its place meanwhile: an archive that is ${what}`, async function () {
      if (process.platform !== 'linux') {
        this.skip() // On other systems, a directory can only be reached by its name.
      }
      await outcome(swapping(bytes))
      isUntouched()
      expect(fs.readdirSync(join(dir, 'away'))).to.deep.equal([])
      expect(fs.existsSync(join(dir, 'out', 'b', 'c'))).to.equal(what === 'whole')
    })
  }

  const swaps: ReadonlyArray<readonly [string, (made: string) => void]> = [
    ['a link', (made) => fs.symlinkSync(victim, made)],
    ['a directory with something in it', (made) => fs.renameSync(victim, made)],
    [
      'a directory of somebody else',
      (made) => {
        mkdirSync(made)
        fs.chownSync(made, 65534, 65534)
      },
    ],
  ]
  for (const [what, swap] of swaps) {
    it(`is not begun if ${what} takes the place of the new directory`, async function () {
      if (!isRootOnLinux) {
        this.skip() // Only root can give a directory away.
      }
      fs.chownSync(dir, 65534, 65534)
      let made = ''
      fs.mkdirSync = ((path: string, ...more: [number]) => {
        mkdirSync(path, ...more)
        made = join(dir, path.slice(path.lastIndexOf('/') + 1))
        fs.rmdirSync(made)
        swap(made)
      }) as typeof fs.mkdirSync
      syncBuiltinESMExports()
      const error = await outcome([tree])
      expect(error).to.be.instanceOf(Error)
      expect((error as Error).message)
        .to.contain(dir)
        .and.not.contain('/proc/')
      if (fs.existsSync(made) && !fs.existsSync(victim)) {
        fs.renameSync(made, victim)
      }
      isUntouched()
      expect(fs.existsSync(join(dir, 'out'))).to.equal(false)
    })
  }

  it('is removed completely, even with more directories than fit into one call', () => {
    // Without a disk it is faster.
    const memory = fs.mkdtempSync(join(fs.existsSync('/dev/shm') ? '/dev/shm' : dir, 'nix-wire-workshop-'))
    const names = Array.from({ length: 30_000 }, (_, i) => String(i))
    try {
      const made = join(memory, 'made')
      mkdirSync(made)
      for (const name of names) {
        mkdirSync(`${made}/${name}`)
      }
      whereNoCallTakes(names, () => removeTree(made))
      expect(fs.readdirSync(memory)).to.deep.equal([])
    } finally {
      fs.rmSync(memory, { recursive: true })
    }
  })

  it('is removed even if the umask keeps its owner out', async function () {
    if (!isRootOnLinux) {
      this.skip() // Only root can act as another user.
    }
    fs.chmodSync(join(dir, '..'), 0o755)
    fs.chmodSync(dir, 0o777)
    process.umask(0o277)
    process.seteuid?.(65534)
    const error = await outcome([tree])
    process.seteuid?.(0)
    expect(error).to.include({ code: 'EACCES' }).with.property('message').that.contains(join(dir, 'out'))
    expect(fs.readdirSync(dir)).to.deep.equal([])
  })

  it('is rejected by its path if the folder cannot be written', async function () {
    if (!isRootOnLinux) {
      this.skip() // Only root can act as another user.
    }
    fs.chmodSync(join(dir, '..'), 0o755)
    process.seteuid?.(65534)
    const error = await outcome([tree])
    process.seteuid?.(0)
    expect(error).to.include({ code: 'EACCES' })
    expect((error as Error).message).to.contain(`mkdir '${dir}/.nix-wire-`)
  })

  it('is rejected if its paths are longer than the system allows', async () => {
    const name = 'n'.repeat(250)
    let node = file('x')
    for (let depth = 0; depth < 40; depth++) {
      node = directory([name, node])
    }
    const error = await outcome([archive(node)])
    expect(error).to.be.instanceOf(TreeFailure)
    expect((error as TreeFailure).path.startsWith(`${dir}/out/${name}/${name}`)).to.equal(true)
    expect((error as TreeFailure).problem).to.contain('longer than the system takes')
    expect(fs.readdirSync(dir)).to.deep.equal([])
  })
})
