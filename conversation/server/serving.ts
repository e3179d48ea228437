import type { Issue } from '../../combinators/issue.js'
import type { ConversationEvent } from '../events.js'
import { Given } from '../line/given.js'
import type { Incoming } from '../line/incoming.js'
import { aborted, type Interruption, misplaced, sourceFailed } from '../line/interruption.js'
import type { Line } from '../line/line.js'
import { isOfPieces, type Shape, shapeOf, type TurnsNode, turnsIn } from '../line/shape.js'
import { notYet } from '../machine/feed.js'
import { run } from '../machine/run.js'
import {
  closed,
  departed,
  type Exit,
  type Host,
  rootScope,
  type Scope,
  type Spoken,
} from '../machine/scope.js'
import { Bell, Break, type Ending, type Talk } from '../machine/talk.js'
import type { BlobNode, CarriedNode, FlowNode, Label, LoopNode, SaysNode, UnlessNode } from '../node.js'
import { Answering } from './answering.js'
import { type AnyHandler, Handling } from './handling.js'
import type { ServeSettings } from './options.js'
import { Patience } from './patience.js'

type Handlers = { readonly [name: string]: AnyHandler | undefined }

/** The server of one connection: one turn after another. */
export class Serving extends Answering {
  /** Resolves with what was wrong, or null. */
  readonly ended: Promise<Interruption | null>
  readonly maySpeak = true
  readonly turns = new Bell()
  readonly pause: Host['pause'] = null
  readonly #handlers: Handlers
  readonly #patience: Patience
  readonly #shape: Shape
  readonly #given: Given
  readonly #said: Record<string, unknown> = {}
  readonly #over: AbortController
  /** The cases of all turns, by the first words of them. */
  readonly #menus: ReadonlyArray<TurnsNode>
  #handling: Handling | null = null
  /** What is said of why it breaks off. */
  #departing: Given | null = null
  #end: (reason: Interruption | null) => void = () => undefined

  constructor(
    line: Line,
    node: FlowNode,
    says: { readonly [key: string]: unknown },
    handlers: Handlers,
    options: ServeSettings,
  ) {
    super(line, options)
    this.#handlers = handlers
    this.#shape = shapeOf(node)
    this.#given = new Given(says, node)
    this.#menus = turnsIn(node)
    this.#over = options.over ?? new AbortController()
    this.#patience = new Patience(line, () => this.isListening, options)
    line.ear.feed.most = options.openingMessage
    this.ended = new Promise((resolve) => {
      this.#end = resolve
    })
    line.onPump = () => {
      this.advance()
      this.#patience.waits()
    }
    line.isHeard = () => this.isListening
    line.onFailure = (reason) => this.#fail(reason)
    void line.closed.then(() => this.#patience.end())
    this.begin(run(node, rootScope(this, line.ears, { client: null, server: this })))
  }

  tell(event: ConversationEvent): void {
    if (event.kind === 'turn') {
      this.#turns(event.is === 'begun')
    }
    if (event.kind !== 'said' || event.within.length > 0) {
      return
    }
    const { key, side, value, turn } = event
    if (turn === null) {
      this.#said[key] = value
      if (side === 'client') {
        this.#opens(key, value)
      }
    } else if (side === 'client') {
      this.#hears(turn.loop, key, value)
    }
  }

  override rests(): void {
    this.line.ear.feed.most = undefined
    this.#patience.rests()
  }

  #turns(isBegun: boolean): void {
    this.#handling?.end(null)
    this.#handling = null
    this.letGo(null)
    if (isBegun) {
      this.#patience.turnBegins()
    } else {
      this.#patience.turnOver()
    }
  }

  /** @throws Break for what is refused. */
  #opens(key: string, value: unknown): void {
    try {
      this.options.hears?.(key, value)
    } catch (thrown) {
      throw new Break(this.line.ear.feed, sourceFailed(thrown, this.line.ear.feed.offset))
    }
  }

  #hears(loop: string, key: string, value: unknown): void {
    if (this.#handling === null) {
      const menu = this.#menus.find((each) => each.loop.name === loop)
      const chosen = menu?.first.key === key ? menu.branch.cases.get(value as Label) : undefined
      this.#handling = chosen === undefined ? null : new Handling(chosen, this.line.ring)
      return
    }
    const { heard, shape } = this.#handling
    const manner = shape.manners.get(key)
    if (manner === 'once') {
      heard[key] = value
    } else if (manner === 'often' && !isOfPieces(shape, key, value)) {
      const list = heard[key] as Array<unknown>
      list.push(value)
    }
  }

  protected flows(key: string, incoming: Incoming): void {
    const handling = this.#handling
    if (handling === null) {
      this.#said[key] = incoming
      return
    }
    handling.heard[key] = incoming
    handling.incoming.push(incoming)
    this.#begin(handling)
  }

  #begin(handling: Handling): Handling {
    if (!handling.isBegun) {
      const { name } = handling.chosen
      const handler = Object.hasOwn(this.#handlers, name) ? this.#handlers[name] : undefined
      this.#patience.turnHeard(handling.incoming.length > 0)
      handling.begin(handler, { protocol: this.plans.protocol, signal: this.#over.signal })
    }
    return handling
  }

  sayNow(node: SaysNode, scope: Scope): Spoken | typeof notYet {
    const handling = this.#handling
    if (handling === null || this.#departing !== null) {
      return notYet
    }
    return this.answerNow(this.#begin(handling), node, scope)
  }

  say(node: SaysNode, scope: Scope): Talk<Spoken> {
    const handling = this.#handling
    if (this.#departing !== null) {
      return this.#sayGiven(this.#departing, node, scope)
    }
    if (handling !== null) {
      return this.answer(this.#begin(handling), node, scope)
    }
    const telling = this.#shape.tellings.get(node.key)
    return telling === undefined
      ? this.#sayGiven(this.#given, node, scope)
      : this.utter(node, telling.speech.done, scope)
  }

  *#sayGiven(given: Given, node: SaysNode, scope: Scope): Talk<Spoken> {
    const next = given.next(node)
    if (next === null) {
      throw this.unsaid(node.key)
    }
    const { value } = next
    const known: unknown = typeof value === 'function' ? value({ ...this.#said }, this.plans.protocol) : value
    return yield* this.utter(node, known, scope)
  }

  *more(node: LoopNode): Talk<boolean> {
    const handling = this.#handling
    if (this.#departing === null && handling !== null) {
      this.#begin(handling)
      while (handling.isRunning) {
        yield handling.bell.next()
      }
    }
    const given = this.#departing ?? (handling === null ? this.#given : handling.result)
    return given?.hasMore(node, 'server') ?? false
  }

  protected sourceOf(node: BlobNode | CarriedNode): unknown {
    return (this.#handling?.result ?? this.#given).source(node.key)
  }

  override *chunk(node: BlobNode | CarriedNode, scope: Scope, most: number): Talk<Uint8Array | null> {
    const handling = this.#handling
    if (handling !== null) {
      this.#begin(handling)
      while (handling.isRunning) {
        yield handling.bell.next()
      }
      this.expectNotThrown(handling)
    }
    return yield* super.chunk(node, scope, most)
  }

  departs(node: UnlessNode, by: Break): boolean {
    const { departs } = this.options
    const { feed } = this.line.ear
    const isGone = by.feed === feed && feed.ended && by.issue._tag === 'UnexpectedEnd'
    if (departs === undefined || isGone || this.line.failure !== null) {
      return false
    }
    const reason = 'cause' in by.issue ? by.issue.cause : this.#explained(by)
    this.#departing = new Given(departs(reason, this.plans.protocol), node.departs)
    return true
  }

  silent(): void {
    // A server answers one turn after another.
  }

  breaksOff(key: string): void {
    this.line.fail(misplaced(`all of ${key}`, 'a part of it', this.position))
  }

  protected stumbles(): void {
    // A server breaks off, and sends the reason if it can.
  }

  protected over(ending: Ending<Exit>): void {
    const reason =
      ending._tag === 'Broken'
        ? this.line.reasonOf(this.#explained(ending.by))
        : ending.value === departed
          ? ({ _tag: 'Departure', side: 'client', said: {} } as const)
          : null
    this.#leave(this.line.failure ?? reason)
    const end = reason ?? aborted(null, this.line.ear.feed.offset, 'the end of the conversation')
    // The message that ends the conversation still has to be read; earlier ones have been, or are useless.
    const lingers = this.#departing !== null || (ending._tag === 'Done' && ending.value === closed)
    void this.line.finish(end, lingers)
  }

  #explained({ feed, issue }: Break): Issue {
    const { explain } = this.options
    const ear = this.line.ear.feed
    return explain === undefined
      ? issue
      : explain(issue, feed === ear ? ear.excerpt(issue.offset, Number.POSITIVE_INFINITY).bytes : nothing)
  }

  #fail(reason: Interruption): void {
    this.drop(reason)
    this.#leave(reason)
  }

  #leave(reason: Interruption | null): void {
    this.letGo(reason)
    this.#patience.turnOver()
    this.#handling?.end(reason)
    this.#over.abort(reason ?? undefined)
    this.#end(reason)
  }
}

const nothing = new Uint8Array(0)
