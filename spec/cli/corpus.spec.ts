import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { isRight } from 'fp-ts/lib/Either.js'
import { BuildResult } from '../../grammar/index.js'
import { sections } from '../../grammar/sections.js'
import { compile } from '../../interpreters/compile/index.js'
import { serveSections } from '../../serve/index.js'
import { nixWire } from '../support/cli.js'

describe('nix-wire corpus', () => {
  let dir: string
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'nix-wire-corpus-'))
  })
  afterEach(() => rm(dir, { recursive: true }))

  it('writes one file for each input, named by its hash, half of them valid', async () => {
    const { exitCode } = await nixWire(['corpus', 'BuildResult', dir, '-n', '60', '-p', '1.37'])
    expect(exitCode).to.equal(0)
    const codec = compile(BuildResult, { version: '1.37' }, { profile: 'canonical' })
    const files = await readdir(join(dir, 'corpus'))
    let valid = 0
    for (const file of files) {
      const bytes = await readFile(join(dir, 'corpus', file))
      expect(file).to.equal(createHash('sha1').update(bytes).digest('hex'))
      valid += isRight(codec.decode(bytes)) ? 1 : 0
    }
    expect(files.length).to.be.within(50, 60)
    expect(valid).to.be.within(20, 31)
  })

  it('writes a dictionary that AFL++ and libFuzzer can read', async () => {
    await nixWire(['corpus', 'ValidPathInfo', dir, '-n', '2'])
    const lines = (await readFile(join(dir, 'nix-wire.dict'), 'utf8')).trimEnd().split('\n')
    for (const line of lines) {
      expect(line).to.match(/^[A-Za-z0-9_]+="(\\x[0-9a-f]{2})+"$/)
    }
    const names = lines.map((line) => line.split('=')[0])
    expect(new Set(names).size).to.equal(names.length)
    expect(lines).to.include('store_dir="\\x2f\\x6e\\x69\\x78\\x2f\\x73\\x74\\x6f\\x72\\x65\\x2f"')
  })

  it('writes all types of both protocols at once, or those of the protocol that the version names', async () => {
    const namesOf = (all: typeof sections) => all.flatMap(({ grammars }) => grammars.map(([name]) => name))
    for (const [at, names] of [
      [[], [...namesOf(sections), ...namesOf(serveSections)]],
      [['-p', '2.3'], namesOf(serveSections)],
    ] as const) {
      const out = join(dir, at.length === 0 ? 'both' : 'one')
      const { exitCode } = await nixWire(['corpus', '--all', out, '-n', '4', ...at])
      expect(exitCode).to.equal(0)
      expect(await readdir(out)).to.have.members(names)
    }
  })

  it('rejects a wrong command line with exit code 2', async () => {
    expect((await nixWire(['corpus', 'UInt64'])).exitCode).to.equal(2)
    expect((await nixWire(['corpus', '--all', 'UInt64', dir])).exitCode).to.equal(2)
  })
})
