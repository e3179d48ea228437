import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'
import type { Issue } from '../../combinators/issue.js'
import type { ConversationEvent } from '../events.js'
import { Given } from '../line/given.js'
import type { Incoming } from '../line/incoming.js'
import { aborted, type Departure, type Interruption, misplaced, timedOut } from '../line/interruption.js'
import { pieceOf } from '../line/piece.js'
import { isFailure, isOfPieces, type Shape, shapeOf } from '../line/shape.js'
import { run } from '../machine/run.js'
import { closed, departed, type Exit, Said, type Scope, type Spoken } from '../machine/scope.js'
import { type Ending, settled, type Talk } from '../machine/talk.js'
import { hearBreakingOff } from '../machine/unless.js'
import type { BlobNode, CarriedNode, Case, FlowNode, LoopNode, SaysNode } from '../node.js'
import type { Floor, InDoubt, Menu } from './floor.js'
import { FloorSpeaker } from './floor-speaker.js'
import { type ShortHost, ShortTalk } from './short-talk.js'

/** The arguments of a call. */
export interface CallGiven {
  readonly said: { readonly [key: string]: unknown }
  readonly hear: { readonly [key: string]: ((value: unknown) => void | Promise<void>) | undefined }
  readonly signal: AbortSignal | undefined
  /** In milliseconds; infinity for no limit. */
  readonly timeout: number
  /** Called with the result, once. */
  readonly settled: (result: CallResult) => void
}

/** The messages that a call has received, or why it has failed. */
export type CallResult = Either<unknown, { readonly [key: string]: unknown }>

/** One turn that a client begins. */
export class Call extends FloorSpeaker implements InDoubt, ShortHost {
  readonly #case: Case
  readonly #menu: Menu
  readonly #shape: Shape
  readonly #given: Given
  readonly #asked: CallGiven
  readonly #heard: Record<string, unknown> = {}
  #isSettled = false
  /** Whether the downloads will not be read. */
  #hasFailed = false
  #isItsOwn = true
  /** Whether the other side has sent a failure, though the uploads may not have ended. */
  #isRefused = false
  /** The offset of its first message; −1 before that. */
  #mark = -1
  #isSilent = false
  /** The number of messages it has received. */
  #count = 0
  #last: Record<string, unknown> = {}
  #failure: unknown
  /** The upload that it did not send to the end. */
  #brokenOff: string | null = null
  #stop: () => void = () => undefined
  /** Follows the turn until a talk is needed; null if there is a talk, undefined before the turn begins. */
  #short: ShortTalk | null | undefined

  constructor(floor: Floor, menu: Menu, chosen: Case, given: CallGiven) {
    super(floor, chosen.name)
    this.#menu = menu
    this.#case = chosen
    this.#shape = shapeOf(chosen.flow)
    this.#given = new Given(given.said, chosen.flow)
    this.#asked = given
    for (const key of this.#shape.often.server) {
      this.#heard[key] = []
    }
    this.#watch()
  }

  override get isListening(): boolean {
    return this.#short?.isListening ?? super.isListening
  }

  override advance(): void {
    if (this.#short === undefined && !this.isOver && this.mayPut) {
      this.#begin()
    }
    if (this.#short === null) {
      super.advance()
    } else if (this.#short !== undefined && !this.isOver) {
      this.#advanceShort(this.#short)
    }
  }

  #begin(): void {
    const turn = this.floor.shortTurnOf(this.#case)
    if (turn === null) {
      const { loop, scope } = this.#menu
      this.#short = null
      this.begin(this.#run(loop.body, { ...scope, rest: false }))
    } else {
      this.#short = new ShortTalk(turn, this)
    }
  }

  #advanceShort(short: ShortTalk): void {
    const reached = short.advance()
    if (reached === null || this.isOver) {
      return
    }
    if ('exit' in reached) {
      this.ends({ _tag: 'Done', value: reached.exit })
    } else {
      this.#short = null
      this.begin(this.#run(reached.rest, { ...this.#menu.scope, rest: true }))
      super.advance()
    }
  }

  /** Watches for an abort, and for silence. */
  #watch(): void {
    const { signal, timeout } = this.#asked
    if (signal === undefined && timeout === Number.POSITIVE_INFINITY) {
      return
    }
    const abort = () => this.#abort(aborted(signal?.reason, this.line.ear.feed.offset))
    signal?.addEventListener('abort', abort, { once: true })
    const stop = this.line.stillness.watch(
      timeout,
      () => this.#isAwaited,
      () => this.#isTooSlow(timeout),
    )
    this.#stop = () => {
      signal?.removeEventListener('abort', abort)
      stop()
    }
  }

  get #isAwaited(): boolean {
    return !this.floor.hears(this) || this.#isToHear || this.line.mouth.isWriting
  }

  /** Whether the other side has to send something, instead of this one reading what has come. */
  get #isToHear(): boolean {
    return this.isListening && this.incoming.every(({ isAwaited }) => isAwaited)
  }

  get #isWaiting(): boolean {
    return this.#mark < 0
  }

  #abort(reason: Issue): void {
    if (this.#isWaiting) {
      this.giveUp(reason)
      this.floor.finished(this)
    } else {
      this.#settle(left(reason))
      this.line.fail(reason)
    }
  }

  #isTooSlow(timeout: number): void {
    const { offset } = this.line.ear.feed
    if (this.#isWaiting) {
      this.#abort(timedOut(timeout, offset, waitsInVain))
    } else if (this.#isSilent && !this.floor.hears(this)) {
      // The reply will still come, and is skipped.
      this.#settle(left(timedOut(timeout, offset, waitsInVain)))
    } else {
      this.#abort(timedOut(timeout, offset))
    }
  }

  /** Whether it failed for its own reason, and not for that of an earlier call. */
  get isItsOwn(): boolean {
    return this.#isItsOwn
  }

  /** The connection is over. */
  fail(reason: Interruption, isItsOwn: boolean): void {
    if (this.#isRefused) {
      this.#settle(left(this.#failure))
    }
    this.#isItsOwn &&= isItsOwn || this.#isSettled
    this.giveUp(reason)
  }

  /** Ends with this reason, whatever it waits for. */
  giveUp(reason: Interruption): void {
    this.#settle(left(reason))
    this.drop(reason)
    this.#stop()
  }

  *#run(flow: FlowNode, scope: Scope): Talk<Exit> {
    const { loop } = this.#menu
    const inner: Scope = {
      ...scope,
      host: this,
      voices: { client: this, server: null },
      said: new Said(scope.said),
      turn: { turn: { loop: loop.name, number: 0 }, chosen: null, lacking: false },
      late: null,
    }
    const ending = yield* settled(run(flow, inner))
    if (ending._tag === 'Done') {
      return ending.value
    }
    const guard = scope.guards.find(({ side }) => side !== this.line.side)
    if (guard === undefined) {
      throw ending.by
    }
    this.#last = {}
    return yield* hearBreakingOff(guard, inner, ending.by, run)
  }

  protected override begins(): void {
    if (this.#mark < 0) {
      this.#mark = this.position
    }
  }

  puts(word: SaysNode | null): boolean {
    const node = word ?? this.#menu.first
    const next = word === null ? { value: this.#case.label } : this.#given.next(word)
    if (next === null) {
      this.unsaid(node.key)
      return false
    }
    this.begins()
    const written = this.line.put(node.grammar, next.value)
    if (isLeft(written)) {
      this.broken(node.key, written.left)
      return false
    }
    return true
  }

  *say(node: SaysNode, scope: Scope): Talk<Spoken> {
    if (node === this.#menu.first) {
      return yield* this.utter(node, this.#case.label, scope)
    }
    const { pieces } = scope
    if (pieces !== null && pieces.key === node.key && pieces.next !== null) {
      return yield* this.#sayPiece(node, scope)
    }
    const telling = this.#shape.tellings.get(node.key)
    const next = telling === undefined ? this.#given.next(node) : { value: telling.speech.done }
    if (next === null) {
      throw this.unsaid(node.key)
    }
    return yield* this.utter(node, next.value, scope)
  }

  *#sayPiece(node: SaysNode, scope: Scope): Talk<Spoken> {
    const value = yield* pieceOf(node, scope)
    if (value === null) {
      const next = this.#given.next(node)
      return yield* this.utter(node, next === null ? new Uint8Array(0) : next.value, scope)
    }
    return yield* this.utter(node, value, scope)
  }

  more(node: LoopNode): boolean {
    return this.#given.hasMore(node, 'client')
  }

  protected sourceOf(node: BlobNode | CarriedNode): unknown {
    return this.#given.source(node.key)
  }

  departs(): boolean {
    return false
  }

  silent(): void {
    if (!this.#isSilent) {
      this.#isSilent = true
      this.floor.silent(this)
    }
  }

  breaksOff(key: string): void {
    this.#brokenOff = key
  }

  /** An invalid value leaves no bytes, and does not affect the connection. */
  protected stumbles(issue: Issue): void {
    if (this.#isWaiting || this.line.mouth.takeBack(this.#mark)) {
      this.giveUp(issue)
      this.floor.finished(this)
    } else {
      this.line.fail(issue)
    }
  }

  tell(event: ConversationEvent): void {
    if (event.kind === 'turn' || event.kind === 'issue' || event.kind === 'end') {
      return
    }
    if (event.side === this.line.side || event.within.length > 0) {
      return
    }
    if (event.kind === 'said') {
      this.hears(event.key, event.value)
    } else {
      this.#count++
    }
  }

  hears(key: string, value: unknown): void {
    this.#count++
    this.#last[key] = value
    const manner = this.#shape.manners.get(key)
    if (manner === 'told') {
      this.telling.tell(key, value, this.#asked.hear[key])
    } else if (manner === 'often' && !isOfPieces(this.#shape, key, value)) {
      const list = this.#heard[key] as Array<unknown>
      list.push(value)
    } else if (manner === 'once') {
      this.#heard[key] = value
    }
  }

  protected override flows(key: string, incoming: Incoming): void {
    if (this.#hasFailed) {
      incoming.discard()
    }
    this.#heard[key] = incoming
  }

  protected override begun(): void {
    this.#settle(right(this.#heard))
  }

  override leaves(value: unknown): void {
    this.#failure = value
    this.#isRefused = isFailure(this.#shape, value)
  }

  protected over(ending: Ending<Exit>): void {
    this.#stop()
    const failure = this.#failureOf(ending)
    if (failure === null) {
      this.floor.echoes.wentOn()
      this.#settle(right(this.#heard))
      this.letGo(null)
      this.floor.finished(this)
    } else if ('interruption' in failure) {
      const reason = this.line.fail(failure.interruption)
      this.giveUp(reason)
    } else {
      this.#failed(failure.said, ending._tag === 'Done' && ending.value === closed)
    }
  }

  #failureOf(ending: Ending<Exit>): { interruption: Interruption } | { said: unknown } | null {
    if (ending._tag === 'Broken') {
      return { interruption: this.line.reasonOf(this.floor.explained(ending.by)) }
    }
    return ending.value === null
      ? null
      : ending.value === departed
        ? { interruption: departure(this.#last) }
        : { said: this.#failure }
  }

  #failed(said: unknown, isClosed: boolean): void {
    this.letGo(said)
    const fatal = isClosed
      ? misplaced('another turn', 'the end, as the other side said', this.line.ear.feed.offset)
      : this.#fatalBehind(said)
    if (fatal !== null) {
      this.#settle(left(said))
      this.floor.finished(this)
      // The messages that this side has put still go out.
      this.line.mouth.lastWords ??= nothing
      this.line.fail(fatal)
    } else if (this.#count === 1 && this.#isGuarded && this.floor.echoes.isLikely(said)) {
      this.floor.hold(this, said)
    } else {
      this.refuse(said)
    }
  }

  refuse(said: unknown): void {
    this.floor.echoes.failed(this.#case.name, said)
    this.#settle(left(said))
    this.floor.finished(this)
  }

  wasDeparture(): Departure {
    const reason = departure(this.#last)
    this.#settle(left(reason))
    this.floor.finished(this)
    return reason
  }

  get #isGuarded(): boolean {
    return this.#menu.scope.guards.some(({ side }) => side !== this.line.side)
  }

  /** What a failure leaves unread or unsent so that the conversation cannot go on. */
  #fatalBehind(said: unknown): Issue | null {
    const { name } = this.#case
    const { words } = this.floor.options
    const why = words === undefined ? '' : `: ${words(said)}`
    return this.#brokenOff !== null
      ? misplaced(
          `all of ${this.#brokenOff}`,
          `a part of it: ${name} was refused meanwhile${why}`,
          this.position,
        )
      : this.#shape.leavesUnread
        ? misplaced(
            `bytes that have been read`,
            `those of ${name}, which the other side may have left${why}`,
            this.position,
          )
        : null
  }

  #settle(result: CallResult): void {
    if (!this.#isSettled) {
      this.#isSettled = true
      this.#asked.settled(result)
      if (result._tag === 'Left') {
        this.#hasFailed = true
        for (const each of this.incoming) {
          each.discard()
        }
      }
    }
  }
}

const nothing = new Uint8Array(0)

const departure = (said: Departure['said']): Departure => ({ _tag: 'Departure', side: 'server', said })

const waitsInVain = ', waiting for the call before it: is there a download that is not read to its end?'
