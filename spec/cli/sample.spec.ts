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

  it('writes a file each, and an index of them', async () => {
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

  it('refuses a number that is none with exit code 2', async () => {
    expect((await nixWire(['sample', 'UInt64', '-n', 'many'])).exitCode).to.equal(2)
  })
})
