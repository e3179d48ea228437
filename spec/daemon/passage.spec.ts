import { once } from 'node:events'
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { End, pass } from '../../daemon/proxy/passage.js'
import { ConnectionRecorder } from '../../daemon/proxy/sinks.js'
import { turns, until } from '../support/waiting.js'

describe('one direction through a proxy', () => {
  let dir: string
  const sockets: Array<Socket> = []
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'nix-wire-'))
  })
  afterEach(() => {
    for (const socket of sockets.splice(0)) {
      socket.destroy()
    }
    rmSync(dir, { recursive: true })
  })

  /** Both ends of a connection; each reads only on request. */
  const pair = async (name: string): Promise<readonly [here: Socket, there: Socket]> => {
    const server = createServer({ allowHalfOpen: true, pauseOnConnect: true })
    server.listen(join(dir, name))
    await once(server, 'listening')
    const here = connect({ path: join(dir, name), allowHalfOpen: true })
    const [[there]] = await Promise.all([once(server, 'connection'), once(here, 'connect')])
    server.close()
    const both = [here, there as Socket] as const
    for (const socket of both) {
      socket.on('error', () => undefined)
      sockets.push(socket)
    }
    return both
  }

  it('delivers what waits for a slow reader after the sender is gone, also after a reset', async () => {
    const [source, daemon] = await pair('daemon')
    const [client, target] = await pair('client')
    const file = join(dir, 'record')
    const fileAt = (path: string) => ({ path, descriptor: openSync(path, 'wx') })
    const bin = { client: fileAt(`${file}.other`), server: fileAt(file) }
    const { sides } = new ConnectionRecorder({ name: 'x', pcapng: null, bin }, (error) => {
      throw error
    })
    const seen: Array<Uint8Array> = []
    const ends: Array<string> = []
    // Bytes that the daemon leaves unread reset the connection when it leaves.
    source.write('unread')
    const passed = pass(new End(source), new End(target), sides.server, {
      onBytes: (bytes) => seen.push(bytes),
      onEnd: (how) => ends.push(how),
    })
    const said: Array<Buffer> = []
    while (!source.isPaused()) {
      const piece = Buffer.alloc(1000, said.length)
      said.push(piece)
      daemon.write(piece)
      await until(() => daemon.writableLength === 0)
      await turns(2)
    }
    const words = Buffer.from('the last words')
    const before = source.readableLength
    daemon.write(words)
    await until(() => source.readableLength === before + words.length)
    daemon.destroy()
    await until(() => source.closed)
    const received: Array<Buffer> = []
    client.on('data', (chunk: Buffer) => received.push(chunk))
    await Promise.all([once(client, 'end'), passed])
    const whole = Buffer.concat([...said, words])
    expect(Buffer.concat(received).equals(whole)).to.equal(true)
    expect(readFileSync(file).equals(whole)).to.equal(true)
    expect(Buffer.concat(seen).equals(whole)).to.equal(true)
    expect(ends).to.deep.equal(['brokeOff'])
    await sides.client.close()
  })

  it('is closed, and not broken off, if the one that it goes to has left', async () => {
    const [inner, daemon] = await pair('daemon')
    const [outer, client] = await pair('client')
    const { sides } = new ConnectionRecorder({ name: 'x', pcapng: null, bin: null }, (error) => {
      throw error
    })
    const ends: Array<string> = []
    const [from, to] = [new End(inner), new End(outer)]
    const watching = (side: string) => ({
      onBytes: () => undefined,
      onEnd: (how: string) => ends.push(`${side} ${how}`),
    })
    const passed = Promise.all([
      pass(from, to, sides.server, watching('server')),
      pass(to, from, sides.client, watching('client')),
    ])
    client.destroy()
    await until(() => ends.length === 1)
    // Nobody reads that, which the proxy finds when it writes.
    daemon.write('an answer')
    await passed
    expect(ends).to.deep.equal(['client closed', 'server closed'])
  })
})
