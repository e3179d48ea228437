import { expect } from 'chai'
import type { Either } from 'fp-ts/lib/Either.js'
import { type Interruption, serveFlow } from '../../conversation/index.js'
import { suiteClock } from '../support/clock.js'
import { settledSoon, turns, until } from '../support/waiting.js'
import { concat, int, padded } from '../support/wire.js'
import { kitchenHandlers, messageOf, opened } from './cooks.js'
import { kitchen } from './kitchen.js'
import { wires } from './pipes.js'

const mib = 2 ** 20
const lingersFor = 5000
const lingersOver = 64 * mib
const noCase = concat(int(1), int(9))

/** A server with a client that sends this and stays. */
const served = async (said: Uint8Array) => {
  const on = wires()
  let result: Either<Interruption, void> | null = null
  const over = serveFlow(kitchen, on.server, kitchenHandlers, {
    says: opened,
    departs: (reason) => ({ farewell: messageOf(reason) }),
  }).then((each) => {
    result = each
  })
  const writer = on.client.writable.getWriter()
  await writer.write(said)
  return { ...on, writer, over, result: () => result }
}

describe('a server that has sent why it ends', () => {
  const clock = suiteClock()

  it('waits until the client ends, and skips what it still sends', async () => {
    const { writer, down, over, result } = await served(noCase)
    await until(() => down.isClosed)
    expect(Buffer.from(down.bytes).toString('latin1')).to.include('UnknownTag')
    await writer.write(new Uint8Array(3 * mib))
    await turns()
    expect(result()).to.equal(null)
    await writer.close()
    await settledSoon(over, 'the server')
    expect(result()).to.have.nested.property('left._tag', 'UnknownTag')
  })

  it('waits for at most 5 seconds', async () => {
    const { down, over, result } = await served(noCase)
    await until(() => down.isClosed)
    await turns()
    clock.pass(lingersFor - 1)
    await turns()
    expect(result()).to.equal(null)
    clock.pass(1)
    await settledSoon(over, 'the server')
  })

  it('waits for at most 64 MiB', async () => {
    const { writer, down, over, result } = await served(noCase)
    await until(() => down.isClosed)
    for (let i = 0; i < lingersOver / mib; i++) {
      await writer.write(new Uint8Array(mib))
      await turns(1)
    }
    expect(result()).to.equal(null)
    await writer.write(new Uint8Array(mib))
    await settledSoon(over, 'the server')
  })
})

describe('a server that ends without a reason', () => {
  it('closes at once, whether the client does or not', async () => {
    for (const [said, tag] of [
      [int(256), 'OutOfRange'],
      [concat(int(1), int(1), padded('assam'), int(2 ** 40)), 'OutOfRange'],
    ] as const) {
      const on = wires()
      const over = serveFlow(kitchen, on.server, kitchenHandlers, { says: opened })
      await on.client.writable.getWriter().write(said)
      const ended = await settledSoon(over, 'the server')
      expect(ended).to.have.nested.property('left._tag', tag)
    }
  })
})
