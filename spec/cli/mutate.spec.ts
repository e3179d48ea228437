import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { isRight } from 'fp-ts/lib/Either.js'
import { Text } from '../../grammar/index.js'
import { compile, listOf } from '../../index.js'
import { nixWire } from '../support/cli.js'
import { commandWords } from '../support/command-words.js'
import { projectPath } from '../support/shared.js'
import { skipped } from '../support/skipped.js'

const { decode } = compile(listOf(Text))

describe('nix-wire mutate', () => {
  const served = async (lines: ReadonlyArray<Uint8Array>, ...more: ReadonlyArray<string>) => {
    const input = lines.map((line) => `${Buffer.from(line).toString('base64')}\n`).join('')
    const { exitCode, stdout } = await nixWire(['mutate', 'List<Text>', '--serve', ...more], input)
    expect(exitCode).to.equal(0)
    return stdout
      .toString()
      .trimEnd()
      .split('\n')
      .map((line) => new Uint8Array(Buffer.from(line, 'base64')))
  }
  const many = Array.from({ length: 200 }, () => new Uint8Array(8))

  it('answers line after line with other messages, valid ones and broken ones', async () => {
    const made = await served(many)
    expect(made).to.have.lengthOf(200)
    const valid = made.filter((bytes) => isRight(decode(bytes)))
    expect(valid.length).to.be.within(20, 180)
    expect(new Set(made.map((bytes) => Buffer.from(bytes).toString('hex'))).size).to.be.above(50)
  })

  it('makes the same for the same seed, and respects the limit of bytes', async () => {
    expect(await served(many, '--seed', '7')).to.deep.equal(await served(many, '--seed', '7'))
    expect(await served(many, '--seed', '7')).not.to.deep.equal(await served(many, '--seed', '8'))
    expect(Math.max(...(await served(many, '--most', '24')).map(({ length }) => length))).to.be.at.most(24)
  })

  it('accepts any bytes, and makes one input from a file', async () => {
    for (const bytes of [new Uint8Array(), Uint8Array.of(1), new Uint8Array(100).fill(255)]) {
      const { exitCode, stdout } = await nixWire(['mutate', 'List<Text>'], bytes)
      expect([exitCode, stdout.length > 0]).to.deep.equal([0, true])
    }
  })
})

describe('examples/afl', () => {
  let dir: string
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'nix-wire-afl-'))
  })
  afterEach(() => rm(dir, { recursive: true }))

  it('makes inputs for AFL++ that reach more of a decoder', async function () {
    if (spawnSync('afl-fuzz', ['-h']).error !== undefined) {
      return skipped(this, 'there is no AFL++')
    }
    const [decoder, seeds, out] = [join(dir, 'decoder'), join(dir, 'seeds'), join(dir, 'out')]
    const source = projectPath('examples/fuzz-another-language/decoder.c')
    expect(spawnSync('afl-clang-fast', ['-O1', '-o', decoder, source]).status).to.equal(0)
    await mkdir(seeds)
    await writeFile(join(seeds, 'empty'), new Uint8Array(8))
    const { status, stdout } = spawnSync(
      'afl-fuzz',
      ['-i', seeds, '-o', out, '-E', '300', '-t', '60000', '--', decoder],
      {
        encoding: 'utf8',
        env: {
          ...process.env,
          PYTHONPATH: projectPath('examples/afl'),
          AFL_PYTHON_MODULE: 'nix_wire_mutator',
          AFL_CUSTOM_MUTATOR_ONLY: '1',
          AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES: '1',
          AFL_NO_AFFINITY: '1',
          AFL_NO_UI: '1',
          AFL_SKIP_CPUFREQ: '1',
          NIX_WIRE: [process.execPath, ...commandWords].join(' '),
          NIX_WIRE_TYPE: 'List<Text>',
        },
        cwd: projectPath(),
      },
    )
    expect(status, stdout).to.equal(0)
    const queue = (await readdir(join(out, 'default', 'queue'))).filter((name) => name.startsWith('id:'))
    expect(queue.length).to.be.above(3)
    const { stdout: told } = await nixWire([
      'fuzz',
      'List<Text>',
      '--exec',
      decoder,
      '--corpus',
      out,
      '--out',
      join(dir, 'found'),
    ])
    expect(told.toString()).to.match(/^(Nothing found: |1\. )/)
  })
})
