import { spawnSync } from 'node:child_process'
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { nixWire } from '../support/cli.js'
import { projectPath } from '../support/shared.js'
import { skippedButInCi } from '../support/skipped.js'

const types = [
  'UInt64',
  'UInt8',
  'Bool64',
  'String',
  'StorePath',
  'OptStorePath',
  'List<UInt64>',
  'List<List<String>>',
  'Set<String>',
  'Map<String,UInt64>',
  'UnkeyedValidPathInfo',
  'ValidPathInfo',
]

const adapter = (name: string): string => projectPath('examples/adapters', name)

describe('nix-wire conformance', () => {
  let dir: string
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'nix-wire-conformance-'))
  })
  afterEach(() => rm(dir, { recursive: true }))

  it('writes vectors that a reader in Python reads with the same verdicts', async function () {
    const out = join(dir, 'vectors')
    const { exitCode, stdout } = await nixWire(['conformance', 'vectors', out, ...types])
    expect(exitCode).to.equal(0)
    expect(stdout.toString()).to.match(
      / \d+ vectors of 12 types \(\d+ valid, \d+ acceptable, \d+ invalid\)\n$/,
    )
    expect(await readdir(join(out, 'valid-path-info'))).to.have.members([
      'valid-path-info-1.15.bin',
      'valid-path-info-1.15.json',
      'valid-path-info-1.16.bin',
      'valid-path-info-1.16.json',
      'vectors.json',
    ])
    const { total, types: listed } = JSON.parse(await readFile(join(out, 'manifest.json'), 'utf8'))
    expect(listed).to.have.lengthOf(12)
    const { error, stdout: said } = spawnSync('python3', [projectPath('spec/vectors/read_vectors.py'), out])
    if (error !== undefined) {
      return skippedButInCi(this, 'there is no python3')
    }
    const { read, refused, wrong } = JSON.parse(said.toString())
    expect(wrong).to.deep.equal([])
    expect(read).to.equal(total.valid)
    expect(refused).to.be.greaterThan(60)
  })

  it('writes the valid messages in one file and their values in an array, and on request one file for each', async () => {
    const out = join(dir, 'vectors')
    await nixWire(['conformance', 'vectors', out, 'UInt64', '--files'])
    const values = await readFile(join(out, 'uint64', 'uint64.json'), 'utf8')
    const bytes = await readFile(join(out, 'uint64', 'uint64.bin'))
    const read = Array.from({ length: bytes.length / 8 }, (_, i) => String(bytes.readBigUInt64LE(8 * i)))
    expect(values.match(/\d+/g)).to.deep.equal(read)
    const files = await readdir(join(out, 'uint64', 'valid'))
    expect(files.filter((name) => name.endsWith('.bin'))).to.have.lengthOf(read.length)
    expect(
      (await readdir(join(out, 'uint64', 'invalid'))).every((name) =>
        /^[a-z0-9-]+-[0-9a-f]{16}\.bin$/.test(name),
      ),
    ).to.equal(true)
  })

  const run = (program: string, ...more: ReadonlyArray<string>) =>
    nixWire(['conformance', 'run', '--adapter', program, ...more])

  /** Compiles an adapter with one mistake; null where there is no such compiler. */
  const faulty = async (
    name: string,
    decoder: string,
    [right, wrong]: readonly [string, string],
    compile: ReadonlyArray<string>,
  ): Promise<string | null> => {
    const source = join(dir, name)
    await cp(adapter('.'), dir, { recursive: true })
    const text = await readFile(adapter(decoder), 'utf8')
    expect(text).to.contain(right)
    await writeFile(join(dir, decoder), text.replace(right, wrong))
    const [compiler = '', ...words] = compile
    if (words.length === 0) {
      return `${compiler} ${source}`
    }
    const others = compiler === 'go' ? [join(dir, decoder)] : []
    const { error, status, stderr } = spawnSync(compiler, [
      ...words,
      '-o',
      join(dir, 'adapter'),
      source,
      ...others,
    ])
    expect(error === undefined ? [status, stderr.toString()] : [0, '']).to.deep.equal([0, ''])
    return error === undefined ? join(dir, 'adapter') : null
  }

  const faults: ReadonlyArray<
    readonly [
      language: string,
      file: string,
      decoder: string,
      compile: ReadonlyArray<string>,
      fault: readonly [string, string],
      flag: string,
    ]
  > = [
    [
      'C++',
      'adapter.cpp',
      'decoder.hpp',
      [process.env.CXX ?? 'g++', '-O0'],
      ['uint64_t count = integer(data, 0);', 'uint64_t count = uint32_t(integer(data, 0));'],
      'truncation-to-32-bits',
    ],
    [
      'Rust',
      'adapter.rs',
      'decoder.rs',
      ['rustc', '--edition', '2021'],
      ['flat_map(|item| item.to_le_bytes())', 'flat_map(|item| item.to_be_bytes())'],
      'byte-order',
    ],
    [
      'Python',
      'adapter.py',
      'decoder.py',
      ['python3'],
      ['struct.unpack_from("<Q", data, at)[0]', 'struct.unpack_from("<Q", data, at)[0] & (2**63 - 1)'],
      'above-63-bits',
    ],
  ]
  const go = ['Go', 'adapter.go', 'decoder.go', ['go', 'build']] as const
  for (const [language, file, decoder, compile] of [...faults, go]) {
    it(`gives the highest grade to the example in ${language}`, async function () {
      const program = await faulty(file, decoder, ['decode', 'decode'], compile)
      if (program === null) {
        return skippedButInCi(this, `there is no compiler for ${language}`)
      }
      const { exitCode, stdout } = await run(program)
      expect(stdout.toString()).to.match(/^Grade 3: \d+ vectors of 1 type, \d+ passed\.$/m)
      expect(exitCode).to.equal(0)
    })
  }

  for (const [language, file, decoder, compile, fault, flag] of faults) {
    it(`finds the mistake of a decoder in ${language}: ${flag}`, async function () {
      const program = await faulty(file, decoder, fault, compile)
      if (program === null) {
        return skippedButInCi(this, `there is no compiler for ${language}`)
      }
      const { exitCode, stdout } = await run(program)
      expect(exitCode).to.equal(1)
      expect(stdout.toString()).to.match(new RegExp(`^ {2}${flag}: \\d+ of \\d+$`, 'm'))
    })
  }

  it('passes if exactly the expected failures fail', async () => {
    const program = (await faulty(
      'adapter.mjs',
      'decoder.mjs',
      ["if (end !== bytes.length) throw new Refusal(end, 'bytes behind the list')", ''],
      ['node'],
    ))!
    const list = join(dir, 'known.txt')
    const first = await run(program, '--write-failures', list)
    expect(first.exitCode).to.equal(1)
    const known = await readFile(list, 'utf8')
    expect(known).to.match(
      /^[0-9a-f]{16} {2}# List<UInt64>: invalid; rule broken: message: nothing behind it\n$/,
    )
    const second = await run(program, '--expected-failures', list)
    expect([second.exitCode, second.stderr]).to.deep.equal([0, ''])
    const mended = await run(`node ${adapter('adapter.mjs')}`, '--expected-failures', list)
    expect(mended.exitCode).to.equal(1)
    expect(mended.stdout.toString()).to.contain('it passes, and is listed among the expected failures')
    await writeFile(list, 'no id\n')
    expect((await run(program, '--expected-failures', list)).stderr).to.contain(
      'line 1 does not begin with an id',
    )
  })

  it('grades a program that only has an exit code, and tells it the type of the message', async () => {
    const program = 'test "$NIX_WIRE_TYPE" = UInt64 && test $(wc -c) -eq 8'
    const { exitCode, stdout } = await nixWire(['conformance', 'run', 'UInt64', '--exec', program])
    expect(stdout.toString()).to.match(/^Grade 0: \d+ vectors of 1 type, \d+ passed\.$/m)
    expect(exitCode).to.equal(0)
    const lenient = await nixWire([
      'conformance',
      'run',
      'UInt64',
      '--exec',
      'true',
      '--html',
      join(dir, 'r.html'),
    ])
    expect(lenient.exitCode).to.equal(1)
    expect(await readFile(join(dir, 'r.html'), 'utf8')).to.contain(
      'it accepts this message, and must reject it',
    )
  })

  it('says in words which vectors fail', async () => {
    const { stdout } = await nixWire(['conformance', 'run', 'UInt64', '--exec', 'true'])
    const said = stdout.toString()
    expect(said).to.match(
      /^failed [0-9a-f]{16} UInt64, invalid; rule broken: .*\n {7}it accepts this message, and must reject it: \w+ at byte \d+/m,
    )
    expect(said).to.match(/^Failed vectors by type:\n {2}UInt64: (\d+) of \d+$/m)
    expect(said).to.match(/^Failed vectors by flag, which is what they test:\n {2}[a-z-]+: \d+ of \d+$/m)
  })

  it('names the versions that fit a program of another version', async () => {
    const old = 'test "$NIX_WIRE_VERSION" = 1.15'
    const hint = /^The program rejects valid messages of (.*), and none of 1\.15\. If .* --protocol 1\.15\.$/m
    const given = ['conformance', 'run', 'ValidPathInfo', '-n', '2', '--exec', old]
    expect((await nixWire(given)).stdout.toString()).to.match(hint)
    expect((await nixWire([...given, '-p', '1.15'])).stdout.toString()).not.to.match(hint)
  })

  it('rejects a command line without a program, with one that does not exist, or without a case', async () => {
    expect((await nixWire(['conformance', 'run'])).exitCode).to.equal(2)
    expect((await run('/nowhere/adapter')).exitCode).to.equal(2)
    expect((await run(`node ${adapter('adapter.mjs')}`, '--only', 'no-such-word')).exitCode).to.equal(2)
    const half = await run(
      `node ${adapter('adapter.mjs')}`,
      '--only',
      'List<UInt64>',
      '--only',
      'no-such-word',
    )
    expect([half.exitCode, half.stderr]).to.match(/^2,.*"no-such-word"/s)
  })
})
