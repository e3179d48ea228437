import { connect, Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { expect } from 'chai'
import { isRight, right } from 'fp-ts/lib/Either.js'
import { u8, utf8 } from '../../combinators/index.js'
import { connectFlow, conversation, says, sequence, serveFlow, turns } from '../../conversation/index.js'
import { listening } from '../support/listening.js'

const echo = conversation(
  'echo',
  turns('turns', says('client', 'turn', u8), {
    Say: [1, sequence(says('client', 'text', utf8), says('server', 'again', utf8))],
  }),
)
const handlers = { Say: ({ text }: { readonly text: string }) => right({ again: text }) }

describe('the streams of a conversation', () => {
  it('may be sockets of Node, made Web Streams', async () => {
    const [path, stop] = await listening((socket) => {
      void serveFlow(echo, Duplex.toWeb(socket), handlers)
    })
    try {
      const connected = await connectFlow(echo, Duplex.toWeb(connect(path)))()
      if (!isRight(connected)) {
        throw new Error(JSON.stringify(connected.left))
      }
      const { calls, close } = connected.right
      expect(await calls.Say({ text: 'tea' })()).to.deep.equal(right({ again: 'tea' }))
      await close()
    } finally {
      await stop()
    }
  })

  it('are no sockets of Node themselves, which is said at once', () => {
    const socket = new Socket()
    for (const take of [
      () => serveFlow(echo, socket as never, handlers),
      () => connectFlow(echo, socket as never),
    ]) {
      expect(take).to.throw(
        TypeError,
        /must be a pair of Web Streams, not a stream of Node: use Duplex\.toWeb/,
      )
    }
  })
})
