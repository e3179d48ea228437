import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { none, some } from 'fp-ts/lib/Option.js'
import { readingTimeout } from '../../cli/store/session.js'
import { type Serving, serveAt } from '../../daemon/serve-at.js'
import type { Handlers } from '../../daemon/server-types.js'
import type { operations } from '../../grammar/operations/index.js'
import type { NARHash } from '../../types/index.js'
import { nixWire } from '../support/cli.js'
import { suiteClock } from '../support/clock.js'
import { somePath } from '../support/scripted-session.js'
import { turns, until } from '../support/waiting.js'

const info = {
  narHash: '0'.repeat(64) as NARHash,
  references: [],
  registrationTime: 0n,
  narSize: 1000n,
  ultimate: false,
  signatures: [],
}

describe('nix-wire store, with a daemon that is silent', () => {
  let dir: string
  let socket: string
  let server: Serving
  let asked: Array<string>
  let release: () => void
  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'nix-wire-'))
    socket = join(dir, 's')
    asked = []
    const released = new Promise<never>((_, reject) => {
      release = () => reject(new Error('enough'))
    })
    released.catch(() => undefined)
    const silent = (name: string) => () => {
      asked.push(name)
      return released
    }
    const half = async function* (): AsyncGenerator<Uint8Array, void> {
      yield Buffer.from('\x0d\0\0\0\0\0\0\0nix-archive-1\0\0\0', 'latin1')
      await silent('NarFromPath')()
    }
    const handlers: Handlers<typeof operations> = {
      IsValidPath: silent('IsValidPath'),
      QueryAllValidPaths: silent('QueryAllValidPaths'),
      QueryPathInfo: ({ path }) =>
        path.endsWith('-known') ? some({ ...info, deriver: none, ca: none }) : silent('QueryPathInfo')(),
      NarFromPath: half,
      AddToStore: silent('AddToStore'),
    }
    server = await serveAt(socket, handlers, { idleTimeout: 0 })
  })
  // The server starts by the real clock.
  const clock = suiteClock()
  afterEach(async () => {
    release()
    await server.close()
    rmSync(dir, { recursive: true })
  })

  /** Runs a command until the daemon is silent, and lets time pass. */
  const waiting = (...args: ReadonlyArray<string>) => {
    let ended = false
    const running = nixWire(['store', ...args, '--socket', socket]).finally(() => {
      ended = true
    })
    return {
      running,
      isOver: () => ended,
      untilAsked: () => until(() => asked.length > 0),
    }
  }

  const known = somePath.replace(/-foo$/, '-known')
  const commands: ReadonlyArray<readonly [name: string, ...args: ReadonlyArray<string>]> = [
    ['IsValidPath', 'valid', somePath],
    ['QueryPathInfo', 'path-info', somePath],
    ['QueryPathInfo', 'closure', somePath],
    ['QueryAllValidPaths', 'ls'],
    ['NarFromPath', 'ls', known],
    ['NarFromPath', 'nar', known],
  ]
  for (const [name, ...args] of commands) {
    it(`${args[0]} gives up ${name} after a minute`, async () => {
      const { running, isOver, untilAsked } = waiting(...args)
      await untilAsked()
      expect(asked).to.deep.equal([name])
      await turns()
      clock.pass(readingTimeout * 1000 - 1)
      await turns()
      expect(isOver()).to.equal(false)
      clock.pass(1)
      const { exitCode, stderr } = await running
      expect(exitCode).to.equal(1)
      expect(stderr).to.contain('nothing for 60000 ms')
    })
  }

  it('gives up after the given number of seconds, and never if it is 0', async () => {
    const short = waiting('valid', somePath, '--timeout', '0.5')
    await short.untilAsked()
    await turns()
    clock.pass(500)
    expect((await short.running).stderr).to.contain('nothing for 500 ms')
    asked = []
    const long = waiting('valid', somePath, '--timeout', '0')
    await long.untilAsked()
    clock.pass(2 ** 40)
    await turns()
    expect(long.isOver()).to.equal(false)
    release()
    expect((await long.running).stderr).to.contain('enough')
  })

  it('waits for uploads without a limit, unless one is given', async () => {
    const file = join(dir, 'f')
    writeFileSync(file, 'x')
    const limited = waiting('add', file, '--timeout', '2')
    await limited.untilAsked()
    await turns()
    clock.pass(2000)
    expect((await limited.running).stderr).to.contain('nothing for 2000 ms')
    asked = []
    const free = waiting('add', file)
    await free.untilAsked()
    clock.pass(2 ** 40)
    await turns()
    expect(free.isOver()).to.equal(false)
    release()
    expect((await free.running).stderr).to.contain('enough')
  })

  it('also gives up a handshake', async () => {
    let connections = 0
    const mute = createServer((client) => {
      client.on('error', () => undefined)
      client.resume()
      connections++
    })
    await new Promise<void>((resolve) => mute.listen(join(dir, 'mute'), resolve))
    const running = nixWire(['store', 'ping', '--socket', join(dir, 'mute'), '--timeout', '7'])
    await until(() => connections > 0)
    await turns()
    clock.pass(7000)
    expect((await running).exitCode).to.equal(1)
    await new Promise((resolve) => mute.close(resolve))
  })

  it('rejects an invalid time', async () => {
    for (const time of ['-1', 'soon', '1e3', '']) {
      expect((await nixWire(['store', 'ping', '--timeout', time])).exitCode).to.equal(2)
    }
  })
})
