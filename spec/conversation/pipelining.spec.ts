import { expect } from 'chai'
import { left, right } from 'fp-ts/lib/Either.js'
import { connectFlow, observe } from '../../conversation/index.js'
import { rightOf } from '../support/either.js'
import { settled, turns, until } from '../support/waiting.js'
import { concat, int, padded } from '../support/wire.js'
import { all, customer, inKitchen, inPantry } from './cooks.js'
import { kitchen } from './kitchen.js'
import { pantry } from './pantry.js'
import { wires } from './pipes.js'
import { burnt, done, latin, remark } from './sessions.js'

const assam = { order: { leaf: 'assam', cups: 2 } }
const noon = right({ time: 'noon' })

/** A client of version 1.1 after the greeting, whose server a test plays. */
const byHand = async (most?: number) => {
  const on = wires()
  const writer = on.server.writable.getWriter()
  const say = (...words: ReadonlyArray<Uint8Array>) => writer.write(concat(...words))
  await say(int(9), int(0))
  const client =
    most === undefined
      ? await customer(on.client)
      : rightOf(await connectFlow(kitchen, on.client, { says: { hello: { newest: 1 } }, most })())
  return { ...on, calls: client.calls, client, say, writer }
}

/** The messages of a client by key, as an observer reports them. */
const saidBy = (client: Uint8Array): ReadonlyArray<string> =>
  observe(kitchen, { protocol: { version: '1.1' } })
    .push('client', client)
    .flatMap((event) => (event.kind === 'said' ? [event.key] : []))

describe('calls that are made at once', () => {
  it('are sent at once, in one write, before any of them is answered', async () => {
    const { calls, up, say } = await byHand()
    const { length } = up.written
    const all = Array.from({ length: 20 }, (_, at) => (at % 2 === 0 ? calls.Clock()() : calls.Tea(assam)()))
    await until(() => up.written.length > length)
    await turns()
    expect(up.written.slice(length)).to.have.length(1)
    expect(up.written[length]).to.deep.equal(
      concat(...all.map((_, at) => (at % 2 === 0 ? int(3) : concat(int(1), padded('assam'), int(2))))),
    )
    for (const at of all.keys()) {
      await say(at % 2 === 0 ? padded(`${at}`) : concat(remark('hot'), done, padded(`cup ${at}`)))
    }
    expect(await Promise.all(all)).to.deep.equal(
      all.map((_, at) => right(at % 2 === 0 ? { time: `${at}` } : { tea: `cup ${at}` })),
    )
  })

  it('are in flight up to a limit, 64 by default', async () => {
    for (const most of [undefined, 1, 3]) {
      const { calls, up, say } = await byHand(most)
      const { length } = up.bytes
      const count = 100
      const all = Array.from({ length: count }, () => calls.Clock()())
      for (let answered = 0; answered <= count; answered++) {
        const inFlight = Math.min(count, answered + (most ?? 64))
        await until(() => up.bytes.length >= length + 8 * inFlight, `${inFlight} in flight`)
        expect(up.bytes.length).to.equal(length + 8 * inFlight)
        await say(padded(`${answered}`))
      }
      expect(await Promise.all(all)).to.deep.equal(all.map((_, at) => right({ time: `${at}` })))
    }
  })

  it('are sent after an upload while its notices still come, and are answered in order', async () => {
    const { calls, up, say } = await byHand()
    const photo = calls.Photo({ photo: [latin('abc')] })()
    const time = calls.Clock()()
    const { length } = up.bytes
    await until(() => up.bytes.length > length + 32)
    await turns()
    const frames = concat(int(2), int(3), latin('abc'), int(0))
    expect(up.bytes).to.deep.equal(concat(int(1), frames, int(3)))
    await say(remark('nice'), done, int(7), padded('noon'))
    expect(await photo).to.deep.equal(right({ likes: 7 }))
    expect(await time).to.deep.equal(noon)
  })

  it('wait for an upload that has not ended', async () => {
    const { calls, up, say } = await byHand()
    let go: () => void = () => undefined
    const slow = async function* () {
      yield latin('abc')
      await new Promise<void>((resolve) => {
        go = resolve
      })
      yield latin('d')
    }
    const photo = calls.Photo({ photo: slow() })()
    const time = calls.Clock()()
    await settled(() => up.bytes.length)
    expect(up.bytes).to.deep.equal(concat(int(1), int(2), int(3), latin('abc')))
    go()
    await settled(() => up.bytes.length)
    expect(up.bytes).to.deep.equal(
      concat(int(1), int(2), int(3), latin('abc'), int(1), latin('d'), int(0), int(3)),
    )
    await say(done, int(1), padded('noon'))
    expect(await photo).to.deep.equal(right({ likes: 1 }))
    expect(await time).to.deep.equal(noon)
  })

  it('wait for an upload that the other side asks for, since it depends on its messages', async () => {
    const on = wires()
    const writer = on.server.writable.getWriter()
    const offer = (names: ReadonlyArray<string>) => concat(int(names.length), ...names.map(padded))
    await writer.write(offer([]))
    const { calls } = rightOf(await connectFlow(pantry, on.client, { says: { offers: [], milk: 0 } })())
    const photo = calls.Photo({ photo: [latin('\x05\0\0\0\0\0\0\0.a;b')] })()
    const sky = calls.Sky()()
    await settled(() => on.up.bytes.length)
    const before = concat(offer([]), int(1))
    expect(on.up.bytes).to.deep.equal(before)
    await writer.write(concat(int(0), int(9)))
    await settled(() => on.up.bytes.length)
    expect(on.up.bytes).to.deep.equal(concat(before, padded(latin('\x05\0\0\0\0\0\0\0.'))))
    await writer.write(concat(int(1), int(2)))
    await settled(() => on.up.bytes.length)
    expect(on.up.bytes.subarray(-8)).to.deep.equal(int(7))
    await writer.write(int(2))
    expect(await photo).to.deep.equal(right({ ask: [{ is: 'Enough' }], likes: 2 }))
    expect(await sky).to.deep.equal(right({ sky: 2 }))
  })

  it('wait for a download until it is read or skipped', async () => {
    const { talking } = await inPantry()
    const soup = talking.calls.Soup()()
    let isAnswered = false
    const sky = talking.calls
      .Sky()()
      .then((answer) => {
        isAnswered = true
        return answer
      })
    const bowl = rightOf(await soup)
    await turns()
    // It is small, so all of it has come, and the next is received at once.
    expect(await all(bowl.soup)).to.equal('.s.o.u;p')
    expect(await sky).to.deep.equal(right({ sky: 1 }))
    expect(isAnswered).to.equal(true)
    const large = await inPantry({
      Soup: () =>
        right({ soup: [...Array.from({ length: 4000 }, () => latin('.a'.repeat(500))), latin(';z')] }),
    })
    const big = rightOf(await large.talking.calls.Soup()())
    let isHeard = false
    const wind = large.talking.calls
      .Wind()()
      .then((answer) => {
        isHeard = true
        return answer
      })
    await settled(() => large.down.bytes.length)
    expect(isHeard).to.equal(false)
    expect((await all(big.soup)).length).to.equal(4_000_002)
    expect(await wind).to.deep.equal(right({ from: 2, force: 5n }))
  })

  it('have the same results as one by one, however they are mixed and cut', async () => {
    const results: Array<unknown> = []
    for (const cut of [Number.POSITIVE_INFINITY, 5]) {
      const { talking, ...on } = await inKitchen({}, { pipes: { cut } })
      const { calls } = talking
      const make = [
        () => calls.Clock()(),
        () => calls.Tea(assam)(),
        () => calls.Tea({ order: { leaf: 'none', cups: 0 } })(),
        () => calls.Photo({ photo: [latin('abc'), latin('de')] })(),
        () => calls.Tea({ order: { leaf: 'x', cups: -1 } })(),
      ]
      const order = Array.from({ length: 60 }, (_, at) => make[(at * 7 + Math.floor(at / 5)) % 5]!)
      const oneByOne: Array<unknown> = []
      for (const call of order) {
        oneByOne.push(await call())
      }
      const atOnce = await Promise.all(order.map((call) => call()))
      expect(atOnce.map(withoutOffset)).to.deep.equal(oneByOne.map(withoutOffset))
      results.push(atOnce.map(withoutOffset))
      await talking.close()
      expect(saidBy(on.up.bytes).length).to.be.above(0)
    }
    expect(results[0]).to.deep.equal(results[1])
  })
})

/** The issue of a value has the offset that the value would have had. */
const withoutOffset = (result: unknown): unknown =>
  JSON.parse(JSON.stringify(result, (key, value) => (key === 'offset' ? 0 : value)))

describe('a failure that is sent twice', () => {
  const late = left({ is: 'Burnt', why: 'late' })

  it('is a reply if anything comes after it', async () => {
    const { calls, say } = await byHand()
    const both = Promise.all([calls.Tea(assam)(), calls.Tea(assam)(), calls.Clock()()])
    await say(burnt('late'), burnt('late'))
    await say(padded('noon'))
    expect(await both).to.deep.equal([late, late, noon])
  })

  it('is the reason of the end if the connection ends after it, also for later calls', async () => {
    const { calls, client, say, writer } = await byHand()
    const three = Promise.all([calls.Tea(assam)(), calls.Tea(assam)(), calls.Clock()()])
    await say(burnt('late'), burnt('late'))
    await writer.close()
    const departure = { _tag: 'Departure', side: 'server', said: { note: { is: 'Burnt', why: 'late' } } }
    expect(await three).to.deep.equal([late, left(departure), left(departure)])
    expect(await client.closed).to.deep.equal(departure)
  })

  it('is a reply, after a moment, if the other side is silent', async () => {
    const { calls, say } = await byHand()
    const both = Promise.all([calls.Tea(assam)(), calls.Tea(assam)()])
    await say(burnt('late'), burnt('late'))
    expect(await both).to.deep.equal([late, late])
    const time = calls.Clock()()
    await say(padded('noon'))
    expect(await time).to.deep.equal(noon)
  })

  it('is a reply if it differs, or is not the first message', async () => {
    const { calls, say } = await byHand()
    const three = Promise.all([calls.Tea(assam)(), calls.Tea(assam)(), calls.Tea(assam)()])
    await say(burnt('late'), burnt('later'), remark('hm'), burnt('later'))
    expect(await three).to.deep.equal([
      late,
      left({ is: 'Burnt', why: 'later' }),
      left({ is: 'Burnt', why: 'later' }),
    ])
  })
})
