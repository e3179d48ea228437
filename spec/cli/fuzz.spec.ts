import { spawnSync } from 'node:child_process'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { nixWire, type Ran } from '../support/cli.js'
import { commandWords } from '../support/command-words.js'
import { projectPath } from '../support/shared.js'
import { skippedButInCi } from '../support/skipped.js'

interface Report {
  readonly runs: number
  readonly shard: string
  readonly findings: ReadonlyArray<{
    readonly kind: string
    readonly place: string
    readonly places: ReadonlyArray<string>
    readonly group: string
    readonly rules: ReadonlyArray<string>
    readonly tag: string | null
    readonly count: number
    readonly answer: string
    readonly expected: string
    readonly why: string
    readonly bytes: number
    readonly hex: string
    readonly stderr: string
    readonly file?: string
    readonly difference?: object
  }>
}

describe('nix-wire fuzz', () => {
  let dir: string
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'nix-wire-fuzz-'))
  })
  afterEach(() => rm(dir, { recursive: true }))

  // Only a hang takes that long, and nothing is found later.
  const patience = ['--timeout', '600', '--time', '6000', '--minimise', '600']

  const fuzz = async (type: string, program: ReadonlyArray<string>, ...more: ReadonlyArray<string>) => {
    const out = join(dir, 'out')
    const options = ['--seed', '1', '--jobs', '1', '--out', out, '--findings', '1', ...patience, ...more]
    const ran = await nixWire(['fuzz', type, ...program, ...options])
    const report = async (): Promise<Report> =>
      JSON.parse(await readFile(join(out, 'report.json'), 'utf8')) as Report
    return { ...ran, stdout: ran.stdout.toString(), out, report }
  }
  const exec = (type: string, command: string, ...more: ReadonlyArray<string>) =>
    fuzz(type, ['--exec', command], ...more)

  /** A decoder of one 64-bit integer, up to the mistake. */
  const integer = (test: string): string => `perl -e 'binmode STDIN; local $/; my $in = <STDIN>; ${test}'`
  const right = integer('exit(length($in) == 8 ? 0 : 1)')
  // Bytes after the value are ignored.
  const lenient = integer('exit(length($in) >= 8 ? 0 : 1)')

  const adapter = (language: string): string => projectPath('examples', 'adapters', language)
  const node = (file: string): string => `${process.execPath} ${file}`

  /** An adapter whose answer about `input` is this expression: it is started once, where a program is for each input. */
  const answering = async (answer: string): Promise<ReadonlyArray<string>> => {
    const file = join(dir, 'answering.mjs')
    await writeFile(
      file,
      `import { createInterface } from 'node:readline'
      const about = (input) => (${answer})
      for await (const line of createInterface({ input: process.stdin })) {
        const { id, do: what, bytes } = JSON.parse(line)
        const answer = what === 'describe' ? { adapter: 1, name: 'a', types: [], can: ['decode'] } : about(Buffer.from(bytes, 'base64'))
        console.log(JSON.stringify({ id, ...answer }))
      }`,
    )
    return ['--adapter', node(file)]
  }

  it('finds nothing in a correct program', async () => {
    const { exitCode, stdout } = await exec('UInt64', right, '--runs', '150')
    expect(exitCode).to.equal(0)
    expect(stdout).to.match(/^Nothing found: 150 runs in [0-9.]+ s, seed 1\.\n$/)
  })

  it('finds a rule that is not checked, counts it, and makes the input small', async () => {
    const { exitCode, report, stdout, out } = await exec('UInt64', lenient, '--runs', '150')
    expect(exitCode).to.equal(1)
    const [finding] = (await report()).findings
    expect(finding).to.include({ answer: 'accepts', expected: 'refuses', hex: '000000000000000000' })
    expect(finding?.why).to.contain('a byte follows the message')
    expect(stdout).to.match(
      /^1\. \d+× TrailingBytes in the message: the program accepts 9 bytes( \(minimised from \d+\))? that it must refuse\n {3}one rule is broken: a byte follows the message \(TrailingBytes at byte 8, \(top level\)\)\n/,
    )
    expect(stdout).to.contain(`${out}/finding-1.sh reproduces the first`)
    expect(spawnSync('sh', [join(out, 'finding-1.sh')]).status).to.equal(0)
  })

  it('finds a valid message that is rejected', async () => {
    const signed = integer('exit(length($in) == 8 && ord(substr($in, 7, 1)) < 128 ? 0 : 1)')
    const [finding] = (await (await exec('UInt64', signed)).report()).findings
    expect(finding).to.include({ answer: 'refuses', expected: 'accepts', bytes: 8, hex: '0000000000000080' })
  })

  it('finds a crash, and keeps what the program said', async () => {
    const crashing = integer(
      'if (length($in) < 8) { print STDERR "out of bounds"; exit(134) } exit(length($in) == 8 ? 0 : 1)',
    )
    const { report, stdout } = await exec('UInt64', crashing)
    expect((await report()).findings[0]).to.include({
      answer: 'crashes (exit code 134, SIGABRT)',
      stderr: 'out of bounds',
    })
    expect(stdout).to.contain('standard error: out of bounds')
  })

  it('ends a program that hangs, with all processes that it started', async () => {
    // Unique to this process.
    const forever = 100_000_000 + process.pid
    const { exitCode, report } = await exec(
      'UInt64',
      `sleep ${forever} & sleep ${forever}`,
      ...['--timeout', '0.2', '--minimise', '0.5'],
    )
    expect(exitCode).to.equal(1)
    expect((await report()).findings[0]?.answer).to.equal('hangs')
    const left = spawnSync('pgrep', ['-f', `^sleep ${forever}$`], { encoding: 'utf8' })
    expect(left.stdout).to.equal('')
  })

  it('counts an exit with a traceback as a rejection, and as a crash if --refuse-code names another', async () => {
    const throwing = integer(
      'if (length($in) != 8) { print STDERR "Traceback (most recent call last):\\nKeyError: 7\\n"; exit(1) }',
    )
    const lenientWith = await exec('UInt64', throwing, '--runs', '60')
    expect(lenientWith.exitCode).to.equal(0)
    expect(lenientWith.stdout).to.match(/\n\d+ refusals came with a traceback/)
    const { report } = await exec('UInt64', throwing, '--refuse-code', '7')
    expect((await report()).findings[0]).to.include({ answer: 'crashes (exit code 1)', kind: 'crash' })
  })

  it('says at once that a program cannot be started', async () => {
    for (const [program, told] of [
      [['--exec', '/nowhere/decoder'], 'exit code 127'],
      [['--exec', dir], 'exit code 126'],
      [['--exec', '( '], 'cannot be run'],
      [['--adapter', '/nowhere/decoder'], 'ENOENT'],
      [['--adapter', 'true'], 'ended without describing itself'],
    ] as const) {
      const { exitCode, stderr, stdout } = await fuzz('UInt64', program)
      expect([exitCode, stdout], program.join(' ')).to.deep.equal([2, ''])
      expect(stderr).to.contain(told)
    }
  })

  it('passes the message in a file in place of @@', async () => {
    const named = `perl -e 'exit((-s $ARGV[0]) == 8 ? 0 : 1)' @@`
    expect((await exec('UInt64', named, '--runs', '60')).exitCode).to.equal(0)
  })

  it('limits the memory of the program', async () => {
    const greedy = integer('my $much = "x" x (200 * 1024 * 1024); exit(length($in) == 8 ? 0 : 1)')
    const [finding] = (await (await exec('UInt64', greedy, '--memory', '100')).report()).findings
    expect(finding).to.include({ kind: 'crash' })
    expect((await exec('UInt64', right, '--memory', '100', '--runs', '20')).exitCode).to.equal(0)
  })

  it('finds a wrong value that a program prints: its path, both values, and the bytes', async () => {
    const rounding = integer('exit 1 if length($in) != 8; print unpack("V", $in); exit 0')
    const { report, stdout } = await exec('UInt64', rounding, '--check', 'value')
    expect((await report()).findings[0]).to.include({ kind: 'value', answer: 'accepts' })
    expect(stdout).to.match(
      /^1\. \d+× it reads another value: in 8 bytes\n {3}at \(top level\): got \d+, expected \d+\n {3}bytes 0\.\.8: [0-9a-f]{16}\n/,
    )
  })

  it('finds a value that is not encoded back to its message', async () => {
    const swapping = integer('exit 1 if length($in) != 8; print scalar reverse $in; exit 0')
    const { stdout } = await exec('UInt64', swapping, '--check', 'roundtrip')
    expect(stdout).to.match(
      /^1\. \d+× it writes other bytes: in 8 bytes\n {3}bytes 0\.\.8, \(top level\): got [0-9a-f]{16}, expected [0-9a-f]{16}\n/,
    )
  })

  it('finds wrong bytes of an encoder', async () => {
    const { report, out } = await exec(
      'UInt64',
      `perl -ne 'print pack("VV", $_ % 4294967296, 0)'`,
      '--encoder',
    )
    expect((await report()).findings[0]).to.include({ kind: 'bytes' })
    expect(spawnSync('sh', [join(out, 'finding-1.sh')]).status).to.equal(0)
  })

  /** Compiles an adapter; null where there is no such compiler. */
  const built = (
    compiler: string,
    args: ReadonlyArray<string>,
    ...sources: ReadonlyArray<string>
  ): string | null => {
    const output = join(dir, 'adapter')
    const words = [...args, '-o', output, ...sources.map(adapter)]
    const { status, error, stderr } = spawnSync(compiler, words, { encoding: 'utf8' })
    if (error !== undefined) {
      return null
    }
    expect([status, stderr]).to.deep.equal([0, ''])
    return output
  }
  const adapters: ReadonlyArray<readonly [language: string, command: () => string | null]> = [
    ['C++', () => built(process.env.CXX ?? 'g++', ['-O1'], 'adapter.cpp')],
    ['Go', () => built('go', ['build'], 'adapter.go', 'decoder.go')],
    ['JavaScript', () => node(adapter('adapter.mjs'))],
    ['Python', () => (spawnSync('python3', ['-V']).status === 0 ? `python3 ${adapter('adapter.py')}` : null)],
    ['Rust', () => built('rustc', ['--edition', '2021', '-O'], 'adapter.rs')],
  ]
  for (const [language, command] of adapters) {
    it(`finds nothing in the adapter in ${language}, in any check`, async function () {
      const program = command()
      if (program === null) {
        return skippedButInCi(this, `there is no compiler for ${language}`)
      }
      for (const check of [['--check', 'value'], ['--check', 'roundtrip'], ['--encoder']]) {
        const options = ['--runs', '1000', ...check]
        const { exitCode, stdout } = await fuzz('List<UInt64>', ['--adapter', program], ...options)
        expect(stdout).to.match(/^Nothing found: 1000 runs/)
        expect(exitCode).to.equal(0)
      }
    })
  }

  it('finds the mistake of an adapter, and repeats it', async () => {
    const broken = join(dir, 'adapter.mjs')
    await cp(adapter('decoder.mjs'), join(dir, 'decoder.mjs'))
    const text = await readFile(adapter('adapter.mjs'), 'utf8')
    const rounded = text.replace('{items}],"bytes', '{items.map(Number)}],"bytes')
    expect(rounded).not.to.equal(text)
    await writeFile(broken, rounded)
    const { report, out } = await fuzz('List<UInt64>', ['--adapter', node(broken)], '--check', 'value')
    expect((await report()).findings[0]).to.include({ kind: 'value', place: '[]', answer: 'accepts' })
    const { stdout } = spawnSync('sh', [join(out, 'finding-1.sh')], { encoding: 'utf8' })
    expect(stdout).to.contain('{"id":1,"accepts":true,"value":[')
  })

  it('asks for the verdict of a program that refuses nothing, once', async () => {
    const asked = (stdout: string) => stdout.match(/^The program refuses nothing\. (.*)$/gm) ?? []
    const many = ['--findings', '20', '--minimise', '0.001', '--runs', '60']
    expect(asked((await exec('UInt64', 'true', ...many)).stdout)).to.deep.equal([
      'The program refuses nothing. Does it exit with 1 if its decoder refuses?',
    ])
    expect(asked((await exec('UInt64', 'true', ...many, '--refuse-code', '7')).stdout)[0]).to.contain(
      'with 7 if',
    )
    const accepting = await answering('{ accepts: true }')
    expect(asked((await fuzz('UInt64', accepting, ...many)).stdout)[0]).to.contain('"accepts":false')
    const ignoring = await answering('{ accepts: input.length >= 8 }')
    expect(asked((await fuzz('UInt64', ignoring, ...many)).stdout)).to.deep.equal([])
  })

  it('names the command that shows the bytes of a finding, also of a report', async () => {
    const program = await answering('{ accepts: input.length >= 8 }')
    const { out, stdout } = await fuzz('List<UInt64>', program, '-p', '1.34')
    const shows = /^nix-wire (dissect .*) shows its bytes$/m
    const [, words = ''] = shows.exec(stdout) ?? []
    expect(words).to.equal(`dissect -p 1.34 'List<UInt64>' ${join(out, 'finding-1.bin')}`)
    const shown = await nixWire(words.replaceAll("'", '').split(' '))
    expect(shown.stdout.toString()).to.contain('(top level) (count)')
    const told = await nixWire(['fuzz', 'report', out])
    expect(shows.exec(told.stdout.toString())?.[1]).to.equal(words)
    const merged = await nixWire(['fuzz', 'report', out, '--out', join(dir, 'merged')])
    expect(shows.exec(merged.stdout.toString())?.[1]).to.contain(join(dir, 'merged', 'finding-1.bin'))
    const strict = await exec(
      'Bool64',
      integer('exit(ord(substr($in, 0, 1)) < 2 ? 0 : 1)'),
      '--only',
      'acceptable',
    )
    expect(shows.exec(strict.stdout)?.[1]).to.match(/^dissect -c Bool64 /)
  })

  it('says which checks an adapter does not support', async () => {
    const program = ['--adapter', node(adapter('adapter.mjs'))]
    const { exitCode, stderr } = await fuzz('List<Text>', program)
    expect(exitCode).to.equal(2)
    expect(stderr).to.contain('does not know the type "List<Text>"; it knows "List<UInt64>"')
  })

  it('removes the findings of an earlier run', async () => {
    const { out } = await exec('UInt64', lenient)
    await writeFile(join(out, 'finding-9.bin'), 'of an earlier run')
    await writeFile(join(out, 'notes.txt'), 'mine')
    await exec('UInt64', right, '--runs', '30')
    expect((await readdir(out)).sort()).to.deep.equal(['notes.txt', 'report.json'])
  })

  it('writes a report for CI and one for people', async () => {
    const [junit, markdown] = [join(dir, 'fuzz.xml'), join(dir, 'fuzz.md')]
    const others = ['--junit', junit, '--markdown', markdown]
    await exec('UInt64', right, '--runs', '20', ...others)
    expect(await readFile(junit, 'utf8')).to.contain('tests="1" failures="0"')
    expect(await readFile(markdown, 'utf8')).to.contain('# UInt64: nothing found')
    await exec('UInt64', lenient, ...others)
    const xml = await readFile(junit, 'utf8')
    expect(xml).to.contain('tests="1" failures="1"')
    expect(xml).to.contain('<failure type="verdict" message="1. ')
    expect(await readFile(markdown, 'utf8')).to.match(
      /\| 1 \| \d+ \| {2}\| nothing behind it \| accepts \| refuses \| 9 \| finding-1\.bin \|/,
    )
  })

  it('replays a corpus of libFuzzer, and a queue of AFL++', async () => {
    const corpus = join(dir, 'corpus')
    await mkdir(join(corpus, 'main', 'queue', '.state'), { recursive: true })
    await mkdir(join(corpus, 'main', 'crashes'))
    await writeFile(join(corpus, 'main', 'queue', 'id:000000'), new Uint8Array(8))
    await writeFile(join(corpus, 'main', 'queue', '.state', 'more'), 'no input')
    await writeFile(join(corpus, 'main', 'crashes', 'id:000001'), new Uint8Array(12))
    await writeFile(join(corpus, 'main', 'fuzzer_stats'), 'no input')
    const { report } = await exec('UInt64', lenient, '--corpus', corpus)
    const { runs, findings } = await report()
    expect(runs).to.equal(2)
    expect(findings.map(({ count, file, bytes }) => [count, file, bytes])).to.deep.equal([
      [1, join(corpus, 'main', 'crashes', 'id:000001'), 9],
    ])
    const flat = await exec('UInt64', lenient, '--corpus', join(corpus, 'main', 'crashes'))
    expect((await flat.report()).runs).to.equal(1)
  })

  it('replays the inputs of findings and of samples, and nothing else', async () => {
    const { out } = await exec('UInt64', lenient)
    const runsOf = async (folder: string) =>
      (await exec('UInt64', right, '--corpus', folder, '--out', join(dir, 'again'))).stdout
    expect(await runsOf(out)).to.match(/^Nothing found: 1 runs/)
    await nixWire(['sample', 'UInt64', '--malformed', '-n', '5', '--seed', '1', '--out', join(dir, 'bad')])
    expect(await runsOf(join(dir, 'bad'))).to.match(/^Nothing found: 5 runs/)
    await nixWire(['corpus', 'UInt64', join(dir, 'seeds'), '-n', '3', '--seed', '1'])
    expect(await runsOf(join(dir, 'seeds'))).to.match(/^Nothing found: 3 runs/)
    const lost = await exec('UInt64', right, '--corpus', out)
    expect([lost.exitCode, lost.stderr]).to.match(/^2,.*name another folder with --out/s)
    expect(await readdir(out)).to.include('finding-1.bin')
  })

  it('says of a finding of a corpus which byte is wrong, and why', async () => {
    const corpus = join(dir, 'corpus')
    await mkdir(corpus)
    await writeFile(join(corpus, 'long'), new Uint8Array(12))
    const { stdout } = await exec('UInt64', lenient, '--corpus', corpus)
    expect(stdout).to.match(/\n {3}TrailingBytes at byte 8.*: expected the end of the message, got /)
    expect(stdout).to.contain(`first in the file ${join(corpus, 'long')}`)
  })

  it('tells of a program that fails for every input', async () => {
    const missing = `perl ${join(dir, 'no-such-decoder.pl')}`
    for (const jobs of ['1', '2']) {
      const { exitCode, stderr } = await exec('UInt64', missing, '--jobs', jobs, '--findings', '10')
      expect([exitCode, stderr]).to.match(/^2,.*fails for each of the first 16 inputs.*no-such-decoder\.pl/s)
    }
  })

  it('says that the run stopped at --findings, and that minimising did not end', async () => {
    const all = await exec('List<UInt64>', 'true', '--findings', '2', '--minimise', '0.001')
    expect(all.stderr).to.contain(', stopped by --findings)')
    expect(all.stdout).to.contain('The run stopped because of --findings 2; --findings 20 looks for more.')
    expect(all.stdout).to.contain('   not minimised to the end\n')
    expect(all.stdout).to.contain('give more time: --minimise 60, or an --adapter')
  })

  it('explains what a program refuses though it is acceptable, or valid', async () => {
    const strict = integer('exit(length($in) == 8 && ord(substr($in, 0, 1)) < 2 ? 0 : 1)')
    const { stdout } = await exec('Bool64', strict, '--only', 'acceptable')
    expect(stdout).to.match(
      /^1\. \d+× acceptable form in the message: the program refuses 8 bytes that it must accept\n/,
    )
    expect(stdout).to.contain('--ignore acceptable leaves it out; --canonical demands that it is refused.')
    expect(stdout).to.contain('`nix-wire dissect -c` shows what is unusual.')
    const none = await exec('UInt64', 'exit 1', '-p', '1.20')
    expect(none.stdout).to.contain(
      'The program refuses valid messages. They are of version 1.20: -p and -f change that.',
    )
  })

  it('writes a script that works where the folder is moved to', async () => {
    const { out } = await exec('UInt64', lenient, '--runs', '150')
    await cp(out, join(dir, 'moved'), { recursive: true })
    await rm(out, { recursive: true })
    expect(spawnSync('sh', [join(dir, 'moved', 'finding-1.sh')]).status).to.equal(0)
  })

  it('refuses a shard that is no part of a known run, or has no runs', async () => {
    const args = ['fuzz', 'UInt64', '--exec', lenient, '--shard', '3/4', '--runs', '300']
    const unknown = await nixWire(args)
    expect([unknown.exitCode, unknown.stderr]).to.deep.equal([
      2,
      'nix-wire: --shard needs --seed: all shards are parts of the same run\n',
    ])
    const empty = await nixWire([...args, '--seed', '1'])
    expect([empty.exitCode, empty.stderr]).to.deep.equal([
      2,
      'nix-wire: shard 3/4 has no runs: each shard takes 256 of the 300 runs at a time\n',
    ])
  })

  it('refuses a shard that gets none of the inputs of a corpus', async () => {
    const corpus = join(dir, 'few')
    await mkdir(corpus)
    await writeFile(join(corpus, 'a'), new Uint8Array(8))
    await writeFile(join(corpus, 'b'), new Uint8Array(8))
    const part = (shard: string): Promise<Ran> =>
      nixWire([
        'fuzz',
        'UInt64',
        '--exec',
        'true',
        '--corpus',
        corpus,
        '--shard',
        shard,
        '--out',
        join(dir, 'o'),
      ])
    const last = await part('2/4')
    expect([last.exitCode, last.stderr]).to.deep.equal([0, ''])
    const empty = await part('3/4')
    expect([empty.exitCode, empty.stdout.toString(), empty.stderr]).to.deep.equal([
      2,
      '',
      `nix-wire: shard 3/4 has no inputs: ${corpus} has 2, and each shard takes one at a time\n`,
    ])
  })

  it('fails if nothing was tried, though nothing was found', async () => {
    const skipping = await answering(`{ skip: 'no' }`)
    const { exitCode, stderr } = await fuzz('UInt64', skipping, '--runs', '20')
    expect(exitCode).to.equal(1)
    expect(stderr).to.contain('nothing was tried')
  })

  it('divides a run into shards, and merges their reports', async () => {
    const seeds = ['--seed', '3', '--runs', '600', '--findings', '100']
    const program = await answering('{ accepts: input.length >= 8 }')
    const whole = await fuzz('UInt64', program, ...seeds)
    const report = await whole.report()
    const shards = ['a', 'b'].map((name) => join(dir, name))
    for (const [i, out] of shards.entries()) {
      await fuzz('UInt64', program, ...seeds, '--shard', `${i + 1}/2`, '--out', out)
    }
    const all = join(dir, 'all')
    const merged = await nixWire(['fuzz', 'report', ...shards, '--out', all])
    expect(merged.exitCode).to.equal(1)
    const told = JSON.parse(await readFile(join(all, 'report.json'), 'utf8')) as Report
    expect([told.runs, told.findings.map(({ count }) => count)]).to.deep.equal([
      report.runs,
      report.findings.map(({ count }) => count),
    ])
    const twice = await nixWire(['fuzz', 'report', shards[0]!, shards[0]!])
    expect(twice.exitCode).to.equal(1)
    expect(twice.stderr).to.contain('same part')
    const other = await nixWire(['fuzz', 'report', dir])
    expect(other.exitCode).to.equal(2)
  })

  describe('with a decoder of a text', () => {
    /** Reads a padded text, with anything behind it or not, and then checks what the test says of `text`. */
    const textThat = (test: string, size = '==='): Promise<ReadonlyArray<string>> =>
      answering(`(() => {
        const length = input.length < 8 ? NaN : Number(input.readBigUInt64LE(0))
        const end = 8 + Math.ceil(length / 8) * 8
        const isRead = input.length ${size} end && input.subarray(8 + length, end).every((byte) => byte === 0)
        const text = input.toString('latin1', 8, 8 + length)
        return { accepts: isRead && ${test} }
      })()`)
    const run = (program: ReadonlyArray<string>, ...more: ReadonlyArray<string>) =>
      fuzz('StorePathName', program, '--findings', '100', '--runs', '512', ...more)
    const found = async (out: string) =>
      (JSON.parse(await readFile(join(out, 'report.json'), 'utf8')) as Report).findings
    const rulesOf = async (out: string) =>
      (await found(out)).map(({ group, rules }) => [group, ...rules.toSorted()]).toSorted()

    it('that checks nothing, makes one finding of its form and one of UTF-8, and lists their rules', async () => {
      const [junit, markdown] = [join(dir, 'fuzz.xml'), join(dir, 'fuzz.md')]
      const { report, stdout, stderr } = await run(
        await textThat('true'),
        '--junit',
        junit,
        '--markdown',
        markdown,
      )
      const { findings } = await report()
      const [finding, utf8] = findings.toSorted((a, b) => b.rules.length - a.rules.length)
      expect(findings).to.have.lengthOf(2)
      expect(finding).to.include({ kind: 'verdict', group: 'StorePathName: its form', answer: 'accepts' })
      expect(utf8).to.include({ group: 'UTF-8', tag: 'NotUtf8' })
      expect(utf8?.rules).to.include.members(['no surrogate', 'no byte 0xff'])
      expect(finding?.rules).to.include.members([
        'it is not empty',
        'no space is in front of it',
        'part 1: it is not "."',
      ])
      const [first, second] = finding!.rules
      expect(stdout).to.contain(`\n   StorePathName: its form, rules: ${first}; ${second}; `)
      expect(stdout).to.match(new RegExp(`; [^\n]* and ${finding!.rules.length - 6} more\n`))
      expect(stdout).to.match(/^\d\. \d+× InvalidText in the message: the program accepts/m)
      expect(stderr).to.contain('nix-wire: 2 found (512 runs')
      expect(await readFile(markdown, 'utf8'))
        .to.contain('| StorePathName: its form |')
        .and.match(/\n- StorePathName: its form, rules: .* more\n/)
      expect(await readFile(junit, 'utf8')).to.contain('name="StorePathName: its form"')
    })

    it('that checks its characters and not its length, names that one rule', async () => {
      const { report, stdout } = await run(
        await textThat('/^[0-9a-zA-Z+._?=-]+$/.test(text) && !/^\\.\\.?(-|$)/.test(text)'),
        '--only',
        'malformed',
      )
      const [finding, ...others] = (await report()).findings
      expect(others).to.deep.equal([])
      expect(finding?.rules).to.have.lengthOf(1)
      expect(finding?.rules[0]).to.match(/^part 2: it has at most 211 characters$/)
      expect(stdout).to.contain(`\n   StorePathName: its form, rules: ${finding?.rules[0]}\n`)
    })

    it('merges the rules of shards', async () => {
      const seeds = ['--seed', '3', '--minimise', '0.001']
      const unchecked = await textThat('true')
      const whole = await rulesOf((await run(unchecked, ...seeds)).out)
      const shards = ['a', 'b'].map((name) => join(dir, name))
      for (const [i, out] of shards.entries()) {
        await run(unchecked, ...seeds, '--shard', `${i + 1}/2`, '--out', out)
        expect(await rulesOf(out)).not.to.deep.equal(whole)
      }
      const all = join(dir, 'all')
      await nixWire(['fuzz', 'report', ...shards, '--out', all])
      expect(await rulesOf(all)).to.deep.equal(whole)
      expect(whole.map(([group]) => group)).to.deep.equal(['StorePathName: its form', 'UTF-8'])
    })

    it('finds the same rules with several jobs, in one report', async () => {
      const lenient = await textThat('true', '>=')
      const { out } = await run(lenient, '--seed', '3')
      const whole = await rulesOf(out)
      expect(whole.map(([group]) => group)).to.deep.equal([
        'StorePathName: its form',
        'UTF-8',
        'nothing behind it',
      ])
      const hexOf = async () => (await found(out)).find(({ tag }) => tag === 'TrailingBytes')?.hex
      const hex = await hexOf()
      const { exitCode, report } = await run(lenient, '--seed', '3', '--jobs', '2')
      expect([exitCode, (await report()).shard]).to.deep.equal([1, '1/1'])
      expect(await rulesOf(out)).to.deep.equal(whole)
      expect(hex).to.match(/^01(00){7}..(00){8}$/)
      expect(await hexOf()).to.equal(hex)
    })

    it('merges no report whose findings have no rules', async () => {
      const { out } = await run(await textThat('true'), '--minimise', '0.001')
      const file = join(out, 'report.json')
      await writeFile(file, (await readFile(file, 'utf8')).replace('"rules"', '"others"'))
      const { exitCode, stderr } = await nixWire(['fuzz', 'report', out])
      expect([exitCode, stderr]).to.deep.equal([
        1,
        `nix-wire: ${file} is not a report of \`nix-wire fuzz\`\n`,
      ])
    })
  })

  it('finds the same with several jobs, in one report', async () => {
    const { exitCode, report } = await exec('UInt64', lenient, '--jobs', '2', '--runs', '600')
    expect(exitCode).to.equal(1)
    const { findings, shard } = await report()
    expect(shard).to.equal('1/1')
    expect(findings).to.have.lengthOf(1)
    expect(findings[0]).to.include({ hex: '000000000000000000' })
  })

  it('rejects a command line without a program', async () => {
    const { exitCode, stderr } = await nixWire(['fuzz', 'UInt64'])
    expect(exitCode).to.equal(2)
    expect(stderr).to.contain('--exec or --adapter')
  })

  it('tells of a filter that can match nothing before it starts anything', async () => {
    for (const [words, problem] of [
      [
        ['--only', 'NonZeroPading'],
        '--only: there is no tag, path or kind "NonZeroPading" (did you mean NonZeroPadding?)',
      ],
      [['--only', 'info.reference'], '"info.reference" (did you mean info.references or info.references[]?)'],
      [['--ignore', 'nonsense'], '--ignore: there is no tag, path or kind "nonsense"'],
      [['--structure', '--only', 'NotUtf8'], '--only: "NotUtf8" is ignored as well'],
      [['--only', 'value'], '--only: the check accept does not compare values'],
    ] as const) {
      for (const jobs of ['1', '2']) {
        const { exitCode, stderr } = await exec('ValidPathInfo', '/nowhere/decoder', '--jobs', jobs, ...words)
        expect([exitCode, stderr.includes(problem)], stderr).to.deep.equal([2, true])
      }
    }
  })

  it('finds what is of one kind of mistake alone', async () => {
    const { report } = await exec('UInt64', lenient, '--runs', '150', '--only', 'verdict')
    expect((await report()).findings.map(({ kind }) => kind)).to.deep.equal(['verdict'])
  })

  it('fuzzes frames', async () => {
    const { exitCode } = await exec('Framed<Rest>', 'true', '--runs', '30', '--only', 'valid')
    expect(exitCode).to.equal(0)
  })
})

describe('examples/fuzz-another-language', () => {
  const compiler = process.env.CC ?? 'cc'
  const needsCompiler = (test: Mocha.Context): void => {
    if (spawnSync(compiler, ['--version']).status !== 0) {
      skippedButInCi(test, 'there is no compiler for C')
    }
  }

  let dir: string
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'nix-wire-example-'))
  })
  afterEach(() => rm(dir, { recursive: true }))

  const example = (...parts: ReadonlyArray<string>): string =>
    projectPath('examples', 'fuzz-another-language', ...parts)
  const nixWireCommand = [process.execPath, ...commandWords].join(' ')

  it('finds the mistake of the decoder in seconds, as its README shows', async function () {
    needsCompiler(this)
    const { status, stdout } = spawnSync(example('run.sh'), [dir], {
      cwd: projectPath(),
      encoding: 'utf8',
      env: { ...process.env, NIX_WIRE: nixWireCommand },
    })
    expect(status).to.equal(1)
    const shown = await readFile(example('README.md'), 'utf8')
    const [first = ''] = stdout.split('\n')
    expect(shown).to.contain(first)
    // It takes 28 runs of a few milliseconds each; the order of the jobs may change that slightly.
    const { runs } = JSON.parse(await readFile(join(dir, 'report.json'), 'utf8')) as { readonly runs: number }
    expect(runs).to.be.lessThan(150)
  })

  it('finds nothing in the decoder after the fix that the README shows', async function () {
    needsCompiler(this)
    const mending = /```c\n([\s\S]*?)```/.exec(await readFile(example('README.md'), 'utf8'))?.[1] ?? ''
    const broken = await readFile(example('decoder.c'), 'utf8')
    const mended = broken.replace(/ {4}uint32_t length[\s\S]*?padding\)\n/, mending)
    expect(mended).not.to.equal(broken)
    await writeFile(join(dir, 'decoder.c'), mended)
    expect(spawnSync(compiler, ['-o', join(dir, 'decoder'), join(dir, 'decoder.c')]).status).to.equal(0)
    const { exitCode, stdout } = await nixWire([
      'fuzz',
      'List<Text>',
      '--exec',
      join(dir, 'decoder'),
      '--runs',
      '400',
      '--seed',
      '1',
    ])
    expect([exitCode, stdout.toString()]).to.deep.equal([
      0,
      stdout.toString().replace(/^(?!Nothing found)/, '!'),
    ])
  })
})
