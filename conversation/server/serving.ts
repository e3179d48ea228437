import { isLeft } from 'fp-ts/lib/Either.js'
import type { Issue } from '../../combinators/issue.js'
import type { ConversationEvent } from '../events.js'
import { Given } from '../line/given.js'
import type { Incoming } from '../line/incoming.js'
import {
  aborted,
  ConversationError,
  type Interruption,
  isIssue,
  misplaced,
  sourceFailed,
} from '../line/interruption.js'
import { formOf, type Line } from '../line/line.js'
import { pieceOf } from '../line/piece.js'
import { isOfPieces, type Shape, shapeOf, type Telling, type TurnsNode, turnsIn } from '../line/shape.js'
import { Speaker } from '../line/speaker.js'
import { mostAtOnce } from '../machine/blob.js'
import { isOffered } from '../machine/offered.js'
import { run } from '../machine/run.js'
import { departed, type Exit, type Host, rootScope, type Scope, type Spoken } from '../machine/scope.js'
import { Bell, Break, type Ending, type Talk } from '../machine/talk.js'
import type { BlobNode, CarriedNode, Case, FlowNode, Label, LoopNode, SaysNode, UnlessNode } from '../node.js'
import { type AnyHandler, Handling } from './handling.js'
import type { ServeSettings } from './options.js'
import { Patience } from './patience.js'

type Handlers = { readonly [name: string]: AnyHandler | undefined }

/** The server of one connection: one turn after another. */
export class Serving extends Speaker {
  /** Resolves with what was wrong, or null. */
  readonly ended: Promise<Interruption | null>
  readonly maySpeak = true
  readonly turns = new Bell()
  readonly pause: Host['pause'] = null
  readonly #handlers: Handlers
  readonly #options: ServeSettings
  readonly #patience: Patience
  readonly #shape: Shape
  readonly #given: Given
  readonly #said: Record<string, unknown> = {}
  readonly #over: AbortController
  /** The cases of all turns, by the first words of them. */
  readonly #menus: ReadonlyArray<TurnsNode>
  #handling: Handling | null = null
  /** What is due in each case under what has been agreed on. */
  readonly #known = new Map<Case, ReadonlyArray<SaysNode>>()
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
    super(line)
    this.#handlers = handlers
    this.#options = options
    this.#shape = shapeOf(node)
    this.#given = new Given(says, node)
    this.#menus = turnsIn(node)
    this.#over = options.over ?? new AbortController()
    this.#patience = new Patience(line, () => this.isListening, options)
    line.ear.feed.most = options.openingMessage
    this.ended = new Promise((resolve) => {
      this.#end = resolve
    })
    line.onPump = () => this.advance()
    line.isHeard = () => this.isListening
    line.onFailure = (reason) => this.#fail(reason)
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
      this.#options.hears?.(key, value)
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
    const { name } = handling.chosen
    const handler = Object.hasOwn(this.#handlers, name) ? this.#handlers[name] : undefined
    if (!handling.isBegun) {
      this.#patience.turnHeard(handling.incoming.length > 0)
    }
    handling.begin(handler, { protocol: this.plans.protocol, signal: this.#over.signal })
    return handling
  }

  *say(node: SaysNode, scope: Scope): Talk<Spoken> {
    const handling = this.#handling
    if (this.#departing !== null) {
      return yield* this.#sayGiven(this.#departing, node, scope)
    }
    if (handling === null) {
      const telling = this.#shape.tellings.get(node.key)
      return telling === undefined
        ? yield* this.#sayGiven(this.#given, node, scope)
        : yield* this.utter(node, telling.speech.done, scope)
    }
    this.#begin(handling)
    const telling = handling.shape.tellings.get(node.key)
    return telling === undefined
      ? yield* this.#sayResult(handling, node, scope)
      : yield* this.#sayTold(handling, telling, node, scope)
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

  /** What stands in the result of the handler. */
  *#sayResult(handling: Handling, node: SaysNode, scope: Scope): Talk<Spoken> {
    const asked = yield* this.#asksOrWaits(handling, node, scope)
    if (asked !== null) {
      return yield* this.utter(node, asked.value, scope)
    }
    const { result, failed } = handling
    if (failed !== null) {
      return yield* this.utter(node, this.#failureOf(handling, node), scope)
    }
    const piece = yield* pieceOf(node, scope)
    if (piece !== null) {
      return yield* this.utter(node, piece, scope)
    }
    const next = result?.next(node) ?? null
    if (next === null) {
      throw this.unsaid(node.key)
    }
    return yield* this.utter(node, next.value, scope)
  }

  /** What asks for one more piece; null when the handler has ended. */
  *#asksOrWaits(handling: Handling, node: SaysNode, scope: Scope): Talk<{ readonly value: unknown } | null> {
    for (;;) {
      const asks = asksOf(handling, node, scope)
      if (asks !== null) {
        return { value: asks }
      }
      if (!handling.isRunning) {
        return null
      }
      yield [...handling.bell.next(), ...handling.incoming.flatMap(({ bell }) => bell.next())]
    }
  }

  *#sayTold(handling: Handling, telling: Telling, node: SaysNode, scope: Scope): Talk<Spoken> {
    for (;;) {
      const told = handling.next(node.key)
      if (told !== null) {
        const said = yield* this.#sayOne(told, node, scope)
        if (said !== null) {
          return said
        }
        continue
      }
      const asks = asksOf(handling, node, scope)
      if (asks !== null) {
        return yield* this.utter(node, asks, scope)
      }
      if (!handling.isRunning) {
        return yield* this.#sayEnd(handling, telling, node, scope)
      }
      yield [...handling.bell.next(), ...handling.incoming.flatMap(({ bell }) => bell.next())]
    }
  }

  /** Null for a word without a form, which is the handler's to know. */
  *#sayOne(
    { value, done, failed }: NonNullable<ReturnType<Handling['next']>>,
    node: SaysNode,
    scope: Scope,
  ): Talk<Spoken | null> {
    const form = formOf(this.plans, node.grammar, value)
    if (isLeft(form)) {
      failed(new ConversationError({ ...form.left, path: [node.key, ...form.left.path] }))
      return null
    }
    const said = yield* this.utter(node, value, scope)
    done()
    return said
  }

  *#sayEnd(handling: Handling, telling: Telling, node: SaysNode, scope: Scope): Talk<Spoken> {
    if (handling.failed === null) {
      const piece = yield* this.#nextPiece(handling, node, scope)
      if (piece !== null) {
        return yield* this.utter(node, piece, scope)
      }
      yield* this.#drained(handling, scope)
      this.#expectSayable(handling)
    }
    return yield* this.utter(
      node,
      handling.failed === null ? telling.speech.done : this.#failureOf(handling, node),
      scope,
    )
  }

  /** A source that fails is as good as a handler that does. */
  *#nextPiece(handling: Handling, node: SaysNode, scope: Scope): Talk<unknown> {
    try {
      return yield* pieceOf(node, scope)
    } catch (thrown) {
      handling.fail(thrown instanceof Break ? new ConversationError(thrown.issue) : thrown)
      return null
    }
  }

  /** What nobody read of an upload is read now: what ends the telling comes behind it. */
  *#drained({ incoming }: Handling, { pieces }: Scope): Talk<void> {
    const open = incoming.filter(({ isOver }) => !isOver)
    if (pieces?.way.asks != null) {
      // Only what is asked for comes.
      return
    }
    for (const each of open) {
      each.discard()
    }
    while (open.some(({ isOver }) => !isOver)) {
      yield open.flatMap(({ bell }) => bell.next())
    }
  }

  /** What follows must have a form: when it is due there is no way to say that it has none. */
  #expectSayable(handling: Handling): void {
    const { result, chosen } = handling
    if (result === null) {
      return
    }
    for (const node of this.#duesOf(chosen)) {
      const due = handling.shape.manners.get(node.key) === 'once' ? result.next(node) : null
      const form = due === null ? null : formOf(this.plans, node.grammar, due.value)
      if (form !== null && isLeft(form)) {
        const issue: Issue = { ...form.left, path: [node.key, ...form.left.path] }
        handling.fail(new ConversationError(issue))
        return
      }
    }
  }

  #duesOf(chosen: Case): ReadonlyArray<SaysNode> {
    const dues = this.#known.get(chosen) ?? this.#dues(chosen.flow)
    this.#known.set(chosen, dues)
    return dues
  }

  /** The messages of this side that are due in any case. */
  #dues(flow: FlowNode): ReadonlyArray<SaysNode> {
    switch (flow._tag) {
      case 'says':
        return flow.side === 'server' ? [flow] : []
      case 'sequence':
      case 'atOnce':
        return flow.parts.flatMap((part) => this.#dues(part))
      case 'gated':
        return this.#dues(isOffered(flow.gate, this.plans.protocol) ? flow.flow : flow.otherwise)
      default:
        return []
    }
  }

  /** What says that it failed. @throws Break where there are no words for that. */
  #failureOf({ failed, chosen, shape }: Handling, node: SaysNode): unknown {
    const { failure } = this.#options
    const thrown =
      failed?._tag === 'thrown' ? failed.thrown : new TypeError(`${node.key} cannot be a failure`)
    if (!shape.failing.has(node.key) || (failed?._tag !== 'said' && failure === undefined)) {
      throw this.#cannotSay(thrown, chosen)
    }
    if (failed?._tag === 'said') {
      return failed.value
    }
    const value = failure?.(thrown, chosen.name, this.plans.protocol)
    if (value === undefined) {
      throw this.#cannotSay(thrown, chosen)
    }
    return value
  }

  #cannotSay(thrown: unknown, { name }: Case): Break {
    const issue =
      thrown instanceof ConversationError && isIssue(thrown.failure)
        ? thrown.failure
        : { ...sourceFailed(thrown, this.position), grammar: name }
    return this.broken(name, { ...issue, path: [] })
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
      if (handling.failed?._tag === 'thrown') {
        throw this.#cannotSay(handling.failed.thrown, handling.chosen)
      }
    }
    return yield* super.chunk(node, scope, most)
  }

  departs(_node: UnlessNode, by: Break): boolean {
    const { departs } = this.#options
    const { feed } = this.line.ear
    const isGone = by.feed === feed && feed.ended
    if (departs === undefined || isGone || this.line.failure !== null) {
      return false
    }
    const reason = 'cause' in by.issue ? by.issue.cause : this.#explained(by)
    this.#departing = new Given(departs(reason, this.plans.protocol), _node.departs)
    return true
  }

  silent(): void {
    // It answers one turn after another.
  }

  breaksOff(key: string): void {
    this.line.fail(misplaced(`all of ${key}`, 'a part of it', this.position))
  }

  protected stumbles(): void {
    // It breaks off, and says so if it can.
  }

  protected over(ending: Ending<Exit>): void {
    const reason =
      ending._tag === 'Broken'
        ? this.line.reasonOf(this.#explained(ending.by))
        : ending.value === departed
          ? ({ _tag: 'Departure', side: 'client', said: {} } as const)
          : null
    this.#leave(this.line.failure ?? reason)
    void this.line.finish(reason ?? aborted(null, this.line.ear.feed.offset, 'the end of the conversation'))
  }

  #explained({ feed, issue }: Break): Issue {
    const { explain } = this.#options
    const ear = this.line.ear.feed
    return explain === undefined || feed !== ear
      ? issue
      : explain(issue, ear.excerpt(issue.offset, Number.POSITIVE_INFINITY).bytes)
  }

  #fail(reason: Interruption): void {
    this.drop(reason)
    this.#leave(reason)
  }

  #leave(reason: Interruption | null): void {
    this.letGo(reason)
    this.#patience.end()
    this.#handling?.end(reason)
    this.#over.abort(reason ?? undefined)
    this.#end(reason)
  }
}

/** What asks for the next piece, if somebody waits for one. */
const asksOf = ({ incoming }: Handling, node: SaysNode, { pieces }: Scope): unknown => {
  const asks = pieces?.way.asks
  return asks != null &&
    asks.key === node.key &&
    !pieces?.isWhole &&
    incoming.some(({ isHungry }) => isHungry)
    ? { ...asks.value, [asks.size]: mostAtOnce }
    : null
}
