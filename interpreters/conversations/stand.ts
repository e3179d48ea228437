import type fc from 'fast-check'
import type { Agreed, Protocol } from '../../combinators/protocol.js'
import type { Turn } from '../../conversation/events.js'
import type { FlowNode, LoopNode, Pieces, Side, UnlessNode } from '../../conversation/node.js'
import { NoValues } from '../arbitrary/no-values.js'
import { type Plans, plansFor } from '../compile/resumable.js'
import type { After } from './ahead.js'
import type { Grown, Spoken } from './grown.js'
import type { Maker } from './maker.js'

/** The messages that still count, by key. */
export class Words {
  readonly #own = new Map<string, Spoken>()
  readonly #around: Words | null

  constructor(around: Words | null = null) {
    this.#around = around
  }

  add(spoken: Spoken): void {
    this.#own.set(spoken.of.node.key, spoken)
  }

  /** A flow that refers to a message not sent before is rejected when it is built. */
  get(key: string): Spoken {
    const found = this.#own.get(key) ?? this.#around?.get(key)
    if (found === undefined) {
      throw new Error(`no message with the key ${key} was sent`)
    }
    return found
  }
}

/** A side that may break off, and the messages before that part began. */
export interface Guard {
  readonly node: UnlessNode
  readonly stand: Stand
}

/** Content that is sent in pieces. */
export interface Supplying {
  readonly side: Side
  readonly way: Pieces
  rest: Uint8Array
  taken: number
}

/** The context of a part. */
export interface Stand {
  readonly words: Words
  /** Whether a side sends this when it breaks off. */
  readonly isDeparture: boolean
  readonly turn: Turn | null
  readonly after: After | null
  readonly guards: { readonly [S in Side]: Guard | null }
  readonly supplying: Supplying | null
  /** The loops around, the innermost last, with the number of the turn. */
  readonly loops: ReadonlyArray<{ readonly node: LoopNode; readonly round: number }>
}

/**
 * What changes compared with the last time: one part, and its replacement; or all messages, each as small as possible.
 */
export interface Edit {
  readonly of: Grown | null
  readonly made?: fc.Value<unknown>
  readonly rounds?: ReadonlyArray<Grown>
  readonly cuts?: ReadonlyArray<number>
  readonly departs?: false
}

/** Random choices. */
export class Draw {
  readonly #random: fc.Random
  readonly #bias: number | undefined

  constructor(random: fc.Random, bias: number | undefined) {
    this.#random = random
    this.#bias = bias
  }

  /** From 0, below the bound. */
  below(bound: number): number {
    return this.#random.nextInt(0, bound - 1)
  }

  oneIn(many: number): boolean {
    return this.below(many) === 0
  }

  one<A>(of: ReadonlyArray<A>): A {
    return of[this.below(of.length)]!
  }

  value<A>(arbitrary: fc.Arbitrary<A>): fc.Value<A> {
    return arbitrary.generate(this.#random, this.#bias)
  }
}

/** A session that is being generated. */
export interface Growth {
  readonly maker: Maker
  readonly draw: Draw
  readonly edit: Edit | null
  /** The protocol negotiated so far. */
  plans: Plans
  /** The protocol that the sides are led to, if none is demanded. */
  aim: Partial<Agreed>
  /** The number of tries left for that, and how many messages were rejected. */
  patience: number
  refused: number
  readonly grow: (node: FlowNode, old: Grown | null, stand: Stand) => Grown
}

/** One of these keys needs another message. Thrown thousands of times for one session, so it has no stack. */
export class Disagreement {
  readonly what: string
  readonly keys: ReadonlyArray<string>

  constructor(what: string, keys: ReadonlyArray<string>) {
    this.what = what
    this.keys = keys
  }

  /** The error if no other message is found. */
  get error(): NoValues {
    const keys = this.keys.map((key) => JSON.stringify(key)).join(' and ')
    return new NoValues(this.what, `supply values for ${keys || 'it'}`)
  }
}

const mostAims = 100

/** A protocol on which something in the flow depends, with the wanted turns if one is found that has them. */
export const anyAim = (maker: Maker, draw: Draw): Partial<Agreed> => {
  const { asked, options } = maker
  const drawn = (): Partial<Agreed> => ({
    ...(asked.versions.length === 0 ? {} : { version: draw.one(asked.versions) }),
    features: asked.features.filter(() => draw.oneIn(2)),
  })
  let aim = drawn()
  for (let tries = 1; tries < mostAims && maker.lacking({ ...aim, ...options.agreed }) !== null; tries++) {
    aim = drawn()
  }
  return aim
}

export const agreeOn = (growth: Growth, given: Partial<Protocol>): void => {
  growth.plans = plansFor({ ...growth.plans.protocol, ...given }, {})
}

/** The number of turns after which a loop is led to its end. */
export const enoughRounds = 3
