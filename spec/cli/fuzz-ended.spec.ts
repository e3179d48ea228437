import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { spawnNixWire } from '../support/cli.js'
import { until } from '../support/waiting.js'

describe('nix-wire fuzz, when it is ended', () => {
  let dir: string
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'nix-wire-fuzz-'))
  })
  afterEach(() => rm(dir, { recursive: true }))

  // Unique to this process.
  const forever = 200_000_000 + process.pid

  for (const [jobs, signal] of [
    ['1', 'SIGINT'],
    ['2', 'SIGTERM'],
  ] as const) {
    it(`by ${signal}, with ${jobs} jobs, reports its findings, and ends the programs it started`, async () => {
      const started = join(dir, 'started')
      const out = join(dir, 'out')
      const program = `touch ${started}; test -e ${started}-2 && sleep ${forever}; touch ${started}-2; exit 0`
      const words = [
        '--exec',
        program,
        '--findings',
        '1000',
        '--runs',
        '1000000',
        '--jobs',
        jobs,
        '--out',
        out,
      ]
      const child = spawnNixWire([
        'fuzz',
        'UInt64',
        '--seed',
        '1',
        '--timeout',
        '100000',
        '--only',
        'malformed',
        ...words,
      ])
      let told = ''
      child.stdout.on('data', (chunk: Buffer) => {
        told += chunk.toString()
      })
      const exitCode = new Promise((resolve) => child.on('close', resolve))
      const sleeps = (): boolean => spawnSync('pgrep', ['-f', `^sleep ${forever}$`]).status === 0
      await until(() => existsSync(started) && sleeps(), 'it runs')
      child.kill(signal)
      expect(await exitCode).to.equal(1)
      expect(told).to.match(/^1\. \d+× \w+ in the message: /)
      expect(JSON.parse(await readFile(join(out, 'report.json'), 'utf8'))).to.include({ ended: 'aborted' })
      expect(sleeps()).to.equal(false)
    })
  }
})
