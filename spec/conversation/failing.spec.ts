import { expect } from 'chai'
import { left, right } from 'fp-ts/lib/Either.js'
import { ConversationError, connectFlow, type HandlersOf, serveFlow } from '../../conversation/index.js'
import { suiteClock } from '../support/clock.js'
import { rightOf } from '../support/either.js'
import { settledSoon, turns, until } from '../support/waiting.js'
import { concat, int, padded } from '../support/wire.js'
import { all, customer, inKitchen, inPantry, kitchenHandlers, messageOf, opened } from './cooks.js'
import { kitchen } from './kitchen.js'
import { type Wires, wires } from './pipes.js'
import { burnt, done, frame, latin, remark } from './sessions.js'

const assam = { order: { leaf: 'assam', cups: 2 } }
const cup = right({ tea: 'a cup of assam' })
const noon = right({ time: 'noon' })

/** The tag of the failure of a call. */
const tagOf = (result: unknown): unknown => (result as { left?: { _tag?: string } }).left?._tag

/** The messages of a test's server, sent by hand to a client of version 1.1. */
const say = async ({ server }: Pick<Wires, 'server'>, ...words: ReadonlyArray<Uint8Array>) => {
  await server.writable.getWriter().write(concat(...words))
}

const welcome = concat(int(9), int(0))

/** A client, and a server that a test plays. */
const byHand = async () => {
  const on = wires()
  await say(on, welcome)
  return { ...on, client: await customer(on.client) }
}

/** A photo that never ends. */
const endless = function* (): Generator<Uint8Array> {
  for (;;) {
    yield latin('pixels')
  }
}

const failing = async function* (first: string): AsyncGenerator<Uint8Array> {
  yield latin(first)
  throw new Error('the film tore')
}

describe('a call that fails', () => {
  it('sends nothing if a value cannot be encoded', async () => {
    const both = await inKitchen()
    const { calls } = both.talking
    await calls.Clock()()
    const { length } = both.up.bytes
    const [wrong, time] = await Promise.all([
      calls.Tea({ order: { leaf: 'x', cups: -1 } })(),
      calls.Clock()(),
    ])
    expect(wrong).to.have.nested.property('left._tag', 'OutOfRange')
    expect(wrong).to.have.nested.property('left.path').that.deep.equals(['order', 'cups'])
    expect(time).to.deep.equal(noon)
    expect(tagOf(await calls.Tea({} as never)())).to.equal('Unrepresentable')
    expect(tagOf(await calls.Photo({} as never)())).to.equal('Unrepresentable')
    expect(both.up.bytes.length).to.equal(length + 8)
    expect(await calls.Tea(assam)()).to.deep.equal(cup)
  })

  it('returns the failure that the flow has for it, and the next one goes on', async () => {
    const { talking } = await inKitchen()
    const { calls } = talking
    const [none, tea] = await Promise.all([
      calls.Tea({ order: { leaf: 'none', cups: 1 } })(),
      calls.Tea(assam)(),
    ])
    expect(none).to.deep.equal(left({ is: 'Burnt', why: 'no leaves' }))
    expect(tea).to.deep.equal(cup)
  })

  it('is not sent if it is aborted before', async () => {
    const { talking, up } = await inKitchen({}, { most: 1 })
    const controller = new AbortController()
    up.stop()
    const first = talking.calls.Clock()()
    const second = talking.calls.Tea(assam, {}, { signal: controller.signal })()
    controller.abort(new Error('changed my mind'))
    expect(tagOf(await second)).to.equal('Aborted')
    up.go()
    expect(await first).to.deep.equal(noon)
    const late = await talking.calls.Clock({}, { signal: controller.signal })()
    expect(late).to.have.nested.property('left.actual', 'an abort: changed my mind')
    expect(await talking.calls.Clock()()).to.deep.equal(noon)
  })

  it('ends the connection if it is aborted after it was sent', async () => {
    const { talking, up, served } = await inKitchen()
    const controller = new AbortController()
    up.stop()
    const { length } = up.bytes
    const tea = talking.calls.Tea(assam, {}, { signal: controller.signal })()
    const behind = talking.calls.Clock()()
    await until(() => up.bytes.length > length)
    controller.abort('late')
    expect(tagOf(await tea)).to.equal('Aborted')
    expect(tagOf(await behind)).to.equal('Aborted')
    expect(tagOf(await talking.calls.Clock()())).to.equal('SourceFailed')
    expect(await talking.closed).to.have.property('_tag', 'Aborted')
    up.go()
    await settledSoon(served, 'the server')
  })

  it('fails if the whole client is aborted, before it has begun too', async () => {
    const on = wires()
    const controller = new AbortController()
    const connecting = connectFlow(kitchen, on.client, {
      says: { hello: { newest: 1 } },
      signal: controller.signal,
    })()
    controller.abort('closing time')
    expect(tagOf(await connecting)).to.equal('Aborted')
    expect(
      tagOf(
        await connectFlow(kitchen, wires().client, {
          says: { hello: { newest: 1 } },
          signal: controller.signal,
        })(),
      ),
    ).to.equal('Aborted')
  })
})

describe('an upload', () => {
  it('ends the connection if it fails, without its end', async () => {
    const { talking, served, up } = await inKitchen()
    const photo = await talking.calls.Photo({ photo: failing('half of') })()
    expect(photo).to.have.nested.property('left._tag', 'SourceFailed')
    expect(photo).to.have.nested.property('left.actual', 'the film tore')
    expect(tagOf(await served)).to.equal('UnexpectedEnd')
    expect(Buffer.from(up.bytes).toString('latin1')).to.match(/half of$/)
    expect(tagOf(await talking.calls.Clock()())).to.equal('SourceFailed')
  })

  it('ends the connection if its source yields anything but bytes', async () => {
    const { talking } = await inKitchen()
    const photo = await talking.calls.Photo({ photo: ['pixels'] as never })()
    expect(photo).to.have.nested.property('left.actual').that.includes('must be bytes')
  })

  it('is ended properly if it is rejected meanwhile, and the next call goes on', async () => {
    let isDone = false
    const source = function* () {
      try {
        yield* endless()
      } finally {
        isDone = true
      }
    }
    const { talking } = await inKitchen({ Photo: () => left({ is: 'Burnt', why: 'too dark' }) })
    const [photo, time] = await Promise.all([
      talking.calls.Photo({ photo: source() })(),
      talking.calls.Clock()(),
    ])
    expect(photo).to.deep.equal(left({ is: 'Burnt', why: 'too dark' }))
    expect(isDone).to.equal(true)
    expect(time).to.deep.equal(noon)
  })

  it('is not awaited any longer if it is rejected meanwhile', async () => {
    const { talking } = await inKitchen({ Photo: () => left({ is: 'Burnt', why: 'too dark' }) })
    const never = async function* () {
      yield latin('a')
      await new Promise<void>(() => undefined)
    }
    const photo = await talking.calls.Photo({ photo: never() })()
    expect(photo).to.deep.equal(left({ is: 'Burnt', why: 'too dark' }))
    expect(await talking.calls.Clock()()).to.deep.equal(noon)
  })

  it('ends the connection if it cannot be ended early and is rejected', async () => {
    const { talking } = await inPantry({ Letter: () => left({ is: 'Burnt', why: 'no paper' }) })
    const pairs = function* () {
      for (;;) {
        yield latin('.a')
      }
    }
    const letter = await talking.calls.Letter({ letter: pairs() })()
    expect(letter).to.deep.equal(left({ is: 'Burnt', why: 'no paper' }))
    expect(await talking.closed).to.have.property('expected', 'all of letter')
  })

  it('must have the form that the flow requires', async () => {
    for (const [letter, tag] of [
      ['.ax', 'UnknownTag'],
      ['.a;', 'UnexpectedEnd'],
      ['.a;b.c', 'TrailingBytes'],
    ] as const) {
      const { talking } = await inPantry()
      const answer = await talking.calls.Letter({ letter: [latin(letter)] })()
      expect(tagOf(answer), letter).to.equal(tag)
      expect(answer, letter).to.have.deep.nested.property('left.path', ['letter'])
    }
  })

  it('may be left unread by a handler', async () => {
    const { talking } = await inKitchen({ Photo: () => right({ likes: 3 }) })
    const photo = Array.from({ length: 100 }, () => new Uint8Array(10_000))
    expect(await talking.calls.Photo({ photo })()).to.deep.equal(right({ likes: 3 }))
    expect(await talking.calls.Clock()()).to.deep.equal(noon)
    const pantry = await inPantry({ Photo: () => right({ ask: [{ is: 'Enough' }], likes: 1 }) })
    const known = await pantry.talking.calls.Photo({ photo: endless() })()
    expect(known).to.have.nested.property('right.likes', 1)
  })
})

describe('a message', () => {
  it('may be longer than the buffer for a slow reader', async () => {
    const leaf = 'x'.repeat(3 * 2 ** 20)
    const { talking } = await inKitchen({}, { pipes: { cut: 65_536 } })
    const tea = await talking.calls.Tea({ order: { leaf, cups: 1 } })()
    expect(tea)
      .to.have.nested.property('right.tea')
      .with.length(leaf.length + 9)
  })
})

describe('a download', () => {
  const soup = (chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>) =>
    inPantry({ Soup: () => right({ soup: chunks }) })

  it('is skipped if a loop over it ends, and the next call goes on', async () => {
    const many = function* () {
      for (let i = 0; i < 1000; i++) {
        yield latin('.a'.repeat(500))
      }
      yield latin(';z')
    }
    const { talking } = await soup(many())
    const { right: bowl } = (await talking.calls.Soup()()) as {
      readonly right: { readonly soup: AsyncIterable<Uint8Array> }
    }
    for await (const spoon of bowl.soup) {
      expect(spoon.length).to.be.above(0)
      break
    }
    expect(await talking.calls.Sky()()).to.deep.equal(right({ sky: 1 }))
  })

  it('reports why it breaks off', async () => {
    const { talking } = await soup(failing('.a.b'))
    const bowl = rightOf(await talking.calls.Soup()())
    const thrown = await all(bowl.soup).catch((error: unknown) => error)
    expect(thrown).to.be.instanceOf(ConversationError)
    expect((thrown as ConversationError).failure).to.deep.equal({
      _tag: 'Departure',
      side: 'server',
      said: { farewell: 'the film tore' },
    })
    expect(await talking.closed).to.have.property('_tag', 'Departure')
  })

  it('does not begin if it is broken off before its first byte', async () => {
    const { talking } = await inPantry({
      Soup: () => {
        throw new Error('no pot')
      },
    })
    expect(await talking.calls.Soup()()).to.deep.equal(
      left({ _tag: 'Departure', side: 'server', said: { farewell: 'no pot' } }),
    )
  })
})

describe('a server', () => {
  const answered = async (handlers: Partial<HandlersOf<typeof kitchen>>, options: object = {}) => {
    const both = await inKitchen(handlers, { server: options })
    return { ...both, calls: both.talking.calls }
  }

  it('reports that a handler failed, also if its result is invalid', async () => {
    const { calls } = await answered({ Tea: () => right({ tea: 5 as never }) })
    const tea = await calls.Tea(assam)()
    expect(tea).to.have.nested.property('left.is', 'Burnt')
    expect(tea).to.have.nested.property('left.why').that.includes('at byte')
    expect(await calls.Clock()()).to.deep.equal(noon)
  })

  it('ends the connection if the flow has no message for a failure', async () => {
    const { calls, served, talking } = await answered(
      {
        Tea: () => {
          throw new Error('it has stopped')
        },
      },
      { failure: undefined },
    )
    const farewell = { _tag: 'Departure', side: 'server', said: { farewell: 'it has stopped' } }
    expect(await calls.Tea(assam)()).to.deep.equal(left(farewell))
    expect(await talking.closed).to.deep.equal(farewell)
    expect(tagOf(await calls.Clock()())).to.equal('SourceFailed')
    expect(tagOf(await served)).to.equal('HandlerFailed')
  })

  it('ends the connection for a case without a handler', async () => {
    const { server, client } = wires()
    const served = serveFlow(
      kitchen,
      server,
      {},
      {
        says: opened,
        departs: (reason) => ({ farewell: messageOf(reason) }),
      },
    )
    const talking = await customer(client)
    expect(await talking.calls.Tea(assam)()).to.have.nested.property(
      'left.said.farewell',
      'Tea is not offered here',
    )
    await served
  })

  it('sends the reason why it cannot read on, if the flow has a message for it', async () => {
    for (const [words, why] of [
      [concat(int(9)), 'UnknownTag'],
      [concat(int(1), int(2 ** 31), latin('endless')), 'LimitExceeded'],
      [concat(int(2), frame('abc'), int(0), int(9)), 'UnknownTag'],
    ] as const) {
      const on = wires()
      const served = serveFlow(kitchen, on.server, kitchenHandlers, {
        says: opened,
        departs: (reason) => ({ farewell: messageOf(reason) }),
      })
      const writer = on.client.writable.getWriter()
      await writer.write(concat(int(1), words))
      await until(() => on.down.isClosed)
      expect(Buffer.from(on.down.bytes).toString('latin1')).to.include(why)
      await writer.close()
      expect(tagOf(await served)).to.equal(why)
    }
  })

  it('sends nothing to a client that left in the middle', async () => {
    const on = wires()
    const served = serveFlow(kitchen, on.server, kitchenHandlers, {
      says: opened,
      departs: () => ({ farewell: 'bye' }),
    })
    const writer = on.client.writable.getWriter()
    await writer.write(concat(int(1), int(1), int(30), latin('half')))
    await writer.close()
    expect(tagOf(await served)).to.equal('UnexpectedEnd')
    expect(on.down.bytes).to.deep.equal(concat(int(9), int(0)))
  })

  it('rejects an invalid notice of a handler, and goes on', async () => {
    let refused: unknown
    const { calls } = await answered({
      Tea: async (_, { note }) => {
        refused = await note({ is: 'Remark', text: 5 as never }).catch((error: unknown) => error)
        await note({ is: 'Remark', text: 'well' })
        return right({ tea: 'green' })
      },
    })
    const told: Array<string> = []
    const hear = { note: (each: { readonly is: string }) => void told.push(each.is) }
    expect(await calls.Tea(assam, hear)()).to.deep.equal(right({ tea: 'green' }))
    expect(refused).to.be.instanceOf(ConversationError)
    expect(refused).to.have.deep.nested.property('failure.path', ['note', 'text'])
    expect(told).to.deep.equal(['Remark', 'Done'])
  })

  it('ends the notices of a handler only by its result', async () => {
    const { calls } = await answered({
      Tea: async (_, { note }) => {
        await note({ is: 'Done' })
        return right({ tea: 'green' })
      },
    })
    expect(await calls.Tea(assam)())
      .to.have.nested.property('left.why')
      .that.includes('does not send it with note')
  })
})

describe('a client', () => {
  it('reports the departure of the other side, whenever it comes', async () => {
    const { client, ...on } = await byHand()
    const tea = client.calls.Tea(assam)()
    const behind = client.calls.Clock()()
    await say(on, remark('water'), padded('we have no more tea'))
    const farewell = { _tag: 'Departure', side: 'server', said: { farewell: 'we have no more tea' } }
    await on.server.writable.getWriter().close()
    expect(await tea).to.deep.equal(left(farewell))
    expect(await behind).to.deep.equal(left(farewell))
    const rest = await byHand()
    await say(rest, padded('closing time'))
    await rest.server.writable.getWriter().close()
    expect(await rest.client.closed).to.deep.equal({ ...farewell, said: { farewell: 'closing time' } })
  })

  it('notices when idle that the other side has gone', async () => {
    const { client, server } = await byHand()
    await server.writable.getWriter().close()
    expect(await client.closed).to.have.property('actual', 'the end: the other side closed it')
    const late = await client.calls.Clock()()
    expect(late).to.have.nested.property('left.actual').that.includes('a connection that is over: ')
  })

  it('closes a connection on which it cannot read on', async () => {
    const { client, ...on } = await byHand()
    const tea = client.calls.Tea(assam)()
    await say(on, int(9))
    await on.server.writable.getWriter().close()
    expect(tagOf(await tea)).to.equal('UnknownTag')
    expect(await client.closed).to.have.property('_tag', 'UnknownTag')
  })

  it('receives the last messages of a side that reads no more', async () => {
    const { client, ...on } = await byHand()
    const { length } = on.up.written
    const tea = client.calls.Tea(assam)()
    await until(() => on.up.written.length > length)
    on.up.break(new Error('broken pipe'))
    const behind = client.calls.Clock()()
    await turns()
    await say(on, burnt('too much'))
    expect(await tea).to.deep.equal(left({ is: 'Burnt', why: 'too much' }))
    await on.server.writable.getWriter().close()
    expect(await behind).to.have.nested.property('left.actual', 'broken pipe')
  })

  it('reads no more while a listener is busy, and goes on if a listener fails', async () => {
    const { talking } = await inKitchen({
      Tea: async (_, { note }) => {
        await note({ is: 'Remark', text: 'one' })
        await note({ is: 'Remark', text: 'two' })
        return right({ tea: 'green' })
      },
    })
    const told: Array<string> = []
    let go: () => void = () => undefined
    const note = (each: { readonly is: string; readonly text?: string }) => {
      told.push(each.text ?? each.is)
      return told.length === 1
        ? new Promise<void>((resolve) => {
            go = resolve
          })
        : undefined
    }
    const tea = talking.calls.Tea(assam, { note })()
    await until(() => told.length > 0)
    await turns()
    expect(told).to.deep.equal(['one'])
    go()
    expect(await tea).to.deep.equal(right({ tea: 'green' }))
    expect(told).to.deep.equal(['one', 'two', 'Done'])
    const thrown = await talking.calls.Tea(assam, {
      note: () => {
        throw new Error('deaf')
      },
    })()
    expect(thrown).to.have.nested.property('left.actual').that.includes('deaf')
  })

  it('ends the running calls when it closes', async () => {
    const { talking, down, served } = await inKitchen()
    down.stop()
    const tea = talking.calls.Tea(assam)()
    await talking.close()
    expect(tagOf(await tea)).to.equal('Aborted')
    expect(tagOf(await talking.calls.Clock()())).to.equal('SourceFailed')
    await settledSoon(served, 'the server')
  })
})

describe('the time limit of a call', () => {
  const patience = 4000
  const clock = suiteClock()

  it('counts from the last progress, and ends the connection', async () => {
    const { client, ...on } = await byHand()
    const tea = client.calls.Tea(assam, {}, { timeout: patience })()
    await turns()
    clock.pass(patience - 1)
    await say(on, remark('water'))
    await turns()
    clock.pass(patience - 1)
    await say(on, done, padded('late'))
    expect(await tea).to.deep.equal(right({ tea: 'late' }))
    const silent = client.calls.Tea(assam, {}, { timeout: patience })()
    await turns()
    clock.pass(patience)
    expect(await silent).to.have.nested.property('left.actual', `nothing for ${patience} ms`)
    expect(await client.closed).to.have.property('_tag', 'Aborted')
  })

  it('includes waiting to be sent: then the call is not sent', async () => {
    const on = wires()
    await say(on, welcome)
    const client = rightOf(
      await connectFlow(kitchen, on.client, { says: { hello: { newest: 1 } }, most: 1 })(),
    )
    const first = client.calls.Clock()()
    const second = client.calls.Clock({}, { timeout: patience })()
    await turns()
    clock.pass(patience)
    expect(await second)
      .to.have.nested.property('left.actual')
      .that.includes('waiting for the call before it')
    await say(on, padded('noon'))
    expect(await first).to.deep.equal(noon)
  })

  it('includes waiting for its reply, which then belongs to no call', async () => {
    const { client, ...on } = await byHand()
    const first = client.calls.Tea(assam)()
    const second = client.calls.Clock({}, { timeout: patience })()
    await turns()
    clock.pass(patience)
    expect(tagOf(await second)).to.equal('Aborted')
    const third = client.calls.Clock()()
    await say(on, done, padded('a cup'), padded('noon'), padded('one'))
    expect(await first).to.deep.equal(right({ tea: 'a cup' }))
    expect(await third).to.deep.equal(right({ time: 'one' }))
  })

  it('exists for the opening, and for a client that sends nothing', async () => {
    const connecting = connectFlow(kitchen, wires().client, {
      says: { hello: { newest: 1 } },
      openingTimeout: patience,
    })()
    await turns()
    clock.pass(patience)
    expect(tagOf(await connecting)).to.equal('Aborted')
    const limits = { openingTimeout: patience, turnTimeout: patience * 2, timeout: patience * 3 }
    for (const [said, limit] of [
      [int(1).subarray(0, 5), limits.openingTimeout],
      [concat(int(1), int(1), int(30)), limits.turnTimeout],
      [concat(int(1), int(2), int(30), latin('a photo')), limits.turnTimeout],
      [int(1), limits.timeout],
    ] as const) {
      const on = wires()
      const served = serveFlow(kitchen, on.server, kitchenHandlers, { says: opened, ...limits })
      await on.client.writable.getWriter().write(said)
      await turns()
      clock.pass(limit - 1)
      await turns()
      expect(on.down.isClosed).to.equal(false)
      clock.pass(1)
      expect(tagOf(await served)).to.equal('Aborted')
    }
  })
})
