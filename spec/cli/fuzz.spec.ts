import { spawnSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { nixWire, nixWireProcess } from '../support/cli.js'
import { projectPath } from '../support/shared.js'

interface Report {
  readonly findings: ReadonlyArray<{
    readonly answer: string
    readonly expected: string
    readonly why: string
    readonly bytes: number
    readonly hex: string
    readonly script: string
    readonly stderr: string
  }>
}

describe('nix-wire fuzz', () => {
  let dir: string
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'nix-wire-fuzz-'))
  })
  afterEach(() => rm(dir, { recursive: true }))

  const fuzz = async (type: string, command: string, ...more: ReadonlyArray<string>) => {
    const out = join(dir, 'out')
    // Nothing but a hang takes so long, and nothing is found only later.
    const patience = ['--timeout', '600', '--time', '600']
    const options = ['--seed', '1', '--out', out, ...patience, ...more]
    const ran = await nixWire(['fuzz', type, '--exec', command, ...options])
    const report = async (): Promise<Report> =>
      JSON.parse(await readFile(join(out, 'report.json'), 'utf8')) as Report
    return { ...ran, out, report }
  }

  /** A decoder of one strict Bool64, up to the mistake. */
  const boolean = (test: string): string => `perl -e 'binmode STDIN; local $/; my $in = <STDIN>; ${test}'`

  it('finds nothing in a program that makes no mistake', async () => {
    const right = boolean('exit(length($in) == 8 ? 0 : 1)')
    const { exitCode, stdout } = await fuzz('UInt64', right, '--runs', '150')
    expect(exitCode).to.equal(0)
    expect(stdout.toString()).to.match(/^Nothing found: 1[0-9]{2} runs in [0-9.]+ s, seed 1\.\n$/)
  })

  it('finds a rule that is not kept, and makes the input small', async () => {
    // Bytes behind the value are not looked at.
    const { exitCode, report, stdout, out } = await fuzz('UInt64', boolean('exit(length($in) >= 8 ? 0 : 1)'))
    expect(exitCode).to.equal(1)
    const [finding] = (await report()).findings
    expect(finding).to.include({ answer: 'accepts', expected: 'refuses', hex: '000000000000000000' })
    expect(finding?.why).to.contain('nothing behind it')
    expect(stdout.toString()).to.contain(`${out}/finding-1.sh shows it again`)
    expect(spawnSync('sh', [join(out, 'finding-1.sh')]).status).to.equal(0)
  })

  it('finds a valid message that is refused', async () => {
    const signed = boolean('exit(length($in) == 8 && ord(substr($in, 7, 1)) < 128 ? 0 : 1)')
    const [finding] = (await (await fuzz('UInt64', signed)).report()).findings
    expect(finding).to.include({ answer: 'refuses', expected: 'accepts', bytes: 8, hex: '0000000000000080' })
  })

  it('finds a crash, and keeps what the program said', async () => {
    const crashing = boolean(
      'if (length($in) < 8) { print STDERR "out of bounds"; exit(134) } exit(length($in) == 8 ? 0 : 1)',
    )
    const [finding] = (await (await fuzz('UInt64', crashing)).report()).findings
    expect(finding).to.include({ answer: 'crashes (exit code 134)', stderr: 'out of bounds' })
  })

  it('ends what hangs, with all that it started', async () => {
    // Of this process alone.
    const forever = 100_000_000 + process.pid
    const { exitCode, report } = await fuzz(
      'UInt64',
      `sleep ${forever} & sleep ${forever}`,
      '--timeout',
      '0.2',
      '--jobs',
      '1',
    )
    expect(exitCode).to.equal(1)
    expect((await report()).findings[0]?.answer).to.equal('hangs')
    const left = spawnSync('pgrep', ['-f', `^sleep ${forever}$`], { encoding: 'utf8' })
    expect(left.stdout).to.equal('')
  })

  it('asks for a program', async () => {
    const { exitCode, stderr } = await nixWireProcess(['fuzz', 'UInt64'])
    expect(exitCode).to.equal(2)
    expect(stderr).to.contain('--exec')
  })
})

describe('examples/fuzz-another-language', () => {
  let dir: string
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'nix-wire-example-'))
  })
  afterEach(() => rm(dir, { recursive: true }))

  const example = (...parts: ReadonlyArray<string>): string =>
    projectPath('examples', 'fuzz-another-language', ...parts)
  const nixWireCommand = `${process.execPath} --import tsx ${projectPath('cli/main.ts')}`

  it('finds the mistake of the decoder in seconds, as its README shows', async () => {
    const { status, stdout } = spawnSync(example('run.sh'), [dir], {
      cwd: projectPath(),
      encoding: 'utf8',
      env: { ...process.env, NIX_WIRE: nixWireCommand },
    })
    expect(status).to.equal(1)
    const shown = await readFile(example('README.md'), 'utf8')
    const [first = ''] = stdout.split('\n')
    expect(shown).to.contain(first)
    // It takes 15, of a few milliseconds each; how the jobs follow each other may change that a little.
    const { runs } = JSON.parse(await readFile(join(dir, 'report.json'), 'utf8')) as { readonly runs: number }
    expect(runs).to.be.lessThan(150)
  })

  it('finds nothing in the decoder as the README mends it', async () => {
    const mending = /```c\n([\s\S]*?)```/.exec(await readFile(example('README.md'), 'utf8'))?.[1] ?? ''
    const broken = await readFile(example('decoder.c'), 'utf8')
    const mended = broken.replace(/ {4}uint32_t length[\s\S]*?padding\)\n/, mending)
    expect(mended).not.to.equal(broken)
    await writeFile(join(dir, 'decoder.c'), mended)
    expect(
      spawnSync(process.env.CC ?? 'cc', ['-o', join(dir, 'decoder'), join(dir, 'decoder.c')]).status,
    ).to.equal(0)
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
