import { once } from 'node:events'
import { connect } from 'node:net'
import fc from 'fast-check'
import { promises } from '../../../daemon/client.js'
import { serve } from '../../../daemon/server.js'
import { nearly } from '../../../laws/bytes.js'
import { fail, same } from '../../../laws/expect.js'
import { decodeSession } from '../../../session/index.js'
import type { StorePath } from '../../../types/index.js'
import { listening } from '../../support/listening.js'
import { memoryStore } from '../../support/memory-store.js'
import { somePath } from '../../support/scripted-session.js'
import { settledSoon } from '../../support/waiting.js'
import { drawConversation } from '../conversations.js'
import { some } from '../draw.js'
import { bytesTrial, type OpenTarget, type Target, type Trial } from '../trial.js'

const damaged = 30
/** The session decoder runs on every fifth session, since it takes longer than the session. */
const toldEach = 5

/** How a hostile client leaves. */
type Leaving = 'ends' | 'destroys'

const path = somePath as StorePath

/** One server for all, and how its connections end. */
const open = async (): Promise<OpenTarget> => {
  const { handlers } = memoryStore()
  let ended: ReadonlyArray<Promise<unknown>> = []
  const [address, stop] = await listening((socket) => {
    ended = [...ended, serve(socket, handlers, { trusted: true })]
  })

  const other = await promises.connect(address)

  const attack = async (bytes: Uint8Array, leaving: Leaving, told: boolean): Promise<void> => {
    ended = []
    const socket = connect(address)
    // The server may close first.
    socket.on('error', () => undefined)
    const said: Array<Buffer> = []
    socket.on('data', (chunk: Buffer) => said.push(chunk))
    await once(socket, 'connect')
    const closed = once(socket, 'close')
    socket.write(bytes)
    const answer = await settledSoon(other.promises.isValidPath({ path }), 'another client')
    same(answer, false, 'what another client is told')
    if (leaving === 'ends') {
      socket.end()
    } else {
      socket.destroy()
    }
    await settledSoon(closed, 'the end of a connection')
    await settledSoon(Promise.all(ended), 'the server')
    if (ended.length !== 1) {
      fail(`the server has ${ended.length} connections, not 1`)
    }
    if (told) {
      decodeSession(bytes, Buffer.concat(said))
    }
  }

  function* batch(seed: number): Generator<Trial, void> {
    const { client, operation, version } = drawConversation(seed)
    const others = some(nearly(fc.constant<Uint8Array>(client)), damaged, seed)
    for (const [i, bytes] of [client, ...others].entries()) {
      const leaving = i % 2 === 0 ? 'ends' : 'destroys'
      const what = `a client of ${version} that asks for ${operation.name} and ${leaving} the connection`
      yield bytesTrial(what, bytes, (each) => attack(each, leaving, i % toldEach === 0))
    }
  }
  const close = async (): Promise<void> => {
    await other.close()
    await stop()
  }
  return { batch, close }
}

export const server: Target = {
  name: 'server',
  summary:
    'what clients say, damaged: the server goes on, another client is answered, and the session can be told',
  open,
}
