import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { type Serving, serveAt } from '../../daemon/serve-at.js'
import { storeHandlers } from '../../daemon/served-store/handlers.js'
import { memoryStore } from '../../daemon/served-store/memory-store.js'
import { nixWire } from '../support/cli.js'

describe('nix-wire conformance daemon', () => {
  let folder: string
  let serving: Serving | undefined
  const socket = () => join(folder, 'socket')

  const served = async (other: object = {}): Promise<void> => {
    const handlers = storeHandlers(memoryStore())
    serving = await serveAt(socket(), (connection) => ({ ...handlers(connection), ...other }), {
      trusted: true,
    })
  }

  const held = (...args: ReadonlyArray<string>) =>
    nixWire(['conformance', 'daemon', '--socket', socket(), '--record', join(folder, 'failures'), ...args])

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'conformance-'))
  })
  afterEach(async () => {
    await serving?.close()
    serving = undefined
    rmSync(folder, { recursive: true })
  })

  it('counts what passed', async () => {
    await served()
    const { exitCode, stdout } = await held('--section', '1', '--markdown', join(folder, 'report.md'))
    expect(stdout.toString()).to.match(/^1 handshake: \d+ passed\n\d+ passed\n$/)
    expect(exitCode).to.equal(0)
    expect(readFileSync(join(folder, 'report.md'), 'utf8')).to.contain('| 1 handshake |')
  })

  it('says what failed, where its recording is, and how to try it again', async () => {
    await served({ IsValidPath: () => true })
    const { exitCode, stdout } = await held('--only', '3.IsValidPath@1.38.of-none')
    expect(exitCode).to.equal(1)
    const text = stdout.toString()
    expect(text).to.contain('failed 3.IsValidPath@1.38.of-none')
    expect(text).to.contain(`--socket ${socket()} --level read --only 3.IsValidPath@1.38.of-none`)
    const [file] = readdirSync(join(folder, 'failures'))
    expect(file).to.equal('3.IsValidPath@1.38.of-none.pcapng')
    const shown = await nixWire(['session', join(folder, 'failures', file!)])
    expect(shown.stdout.toString()).to.contain('IsValidPath')
    const again = text.split('\n').find((line) => line.includes('--only'))!
    expect((await nixWire(again.trim().split(' ').slice(1).concat('--record', folder))).exitCode).to.equal(1)
  })

  it('leaves out what the daemon is declared not to support', async () => {
    await served()
    const { exitCode, stdout } = await held('--without', 'FindRoots', '--only', '3.FindRoots')
    expect(exitCode).to.equal(0)
    expect(stdout.toString()).to.match(/3 operations: \d skipped/)
  })

  it('says which --only no case has', async () => {
    await served()
    for (const only of [['3.Nothing'], ['1.', '3.Nothing']]) {
      const { exitCode, stderr } = await held(...only.flatMap((id) => ['--only', id]))
      expect([exitCode, stderr]).to.match(
        /^2,.*no case that was tried has an id that begins with "3.Nothing"/s,
      )
    }
  })

  it('rejects a wrong command line', async () => {
    for (const args of [
      [],
      ['--socket', socket(), '--private', 'nix-daemon'],
      ['--socket', socket(), '--section', '9'],
      ['--socket', socket(), '--without', 'Dance'],
      ['--socket', socket()],
      ['--private', join(folder, 'no-such-daemon')],
      ['--private', 'nix-daemon', '--store-dir', '/nix/store'],
    ]) {
      const { exitCode, stderr } = await nixWire(['conformance', 'daemon', ...args])
      expect(exitCode, `${args}: ${stderr}`).to.equal(2)
    }
  })
})
