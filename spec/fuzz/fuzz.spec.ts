import { execFileSync } from 'node:child_process'
import { expect } from 'chai'
import { countProcess } from '../support/one-process.js'
import { projectPath } from '../support/shared.js'
import { surroundedBy } from '../support/surroundings.js'
import { settledSoon } from '../support/waiting.js'
import { fuzz } from './command.js'
import { cheaply } from './cost.js'
import { allTargets } from './targets/index.js'
import { alone, bytesTrial, plainTrial, type Target, type Trial } from './trial.js'

/** Runs the command with these targets in place of its own. */
const run = async (words: ReadonlyArray<string>, targets?: ReadonlyArray<Target>, terminal = false) => {
  const env = { FORCE_COLOR: '', NO_COLOR: '1', NIX_WIRE_DEBUG: '' }
  const command = () => fuzz(words, targets)
  const { result, stdout, stderr } = await surroundedBy({ stdin: new Uint8Array(0), env, terminal }, command)
  return { exitCode: result, stdout: stdout.toString(), stderr: stderr.toString() }
}

const target = (name: string, batch: (seed: number) => Iterable<Trial>): Target => ({
  name,
  summary: 'planted',
  open: alone(batch),
})

/** Words of four bytes; the planted fault rejects all that contain a 7. */
const planted = (tried: Array<string> = []): Target =>
  target('planted', (seed) =>
    Array.from({ length: 20 }, (_, i) =>
      bytesTrial('a word', Uint8Array.of(seed % 256, i, 7 * Number(i === 13), 1), (bytes) => {
        tried.push(Buffer.from(bytes).toString('hex'))
        if (bytes.includes(7)) {
          throw new Error(`a seven in ${bytes.length} bytes`)
        }
      }),
    ),
  )

describe('npm run fuzz', () => {
  it('finds a planted mistake, makes it small and says how to repeat it', async () => {
    const { exitCode, stdout, stderr } = await run(['--inputs', '60', '--seed', '11'], [planted()])
    expect(exitCode).to.equal(1)
    expect(stdout).to.contain('FOUND in planted: a word\n')
    // The eighth word of the first batch; after shrinking, the second fault is the same one.
    expect(stdout).to.contain('input   1 bytes: 07\n  wrong   a seven in 1 bytes\n  seed    11\n')
    expect(stdout).to.contain('again   npm run fuzz -- --only planted --seed 11 --input 7\n')
    expect(stdout.match(/FOUND/g)).to.have.lengthOf(1)
    expect(stdout).to.match(/^planted +60 /m)
    expect(stderr).to.match(/^nix-wire: 1 found: 60 inputs in [0-9.]+ s, seed 11\n$/)
  })

  it('repeats only that input', async () => {
    const tried: Array<string> = []
    const words = ['--only', 'planted', '--seed', '11', '--input', '7']
    const { exitCode, stdout } = await run(words, [planted(tried)])
    expect(exitCode).to.equal(1)
    expect(tried[0]).to.equal('0b070001')
    expect(stdout).to.contain('again   npm run fuzz -- --only planted --seed 11 --input 7\n')
    expect(stdout).to.match(/^planted +1 /m)
    const other = await run(['--seed', '11', '--input', '6'], [planted()])
    expect([other.exitCode, other.stderr]).to.deep.equal([0, ''])
  })

  it('tries the same for the same seed, and other inputs for another', async () => {
    const triedWith = async (seed: string): Promise<ReadonlyArray<string>> => {
      const tried: Array<string> = []
      await run(['--inputs', '50', '--seed', seed, '--findings', '100'], [planted(tried)])
      return tried
    }
    expect(await triedWith('3')).to.deep.equal(await triedWith('3'))
    expect(await triedWith('3')).not.to.deep.equal(await triedWith('4'))
  })

  it('reports a rejected promise that no trial awaits', async () => {
    const losing = target('losing', () => [
      plainTrial('lost', String, () => {
        process.listeners('unhandledRejection').at(-1)?.(new Error('nobody waits'), Promise.resolve())
      }),
    ])
    const { exitCode, stdout } = await run(['--inputs', '1'], [losing])
    expect(exitCode).to.equal(1)
    expect(stdout).to.contain('wrong   nobody waits\n')
  })

  it('ends with 0 if nothing is found, and with 2 for a wrong command line', async () => {
    const well = target('well', () => [plainTrial('fine', String, () => undefined)])
    const { exitCode, stdout, stderr } = await run(['--inputs', '3', '--seed', '5'], [well])
    expect([exitCode, stderr]).to.deep.equal([0, ''])
    expect(stdout)
      .to.match(/^seed 5: well\n/)
      .and.match(/\nNothing found: 3 inputs in [0-9.]+ s, seed 5\.\n$/)
    for (const words of [['--only', 'nothing'], ['--seconds', '0'], ['--nope'], ['word']]) {
      expect((await run(words, [well])).exitCode, words.join(' ')).to.equal(2)
    }
    const help = await run(['--help'])
    expect(help.exitCode).to.equal(0)
    for (const { name, summary } of allTargets) {
      expect(help.stdout).to.contain(`${name.padEnd(14)}${summary}`)
    }
    expect(help.stdout).to.contain('Examples:\n')
  })

  it('draws its progress bar on a terminal only', async () => {
    const words = ['--inputs', '40', '--seed', '1']
    expect((await run(words, [planted()])).stderr).not.to.contain('█')
    expect((await run(words, [planted()], true)).stderr).to.contain(`\r\x1b[K${'█'.repeat(24)} 40 runs`)
  })

  for (const { name, open } of allTargets) {
    it(`has inputs of ${name} that are the same for the same seed, and finds nothing in a few`, async () => {
      const { batch, close } = await open()
      const listed = (seed: number): ReadonlyArray<string> =>
        [...batch(seed)].map(({ what, shown }) => `${what}: ${shown()}`)
      try {
        expect(listed(7)).to.deep.equal(listed(7))
        expect(listed(7)).not.to.deep.equal(listed(8))
      } finally {
        await close()
      }
      const { exitCode, stdout } = await run(['--only', name, '--inputs', '8', '--seed', '7'])
      expect(exitCode, stdout).to.equal(0)
      expect(stdout).to.match(new RegExp(`^${name} +8 `, 'm'))
    })
  }
})

describe('the limit of an input', () => {
  // In a process of its own: the collector of this one may free what other tests have left, at any moment.
  it('is a little memory, each time', () => {
    countProcess()
    const script = `
      import { cheaply } from ${JSON.stringify(projectPath('spec/fuzz/cost.ts'))}
      const kept = []
      // Without being written, which would take time, too.
      const setAside = (bytes) => () => kept.push(Buffer.allocUnsafeSlow(bytes))
      cheaply(setAside(2 ** 13))
      try {
        cheaply(setAside(2 ** 26))
      } catch (error) {
        console.log(kept.length + ': ' + error.message)
      }`
    const words = ['--import', 'tsx', '--input-type=module', '--eval', script]
    const printed = execFileSync(process.execPath, words, { cwd: projectPath(), encoding: 'utf8' })
    expect(printed).to.match(/^4: it takes [0-9]+ MiB of memory\n$/)
  })

  it('is a little processor time, each time', () => {
    const busy = () => {
      const before = process.cpuUsage()
      for (let n = 0; n % 1_000_000 !== 0 || process.cpuUsage(before).user < 310_000; n++);
    }
    expect(() => cheaply(busy)).to.throw(/^it takes the processor [0-9]+ ms$/)
    let times = 0
    cheaply(() => (times++ === 0 ? busy() : undefined))
    expect(times).to.equal(2)
  })

  it('is that it settles, after however many turns of the event loop', async () => {
    const refused = await settledSoon(new Promise(() => undefined), 'this').catch(
      (error: Error) => error.message,
    )
    expect(refused).to.equal('this hangs')
    expect(await settledSoon(Promise.resolve(7), 'this')).to.equal(7)
  })
})
