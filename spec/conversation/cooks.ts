import { type Either, left, right } from 'fp-ts/lib/Either.js'
import {
  type BytesPair,
  type Connected,
  connectFlow,
  type HandlersOf,
  type Interruption,
  type ServeFlowOptions,
  serveFlow,
  type ToldFailure,
} from '../../conversation/index.js'
import { kitchen } from './kitchen.js'
import { pantry } from './pantry.js'
import { type PipeOptions, type Wires, wires } from './pipes.js'
import { latin } from './sessions.js'

/** Clients and servers of the kitchen and the pantry, in memory. */

export type Kitchen = typeof kitchen
export type Pantry = typeof pantry

export const all = async (chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<string> => {
  let text = ''
  for await (const chunk of chunks) {
    text += Buffer.from(chunk).toString('latin1')
  }
  return text
}

export const messageOf = (thrown: unknown): string =>
  thrown instanceof Error ? thrown.message : typeof thrown === 'string' ? thrown : JSON.stringify(thrown)

export const kitchenHandlers: HandlersOf<Kitchen> = {
  Tea: async ({ order: { leaf, cups } }, { note }) => {
    await note({ is: 'Remark', text: `${cups} cups` })
    if (leaf === 'fire') {
      throw new Error('the kettle fell')
    }
    return leaf === 'none' ? left({ is: 'Burnt', why: 'no leaves' }) : right({ tea: `a cup of ${leaf}` })
  },
  Photo: async ({ photo }, { note }, { protocol }) => {
    const pixels = await all(photo)
    await note({ is: 'Remark', text: pixels.slice(0, 10) })
    return right(protocol.version === '1.0' ? {} : { likes: pixels.length })
  },
  Clock: () => right({ time: 'noon' }),
}

export const opened = { welcome: { newest: 9 }, verdict: { is: 'Open' } } as const

type KitchenOptions = ServeFlowOptions<ToldFailure<Kitchen>>

const kitchenOptions: KitchenOptions = {
  failure: (thrown) => ({ is: 'Burnt', why: messageOf(thrown) }),
  departs: (reason) => ({ farewell: messageOf(reason) }),
}

export interface Talking<X extends Kitchen | Pantry> extends Wires {
  readonly talking: Connected<X>
  readonly served: Promise<Either<Interruption, void>>
}

const taken = <A>(result: Either<unknown, A>): A => {
  if (result._tag === 'Left') {
    throw new Error(JSON.stringify(result.left))
  }
  return result.right
}

/** Both sides of the kitchen, over pipes that cut the bytes. */
export const inKitchen = async (
  handlers: Partial<HandlersOf<Kitchen>> = {},
  {
    pipes = {},
    newest = 1,
    on = wires(pipes),
    most,
    server = {},
  }: {
    readonly pipes?: PipeOptions
    readonly newest?: number
    readonly on?: Wires
    readonly most?: number
    readonly server?: KitchenOptions
  } = {},
): Promise<Talking<Kitchen>> => {
  const served = serveFlow(
    kitchen,
    on.server,
    { ...kitchenHandlers, ...handlers },
    { says: opened, ...kitchenOptions, ...server },
  )
  const client = await connectFlow(kitchen, on.client, {
    says: { hello: { newest } },
    ...(most === undefined ? {} : { most }),
  })()
  return { ...on, talking: taken(client), served }
}

/** A client of the kitchen, with a server that a test plays by hand. */
export const customer = async (pair: BytesPair, newest = 1): Promise<Connected<Kitchen>> =>
  taken(await connectFlow(kitchen, pair, { says: { hello: { newest } } })())

const pantryHandlers: HandlersOf<Pantry> = {
  Photo: async ({ photo }) => right({ ask: [{ is: 'Enough' }], likes: (await all(photo)).length }),
  Tale: () =>
    right({
      tale: [latin('\x01\0\0\0\0\0\0\0'), latin('\x04\0\0\0\0\0\0\0once\0\0\0\0')],
      told: [{ is: 'End' }],
    }),
  Bag: async ({ bag }, _, { protocol }) =>
    right({
      note: [{ is: 'Done' }],
      grams: BigInt((await all(bag)).length + (protocol.features?.length ?? 0)),
    }),
  Letter: async ({ letter }) => right({ note: [{ is: 'Done' }], answer: await all(letter) }),
  Soup: () => right({ soup: [latin('.s.o'), latin('.u'), latin(';p')] }),
  Sky: () => right({ sky: 1 }),
  Wind: () => right({ from: 2, force: 5n }),
  Lemon: ({ slices }) => right({ lemon: slices.name }),
}

export const inPantry = async (
  handlers: Partial<HandlersOf<Pantry>> = {},
  { pipes = {}, on = wires(pipes) }: { readonly pipes?: PipeOptions; readonly on?: Wires } = {},
): Promise<Talking<Pantry>> => {
  const served = serveFlow(
    pantry,
    on.server,
    { ...pantryHandlers, ...handlers },
    {
      says: { takes: ['milk'] },
      departs: (reason) => ({ farewell: messageOf(reason) }),
    },
  )
  const client = await connectFlow(pantry, on.client, { says: { offers: ['milk', 'x'], milk: 3 } })()
  return { ...on, talking: taken(client), served }
}
