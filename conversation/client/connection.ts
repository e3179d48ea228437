import { after } from '../../bytes/after.js'
import type { Issue } from '../../combinators/issue.js'
import type { Protocol } from '../../combinators/protocol.js'
import { aborted, type Interruption, misplaced, overBefore } from '../line/interruption.js'
import { Line } from '../line/line.js'
import type { TurnsNode } from '../line/shape.js'
import type { Speaker } from '../line/speaker.js'
import type { BytesPair } from '../line/streams.js'
import { Bell, type Break } from '../machine/talk.js'
import type { Case, FlowNode } from '../node.js'
import { Call, type CallGiven } from './call.js'
import { Echoes } from './echoes.js'
import type { Floor, InDoubt, OpeningEnd } from './floor.js'
import { noMore, Opening } from './opening.js'
import { type ConnectSettings, defaultMost } from './options.js'
import { Queue } from './queue.js'
import { type ShortTurn, shortTurnOf } from './short-turn.js'

/** A failure that may be a reply or a departure. */
interface Held {
  readonly call: InDoubt
  readonly said: unknown
  /** The number of bytes that had come by then. */
  readonly arrived: number
  stop: (() => void) | null
}

/** The time limit for the other side to end after this one. */
const endsWithin = 5000

/**
 * The client of one connection. It has a queue for sending and one for receiving: a call enters both when it is made,
 * sends when it is first in one, and receives when it is first in the other. It leaves the sending queue when it has no
 * more messages to send, so that the next one sends while this one is still answered.
 */
export class Connection implements Floor {
  readonly line: Line
  readonly options: ConnectSettings
  readonly echoes = new Echoes()
  readonly turns = new Bell()
  readonly opening: Opening
  /** Resolves when the turns are reached, or the conversation is over. */
  readonly begun: Promise<OpeningEnd | null>
  readonly #speakers = new Queue<Speaker>()
  readonly #hearers = new Queue<Speaker>()
  readonly #most: number
  /** Calls beyond the number that may be in flight. */
  readonly #waiting = new Queue<InDoubt>()
  readonly #inFlight = new Set<InDoubt>()
  /** Known so far, under this protocol. */
  #shortTurns: { readonly protocol: Partial<Protocol> | null; readonly of: Map<Case, ShortTurn | null> } = {
    protocol: null,
    of: new Map(),
  }
  #held: Held | null = null
  #begin: (end: OpeningEnd | null) => void = () => undefined
  #isClosing = false

  constructor(
    node: FlowNode,
    pair: BytesPair,
    says: { readonly [key: string]: unknown },
    options: ConnectSettings,
  ) {
    const { protocol, profile, limits, evaluate } = options
    this.options = options
    this.#most = options.most ?? defaultMost
    this.line = new Line(pair, 'client', {
      ...(protocol === undefined ? {} : { protocol }),
      ...(profile === undefined ? {} : { profile }),
      ...(limits === undefined ? {} : { limits }),
      ...(evaluate === undefined ? {} : { evaluate }),
    })
    this.line.ear.feed.most = options.openingMessage
    this.begun = new Promise((resolve) => {
      this.#begin = resolve
    })
    this.line.onPump = () => this.#advance()
    this.line.isHeard = () => this.#hearers.first?.isListening === true
    this.line.onFailure = (reason) => this.#fail(reason)
    this.opening = new Opening(this, node, says)
    this.enter(this.opening)
    this.line.soon()
  }

  hears(speaker: Speaker): boolean {
    return this.#hearers.first === speaker
  }

  speaks(speaker: Speaker): boolean {
    return this.#speakers.first === speaker
  }

  enter(speaker: Speaker): void {
    this.#speakers.enter(speaker)
    this.#hearers.enter(speaker)
    this.line.ring(this.turns)
  }

  silent(speaker: Speaker): void {
    this.#speakers.leave(speaker)
    this.line.ring(this.turns)
  }

  #leave(speaker: Speaker): void {
    this.#hearers.leave(speaker)
    this.silent(speaker)
  }

  opened(): void {
    this.line.ear.feed.most = undefined
    this.#leave(this.opening)
    // The first call and these messages do not wait for each other.
    this.line.mouth.flush()
    this.#begin(null)
  }

  /** Begins a turn; `other`: from other turns than those of the flow, at the same place. */
  call(chosen: Case, given: CallGiven, other?: TurnsNode): Call | Interruption {
    const { menu } = this.opening
    const { failure } = this.line
    if (failure !== null || this.#isClosing || menu === null) {
      return overBefore(failure ?? closedHere(this.line))
    }
    if (given.signal?.aborted === true) {
      return aborted(given.signal.reason, this.line.ear.feed.offset)
    }
    const call = new Call(this, other === undefined ? menu : { ...other, scope: menu.scope }, chosen, given)
    this.#waiting.enter(call)
    this.#admit()
    return call
  }

  shortTurnOf(chosen: Case): ShortTurn | null {
    const { protocol } = this.line.plans
    if (this.#shortTurns.protocol !== protocol) {
      this.#shortTurns = { protocol, of: new Map() }
    }
    let short = this.#shortTurns.of.get(chosen)
    if (short === undefined) {
      short = shortTurnOf(chosen, protocol)
      this.#shortTurns.of.set(chosen, short)
    }
    return short
  }

  #admit(): void {
    for (
      let next = this.#waiting.first;
      next !== null && this.#inFlight.size < this.#most;
      next = this.#waiting.first
    ) {
      this.#waiting.leave(next)
      this.#inFlight.add(next)
      this.enter(next)
    }
  }

  finished(call: InDoubt): void {
    this.#waiting.leave(call)
    this.#inFlight.delete(call)
    this.#leave(call)
    this.#admit()
  }

  hold(call: InDoubt, said: unknown): void {
    this.#held = { call, said, arrived: this.line.ear.feed.arrived - this.line.ear.feed.unread, stop: null }
    this.#leave(call)
    // What comes next decides, and may be the reply to a waiting call.
    this.#inFlight.delete(call)
    this.#admit()
    this.line.soon()
  }

  explained({ feed, issue }: Break): Issue {
    const { explain } = this.options
    const ear = this.line.ear.feed
    return explain === undefined || feed !== ear
      ? issue
      : explain(issue, ear.excerpt(issue.offset, Number.POSITIVE_INFINITY).bytes)
  }

  threw(thrown: unknown): void {
    this.line.fail(aborted(thrown, this.line.ear.feed.offset))
  }

  #advance(): void {
    this.#settleHeld()
    for (;;) {
      const speaker = this.#speakers.first
      const hearer = this.#hearers.first
      speaker?.advance()
      if (hearer !== speaker) {
        hearer?.advance()
      }
      if (this.#speakers.first === speaker && this.#hearers.first === hearer) {
        break
      }
      this.#settleHeld()
    }
    this.#rest()
  }

  /** When no call waits, what comes is a departure or the end. */
  #rest(): void {
    const { feed } = this.line.ear
    const isAtRest = this.#hearers.first === null && this.#held === null && this.line.failure === null
    if (!isAtRest || this.opening.isLeaving || this.opening.menu === null) {
      return
    }
    if (this.line.deafness !== null) {
      this.line.fail(this.line.deafness)
    } else if (feed.unread > 0 || feed.ended) {
      this.opening.leave()
    }
  }

  #settleHeld(): void {
    const held = this.#held
    if (held === null) {
      return
    }
    const { feed } = this.line.ear
    if (feed.unread > 0 || feed.arrived > held.arrived) {
      this.#release(held)
      held.call.refuse(held.said)
    } else if (feed.ended) {
      this.#release(held)
      this.line.fail(held.call.wasDeparture())
    } else if (this.#hearers.first === null && held.stop === null) {
      const { patience } = this.echoes
      const isAnswer = () => {
        if (this.#held === held) {
          this.#release(held)
          held.call.refuse(held.said)
        }
      }
      held.stop = after(patience, isAnswer)
      if (patience === 0) {
        held.stop()
        isAnswer()
      }
    }
  }

  #release(held: Held): void {
    held.stop?.()
    this.#held = null
  }

  openingOver(end: OpeningEnd): void {
    this.#leave(this.opening)
    this.#begin(end)
    const { feed } = this.line.ear
    const reason =
      end._tag === 'interrupted'
        ? end.by
        : this.#isClosing
          ? closedHere(this.line)
          : misplaced(
              end._tag === 'left' ? 'another turn' : noMore,
              feed.unread > 0
                ? `${feed.unread} bytes that nobody asked for`
                : 'the end: the other side closed it',
              feed.offset,
            )
    if (end._tag === 'interrupted' || this.opening.menu !== null) {
      this.line.fail(reason)
    } else {
      void this.line.finish(reason, true)
    }
  }

  #fail(reason: Interruption): void {
    if (this.#held !== null) {
      const { call } = this.#held
      this.#release(this.#held)
      call.giveUp(reason)
    }
    this.#begin({ _tag: 'interrupted', by: reason })
    for (const call of [...this.#inFlight, ...this.#waiting.all]) {
      call.fail(reason, this.hears(call))
    }
    this.#inFlight.clear()
  }

  async close(): Promise<void> {
    if (this.line.failure === null && !this.#isClosing) {
      const isAtRest = this.#inFlight.size === 0 && this.opening.menu !== null
      this.#isClosing = true
      if (isAtRest && !this.opening.isLeaving) {
        this.opening.leave()
        after(endsWithin, () => this.line.fail(closedHere(this.line)))
      } else if (!this.opening.isLeaving) {
        this.line.fail(closedHere(this.line))
      }
    }
    await this.line.closed
  }
}

const closedHere = (line: Line): Interruption =>
  aborted(null, line.ear.feed.offset, 'close(): this side ended the connection')
