import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, connect as connectSocket, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import type { Issue } from '../../combinators/issue.js'
import { connect } from '../../daemon/client.js'
import type { ConnectOptions } from '../../daemon/connect-options.js'
import { serve } from '../../daemon/server.js'
import type { CommandTarget, Target } from '../../daemon/transport-types.js'
import type { StorePath } from '../../types/index.js'
import { issueOf, rightOf } from '../support/either.js'
import { listening } from '../support/listening.js'
import { longest, until } from '../support/waiting.js'
import { concat, int, padded } from '../support/wire.js'

const path = '/nix/store/g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-foo' as StorePath

const refusal = async (target: Target, options: ConnectOptions = {}): Promise<Issue> => {
  const issue = issueOf(await connect(target, options)())
  expect(issue._tag).not.to.equal('DaemonError')
  return issue as Issue
}

/** A daemon that finishes its part of the handshake, and then sends this. */
const saying =
  (...bytes: ReadonlyArray<Uint8Array>) =>
  (socket: Socket): void => {
    const said = concat(int(0x6478696f), int(0x114), int(0x616c7473), ...bytes)
    socket.write(said)
  }

/** The next turns of the event loop take that long, so that timers ring before what has come is read. */
const turnsOf = (milliseconds: number, count = 5): void => {
  setImmediate(() => {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds)
    if (count > 1) {
      turnsOf(milliseconds, count - 1)
    }
  })
}

const isAlive = (pid: number): boolean => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat[stat.lastIndexOf(')') + 2] !== 'Z'
  } catch {
    return false
  }
}

/** The timers and handles that keep a process alive, without those of the tests themselves. */
const opened = (): ReadonlyArray<string> =>
  process.getActiveResourcesInfo().filter((each) => each !== 'Timeout' && each !== 'Immediate')

describe('a client connected to something else', () => {
  let before: ReadonlyArray<string>
  beforeEach(() => {
    before = opened()
  })
  afterEach(async () => {
    // What a test opened is closed at its end; a moment later nothing of it is left.
    await until(() => opened().length <= before.length, `${opened()} is no more than ${before}`)
  })

  it('names an HTTP server', async () => {
    const server = createHttpServer((_, response) => response.end('hi'))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const issue = await refusal(connectSocket(port, '127.0.0.1'), { handshakeTimeout: longest })
    expect(issue).to.include({ _tag: 'OutOfRange', offset: 0 })
    expect(issue.actual).to.contain('the other side sent text: "HTTP/1.1 400 Bad Request')
    await new Promise((resolve) => server.close(resolve))
  })

  it('names a text banner, long or short', async () => {
    for (const banner of ['Welcome to the machine!\n', 'login: ']) {
      const [socket, stop] = await listening((connection) => connection.write(banner))
      // The short one runs out, and so does the longest pause that a busy machine may make.
      const issue = await refusal(socket, { handshakeTimeout: 2000 })
      expect(issue.actual).to.contain(`the other side sent text: ${JSON.stringify(banner)}`)
      await stop()
    }
  })

  it('gives up on silence', async () => {
    const [socket, stop] = await listening(() => undefined)
    const issue = await refusal(socket, { handshakeTimeout: 50 })
    expect(issue).to.include({ _tag: 'Aborted', actual: 'nothing for 50 ms' })
    await stop()
  })

  it('reports that it may not connect', async () => {
    const [socket, stop] = await listening((connection) => connection.end())
    const issue = await refusal(socket)
    expect(issue.actual).to.contain('closed the connection without a word')
    await stop()
    expect((await refusal(socket)).actual)
      .to.contain(`no daemon listens at ${socket}`)
      .and.contain('ENOENT')
  })

  it('rejects unsupported versions, from either side', async () => {
    for (const [version, words] of [
      [0x109, '1.9 is too old: 1.10 or above is needed'],
      [0x207, 'its major version is not 1'],
      [0x164, 'that of GNU Guix, which exchanges no features'],
    ] as const) {
      const [socket, stop] = await listening((connection) => {
        connection.write(concat(int(0x6478696f), int(version)))
      })
      expect((await refusal(socket)).actual).to.contain(words)
      await stop()
    }
    const [socket, stop] = await listening((connection) => void serve(connection, {}, { oldest: '1.18' }))
    const issue = await refusal(socket, { newest: '1.17' })
    expect(issue.actual).to.contain('closed the connection in the middle of the handshake')
    expect(issue.actual).to.contain('not support version 1.17')
    await stop()
  })

  it('stops at an abort, also while it connects', async () => {
    const [socket, stop] = await listening(() => undefined)
    expect(await refusal(socket, { signal: AbortSignal.timeout(20) })).to.include({ _tag: 'Aborted' })
    expect(await refusal(socket, { signal: AbortSignal.abort() })).to.include({ _tag: 'Aborted' })
    await stop()
  })

  it('reports that a program cannot be started', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'nix-wire-'))
    writeFileSync(join(dir, 'text'), '#!/bin/sh', { mode: 0o600 })
    const rows: ReadonlyArray<readonly [target: CommandTarget, said: string, code: string]> = [
      [{ command: ['/no/such/program', '--stdio'] }, '/no/such/program: there is no such program', 'ENOENT'],
      [{ command: ['no-such-program'] }, 'no-such-program: there is no such program', 'ENOENT'],
      [{ command: ['no-such-program'], name: 'a daemon' }, 'a daemon: there is no such program', 'ENOENT'],
      [{ command: ['./text'], cwd: dir }, './text: this user may not execute it', 'EACCES'],
      [
        { command: ['text'], env: { PATH: `${dir}:${process.env.PATH}` } },
        'text: this user may not execute it',
        'EACCES',
      ],
      [{ command: [dir] }, `${dir}: this user may not execute it`, 'EACCES'],
      [
        { command: ['true'], cwd: '/no/such/folder' },
        'true in /no/such/folder: there is no such folder',
        'ENOENT',
      ],
    ]
    for (const [target, said, code] of rows) {
      const issue = await refusal(target)
      expect(issue).to.include({
        _tag: 'SourceFailed',
        offset: 0,
        expected: 'a connection to a daemon',
        actual: `none: cannot start ${said} (${code})`,
      })
      expect(issue).to.have.nested.property('cause.code', code)
    }
    rmSync(dir, { recursive: true })
  })

  it('ends a program that does not speak, or does not listen', async () => {
    const broken = await refusal({ command: ['sh', '-c', 'echo "ssh: no route" >&2; exit 255'] })
    expect(broken.actual).to.contain('sh exited with code 255 without a word; it said: "ssh: no route"')
    const silent = await refusal({ command: ['true'], name: 'a liar' })
    expect(silent.actual).to.contain('a liar exited with code 0 without a word')
    // A program that reports its failure itself.
    const lost = await refusal({ command: ['sh', '-c', 'no-such-program'], name: 'a shell' })
    expect(lost.actual).to.contain('a shell exited with code 127 without a word; it said: ')

    const dir = mkdtempSync(join(tmpdir(), 'nix-wire-'))
    const stubborn = `trap "" TERM HUP; echo $$ > ${dir}/pid; while :; do sleep 1; done`
    const impatience = new AbortController()
    const refused = refusal({ command: ['sh', '-c', stubborn] }, { signal: impatience.signal })
    await until(() => existsSync(`${dir}/pid`) && readFileSync(`${dir}/pid`, 'utf8').endsWith('\n'))
    impatience.abort()
    expect(await refused).to.include({ _tag: 'Aborted' })
    // It has closed its files, and is about to exit.
    await until(() => !isAlive(Number(readFileSync(`${dir}/pid`, 'utf8'))))
    rmSync(dir, { recursive: true })
  })

  it('ends the connection at an impossible message, and reports it to later calls', async () => {
    for (const [bytes, words] of [
      [[int(0x64617461), int(100)], 'Read'],
      [[int(0x64617416), padded('x')], 'Write'],
      [[int(0x12345678)], '305419896'],
      [[int(0x6f6c6d67), int(2n ** 40n)], '1099511627776'],
    ] as const) {
      const [socket, stop] = await listening((connection) => {
        saying()(connection)
        connection.on('data', () => connection.write(concat(...bytes)))
      })
      const client = rightOf(await connect(socket, { settings: false })())
      const first = issueOf(await client.isValidPath({ path })())
      expect(first).to.have.property('actual').that.contains(words)
      const later = issueOf(await client.isValidPath({ path })())
      expect(later).to.include({ _tag: 'SourceFailed', expected: 'an open connection' })
      expect(later).to.have.property('actual').that.contains(words)
      await client.close()
      await stop()
    }
  })

  it('notices a daemon that leaves, or sends something unsolicited, between two calls', async () => {
    for (const [act, words] of [
      [(socket: Socket) => socket.end(), 'the other side closed it'],
      [(socket: Socket) => socket.write(int(1)), '8 bytes that nobody asked for'],
    ] as const) {
      let theirs: Socket | undefined
      const [socket, stop] = await listening((connection) => {
        theirs = connection
        saying()(connection)
      })
      const client = rightOf(await connect(socket, { settings: false })())
      act(theirs!)
      expect(await client.closed)
        .to.have.property('actual')
        .that.contains(words)
      await client.close()
      await stop()
    }
  })

  it('does not take the second of two errors for the next reply, however busy the program is', async () => {
    const error = concat(int(0x63787470), padded('bad path'), int(1))
    const [socket, stop] = await listening((connection) => {
      saying()(connection)
      connection.once('data', () => {
        connection.write(error)
        // The second one comes after the client has sent its next request.
        connection.once('data', () => {
          connection.end(error)
          turnsOf(100)
        })
      })
    })
    const client = rightOf(await connect(socket, { settings: false })())
    connectionErrors(issueOf(await client.isValidPath({ path })()))
    const second = issueOf(await client.isValidPath({ path })())
    expect(second).to.include({ _tag: 'UnexpectedValue' })
    expect(second).to.have.property('actual').that.contains('the last error once more')
    await client.close()
    await stop()
  })

  it('takes a repeated error for a reply if the connection goes on', async () => {
    const error = concat(int(0x63787470), padded('bad path'), int(1))
    const [socket, stop] = await listening((connection) => {
      saying()(connection)
      connection.on('data', () => connection.write(error))
    })
    const client = rightOf(await connect(socket, { settings: false })())
    for (let i = 0; i < 3; i++) {
      connectionErrors(issueOf(await client.isValidPath({ path })()))
    }
    await client.close()
    await stop()
  })
})

const connectionErrors = (failure: { readonly _tag: string }): void => {
  expect(failure).to.include({ _tag: 'DaemonError', msg: 'bad path' })
}
