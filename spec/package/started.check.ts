import { spawnSync } from 'node:child_process'
import {
  appendFileSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { projectPath } from '../support/shared.js'
import { expectFreshBuild } from './build.js'

const message = projectPath('examples/messages/valid-path-info-1.34.bin')
const decode = ['decode', 'ValidPathInfo', '--protocol', '1.34', message]

describe('the built command, started', () => {
  let folder: string
  let copy: string

  /** Runs it from a copy of the build, whose caches are in the folder. */
  const run = (args: ReadonlyArray<string>, env: NodeJS.ProcessEnv = {}, from = copy) => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [join(from, 'dist/cli/main.js'), ...args],
      {
        encoding: 'utf8',
        env: { PATH: process.env.PATH, HOME: folder, ...env },
      },
    )
    return { status, stdout, stderr }
  }
  const cached = (): ReadonlyArray<string> => {
    try {
      return readdirSync(join(folder, '.cache/nix-wire')).sort()
    } catch {
      return []
    }
  }
  /** The commands with a cache; the names of the files go on with the build and the engine. */
  const caches = (): ReadonlyArray<string> => cached().map((name) => name.replace(/-[0-9a-f]{8}-v.*$/, ''))
  const cache = (command: string) =>
    statSync(
      join(folder, '.cache/nix-wire', cached().find((name) => name.startsWith(`${command}-`)) ?? command),
    )

  before(() => {
    expectFreshBuild()
    folder = mkdtempSync(join(tmpdir(), 'nix-wire-'))
    copy = join(folder, 'copy')
    cpSync(projectPath('dist'), join(copy, 'dist'), { recursive: true })
    cpSync(projectPath('package.json'), join(copy, 'package.json'))
    symlinkSync(projectPath('node_modules'), join(copy, 'node_modules'))
  })
  after(() => rmSync(folder, { recursive: true }))

  it('caches compiled code, and prints the same with and without the cache', () => {
    const without = run(decode, { NODE_DISABLE_COMPILE_CACHE: '1' })
    expect(without).to.deep.include({ status: 0, stderr: '' })
    expect(caches()).to.deep.equal([])
    expect(run(decode)).to.deep.equal(without)
    expect(caches()).to.deep.equal(['decode'])
    const { ino } = cache('decode')
    expect(run(decode)).to.deep.equal(without)
    expect(cache('decode').ino, 'written once').to.equal(ino)
  })

  it('shares the cache with the same build in another folder', () => {
    const { ino } = cache('decode')
    const other = join(folder, 'other')
    renameSync(copy, other)
    try {
      expect(run(decode, {}, other)).to.deep.include({ status: 0, stderr: '' })
    } finally {
      renameSync(other, copy)
    }
    expect(cache('decode').ino).to.equal(ino)
  })

  it('uses no code that was made from another file, and keeps none', () => {
    const files = readdirSync(join(copy, 'dist/node/command')).map((name) =>
      join(copy, 'dist/node/command', name),
    )
    const file = files.find((each) => readFileSync(each, 'utf8').includes('there is no type'))!
    const { size } = cache('decode')
    for (let change = 0; change < 5; change++) {
      const { ino } = cache('decode')
      appendFileSync(file, '// changed\n')
      expect(run(decode)).to.deep.include({ status: 0, stderr: '' })
      expect(cache('decode').ino).not.to.equal(ino)
    }
    expect(cache('decode').size).to.be.below(size * 1.1)
  })

  it('caches nothing after a failure, for help, and for an unknown command', () => {
    for (const [args, status] of [
      [['encode', 'NoSuchType'], 2],
      [['store', '--help'], 0],
      [['store', 'ping', '-h'], 0],
      [['--version'], 0],
      [['no-such-command'], 2],
    ] as const) {
      expect(run(args).status, args.join(' ')).to.equal(status)
    }
    expect(caches()).to.deep.equal(['decode'])
  })

  it('works without a folder for the cache', () => {
    const { stdout } = run(decode)
    for (const env of [{ HOME: '/dev/null' }, { HOME: '' }, { XDG_CACHE_HOME: '/proc' }]) {
      expect(run(decode, env)).to.deep.equal({ status: 0, stdout, stderr: '' })
    }
  })

  it('runs modules of a user', () => {
    const module = projectPath('examples/kitchen/kitchen.js')
    const { stdout } = run(['grammar', '--module', module])
    expect(stdout).to.contain('conversation kitchen: Tea, Photo')
    expect(run(['grammar', '--module', module])).to.deep.equal({ status: 0, stdout, stderr: '' })
  })
})
