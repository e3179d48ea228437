import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import {
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { serve } from '../../daemon/server.js'
import type { Handlers } from '../../daemon/server-types.js'
import type { operations } from '../../grammar/operations/index.js'
import { spawnNixWire } from '../support/cli.js'
import { memoryStore } from '../support/memory-store.js'
import { archive, directory, file } from '../support/nar.js'
import { until } from '../support/waiting.js'

const children = new Set<ReturnType<typeof spawnNixWire>>()

/** A running command, its output so far, and its end. */
const started = (args: ReadonlyArray<string>) => {
  const child = spawnNixWire(args)
  children.add(child)
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

/** Whether a process exists; one that has ended may still be listed. */
const isRunning = (pid: string): boolean => {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

describe('a signal', () => {
  let dir = ''
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'nix-wire-signals-'))
  })
  afterEach(async () => {
    for (const child of children) {
      if (child.exitCode === null && child.signalCode === null && child.kill('SIGKILL')) {
        await once(child, 'close')
      }
    }
    children.clear()
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

    it(`${signal} ends store nar, and the old file stays`, async () => {
      const store = memoryStore()
      const { path } = await store.add('x', { _tag: 'Text', algorithm: 'sha256' }, Buffer.alloc(100_000, 'x'))
      const { nar } = store.entries.get(path)!
      const handlers = {
        ...store.handlers,
        // The rest never comes.
        NarFromPath: async function* () {
          yield nar.subarray(0, 80_000)
          await new Promise(() => undefined)
        },
      }
      const server = createServer((socket) => {
        socket.on('error', () => undefined)
        void serve(socket, handlers)
      })
      await new Promise<void>((resolve) => server.listen(join(dir, 's'), resolve))
      writeFileSync(join(dir, 'out.nar'), 'old')
      const args = ['--socket', join(dir, 's'), path, '-o', join(dir, 'out.nar')]
      const { child, ended, isBusy } = started(['store', 'nar', ...args])
      const beside = (): ReadonlyArray<string> => readdirSync(dir).filter((name) => name.startsWith('.'))
      await until(() => isBusy() && beside().some((name) => statSync(join(dir, name)).size > 0))
      child.kill(signal)
      expect(await ended).to.deep.equal([null, signal])
      expect(readFileSync(join(dir, 'out.nar'), 'utf8')).to.equal('old')
      expect(readdirSync(dir).sort()).to.deep.equal(['out.nar', 's'])
      await new Promise((resolve) => server.close(resolve))
    })

    it(`${signal} ends store add, and the daemon does not take the part for the whole`, async () => {
      let isUploading = false
      let outcome = ''
      const handlers: Handlers<typeof operations> = {
        AddToStore: async (_, { upload }) => {
          try {
            while ((await upload.next()) !== null) {
              isUploading = true
            }
            outcome = 'whole'
          } catch (error) {
            outcome = 'broken off'
            throw error
          }
          throw new Error('nothing is added here')
        },
      }
      const server = createServer((socket) => {
        socket.on('error', () => undefined)
        void serve(socket, handlers)
      })
      await new Promise<void>((resolve) => server.listen(join(dir, 's'), resolve))
      const large = join(dir, 'large')
      writeFileSync(large, '')
      truncateSync(large, 2 ** 36)
      const args = ['--socket', join(dir, 's'), '--flat', large]
      const { child, said, ended, isBusy } = started(['store', 'add', ...args])
      await until(() => isBusy() && isUploading)
      child.kill(signal)
      expect(await ended).to.deep.equal([1, null])
      expect(said).to.deep.equal({ stdout: '', stderr: 'nix-wire: interrupted; nothing was added\n' })
      await until(() => outcome !== '')
      expect(outcome).to.equal('broken off')
      await new Promise((resolve) => server.close(resolve))
    })

    it(`${signal} ends sample, and the old files stay`, async () => {
      writeFileSync(join(dir, '000000.bin'), 'old')
      const { child, ended, isBusy } = started(['sample', 'Bool64', '-n', '1000000', '--out', dir])
      const begun = (): boolean => {
        const [staged = ''] = readdirSync(dir).filter((name) => name.startsWith('.'))
        return staged !== '' && readdirSync(join(dir, staged)).length > 10
      }
      await until(() => isBusy() && begun())
      child.kill(signal)
      expect(await ended).to.deep.equal([null, signal])
      expect(readdirSync(dir)).to.deep.equal(['000000.bin'])
      expect(readFileSync(join(dir, '000000.bin'), 'utf8')).to.equal('old')
    })

    it(`${signal} ends fuzz with its findings so far, and the programs that it runs`, async () => {
      // The shell and the program it starts both wait; each prints its process id.
      const program = `echo $$ > '${dir}/'$$.shell; sh -c 'echo $$ > "${dir}/"$$.child; exec tail -f /dev/null'`
      const args = ['--exec', program, '--jobs', '2', '--timeout', '100000', '--out', join(dir, 'found')]
      const { child, said, ended, isBusy } = started(['fuzz', 'Bool64', ...args])
      const pids = (): ReadonlyArray<string> =>
        readdirSync(dir).flatMap((name) => /^(\d+)\.(?:shell|child)$/.exec(name)?.[1] ?? [])
      await until(() => isBusy() && pids().length === 4)
      child.kill(signal)
      expect(await ended).to.deep.equal([0, null])
      expect(said.stdout).to.match(/^Nothing found: .* interrupted\.\n$/)
      await until(() => pids().every((pid) => !isRunning(pid)), 'the programs have ended')
    })

    it(`${signal} ends nar unpack, and its temporary folder is removed`, async () => {
      const { child, said, ended, isBusy } = started(['nar', 'unpack', '-', join(dir, 'out')])
      child.stdin.write(archive(directory(['a', file('x'.repeat(100_000))])).subarray(0, 80_000))
      await until(() => isBusy() && readdirSync(dir).length > 0)
      child.kill(signal)
      expect(await ended).to.deep.equal([1, null])
      expect(said.stderr).to.equal('nix-wire: interrupted; nothing was written\n')
      expect(readdirSync(dir)).to.deep.equal([])
    })
  }

  for (const [what, isWritten] of [
    ['that nobody writes', false],
    ['whose writer says nothing more', true],
  ] as const) {
    it(`a signal ends nar unpack of a pipe ${what}`, async () => {
      const pipe = join(dir, 'pipe')
      execFileSync('mkfifo', [pipe])
      const writer = isWritten ? openSync(pipe, 'r+') : null
      const { child, said, ended, isBusy } = started(['nar', 'unpack', pipe, join(dir, 'out')])
      if (writer !== null) {
        writeSync(writer, archive(directory(['a', file('x'.repeat(1000))])).subarray(0, 800))
      }
      await until(() => isBusy() && readdirSync(dir).length > 1)
      child.kill('SIGINT')
      expect(await ended).to.deep.equal([1, null])
      expect(said.stderr).to.equal('nix-wire: interrupted; nothing was written\n')
      expect(readdirSync(dir)).to.deep.equal(['pipe'])
      if (writer !== null) {
        closeSync(writer)
      }
    })
  }
})
