import { mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, connect as connectSocket, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { connect, promises } from '../../daemon/client.js'
import type { Client } from '../../daemon/client-types.js'
import { serve } from '../../daemon/server.js'
import type { Target } from '../../daemon/transport-types.js'
import type { operations } from '../../grammar/operations/index.js'
import { NixReader } from '../../stream/nix-reader.js'
import type { StorePath } from '../../types/index.js'
import { issueOf } from '../support/either.js'
import { pathInfo } from '../support/exports.js'
import { collect, fileNar } from '../support/memory-store.js'
import { longest } from '../support/waiting.js'
import { concat, int, padded } from '../support/wire.js'

const path = '/nix/store/g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-foo' as StorePath
const drvPath = `${path.slice(11)}.drv` as never

const words = 'you are not privileged'

/** An error, as each version has it. */
const refusal = (minor: number): Uint8Array =>
  minor < 26
    ? concat(int(0x63787470), padded(words), int(1))
    : concat(int(0x63787470), padded('Error'), int(0), padded('Error'), padded(words), int(0), int(0))

/** Where a server listens. */
const places = ['unix', 'tcp'] as const

/** A daemon that finishes the handshake of one connection and continues on request. */
class Daemon {
  readonly #dir = mkdtempSync(join(tmpdir(), 'nix-wire-'))
  readonly #server: Server
  readonly #place: (typeof places)[number]
  #socket: Socket | null = null

  constructor(place: (typeof places)[number], minor: number) {
    this.#place = place
    this.#server = createServer((socket) => {
      socket.on('error', () => undefined)
      socket.write(concat(int(0x6478696f), int(256 + minor), int(0x616c7473)))
      this.#socket = socket
    })
  }

  async connect(): Promise<Client<typeof operations>> {
    const where = this.#place === 'unix' ? { path: join(this.#dir, 's') } : { port: 0, host: '127.0.0.1' }
    await new Promise<void>((resolve) => this.#server.listen(where, resolve))
    const target: Target =
      this.#place === 'unix'
        ? join(this.#dir, 's')
        : connectSocket((this.#server.address() as AddressInfo).port, '127.0.0.1')
    return promises.connect(target, { settings: false, timeout: longest })
  }

  /**
   * Sends its last message and closes, having read nothing. Both happen in the kernel at once: the client's next write
   * fails before it can have read.
   */
  sayAndGo(bytes: Uint8Array): void {
    this.#socket!.write(bytes)
    this.#socket!.destroy()
  }

  async stop(): Promise<void> {
    this.#socket?.destroy()
    await new Promise((resolve) => this.#server.close(resolve))
    rmSync(this.#dir, { recursive: true })
  }
}

const { info } = pathInfo(0n)

describe('the last message of a daemon that closes', () => {
  for (const place of places) {
    for (const [way, minor] of [
      ['framed', 24],
      ['raw', 20],
    ] as const) {
      it(`is the result of an upload that it no longer reads: ${way}, ${place}`, async () => {
        const nar = await fileNar(Buffer.alloc(1_000_000, 7))
        const daemon = new Daemon(place, minor)
        const client = await daemon.connect()
        function* upload() {
          yield nar.subarray(0, 100_000)
          daemon.sayAndGo(refusal(minor))
          for (let at = 100_000; at < nar.length; at += 100_000) {
            yield nar.subarray(at, at + 100_000)
          }
        }
        const request = { info: { path, info }, repair: false, dontCheckSigs: true }
        const failed = issueOf(await client.addToStoreNar(request, upload())())
        expect(failed).to.include({ _tag: 'DaemonError', msg: words })
        expect(issueOf(await client.isValidPath({ path })())).to.include({ expected: 'an open connection' })
        await client.close()
        await daemon.stop()
      })
    }

    it(`is read after a log that came before it, however long: ${place}`, async () => {
      const line = concat(int(0x6f6c6d67), padded('x'.repeat(1000)))
      const daemon = new Daemon(place, 32)
      const client = await daemon.connect()
      function* upload() {
        yield Buffer.alloc(1000)
        // As much as the buffers of a connection can hold on any system.
        daemon.sayAndGo(concat(...Array(60).fill(line), refusal(32)))
        yield Buffer.alloc(1_000_000)
      }
      let lines = 0
      const failed = issueOf(await client.addBuildLog({ drvPath }, upload(), { onLog: () => void lines++ })())
      expect(failed).to.include({ _tag: 'DaemonError', msg: words })
      expect(lines).to.equal(60)
      await client.close()
      await daemon.stop()
    })

    it(`may be absent, or cut: then the broken pipe is the reason: ${place}`, async () => {
      for (const said of [new Uint8Array(0), refusal(32).subarray(0, 20)]) {
        const daemon = new Daemon(place, 32)
        const client = await daemon.connect()
        function* upload() {
          yield Buffer.alloc(1000)
          daemon.sayAndGo(said)
          yield Buffer.alloc(1_000_000)
        }
        const failed = issueOf(await client.addBuildLog({ drvPath }, upload())())
        expect(failed._tag).to.be.oneOf(['SinkFailed', 'SourceFailed'])
        expect(failed)
          .to.have.property('actual')
          .that.matches(/EPIPE|ECONNRESET/)
        expect(await client.closed).to.equal(failed)
        await client.close()
        await daemon.stop()
      }
    })
  }

  it('is read in the handshake', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'nix-wire-'))
    const server = createServer((socket) => {
      socket.on('error', () => undefined)
      // The client answers after the other side has left.
      socket.write(concat(int(0x6478696f), int(0x118), refusal(24)))
      socket.destroy()
    })
    await new Promise<void>((resolve) => server.listen(join(dir, 's'), resolve))
    const refused = issueOf(await connect(join(dir, 's'))())
    expect(refused).to.include({ _tag: 'DaemonError', msg: words })
    await new Promise((resolve) => server.close(resolve))
    rmSync(dir, { recursive: true })
  })

  it('is read if the request itself cannot be written', async () => {
    const daemon = new Daemon('unix', 32)
    const client = await daemon.connect()
    const call = client.isValidPath({ path })
    daemon.sayAndGo(refusal(32))
    expect(issueOf(await call())).to.include({ _tag: 'DaemonError', msg: words })
    await client.close()
    await daemon.stop()
  })

  it('is read from a program that ends', async () => {
    const said = (...parts: ReadonlyArray<Uint8Array>) =>
      `echo ${Buffer.from(concat(...parts)).toString('base64')} | base64 -d`
    const takes = (count: number) => `dd bs=1 count=${count} of=/dev/null 2>/dev/null`
    // It reads the handshake, sends an error, and leaves, whatever the client still writes.
    const script = [
      takes(16),
      said(int(0x6478696f), int(0x120)),
      takes(16),
      said(int(0x616c7473)),
      takes(8),
      said(refusal(32)),
    ].join('; ')
    const client = await promises.connect({ command: ['sh', '-c', script] }, { settings: false })
    const failed = issueOf(await client.addBuildLog({ drvPath }, Array(64).fill(Buffer.alloc(65_536)))())
    expect(failed).to.include({ _tag: 'DaemonError', msg: words })
    await client.close()
  })
})

describe('the last message of our server', () => {
  it('reaches a client that is still writing, over TCP', async () => {
    let ended: Promise<unknown> = Promise.resolve()
    const server = createServer((socket) => {
      socket.on('error', () => undefined)
      ended = serve(socket, {}, { newest: '1.20' })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const socket = connectSocket((server.address() as AddressInfo).port, '127.0.0.1')
    const errors: Array<Error> = []
    socket.on('error', (error) => errors.push(error))
    socket.write(concat(int(0x6e697863), int(0x114), int(0), int(0), int(99)))
    // Unread bytes of the server make the kernel reset the connection, and then this cannot be written.
    await new Promise<void>((resolve) => socket.write(Buffer.alloc(8_000_000), () => resolve()))
    expect(errors).to.deep.equal([])
    const reader = new NixReader([await collect(socket)])
    for (const expected of [0x6478696f, 0x114, 0x616c7473]) {
      expect(await reader.promises.readNumber()).to.equal(BigInt(expected))
    }
    for (let i = 0; i < 2; i++) {
      expect(await reader.promises.readNumber()).to.equal(0x63787470n)
      expect(Buffer.from(await reader.promises.readBytes()).toString()).to.contain('99')
      expect(await reader.promises.readNumber()).to.equal(1n)
    }
    socket.destroy()
    await ended
    await new Promise((resolve) => server.close(resolve))
  })
})
