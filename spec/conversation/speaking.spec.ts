import { expect } from 'chai'
import { left, right } from 'fp-ts/lib/Either.js'
import { u8 } from '../../combinators/index.js'
import {
  type ConversationEvent,
  connectFlow,
  conversation,
  says,
  sequence,
  serveFlow,
  turns,
} from '../../conversation/index.js'
import { all, customer, inKitchen, inPantry, kitchenHandlers, type Talking } from './cooks.js'
import { kitchen } from './kitchen.js'
import { pantry } from './pantry.js'
import { observed, type PipeOptions, wires } from './pipes.js'
import { latin } from './sessions.js'

/** What was said, and what flowed, by key. */
const said = (events: ReadonlyArray<ConversationEvent>): ReadonlyArray<string> =>
  events.flatMap((event) =>
    event.kind === 'said' || event.kind === 'flowed' ? [[...event.within, event.key].join('/')] : [],
  )

const issues = (events: ReadonlyArray<ConversationEvent>): ReadonlyArray<ConversationEvent> =>
  events.filter(({ kind }) => kind === 'issue')

const howTurnsWere = (events: ReadonlyArray<ConversationEvent>): ReadonlyArray<string> =>
  events.flatMap((event) =>
    event.kind === 'turn' && event.is === 'over' ? [`${event.chosen} ${event.how}`] : [],
  )

/** Orders one of each in the kitchen. */
const dine = async ({ talking: { calls } }: Pick<Talking<typeof kitchen>, 'talking'>, version: string) => {
  const told: Array<string> = []
  const note = (each: { readonly is: string }) => void told.push(each.is)
  const results = [
    await calls.Tea({ order: { leaf: 'assam', cups: 2 } }, { note })(),
    await calls.Tea({ order: { leaf: 'none', cups: 1 } }, { note })(),
    await calls.Tea({ order: { leaf: 'fire', cups: 1 } })(),
    ...(version === '1.0'
      ? []
      : [await calls.Photo({ photo: [latin('abc'), latin(''), latin('de')] }, { note })()]),
    await calls.Clock()(),
  ]
  return { results, told }
}

const burnt = (why: string) => left({ is: 'Burnt', why })
const dined = {
  results: [
    right({ tea: 'a cup of assam' }),
    burnt('no leaves'),
    burnt('the kettle fell'),
    right({ likes: 5 }),
    right({ time: 'noon' }),
  ],
  told: ['Remark', 'Done', 'Remark', 'Burnt', 'Remark', 'Done'],
}

const pairsOf = (text: string) => [...text].map((each) => latin(`.${each}`))

/** Asks for one of each in the pantry. */
const stockUp = async ({ talking: { calls } }: Pick<Talking<typeof pantry>, 'talking'>) => {
  const photo = await calls.Photo({ photo: [latin('\x05\0\0\0\0\0\0\0'), ...pairsOf('abc'), latin(';d')] })()
  const tale = await calls.Tale()()
  const heard = tale._tag === 'Right' ? await all(tale.right.tale) : ''
  const bag = await calls.Bag({
    bag: [latin('\x01\0\0\0\0\0\0\0\x03\0\0\0\0\0\0\0tea\0\0\0\0\0\x05\0\0\0\0\0\0\0')],
  })()
  const letter = await calls.Letter({ letter: [latin('.h.'), latin('i;!')] })()
  const soup = await calls.Soup()()
  const eaten = soup._tag === 'Right' ? await all(soup.right.soup) : ''
  return [photo, heard, bag, letter, eaten, await calls.Sky()(), await calls.Wind()()]
}

const stocked = [
  right({ ask: [{ is: 'Enough' }], likes: 16 }),
  '\x01\0\0\0\0\0\0\0\x04\0\0\0\0\0\0\0once\0\0\0\0',
  right({ note: [{ is: 'Done' }], grams: 33n }),
  right({ note: [{ is: 'Done' }], answer: '.h.i;!' }),
  '.s.o.u;p',
  right({ sky: 1 }),
  right({ from: 2, force: 5n }),
]

describe('a client and a server of one flow', () => {
  it('exchange every message, through every kind of node', async () => {
    const both = await inKitchen()
    expect(both.talking.protocol).to.deep.equal({ version: '1.1' })
    expect(both.talking.heard).to.deep.equal({ welcome: { newest: 9 }, verdict: { is: 'Open' } })
    expect(await dine(both, '1.1')).to.deep.equal(dined)
    await both.talking.close()
    expect(await both.served).to.deep.equal(right(undefined))
    const events = observed(kitchen, both)
    expect(issues(events)).to.deep.equal([])
    expect(howTurnsWere(events)).to.deep.equal([
      'Tea done',
      'Tea again',
      'Tea again',
      'Photo done',
      'Clock done',
    ])
    expect(said(events)).to.include.members([
      'hello',
      'verdict',
      'order',
      'note',
      'tea',
      'photo/pixels',
      'photo',
      'likes',
      'time',
    ])
    expect(events.at(-1)).to.deep.equal({ kind: 'end', how: 'done', left: { client: 0, server: 0 } })
  })

  it('exchange pieces, repeated turns, lists, and bytes with their own end', async () => {
    const both = await inPantry()
    expect(both.talking.protocol).to.deep.equal({ version: '1.1', features: ['milk'] })
    expect(await stockUp(both)).to.deep.equal(stocked)
    await both.talking.close()
    expect(await both.served).to.deep.equal(right(undefined))
    const events = observed(pantry, both)
    expect(issues(events)).to.deep.equal([])
    expect(said(events)).to.include.members([
      'milk',
      'photo/width',
      'photo/pixels',
      'tale/line',
      'bag/leaf',
      'letter',
      'soup',
      'sky',
      'force',
    ])
  })

  it('use the protocol that they agreed on', async () => {
    const both = await inKitchen({}, { newest: 0 })
    expect(both.talking.protocol).to.deep.equal({ version: '1.0' })
    const { results } = await dine(both, '1.0')
    expect(results).to.deep.equal(dined.results.filter((_, at) => at !== 3))
    const photo = await both.talking.calls.Photo({ photo: [] })()
    expect(photo).to.have.nested.property('left._tag', 'Unrepresentable')
    expect(photo).to.have.nested.property('left.expected').that.includes('1.1')
    await both.talking.close()
    expect(issues(observed(kitchen, both))).to.deep.equal([])
  })

  it('exchange the same however the bytes are cut', async () => {
    const sessions = await Promise.all([inKitchen(), inPantry()])
    const [dining, stocking] = sessions
    await dine(dining, '1.1')
    await stockUp(stocking)
    for (const cut of [1, 2, 3, 5, 7, 8, 9, 13, 24]) {
      const pipes: PipeOptions = { cut }
      const [kitchenCut, pantryCut] = await Promise.all([inKitchen({}, { pipes }), inPantry({}, { pipes })])
      expect(await dine(kitchenCut, '1.1'), `in ${cut}`).to.deep.equal(dined)
      expect(await stockUp(pantryCut), `in ${cut}`).to.deep.equal(stocked)
      for (const each of [kitchenCut, pantryCut]) {
        await each.talking.close()
        expect(await each.served).to.deep.equal(right(undefined))
      }
      expect(kitchenCut.up.bytes).to.deep.equal(dining.up.bytes)
      expect(kitchenCut.down.bytes).to.deep.equal(dining.down.bytes)
      expect(pantryCut.down.bytes).to.deep.equal(stocking.down.bytes)
    }
  })

  it('report which message ended the conversation before it began', async () => {
    const on = wires()
    const [served, connected] = await Promise.all([
      closedKitchen(on),
      customer(on.client).catch((error: Error) => error.message),
    ])
    expect(connected).to.equal(JSON.stringify({ is: 'Closed', until: 'monday' }))
    expect(served).to.deep.equal(right(undefined))
  })

  it('give a handler the agreed protocol, and a signal when the connection ends', async () => {
    let context: { readonly protocol: unknown; readonly signal: AbortSignal } | undefined
    const both = await inKitchen({
      Clock: (heard, say, given) => {
        context = given
        return kitchenHandlers.Clock?.(heard, say, given) ?? right({ time: '' })
      },
    })
    await both.talking.calls.Clock()()
    expect(context?.protocol).to.deep.equal({ version: '1.1' })
    expect(context?.signal.aborted).to.equal(false)
    both.up.break(new Error('cut'))
    expect(await both.served).to.have.nested.property('left._tag', 'SourceFailed')
    expect(context?.signal.aborted).to.equal(true)
  })

  it('reject a flow that they cannot follow, and unknown options', async () => {
    const { client, server } = wires()
    const opened = { welcome: { newest: 1 }, verdict: { is: 'Open' } } as const
    expect(() => connectFlow(kitchen, {} as never, { says: { hello: { newest: 1 } } })).to.throw(
      TypeError,
      'readable',
    )
    expect(() =>
      connectFlow(kitchen, client, { says: { hello: { newest: 1 } }, mosst: 1 } as never),
    ).to.throw(TypeError, 'mosst')
    expect(() => connectFlow(kitchen, client, { says: { hello: { newest: 1 } }, most: 0 })).to.throw(
      RangeError,
      'most',
    )
    expect(() => serveFlow(kitchen, server, { Cake: () => right({}) } as never, { says: opened })).to.throw(
      TypeError,
      'Cake',
    )
    expect(() => serveFlow(kitchen, server, { Clock: 5 } as never, { says: opened })).to.throw(
      TypeError,
      'Clock',
    )
    const twice = sequence(
      turns('one', says('client', 'a', u8), { X: [1, says('server', 'x', u8)] }),
      turns('two', says('client', 'b', u8), { Y: [1, says('server', 'y', u8)] }),
    )
    expect(() => connectFlow(conversation('twice', twice), client)).to.throw(TypeError, 'one turns')
    const late = turns('one', says('client', 'a', u8), {
      X: [1, sequence(says('server', 'x', u8), says('client', 'z', u8))],
    })
    expect(() => serveFlow(conversation('late', late), server, { X: () => right({ x: 1 }) })).to.throw(
      TypeError,
      'z',
    )
  })
})

const closedKitchen = ({ server }: Pick<ReturnType<typeof wires>, 'server'>) => {
  return serveFlow(kitchen, server, kitchenHandlers, {
    says: { welcome: { newest: 1 }, verdict: { is: 'Closed', until: 'monday' } },
  })
}
