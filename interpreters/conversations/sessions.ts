import fc from 'fast-check'
import type { AnyFlow } from '../../conversation/flow.js'
import type { FlowNode } from '../../conversation/node.js'
import { plansFor } from '../compile/resumable.js'
import { expectSessions } from './expect.js'
import { grow } from './grow.js'
import type { Grown } from './grown.js'
import { type Laid, laid } from './laid.js'
import { Maker } from './maker.js'
import { type MadeSessionOptions, sessionOptions } from './options.js'
import type { MadeSession, Move } from './session.js'
import { shrunk } from './shrunk.js'
import { anyAim, Disagreement, Draw, type Edit, type Growth, Words } from './stand.js'

/** A session, and how it was made. */
export interface Made {
  readonly grown: Grown
  readonly laid: Laid
  readonly protocol: MadeSession['protocol']
  /** The remaining random numbers, for parts that are generated again when it shrinks. */
  readonly random: fc.Random
}

const mostPatience = 200

const taker = { of: 'toSessions', forGrammars: 'toArbitrary' }

/** Makes sessions of one flow. */
export class Sessions extends fc.Arbitrary<Made> {
  readonly #flow: FlowNode
  readonly #maker: Maker

  constructor(flow: FlowNode, options: MadeSessionOptions) {
    super()
    this.#flow = flow
    this.#maker = new Maker(flow, options)
  }

  override generate(random: fc.Random, bias: number | undefined): fc.Value<Made> {
    try {
      return new fc.Value(this.#made(random, bias, null, null), undefined)
    } catch (error) {
      throw error instanceof Disagreement ? error.error : error
    }
  }

  override canShrinkWithoutContext(value: unknown): value is Made {
    return typeof value === 'object' && value !== null && 'grown' in value
  }

  override shrink(made: Made): fc.Stream<fc.Value<Made>> {
    return fc.stream(this.#smaller(made))
  }

  *#smaller(made: Made): Generator<fc.Value<Made>, void> {
    for (const edit of shrunk(made.grown)) {
      const smaller = this.#again(made, edit)
      if (smaller !== null && isSmaller(smaller, made, edit)) {
        yield new fc.Value(smaller, undefined)
      }
    }
  }

  /** Null if no session has this form. */
  #again({ random, grown }: Made, edit: Edit): Made | null {
    try {
      return this.#made(random.clone(), undefined, grown, edit)
    } catch {
      return null
    }
  }

  #made(random: fc.Random, bias: number | undefined, old: Grown | null, edit: Edit | null): Made {
    const left = random.clone()
    const draw = new Draw(random, bias)
    const maker = this.#maker
    const { options } = maker
    const growth: Growth = {
      maker,
      draw,
      edit,
      plans: plansFor(options.protocol ?? {}, {}),
      aim: anyAim(maker, draw),
      patience: old === null ? mostPatience : 0,
      refused: 0,
      grow: (node, before, stand) => grow(growth, node, before, stand),
    }
    const grown = growth.grow(this.#flow, old, {
      words: new Words(),
      isDeparture: false,
      turn: null,
      after: null,
      guards: { client: null, server: null },
      supplying: null,
      loops: [],
    })
    return { grown, laid: laid(grown), protocol: growth.plans.protocol, random: left }
  }
}

const sizeOf = ({ laid: { client, server } }: Made): number => client.size + server.size

/** Makes shrinking end: values only get smaller, and a departure that was removed does not come back. */
const isSmaller = (smaller: Made, made: Made, { rounds, cuts }: Edit): boolean =>
  rounds === undefined && cuts === undefined
    ? sizeOf(smaller) <= sizeOf(made)
    : sizeOf(smaller) < sizeOf(made)

const sessionOf = ({
  laid: { client, server, events, contents, departure },
  protocol,
}: Made): MadeSession => ({
  client: client.bytes,
  server: server.bytes,
  protocol,
  events,
  moves: movesOf(client, server),
  contents,
  departure,
})

/** The messages of one side until the other sends one. */
const movesOf = (client: Laid['client'], server: Laid['server']): ReadonlyArray<Move> => {
  const items = [client, server].flatMap(({ side, items: all }) =>
    all.map(({ time, start, bytes }) => ({ side, time, start, end: start + bytes.length })),
  )
  const moves: Move[] = []
  for (const { side, start, end } of items.sort((a, b) => a.time - b.time)) {
    const last = moves.at(-1)
    if (last?.side === side) {
      moves[moves.length - 1] = { side, start: last.start, end }
    } else {
      moves.push({ side, start, end })
    }
  }
  return moves
}

/**
 * A fast-check arbitrary for sessions of a conversation: the bytes of both sides from the first message to the end,
 * and the events that an observer must report for them.
 *
 * ```ts
 * import { observe, says, conversation, turns } from 'nix-wire/conversation'
 * import { toSessions } from 'nix-wire/laws'
 * import { u8, utf8 } from 'nix-wire/combinators'
 * import fc from 'fast-check'
 *
 * const kitchen = conversation('kitchen', turns('orders', says('client', 'order', u8), { Clock: [1, says('server', 'time', utf8)] }))
 * const sessions = toSessions(kitchen, { turns: ['Clock', 'Clock'] })
 * fc.assert(
 *   fc.property(sessions, ({ client, server }) => {
 *     const observer = observe(kitchen)
 *     const events = [...observer.push('client', client), ...observer.push('server', server)]
 *     return events.filter(({ kind }) => kind === 'said').length === 4
 *   }),
 * )
 * ```
 *
 * Values come from the grammars, as those of {@link toArbitrary} do. Choices, rounds, pieces and break-offs are
 * random; loops and turns are short. `agreed` is what both sides must agree on. The messages that lead to it are
 * found by trying; if that fails, because a function computes the agreement, supply them with `words`. Raw bytes that
 * find their own end come from `contents`, except those of `endOf`, which follow their flow.
 *
 * Sessions shrink: to fewer turns and rounds, smaller values and contents.
 *
 * @throws TypeError for an incomplete flow, for raw bytes that `contents` lacks, and for invalid options. Generating
 * a session throws an error if no messages are found on which both sides agree.
 */
export const toSessions = (flow: AnyFlow, options: MadeSessionOptions = {}): fc.Arbitrary<MadeSession> =>
  new Sessions(expectSessions(taker, flow, sessionOptions, options), options).map(sessionOf)
