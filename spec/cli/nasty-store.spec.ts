import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { some } from 'fp-ts/lib/Option.js'
import { daemonError, Refusal, RemoteError } from '../../daemon/failure.js'
import { serve } from '../../daemon/server.js'
import type { Handlers, ServedCall } from '../../daemon/server-types.js'
import type { UnkeyedValidPathInfo } from '../../grammar/index.js'
import type { operations } from '../../grammar/operations/index.js'
import type { NARHash, StorePath } from '../../types/index.js'
import { spawnNixWire } from '../support/cli.js'
import { digest } from '../support/memory-store.js'
import { archive, directory, file, words } from '../support/nar.js'
import { nasty, tame, tameJson } from '../support/nasty.js'
import { rawIn } from '../support/raw.js'
import { ScriptedSession, somePath } from '../support/scripted-session.js'
import { until } from '../support/waiting.js'

const path = somePath as StorePath

const tree = archive(
  directory([`a${nasty}`, file(nasty)], [`b${nasty}`, words('(', 'type', 'symlink', 'target', nasty, ')')]),
)

const info: UnkeyedValidPathInfo = {
  deriver: some(path),
  narHash: digest('sha256', tree).toString('hex') as NARHash,
  references: [path],
  registrationTime: 2n ** 48n,
  narSize: BigInt(tree.length),
  ultimate: false,
  signatures: [`${nasty}:${Buffer.alloc(64).toString('base64')}`] as never,
  ca: { _tag: 'None' } as never,
}

const logged = async ({ log }: ServedCall): Promise<void> => {
  await log.line(nasty)
  await log.line(`${nasty}\n${nasty}`)
  await log.send({ _tag: 'Next', text: '\x1b[31mred' })
}

const failing = (error: RemoteError) => async (_: unknown, call: ServedCall) => {
  await logged(call)
  throw error
}

const answering: Handlers<typeof operations> = {
  QueryPathInfo: async (_, call) => {
    await logged(call)
    return some(info)
  },
  IsValidPath: async (_, call) => {
    await logged(call)
    return true
  },
  QueryAllValidPaths: async (_, call) => {
    await logged(call)
    return [path]
  },
  NarFromPath: () => [tree],
}

const failingWith = (error: RemoteError): Handlers<typeof operations> => ({
  QueryPathInfo: failing(error),
  IsValidPath: failing(error),
  QueryAllValidPaths: failing(error),
  NarFromPath: failing(error),
  AddToStore: failing(error),
})

const traces = [{ hint: nasty }, { hint: `${nasty}\n${nasty}` }]
const error = daemonError(`${nasty}\n${nasty}`, { traces })

describe('no control character reaches a terminal or a pipe from a daemon', () => {
  let dir = ''
  let server: Server
  const sockets = new Set<Socket>()
  let meet: (socket: Socket) => void = () => undefined
  before(async () => {
    dir = mkdtempSync(join(tmpdir(), 'nix-wire-nasty-'))
    server = createServer((socket) => {
      sockets.add(socket.on('error', () => undefined).on('close', () => sockets.delete(socket)))
      meet(socket)
    })
    await new Promise<void>((resolve) => server.listen(join(dir, 's'), resolve))
  })
  after(async () => {
    const closed = new Promise((resolve) => server.close(resolve))
    for (const socket of sockets) {
      socket.destroy()
    }
    await closed
    rmSync(dir, { recursive: true })
  })

  const store = (...args: ReadonlyArray<string>) =>
    tame(['store', ...args, '--socket', join(dir, 's')], args[0] === 'nar' ? { bytes: true } : {})
  const storeJson = (...args: ReadonlyArray<string>) =>
    tameJson(['store', ...args, '--json', '--socket', join(dir, 's')])

  const everything = async (): Promise<void> => {
    for (const args of [
      ['ping'],
      ['path-info', path],
      ['ls'],
      ['ls', path],
      ['valid', path],
      ['closure', path],
    ]) {
      await store(...args)
      await storeJson(...args)
    }
    await store('ls', `${path}/a${nasty}`)
    await store('nar', path)
    await store('nar', `${path}/a${nasty}`)
    await store('add', '/dev/null')
  }

  it('that answers', async () => {
    meet = (socket) => void serve(socket, answering, { nixVersion: nasty, trusted: true, features: [nasty] })
    await everything()
    expect(await storeJson('ping')).to.have.nested.property('[0].nixVersion', nasty)
    const { stdout, exitCode } = await store('path-info', path)
    expect([exitCode, stdout.toString()]).to.deep.equal([0, stdout.toString()])
    expect(stdout.toString())
      .to.contain('281474976710656 s after 1970')
      .and.to.contain('signed by  né\\u{1b}]0;title')
    expect(await storeJson('path-info', path)).to.have.nested.property(
      '[0].signatures[0]',
      info.signatures[0],
    )
  })

  it('that reports an error, also one that ends the connection', async () => {
    for (const thrown of [new RemoteError(error), new Refusal(error), new RemoteError(nasty)]) {
      meet = (socket) => void serve(socket, failingWith(thrown))
      await everything()
    }
    meet = (socket) => void serve(socket, failingWith(new RemoteError(error)))
    const { stderr } = await store('valid', path)
    expect(stderr.match(/title\\u\{7\}/g)).to.have.lengthOf(8)
  })

  it('that speaks another protocol', async () => {
    for (const said of [
      Buffer.from(nasty),
      words(nasty),
      Buffer.from(`HTTP/1.1 400 ${nasty}\r\n\r\n${nasty}`),
    ]) {
      meet = (socket) => socket.end(said)
      await store('ping')
    }
    for (const line of [`printf '%s' "$NASTY"`, 'echo "$NASTY" >&2', `exit 3 # ${nasty}`, `"${nasty}"`]) {
      await tame(['store', 'ping', '--command', line], { env: { NASTY: nasty } })
    }
  })

  it('whose replies pass a proxy', async () => {
    const session = new ScriptedSession({ version: '1.34' }).number('client', 1).text('client', path)
    const { client, server: said } = session.message({ _tag: 'Next', text: nasty }).error(nasty).bytes
    meet = (socket) => socket.end(said)
    const [listen, record] = [join(dir, 'l'), join(dir, nasty)]
    const proxy = spawnNixWire(['proxy', '-l', listen, '-t', join(dir, 's'), '-r', record, '--live'])
    let [stdout, stderr] = ['', '']
    proxy.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString()
    })
    proxy.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString()
    })
    await until(() => stderr.includes('listening'))
    connect(listen)
      .on('error', () => undefined)
      .end(client)
    await until(() => stderr.includes('recorded'))
    proxy.kill('SIGTERM')
    expect(await once(proxy, 'close')).to.deep.equal([0, null])
    expect([rawIn(stdout), rawIn(stderr)]).to.deep.equal([[], []])
    expect(stdout.match(/title\\u\{7\}/g)).to.have.lengthOf(3)
    expect(stderr).to.contain('title')
  })
})
