import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { ValidPathInfo } from '../../grammar/index.js'
import { compile } from '../../interpreters/compile/index.js'
import { nixWire } from '../support/cli.js'
import { issueOf, rightOf } from '../support/either.js'

interface Described {
  readonly rule: string
  readonly tag: string
  readonly offset: number
  readonly path: ReadonlyArray<string | number>
  readonly profile: string
  readonly hex?: string
  readonly file?: string
}

const codec = compile(ValidPathInfo, { version: '1.37' })

const expectRefused = (bytes: Uint8Array, { tag, offset, path }: Described): void => {
  const issue = issueOf(codec.decode(bytes))
  expect([issue._tag, issue.offset, issue.path]).to.deep.equal([tag, offset, path])
}

describe('nix-wire sample', () => {
  let dir: string
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'nix-wire-sample-'))
  })
  afterEach(() => rm(dir, { recursive: true }))

  const args = ['sample', 'ValidPathInfo', '--protocol', '1.37', '--seed', '7']

  it('makes messages back to back, the same for the same seed', async () => {
    const { exitCode, stdout } = await nixWire([...args, '-n', '3'])
    expect(exitCode).to.equal(0)
    let at = 0
    for (let i = 0; i < 3; i++) {
      at = rightOf(codec.decodeAt(stdout, at)).next
    }
    expect(at).to.equal(stdout.length)
    expect((await nixWire([...args, '-n', '3'])).stdout.equals(stdout)).to.equal(true)
    expect(
      (await nixWire(['sample', 'ValidPathInfo', '--seed', '8', '-n', '3'])).stdout.equals(stdout),
    ).to.equal(false)
  })

  it('makes messages that the compatible profile accepts and the canonical one rejects', async () => {
    const strict = compile(ValidPathInfo, { version: '1.37' }, { profile: 'canonical' })
    const { exitCode, stdout } = await nixWire([...args, '-n', '40', '--acceptable'])
    expect(exitCode).to.equal(0)
    const lines = stdout.toString().trimEnd().split('\n')
    expect(lines).to.have.lengthOf(40)
    for (const line of lines) {
      const { hex = '', tag, offset, path, profile } = JSON.parse(line) as Described
      const bytes = Uint8Array.from(Buffer.from(hex, 'hex'))
      expect(profile).to.equal('canonical')
      rightOf(codec.decode(bytes))
      const issue = issueOf(strict.decode(bytes))
      expect([issue._tag, issue.offset, issue.path]).to.deep.equal([tag, offset, path])
    }
  })

  it('says if the type has no such messages, and rejects two kinds at once', async () => {
    const none = await nixWire(['sample', 'UInt64', '--acceptable'])
    expect([none.exitCode, none.stderr]).to.deep.equal([
      1,
      'nix-wire: this type has no bytes that only the canonical profile rejects\n',
    ])
    const both = await nixWire([...args, '--acceptable', '--malformed'])
    expect([both.exitCode, both.stderr]).to.deep.equal([
      2,
      'nix-wire: --malformed and --acceptable exclude each other\n',
    ])
  })

  it('breaks one rule in each, and says which issue that must cause', async () => {
    const { exitCode, stdout } = await nixWire([...args, '-n', '40', '--malformed'])
    const lines = stdout.toString().trimEnd().split('\n')
    expect([exitCode, lines.length]).to.deep.equal([0, 40])
    const samples = lines.map((line) => JSON.parse(line) as Described)
    for (const sample of samples) {
      expect(sample.profile).to.equal('compatible')
      expectRefused(Buffer.from(sample.hex!, 'hex'), sample)
    }
    expect(new Set(samples.map(({ rule }) => rule)).size).to.be.greaterThan(30)
  })

  it('writes one file for each, and an index', async () => {
    const { exitCode, stdout } = await nixWire([...args, '-n', '5', '--malformed', '--out', dir])
    expect([exitCode, stdout.length]).to.deep.equal([0, 0])
    const index = JSON.parse(await readFile(join(dir, 'index.json'), 'utf8')) as {
      readonly type: string
      readonly seed: number
      readonly samples: ReadonlyArray<Described>
    }
    expect([index.type, index.seed, index.samples.length]).to.deep.equal(['ValidPathInfo', 7, 5])
    for (const sample of index.samples) {
      expectRefused(await readFile(join(dir, sample.file!)), sample)
    }
  })

  it('rejects an invalid number with exit code 2', async () => {
    expect((await nixWire(['sample', 'UInt64', '-n', 'many'])).exitCode).to.equal(2)
  })
})
