import { expectBytes } from '../../bytes/byte-array.js'
import type { Issue } from '../../combinators/issue.js'
import type { Protocol } from '../../combinators/protocol.js'
import { type CompileOptions, type Plans, plansFor } from '../../interpreters/compile/resumable.js'
import type { ConversationEndEvent, ConversationEvent } from '../events.js'
import { expectSide } from '../expect.js'
import { Ear } from '../machine/ear.js'
import type { Incomplete } from '../machine/feed.js'
import { Meter } from '../machine/meter.js'
import { run } from '../machine/run.js'
import { closed, departed, type Exit, type Host, rootScope } from '../machine/scope.js'
import { Break, joinedBreak, type Talk, Task } from '../machine/talk.js'
import type { FlowNode, Side } from '../node.js'
import { maxWaitingOf, type ObserveOptions } from './options.js'
import { tooMuchWaits } from './too-much.js'

const sides: ReadonlyArray<Side> = ['client', 'server']

// Large chunks are taken in parts, so that few bytes wait for the other side.
const window = 65536

/** Follows both sides of a conversation. */
export class FlowObserver implements Host {
  /** It follows all it can read. */
  readonly isStrict = false
  readonly looksInside = true
  readonly pause = null
  readonly #options: CompileOptions
  readonly #hash: NonNullable<ObserveOptions['hash']>
  readonly #maxWaiting: number
  readonly #ears = { client: new Ear('client'), server: new Ear('server') }
  readonly #task: Task<Exit>
  /** The offset up to which each stream belongs to events. */
  readonly #told = { client: 0, server: 0 }
  /** The issues that were reported before they ended the conversation. */
  readonly #toldOf = new WeakSet<Issue>()
  #plans: Plans
  #events: Array<ConversationEvent> = []
  #isBroken = false
  #isOver = false

  constructor(node: FlowNode, options: ObserveOptions) {
    const { protocol = {}, hash = () => null, maxWaiting: _, ...compiling } = options
    this.#options = compiling
    this.#hash = hash
    this.#maxWaiting = maxWaitingOf(options)
    this.#plans = plansFor(protocol, compiling)
    this.#task = new Task(this.#follow(node))
    this.#advance()
  }

  get plans(): Plans {
    return this.#plans
  }

  get protocol(): Partial<Protocol> {
    return this.#plans.protocol
  }

  agree(given: Partial<Protocol>): void {
    this.#plans = plansFor({ ...this.protocol, ...given }, this.#options)
  }

  meter(side: Side, key: string): Meter {
    return new Meter(this.#hash(side, key))
  }

  leaves(): void {
    // The events report how a turn was left.
  }

  rests(): void {
    // The events report when the next turn begins.
  }

  tell(event: ConversationEvent): void {
    if ((event.kind === 'said' || event.kind === 'flowed') && event.within.length === 0) {
      this.#told[event.side] = event.end
    }
    this.#events.push(event)
  }

  tellBroken(breaks: ReadonlyArray<Break>): void {
    for (const side of sides) {
      for (const { feed, issue } of breaks) {
        if (feed === this.#ears[side].feed && !this.#toldOf.has(issue)) {
          this.#toldOf.add(issue)
          this.#events.push({ kind: 'issue', side, issue, fatal: true })
        }
      }
    }
  }

  wants(side: Side): boolean {
    return this.#task.waits.some(({ feed }) => feed === this.#ears[side].feed)
  }

  /** What is not whole of the value that is waited for; null if none of one has come. */
  incomplete(side: Side): Incomplete | null {
    return this.#ears[side].feed.incomplete(this.#task.waits)
  }

  push(side: Side, bytes: Uint8Array): ReadonlyArray<ConversationEvent> {
    expectSide('the side that sent bytes', side)
    expectBytes(`what the ${side} sent`, bytes)
    const { feed } = this.#ears[side]
    if (feed.ended) {
      throw new Error(`the ${side} has ended already, so that no more bytes can come from it`)
    }
    for (let at = 0; at < bytes.length; at += window) {
      feed.push(bytes.subarray(at, at + window))
      this.#advance()
      feed.settle()
    }
    return this.#take()
  }

  end(side: Side): ReadonlyArray<ConversationEvent> {
    expectSide('the side that ended', side)
    this.#ears[side].feed.end()
    this.#advance()
    return this.#take()
  }

  *#follow(node: FlowNode): Talk<Exit> {
    const exit = yield* run(node, rootScope(this, this.#ears))
    const breaks: Array<Break> = []
    for (const side of sides) {
      const { feed } = this.#ears[side]
      if (yield* feed.any()) {
        breaks.push(trailing(feed))
      }
    }
    if (breaks.length > 0) {
      throw joinedBreak(breaks)
    }
    return exit
  }

  #advance(): void {
    if (!this.#isBroken) {
      this.#task.advance()
      const { ending } = this.#task
      if (ending?._tag === 'Broken') {
        this.#fail(ending.by.all)
      } else if (ending === null) {
        this.#fail(this.#waiting())
      }
    }
    if (this.#isBroken) {
      this.#ears.client.feed.drop()
      this.#ears.server.feed.drop()
    }
    const { client, server } = this.#ears
    if (client.feed.ended && server.feed.ended && !this.#isOver && this.#howEnded !== null) {
      this.#isOver = true
      this.#events.push({ kind: 'end', how: this.#howEnded, left: this.#left })
    }
  }

  #fail(breaks: ReadonlyArray<Break>): void {
    this.#isBroken ||= breaks.length > 0
    this.tellBroken(breaks)
  }

  /** The issue of too many bytes that wait for the other side. */
  #waiting(): ReadonlyArray<Break> {
    return sides.flatMap((side) => {
      const { feed } = this.#ears[side]
      return feed.unread > this.#maxWaiting && !this.wants(side)
        ? [tooMuchWaits(feed, this.#maxWaiting, 'conversation')]
        : []
    })
  }

  get #howEnded(): ConversationEndEvent['how'] | null {
    const { ending } = this.#task
    return this.#isBroken
      ? 'broken'
      : ending?._tag !== 'Done'
        ? null
        : ending.value === closed
          ? 'closed'
          : ending.value === departed
            ? 'departed'
            : 'done'
  }

  get #left(): ConversationEndEvent['left'] {
    const { client, server } = this.#ears
    return {
      client: client.feed.arrived - this.#told.client,
      server: server.feed.arrived - this.#told.server,
    }
  }

  #take(): ReadonlyArray<ConversationEvent> {
    const events = this.#events
    this.#events = []
    return events
  }
}

const trailing = (feed: Ear['feed']): Break =>
  new Break(feed, {
    _tag: 'TrailingBytes',
    offset: feed.offset,
    path: [],
    expected: 'the end of the stream',
    actual: 'unexpected bytes',
    grammar: 'conversation',
  })
