import { execFileSync, spawnSync } from 'node:child_process'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { nixWire } from '../support/cli.js'
import { projectPath } from '../support/shared.js'

describe('nix-wire init', () => {
  let dir: string
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'nix-wire-init-'))
  })
  afterEach(() => rmSync(dir, { recursive: true }))

  const made = async (name: string, ...options: ReadonlyArray<string>): Promise<string> => {
    const { exitCode, stderr } = await nixWire(['init', join(dir, name), ...options])
    expect([exitCode, stderr]).to.deep.equal([0, ''])
    return join(dir, name)
  }

  /** What `npm install` would. */
  const installed = (project: string, ...names: ReadonlyArray<string>): void => {
    mkdirSync(join(project, 'node_modules', '@types'), { recursive: true })
    symlinkSync(projectPath(), join(project, 'node_modules', 'nix-wire'))
    for (const name of names) {
      symlinkSync(projectPath('node_modules', name), join(project, 'node_modules', name))
    }
  }

  const printed = (project: string, ...words: ReadonlyArray<string>): string =>
    execFileSync(process.execPath, words, {
      cwd: project,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NODE_OPTIONS: '' },
    })

  it('writes a project whose tests pass', async () => {
    const project = await made('kitchen')
    expect(readdirSync(project)).to.have.members([
      '.gitignore',
      'README.md',
      'decoder.js',
      'package.json',
      'protocol.js',
      'protocol.spec.js',
    ])
    installed(project, 'mocha')
    const said = printed(
      project,
      'node_modules/mocha/bin/mocha.js',
      '--timeout',
      '120000',
      'protocol.spec.js',
    )
    expect(said)
      .to.match(/\d+ passing/)
      .and.not.to.contain('failing')
  })

  describe('in TypeScript', () => {
    const packages = ['mocha', 'tsx', 'typescript', '@types/mocha', '@types/node']
    const project = async (): Promise<string> => {
      const folder = await made('kitchen', '--typescript')
      installed(folder, ...packages)
      return folder
    }

    it('installs what its scripts need', async () => {
      const { devDependencies, scripts } = JSON.parse(
        readFileSync(join(await project(), 'package.json'), 'utf8'),
      )
      expect(Object.keys(devDependencies)).to.have.members(packages)
      const [first = '', second = ''] = scripts.test.split(' && ')
      expect([first, second.split(' ')[0]]).to.deep.equal(['tsc', 'mocha'])
    })

    it('has no type error', async () => {
      expect(printed(await project(), 'node_modules/typescript/bin/tsc')).to.equal('')
    })

    it('passes its tests', async () => {
      const folder = await project()
      const { scripts } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
      const words = scripts.test
        .replace(/.* mocha /, '')
        .replaceAll("'", '')
        .split(' ')
      expect(printed(folder, 'node_modules/mocha/bin/mocha.js', ...words))
        .to.match(/\d+ passing/)
        .and.not.to.contain('failing')
    })
  })

  it('writes a protocol that the commands accept, and a decoder without mistakes', async () => {
    const project = await made('kitchen')
    installed(project)
    const module = join(project, 'protocol.js')
    const list = (await nixWire(['grammar', '--module', module])).stdout.toString()
    expect(list).to.contain('conversation kitchen: Tea')
    expect(list).to.contain('--protocol: 1.1 if it is not given')
    const samples = ['sample', 'Order', '--module', module, '--seed', '1']
    const { stdout } = await nixWire([...samples, '-n', '1'])
    const accepted = spawnSync(process.execPath, ['decoder.js'], { cwd: project, input: stdout })
    expect(accepted.status, accepted.stderr.toString()).to.equal(0)
    const bad = (await nixWire([...samples, '-n', '6', '--malformed'])).stdout.toString().trim().split('\n')
    for (const line of bad) {
      const { rule, hex } = JSON.parse(line)
      const { status } = spawnSync(process.execPath, ['decoder.js'], {
        cwd: project,
        input: Buffer.from(hex, 'hex'),
      })
      expect(status, rule).to.equal(1)
    }
  })

  it('names the package after its folder, in the characters that npm allows', async () => {
    const nameOf = (project: string): string =>
      JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')).name
    expect(nameOf(await made('Tea & Cake'))).to.equal('tea-cake')
    expect(nameOf(await made('…'))).to.equal('my-protocol')
  })

  it('does not write into a folder that is not empty, or over a file', async () => {
    writeFileSync(join(dir, 'something'), 'mine')
    const { exitCode, stderr } = await nixWire(['init', dir])
    expect(exitCode).to.equal(2)
    expect(stderr).to.contain('is not empty')
    expect((await nixWire(['init', join(dir, 'something')])).exitCode).to.equal(2)
    expect(readdirSync(dir)).to.deep.equal(['something'])
  })
})
