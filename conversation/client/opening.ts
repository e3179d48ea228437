import type { ConversationEvent } from '../events.js'
import { Given } from '../line/given.js'
import type { Incoming } from '../line/incoming.js'
import { misplaced, sourceFailed } from '../line/interruption.js'
import { type Shape, shapeOf, turnsOf } from '../line/shape.js'
import { run } from '../machine/run.js'
import { departed, type Exit, rootScope, type Scope, type Spoken } from '../machine/scope.js'
import { Break, type Ending, type Talk } from '../machine/talk.js'
import type { BlobNode, CarriedNode, FlowNode, LoopNode, SaysNode } from '../node.js'
import type { Floor, Menu, OpeningEnd } from './floor.js'
import { FloorSpeaker } from './floor-speaker.js'

/** What the other side may send between two turns. */
export const noMore = 'silence until the next turn'

/** What is said before the turns, the silence while calls go on, and what is said behind them. */
export class Opening extends FloorSpeaker {
  readonly heard: Record<string, unknown> = {}
  menu: Menu | null = null
  readonly #shape: Shape
  readonly #given: Given
  readonly #said: Record<string, unknown> = {}
  /** What the other side said behind the turns. */
  #last: Record<string, unknown> = {}
  #isLeaving = false
  /** Where the other side stood then. */
  #leftAt = 0
  #failure: unknown

  constructor(floor: Floor, node: FlowNode, says: { readonly [key: string]: unknown }) {
    super(floor, null)
    this.#shape = shapeOf(node)
    this.#given = new Given(says, node)
    for (const key of this.#shape.often.server) {
      this.heard[key] = []
    }
    const scope = rootScope(this, this.line.ears, { client: this, server: null })
    this.begin(run(node, { ...scope, rest: false }))
  }

  /** No call is in flight, and the turns are over: this side ends, or the other one says something. */
  leave(): void {
    this.#isLeaving = true
    this.#leftAt = this.line.ear.feed.offset
    this.#last = {}
    this.floor.enter(this)
  }

  get isLeaving(): boolean {
    return this.#isLeaving
  }

  tell(event: ConversationEvent): void {
    if (event.kind !== 'said' || event.within.length > 0) {
      return
    }
    const { key, side, value } = event
    this.#said[key] = value
    if (side === this.line.side) {
      return
    }
    if (this.menu === null) {
      this.#hears(key, value)
    }
    this.#last[key] = value
    const manner = this.#shape.manners.get(key)
    if (manner === 'told') {
      this.telling.tell(key, value, undefined)
    } else if (manner === 'often') {
      const list = this.heard[key] as Array<unknown>
      list.push(value)
    } else if (manner === 'once') {
      this.heard[key] = value
    }
  }

  /** @throws Break for what is refused. */
  #hears(key: string, value: unknown): void {
    const { feed } = this.line.ear
    try {
      this.floor.options.hears?.(key, value)
    } catch (thrown) {
      throw new Break(feed, sourceFailed(thrown, feed.offset))
    }
  }

  protected override flows(key: string, incoming: Incoming): void {
    this.heard[key] = incoming
  }

  override leaves(value: unknown): void {
    this.#failure = value
  }

  *say(node: SaysNode, scope: Scope): Talk<Spoken> {
    const telling = this.#shape.tellings.get(node.key)
    if (telling !== undefined) {
      return yield* this.utter(node, telling.speech.done, scope)
    }
    const next = this.#given.next(node)
    if (next === null) {
      throw this.unsaid(node.key)
    }
    const { value } = next
    const known: unknown = typeof value === 'function' ? value({ ...this.#said }, this.plans.protocol) : value
    return yield* this.utter(node, known, scope)
  }

  *more(node: LoopNode, scope: Scope): Talk<boolean> {
    const turns = turnsOf(node)
    if (turns === null) {
      return this.#given.hasMore(node, 'client')
    }
    this.menu = { ...turns, scope }
    this.floor.opened()
    while (!this.#isLeaving) {
      yield this.turns.next()
    }
    return false
  }

  protected sourceOf(node: BlobNode | CarriedNode): unknown {
    return this.#given.source(node.key)
  }

  /** A client has no other words than those of the flow. */
  departs(): boolean {
    return false
  }

  silent(): void {
    void this.line.mouth.close()
  }

  breaksOff(key: string): void {
    this.line.fail(misplaced(`all of ${key}`, 'a part of it', this.position))
  }

  protected stumbles(): void {
    // The connection ends in any case.
  }

  protected over(ending: Ending<Exit>): void {
    this.letGo(null)
    this.floor.openingOver(this.#endOf(ending))
  }

  /** Bytes behind the last turn that are no message: the issue says how many, and where they begin. */
  #unasked(by: Break): Break {
    const { feed } = this.line.ear
    const count = feed.arrived - this.#leftAt
    return by.feed === feed
      ? new Break(feed, misplaced(noMore, `${count} bytes that nobody asked for`, this.#leftAt))
      : by
  }

  #endOf(ending: Ending<Exit>): OpeningEnd {
    if (ending._tag === 'Broken') {
      const by = this.#isLeaving ? this.#unasked(ending.by) : ending.by
      return { _tag: 'interrupted', by: this.line.reasonOf(this.floor.explained(by)) }
    }
    return ending.value === null
      ? { _tag: 'over' }
      : ending.value === departed
        ? { _tag: 'interrupted', by: { _tag: 'Departure', side: 'server', said: this.#last } }
        : { _tag: 'left', value: this.#failure }
  }
}
