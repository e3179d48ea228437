import type fc from 'fast-check'
import type { Agreed, Protocol } from '../../combinators/protocol.js'
import type { Turn } from '../../conversation/events.js'
import type { FlowNode, LoopNode, Pieces, Side, UnlessNode } from '../../conversation/node.js'
import { type Plans, plansFor } from '../compile/resumable.js'
import type { After } from './ahead.js'
import type { Grown, Spoken } from './grown.js'
import type { Maker } from './maker.js'

/** What has been said and still counts, by key. */
export class Words {
  readonly #own = new Map<string, Spoken>()
  readonly #around: Words | null

  constructor(around: Words | null = null) {
    this.#around = around
  }

  add(spoken: Spoken): void {
    this.#own.set(spoken.of.node.key, spoken)
  }

  /** A flow that asks for what was not said is refused when it is built. */
  get(key: string): Spoken {
    const found = this.#own.get(key) ?? this.#around?.get(key)
    if (found === undefined) {
      throw new Error(`no message with the key ${key} was sent`)
    }
    return found
  }
}

/** A side that may break off, and what was said before that began. */
export interface Guard {
  readonly node: UnlessNode
  readonly stand: Stand
}

/** Content that is to be handed over in pieces. */
export interface Supplying {
  readonly side: Side
  readonly way: Pieces
  rest: Uint8Array
  taken: number
}

/** Where a part stands. */
export interface Stand {
  readonly words: Words
  /** Whether a side says this when it breaks off. */
  readonly isDeparture: boolean
  readonly turn: Turn | null
  readonly after: After | null
  readonly guards: { readonly [S in Side]: Guard | null }
  readonly supplying: Supplying | null
  /** The loops around, the innermost last, and the number of the round. */
  readonly loops: ReadonlyArray<{ readonly node: LoopNode; readonly round: number }>
}

/** What is to be different from the last time: one part, and what it becomes; or all words, each as small as can be. */
export interface Edit {
  readonly of: Grown | null
  readonly made?: fc.Value<unknown>
  readonly rounds?: ReadonlyArray<Grown>
  readonly cuts?: ReadonlyArray<number>
  readonly departs?: false
}

/** Chance. */
export class Draw {
  readonly #random: fc.Random
  readonly #bias: number | undefined

  constructor(random: fc.Random, bias: number | undefined) {
    this.#random = random
    this.#bias = bias
  }

  /** From 0 on, below the bound. */
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

/** One session that grows. */
export interface Growth {
  readonly maker: Maker
  readonly draw: Draw
  readonly edit: Edit | null
  /** What both have agreed on so far. */
  plans: Plans
  /** What they are led to, where nothing is demanded. */
  aim: Partial<Agreed>
  /** How often that is tried; and how often words have been refused. */
  patience: number
  refused: number
  readonly grow: (node: FlowNode, old: Grown | null, stand: Stand) => Grown
}

/** Other words are needed under one of these keys. */
export class Disagreement extends Error {
  readonly keys: ReadonlyArray<string>

  constructor(what: string, keys: ReadonlyArray<string>) {
    super(what)
    this.keys = keys
  }
}

/** A protocol that something in the flow asks for. */
export const anyAim = ({ asked }: Maker, draw: Draw): Partial<Agreed> => ({
  ...(asked.versions.length === 0 ? {} : { version: draw.one(asked.versions) }),
  features: asked.features.filter(() => draw.oneIn(2)),
})

export const agreeOn = (growth: Growth, given: Partial<Protocol>): void => {
  growth.plans = plansFor({ ...growth.plans.protocol, ...given }, {})
}

/** How many rounds of a loop there are before it is led to its end. */
export const enoughRounds = 3
