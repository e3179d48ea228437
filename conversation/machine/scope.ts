import type { Protocol } from '../../combinators/protocol.js'
import type { Plans } from '../../interpreters/compile/resumable.js'
import type { ConversationEvent, Turn } from '../events.js'
import type { FlowNode, Place, SaysNode, Side } from '../node.js'
import type { Ear } from './ear.js'
import type { Meter } from './meter.js'
import type { Break, Talk } from './talk.js'

export const closed: unique symbol = Symbol('closed')
export const departed: unique symbol = Symbol('departed')

/** How a node was left: null at its end; the name of a loop that is begun again; a side ended the conversation. */
export type Exit = string | typeof closed | typeof departed | null

/** Follows a node. Each kind is given it for what is inside. */
export type Run = (node: FlowNode, scope: Scope) => Talk<Exit>

/** Who follows a conversation. */
export interface Host {
  /** How messages are read under what has been agreed on. */
  readonly plans: Plans
  agree(given: Partial<Protocol>): void
  tell(event: ConversationEvent): void
  /** Tells what is wrong at once, since it will stay so. */
  tellBroken(breaks: ReadonlyArray<Break>): void
  /** What measures bytes that flow. */
  meter(side: Side, key: string): Meter
}

/** What was said under a key. */
export interface Heard {
  readonly value: unknown
  readonly ear: Ear
  /** Where it begins: in the feed, and in the stream of its side. */
  readonly start: number
  readonly offset: number
}

/** All that was said and still counts. */
export class Said {
  readonly #own = new Map<string, Heard>()
  readonly #around: Said | null

  constructor(around: Said | null = null) {
    this.#around = around
  }

  add(key: string, heard: Heard): void {
    this.#own.set(key, heard)
  }

  /** A flow that asks for what was not said is refused when it is built. */
  get(key: string): Heard {
    for (let said: Said | null = this; said !== null; said = said.#around) {
      const heard = said.#own.get(key)
      if (heard !== undefined) {
        return heard
      }
    }
    throw new Error(`nothing was said under ${key}`)
  }
}

/** A turn that goes on. */
export interface OpenTurn {
  readonly turn: Turn
  chosen: string | null
  lacking: boolean
}

/** What carries others in pieces of what is said in it. */
export interface PieceTaker {
  readonly key: string
  take(says: SaysNode, heard: Heard): void
  readonly around: PieceTaker | null
}

/** Where a node stands. */
export interface Scope {
  readonly host: Host
  readonly ears: { readonly [S in Side]: Ear }
  readonly said: Said
  readonly turn: OpenTurn | null
  /** The keys of what carries these words, the outermost first. */
  readonly within: ReadonlyArray<string>
  readonly pieces: PieceTaker | null
  /** What is wrong only if no part of those at once leaves; null where nothing else is said at once. */
  readonly late: Array<() => void> | null
}

/** What stands at a place in what was said. */
export const valueAt = (value: unknown, [, ...fields]: Place): unknown =>
  fields.reduce<unknown>(
    (at, field) =>
      typeof at === 'object' && at !== null ? (at as { readonly [key: string]: unknown })[field] : undefined,
    value,
  )
