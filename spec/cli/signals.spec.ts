import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { spawnNixWire } from '../support/cli.js'
import { archive, directory, file } from '../support/nar.js'
import { until } from '../support/waiting.js'

/** A command, what it has said so far, and how it ends. */
const started = (args: ReadonlyArray<string>) => {
  const child = spawnNixWire(args)
  const said = { stdout: '', stderr: '' }
  child.stdout.on('data', (chunk: Buffer) => {
    said.stdout += chunk.toString()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    said.stderr += chunk.toString()
  })
  child.stdin.on('error', () => undefined)
  const ended = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>
  const isBusy = (): boolean => {
    if (child.exitCode !== null) {
      throw new Error(`the command has ended: ${said.stderr}`)
    }
    return true
  }
  return { child, said, ended, isBusy }
}

describe('a signal', () => {
  let dir = ''
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'nix-wire-signals-'))
  })
  afterEach(() => {
    rmSync(dir, { recursive: true, force: true })
  })

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    it(`${signal} ends the proxy, and its socket is gone`, async () => {
      const socket = join(dir, 'p')
      const args = ['--listen', socket, '--to', join(dir, 'd'), '--record', join(dir, 'r'), '--mode', '0666']
      const { child, said, ended, isBusy } = started(['proxy', ...args])
      await until(() => isBusy() && said.stderr.includes('listening'))
      expect(statSync(socket).mode & 0o777).to.equal(0o666)
      child.kill(signal)
      expect(await ended).to.deep.equal([0, null])
      expect(readdirSync(dir)).to.deep.equal(['r'])
    })

    it(`${signal} ends nar unpack, and its workshop is gone`, async () => {
      const { child, said, ended, isBusy } = started(['nar', 'unpack', '-', join(dir, 'out')])
      child.stdin.write(archive(directory(['a', file('x'.repeat(100_000))])).subarray(0, 80_000))
      await until(() => isBusy() && readdirSync(dir).length > 0)
      child.kill(signal)
      expect(await ended).to.deep.equal([1, null])
      expect(said.stderr).to.equal('nix-wire: interrupted; nothing has been left behind\n')
      expect(readdirSync(dir)).to.deep.equal([])
    })
  }
})
