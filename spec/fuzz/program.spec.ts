import { existsSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { expect } from 'chai'
import { type Check, type FuzzOptions, fuzz, ProgramError, programTarget } from '../../fuzz/index.js'
import { lineOf, wordsOf } from '../../fuzz/process/command.js'
import { mostOutput, Runner } from '../../fuzz/process/runner.js'
import { u64 } from '../../index.js'

/** The time that only a hang takes. */
const patience = 600

const run = (command: string | ReadonlyArray<string>, check: Check = 'accept', options: FuzzOptions = {}) =>
  fuzz(u64, programTarget({ command, timeout: patience }), {
    seed: 1,
    runs: 60,
    minimise: patience,
    check,
    ...options,
  })

const perl = (code: string): ReadonlyArray<string> => [
  'perl',
  '-e',
  `binmode STDIN; local $/; my $in = <STDIN>; ${code}`,
]

describe('a program that is run for each input', () => {
  it('may be a line for the shell, or a list of words', async () => {
    const right = perl('exit(length($in) == 8 ? 0 : 1)')
    expect((await run(right)).findings).to.deep.equal([])
    expect((await run(lineOf(right))).findings).to.deep.equal([])
    expect((await run(`${lineOf(right)} || exit 1`)).findings).to.deep.equal([])
  })

  it('needs no shell for plain words', () => {
    expect(wordsOf('./decoder --strict  @@ a=b')).to.deep.equal(['./decoder', '--strict', '@@', 'a=b'])
    for (const line of ['a | b', "a 'b'", 'a $b', 'a=b c', 'cd x', 'exit 3', 'a*', '~/a', 'a\nb', '# a']) {
      expect(wordsOf(line), line).to.equal(null)
    }
  })

  it('gets the name of the input file, also within a word', async () => {
    const code = 'exit(-s substr($ARGV[0], 5) == 8 ? 0 : 1)'
    const report = await run(['perl', '-e', code, 'file=@@'])
    expect(report.findings).to.deep.equal([])
  })

  it('may leave its input unread, print much, and start others that stay', async () => {
    for (const command of [
      perl('exit(length($in) == 8 ? 0 : 1)'),
      "sleep 100000 >/dev/null & perl -e 'exit(-s STDIN == 8 ? 0 : 1)'",
    ]) {
      expect((await run(command)).findings).to.deep.equal([])
    }
    expect((await run("yes | head -c 300000; perl -e 'exit(-s STDIN == 8 ? 0 : 1)'")).findings).to.deep.equal(
      [],
    )
  })

  it('has at most the given number of findings, however many inputs are in flight', async () => {
    for (const findings of [1, 2, 3]) {
      // Each wrong length is a crash of its own.
      const report = await run(perl('exit(length($in) == 8 ? 0 : 10 + length($in))'), 'accept', { findings })
      expect([report.ended, report.findings.length]).to.deep.equal(['findings', findings])
    }
  })

  it('may crash with the shell that runs it', async () => {
    const report = await run(perl('kill 9, getppid() if length($in) == 9; exit(length($in) == 8 ? 0 : 1)'))
    expect(report.findings.map(({ mistake }) => mistake.kind)).to.deep.equal(['crash'])
  })

  it('is reported once if it cannot be started', async () => {
    for (const command of ['/nowhere/program', ['/nowhere/program'], '(', '/']) {
      const error = await run(command).catch((thrown: unknown) => thrown)
      expect(error, String(command)).to.be.an.instanceof(ProgramError)
    }
  })

  it('leaves no temporary folder', async () => {
    const before = readdirSync(tmpdir()).filter((name) => name.startsWith('nix-wire-fuzz-'))
    const runner = new Runner({ command: 'true', timeout: patience, output: true })
    expect((await runner.run(new Uint8Array(3))).code).to.equal(0)
    const during = readdirSync(tmpdir()).filter(
      (name) => name.startsWith('nix-wire-fuzz-') && !before.includes(name),
    )
    expect(during).not.to.deep.equal([])
    runner.kill()
    expect(
      during.filter((name) => existsSync(`${tmpdir()}/${name}`) && !before.includes(name)).length,
    ).to.be.below(during.length)
  })

  it('has only a limited part of its output kept', async () => {
    const runner = new Runner({
      command: `head -c ${mostOutput + 1} /dev/zero`,
      timeout: patience,
      output: true,
    })
    expect(await runner.run(new Uint8Array())).to.deep.equal({
      code: 0,
      stdout: new Uint8Array(),
      stderr: '',
    })
    runner.kill()
  })

  it('has no value if it prints invalid JSON', async () => {
    const report = await run("cat; perl -e 'exit(-s STDIN == 8 ? 0 : 1)'", 'value')
    expect(report.findings.map(({ mistake }) => mistake.rule)).to.deep.equal(['it gives no JSON'])
  })
})
