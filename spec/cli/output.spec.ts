import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, constants, existsSync, mkdtempSync, openSync, rmSync } from 'node:fs'
import { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { commandWords } from '../support/command-words.js'
import { archive, file, words } from '../support/nar.js'
import { projectPath } from '../support/shared.js'

describe('standard output', () => {
  let dir = ''
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'nix-wire-output-'))
  })
  afterEach(() => {
    rmSync(dir, { recursive: true, force: true })
  })

  it('gets every byte, even if a slow reader accepts chunks in parts', async function () {
    if (process.platform === 'win32') {
      this.skip() // The platform has no named pipes of this kind.
    }
    const contents = Buffer.from(Uint32Array.from({ length: 2 ** 18 }, (_, i) => i * 2654435761).buffer)
    const fifo = join(dir, 'fifo')
    execFileSync('mkfifo', [fifo])
    const reader = new Socket({ fd: openSync(fifo, constants.O_RDONLY | constants.O_NONBLOCK) })
    const end = openSync(fifo, constants.O_WRONLY | constants.O_NONBLOCK)
    const child = spawn(process.execPath, [...commandWords, 'nar', 'pack', '-'], {
      cwd: projectPath(),
      stdio: ['pipe', end, 'inherit'],
    })
    const exited = once(child, 'exit')
    // At its start, the command makes the pipe blocking; this does what another program that shares it may do at any
    // time.
    const shared = new Socket({ fd: end, readable: false, writable: true })
    void exited.then(() => shared.destroy())
    // It writes after it has read all: 1 MiB at once, while a pipe holds 64 KiB.
    child.stdin?.end(contents)
    const got: Array<Buffer> = []
    for await (const chunk of reader) {
      got.push(chunk as Buffer)
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect((await exited)[0]).to.equal(0)
    expect(Buffer.concat(got).equals(archive(file(contents)))).to.equal(true)
  })

  const refused = (command: ReadonlyArray<string>, stdin: Uint8Array) =>
    async function (this: Mocha.Context) {
      if (!existsSync('/dev/full')) {
        this.skip() // Only Linux has a device that is always full.
      }
      const full = openSync('/dev/full', 'w')
      const child = spawn(process.execPath, [...commandWords, ...command], {
        cwd: projectPath(),
        stdio: ['pipe', full, 'pipe'],
      })
      closeSync(full)
      let stderr = ''
      child.stderr?.on('data', (chunk: Buffer) => {
        stderr += chunk.toString()
      })
      child.stdin?.on('error', () => undefined)
      child.stdin?.end(stdin)
      const [exitCode] = (await once(child, 'close')) as [number]
      expect([exitCode, stderr]).to.deep.equal([
        1,
        'nix-wire: cannot write to standard output: ENOSPC: no space left on device, write\n',
      ])
    }

  it(
    'that cannot be written is reported: the contents of a file',
    refused(['nar', 'cat', '-'], archive(file('x'))),
  )
  it('that cannot be written is reported: a value', refused(['decode', 'String'], words('x')))
  it('that cannot be written is reported: a help text', refused(['--help'], new Uint8Array(0)))
})
