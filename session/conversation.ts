import { isLeft } from 'fp-ts/lib/Either.js'
import { fromNullable, none, type Option } from 'fp-ts/lib/Option.js'
import type { Issue } from '../combinators/issue.js'
import type { Grammar } from '../combinators/node.js'
import type { Protocol } from '../combinators/protocol.js'
import { Ear } from '../conversation/machine/ear.js'
import { type Feed, notYet } from '../conversation/machine/feed.js'
import { Break, noteOf, type Talk } from '../conversation/machine/talk.js'
import type { OperationTable } from '../grammar/operations/table.js'
import { type CompileOptions, limitsOf, type Plans, plansFor } from '../interpreters/compile/resumable.js'
import { TolerantReading } from '../interpreters/dissect/tolerant.js'
import type { NarLimits } from '../stream/nar/options.js'
import { nixProtocol } from '../types/nix-protocol.js'
import { type Dialect, tableOf } from './dialect.js'
import type {
  Asked,
  BrokenMessage,
  HandshakeEvent,
  IssueEvent,
  OperationEvent,
  Ranges,
  SessionEvent,
  Side,
} from './events.js'
import { messageLimitOfHandshake } from './handshake-limit.js'
import { issuesOf, keepOf, type SessionOptions } from './options.js'
import type { NewSha256 } from './sha256.js'
import { storeDirIn } from './store-dir.js'
import { Trail } from './trail.js'

// Enough to contain the first store path of a message.
const lookedAt = 65536

/** Adds an issue in the order of bytes: a text is judged after its padding. The first one has the guess. */
const hold = (held: Array<IssueEvent>, event: IssueEvent): void => {
  const later = held.at(-1)
  if (later === undefined || later.issue.offset <= event.issue.offset) {
    held.push(event)
  } else {
    held.splice(-1, 1, { ...event, guess: later.guess }, { ...later, guess: event.guess })
  }
}

/** The state of a connection while it is read: its two streams, the protocol, the events found. */
export class Conversation {
  readonly ears = { client: new Ear('client'), server: new Ear('server') }
  readonly client = this.ears.client.feed
  readonly server = this.ears.server.feed
  /** The last values of each side, for guesses. */
  readonly clientTrail = new Trail()
  readonly serverTrail = new Trail()
  /** How often bytes may be read again for guesses, so that many issues do not take long. */
  retries = 20
  readonly keep: number
  readonly keepBytes: number
  readonly narLimits: Partial<NarLimits>
  readonly sha256: NewSha256
  readonly progress: boolean
  /** What is in progress, for issues: an operation, or the handshake. */
  during: Option<string> = none
  /** The implementation of the daemon. */
  dialect: Dialect = 'Nix'
  /** The operation before the current one. */
  before: OperationEvent | null = null
  /** The current operation. */
  pending: { readonly asked: Asked } | null = null
  /** Reports the current operation without its end. */
  giveUp: () => void = () => {}
  /** The same as an event, without reporting it. */
  soFar: () => OperationEvent | HandshakeEvent | null = () => null
  /** An operation that failed, and whose error the daemon may be about to repeat. */
  doubtful: OperationEvent | null = null
  /** The offsets up to which the streams belong to events. */
  accounted: { readonly client: number; readonly server: number } = { client: 0, server: 0 }

  readonly #options: CompileOptions
  readonly #table: OperationTable | undefined
  #protocol: Protocol
  #plans: Plans
  /** Whether the store directory is only a guess so far. */
  #guessing: boolean
  #events: Array<SessionEvent> = []
  /** Issues of the current operation that are not fatal. */
  #held: { readonly [S in Side]: Array<IssueEvent> } = { client: [], server: [] }
  readonly #reported: { [S in Side]: number } = { client: 0, server: 0 }
  readonly #mostIssues: number
  /** The number of issues that were not reported. */
  omitted = 0
  /** Events to report after the operation that may be repeated. */
  #later: Array<SessionEvent> = []

  /** @throws RangeError for invalid options. */
  constructor(options: SessionOptions, sha256: NewSha256) {
    const { storeDir, limits, narLimits = {}, operations: table, progress = false } = options
    this.keep = keepOf(options)
    this.keepBytes = limitsOf(limits).message
    this.client.most = messageLimitOfHandshake(limits)
    this.server.most = this.client.most
    this.#mostIssues = issuesOf(options)
    this.narLimits = narLimits
    this.sha256 = sha256
    this.progress = progress
    this.#table = table
    this.#options = limits === undefined ? {} : { limits }
    this.#protocol = nixProtocol(storeDir === undefined ? {} : { storeDir })
    this.#plans = plansFor(this.#protocol, this.#options)
    this.#guessing = storeDir === undefined
  }

  get protocol(): Protocol {
    return this.#protocol
  }

  /** The current operation is over, or was reported. */
  forget(): void {
    this.giveUp = () => {}
    this.soFar = () => null
  }

  get plans(): Plans {
    return this.#plans
  }

  get table(): OperationTable {
    return this.#table ?? tableOf(this.dialect)
  }

  /** The handshake is done, so the usual limit of a value holds. */
  greeted(): void {
    this.client.most = undefined
    this.server.most = undefined
  }

  agree(given: Partial<Protocol>): void {
    this.#protocol = nixProtocol({ ...this.protocol, ...given })
    this.#plans = plansFor(this.#protocol, this.#options)
  }

  emit(event: SessionEvent): void {
    if (event.kind !== 'started' && event.kind !== 'message') {
      this.#tellHeld()
    }
    this.#queue.push(event)
  }

  get #queue(): Array<SessionEvent> {
    return this.doubtful === null ? this.#events : this.#later
  }

  #tellHeld(): void {
    const { client, server } = this.#held
    this.#held = { client: [], server: [] }
    for (const event of [...client, ...server]) {
      this.#queue.push(event)
    }
  }

  /** Holds an event back, and all later ones. */
  doubt(event: OperationEvent): void {
    this.#tellHeld()
    this.doubtful = event
  }

  /** Reports the operation that was held back; the later events are dropped if the daemon closed after it. */
  resolve(errorTwice: boolean): void {
    if (this.doubtful !== null) {
      const event = errorTwice ? this.#withCopy(this.doubtful) : this.doubtful
      if (errorTwice) {
        this.#held = { client: [], server: [] }
        this.pending = null
        this.forget()
      }
      this.#events = [...this.#events, event, ...(errorTwice ? [] : this.#later)]
      this.#later = []
      this.doubtful = null
      this.before = event
    }
  }

  #withCopy(event: OperationEvent): OperationEvent {
    const end = this.server.offset
    this.accounted = { ...this.accounted, server: end }
    return { ...event, errorTwice: true, server: [event.server[0], end] }
  }

  takeEvents(): ReadonlyArray<SessionEvent> {
    const events = this.#events
    this.#events = []
    return events
  }

  /** Assigns the streams up to here to an event; `from` is where the one before ended. */
  account(): Ranges {
    const { ranges, client, server } = this
    this.accounted = { client: client.offset, server: server.offset }
    return ranges
  }

  /** The ranges from the end of the last event up to here. */
  get ranges(): Ranges {
    const { accounted, client, server } = this
    return {
      client: [accounted.client, client.offset],
      server: [accounted.server, server.offset],
    }
  }

  sideOf(feed: unknown): Side {
    return feed === this.client ? 'client' : 'server'
  }

  feedOf(side: Side): Feed {
    return side === 'client' ? this.client : this.server
  }

  /**
   * Reports an issue, with the bytes around it if they are still there. One that is not fatal waits for the event it
   * belongs to, so that the order of the sides does not matter.
   */
  report(
    side: Side,
    issue: Issue,
    guess: () => Option<string>,
    fatal: boolean,
    message: BrokenMessage | null = null,
  ): void {
    if (!fatal && this.#reported[side] === this.#mostIssues) {
      this.omitted++
      return
    }
    const excerpt = this.feedOf(side).excerpt(issue.offset - 16, issue.offset + 48)
    const event: IssueEvent = {
      kind: 'issue',
      side,
      issue,
      guess: guess(),
      fatal,
      message: fromNullable(message),
      during: this.during,
      excerpt,
    }
    if (fatal) {
      this.emit(event)
    } else {
      this.#reported[side]++
      hold(this.#held[side], event)
    }
  }

  /** One value, if it has arrived, is valid and cannot contain a store path; otherwise nothing is read. */
  now<A>(feed: Feed, grammar: Grammar<A>): A | typeof notYet {
    return this.#guessing ? notYet : this.plainly(feed, grammar)
  }

  /** The same for a value that never contains a store path. */
  plainly<A>(feed: Feed, grammar: Grammar<A>): A | typeof notYet {
    return feed.now(grammar, this.#plans) as A | typeof notYet
  }

  /** One value. As long as the store directory is a guess, a text that refutes it is read a second time. */
  *value<A>(feed: Feed, grammar: Grammar<A>): Talk<A> {
    return yield* this.#guessing ? this.#guessed(feed, grammar, true) : this.read(feed, grammar)
  }

  /** The same for a value that must be valid. */
  *strictly<A>(feed: Feed, grammar: Grammar<A>): Talk<A> {
    return yield* this.#guessing ? this.#guessed(feed, grammar, false) : feed.read(grammar, this.#plans)
  }

  /** One value that cannot contain a store path. Issues whose extent is known are noted. */
  *read<A>(feed: Feed, grammar: Grammar<A>): Talk<A> {
    const start = feed.offset
    const letGo = feed.hold()
    try {
      return yield* feed.read(grammar, this.#plans)
    } catch (error) {
      const isCut = !(error instanceof Break) || error.issue._tag === 'UnexpectedEnd'
      if (isCut || !feed.rewind(start)) {
        throw error
      }
    } finally {
      letGo()
    }
    return yield* this.#tolerantly(feed, grammar)
  }

  *#tolerantly<A>(feed: Feed, grammar: Grammar<A>): Talk<A> {
    const reading = new TolerantReading(grammar, this.protocol, {
      limits:
        feed.most === undefined
          ? { ...this.#options.limits }
          : { ...this.#options.limits, message: feed.most },
      issues: this.#mostIssues,
      start: feed.offset,
    })
    for (;;) {
      const result = reading.next(feed.view, feed.ended)
      for (const issue of reading.takeIssues()) {
        yield noteOf(feed, issue)
      }
      feed.skip(reading.taken)
      if (result !== null) {
        yield { feed, issue: null, omitted: reading.omitted }
        if (isLeft(result)) {
          throw new Break(feed, result.left)
        }
        return result.right
      }
      yield feed.more(reading.missing)
    }
  }

  *#guessed<A>(feed: Feed, grammar: Grammar<A>, tolerant: boolean): Talk<A> {
    const start = feed.offset
    const letGo = feed.hold()
    try {
      const value = yield* feed.read(grammar, this.#plans)
      this.#guessing = this.#storeDirFrom(feed, start, feed.offset) === null
      return value
    } catch (error) {
      const storeDir = this.#storeDirFrom(feed, start, Number.POSITIVE_INFINITY)
      if (!(error instanceof Break) || (storeDir === null && !tolerant) || !feed.rewind(start)) {
        throw error
      }
      if (storeDir !== null) {
        this.#guessing = false
        this.agree({ storeDir })
      }
      return yield* tolerant ? this.read(feed, grammar) : feed.read(grammar, this.#plans)
    } finally {
      letGo()
    }
  }

  #storeDirFrom(feed: Feed, start: number, end: number): string | null {
    return storeDirIn(feed.excerpt(start, Math.min(end, start + lookedAt)).bytes)
  }
}
