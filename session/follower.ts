import { none, some } from 'fp-ts/lib/Option.js'
import { expectBytes } from '../bytes/byte-array.js'
import type { Protocol } from '../combinators/protocol.js'
import type { Incomplete } from '../conversation/machine/feed.js'
import { run } from '../conversation/machine/run.js'
import { rootScope, type Scope } from '../conversation/machine/scope.js'
import { Break, type Talk, Task } from '../conversation/machine/talk.js'
import { tooMuchWaits } from '../conversation/observer/too-much.js'
import { handshake } from '../grammar/conversation/handshake.js'
import { brokenMessageAt } from './broken-message.js'
import { Conversation } from './conversation.js'
import type { HandshakeEvent, OperationEvent, SessionEvent, Side } from './events.js'
import { guess } from './guess.js'
import { Listening } from './listening.js'
import { menuOf } from './menu.js'
import { checkSessionOptions, maxWaitingOf, type SessionOptions } from './options.js'
import { Closed, settleRepeated } from './repeated.js'
import type { NewSha256 } from './sha256.js'
import type { ConnectionEvent, SessionReader } from './timed/session-reader.js'
import { Departed } from './words/departure.js'

// Large chunks are taken in parts, so that few bytes wait for the other side.
const window = 65536

const sides: ReadonlyArray<Side> = ['client', 'server']

/** Follows a connection along its flow; see {@link SessionDecoder}. */
export class SessionFollower implements SessionReader {
  readonly serverName = 'daemon'
  readonly #talk: Conversation
  readonly #listening: Listening
  readonly #task: Task<void>
  readonly #maxWaiting: number
  #fatal = false
  #ended = false

  /** @throws RangeError for invalid options. */
  constructor(options: SessionOptions, sha256: NewSha256) {
    checkSessionOptions(options)
    this.#talk = new Conversation(options, sha256)
    this.#listening = new Listening(this.#talk)
    this.#maxWaiting = maxWaitingOf(options)
    this.#task = new Task(this.#follow())
  }

  /** The protocol, as far as it is known. */
  get protocol(): Protocol {
    return this.#talk.protocol
  }

  /** The current operation or handshake, as far as it has come. Valid until the next call. */
  get during(): OperationEvent | HandshakeEvent | null {
    return this.#talk.soFar()
  }

  /**
   * Whether the session waits for this side. If the bytes of both sides are available, continue with a side that it
   * waits for.
   */
  wants(side: Side): boolean {
    return this.#task.waits.some(({ feed }) => feed === this.#talk.feedOf(side))
  }

  /** What is not whole of the value that the session waits for; null if none of one has come. */
  incomplete(side: Side): Incomplete | null {
    return this.#talk.feedOf(side).incomplete(this.#task.waits)
  }

  /**
   * Takes bytes of one side and returns the events that they complete. The array is not kept after the call.
   *
   * @throws Error if the side has ended.
   */
  push(side: Side, bytes: Uint8Array): ReadonlyArray<SessionEvent> {
    expectBytes('what a side sent', bytes)
    const feed = this.#talk.feedOf(side)
    if (feed.ended) {
      throw new Error(`the ${side} has ended already, so that no more bytes can come from it`)
    }
    for (let at = 0; at < bytes.length; at += window) {
      feed.push(bytes.subarray(at, at + window))
      this.#advance()
      feed.settle()
    }
    return this.#talk.takeEvents()
  }

  /** Ends one side: no more bytes will come. */
  end(side: Side): ReadonlyArray<SessionEvent> {
    this.#talk.feedOf(side).end()
    this.#advance()
    return this.#talk.takeEvents()
  }

  *#follow(): Talk<void> {
    const talk = this.#talk
    const scope = rootScope(this.#listening, talk.ears)
    talk.during = some('the handshake')
    const exit = yield* run(handshake.node, scope)
    this.#listening.greeting.end(false)
    talk.greeted()
    if (exit === null) {
      const menu = menuOf(talk.table, talk.narLimits)
      this.#listening.greeted(menu)
      yield* this.#operations(menu.flow.node, scope)
    }
    talk.during = none
    yield* this.#expectEnds()
  }

  /** Follows operations until the client ends or the daemon closes. */
  *#operations(node: Parameters<typeof run>[0], scope: Scope): Talk<void> {
    try {
      yield* run(node, scope)
      yield* settleRepeated(this.#talk)
    } catch (error) {
      if (error instanceof Departed) {
        const [broken] = this.#listening.broken
        if (broken !== undefined) {
          throw broken
        }
        this.#listening.endFailed()
      } else if (!(error instanceof Closed)) {
        throw error
      }
    }
  }

  *#expectEnds(): Talk<void> {
    const talk = this.#talk
    for (const side of sides) {
      const feed = talk.feedOf(side)
      const end = talk.accounted[side]
      if (feed.offset > end || (yield* feed.any())) {
        const isUnread = side === 'client' && talk.before?.errorTwice === true
        throw new Break(feed, {
          _tag: 'TrailingBytes',
          offset: end,
          path: [],
          expected: 'the end of the stream',
          actual: isUnread ? 'bytes that the daemon did not read' : 'unexpected bytes',
          grammar: 'session',
        })
      }
    }
  }

  #advance(): void {
    const { client, server } = this.#talk
    if (!this.#fatal) {
      this.#task.advance()
      this.#checkEnding()
    }
    if (this.#fatal) {
      client.drop()
      server.drop()
    }
    if (client.ended && server.ended && !this.#ended && this.#task.ending !== null) {
      this.#ended = true
      const { accounted, omitted } = this.#talk
      const clientLeft = client.arrived - accounted.client
      const serverLeft = server.arrived - accounted.server
      const issuesOmitted = omitted > 0 ? { issuesOmitted: omitted } : {}
      this.#talk.emit({ kind: 'end', clientLeft, serverLeft, ...issuesOmitted })
    }
  }

  #checkEnding(): void {
    const talk = this.#talk
    const { ending } = this.#task
    if (ending?._tag === 'Broken') {
      if (!this.#isMute) {
        this.#fail(ending.by)
      }
    } else if (ending === null) {
      for (const side of sides) {
        const feed = talk.feedOf(side)
        if (feed.unread > this.#maxWaiting && !this.wants(side)) {
          this.#fail(tooMuchWaits(talk.feedOf(side), this.#maxWaiting, 'session'))
        }
      }
    }
  }

  /** Neither side has said anything: what the other one says yet decides what is missing. */
  get #isMute(): boolean {
    const { client, server } = this.#talk
    return client.arrived + server.arrived === 0 && !(client.ended && server.ended)
  }

  /** Clients up to Nix 2.22 wait between the magic and their version: then it is the daemon that broke off. */
  #first(by: Break): Break {
    const { client, server } = this.#talk
    const others = by.feed === client && client.arrived === 8 ? by.all : []
    return others.find(({ feed }) => feed === server) ?? by
  }

  #fail(by: Break): void {
    const talk = this.#talk
    const { feed, issue } = this.#first(by)
    const side = talk.sideOf(feed)
    const found = this.#listening.placed(issue)
    const isEnded = this.#listening.endFailed()
    const advice = guess(talk, side, found, true)
    const message = brokenMessageAt(talk, side, found)
    this.#fatal = true
    talk.resolve(false)
    const { _tag, path, offset } = found
    // The reported part of the stream ends at the issue, except that it includes an unknown operation number.
    if (_tag !== 'UnexpectedEnd' && path[0] !== 'operation') {
      talk.feedOf(side).rewind(Math.max(offset, talk.accounted[side]))
    }
    if (!isEnded) {
      talk.giveUp()
    }
    talk.report(side, found, () => advice, true, message)
  }
}

/** The events of a recorded connection, reading each side as it is needed. */
export function* followed<Event extends ConnectionEvent>(
  reader: SessionReader<Event>,
  client: Uint8Array,
  server: Uint8Array,
): Generator<Event, void> {
  const rest = { client, server }
  const ended = { client: false, server: false }
  while (!ended.client || !ended.server) {
    const side = nextSide(reader, ended)
    yield* reader.push(side, rest[side].subarray(0, window))
    rest[side] = rest[side].subarray(window)
    if (rest[side].length === 0) {
      ended[side] = true
      yield* reader.end(side)
    }
  }
}

const nextSide = (
  reader: Pick<SessionReader, 'wants'>,
  ended: { readonly client: boolean; readonly server: boolean },
): Side => {
  const wanted: Side = reader.wants('server') && !reader.wants('client') ? 'server' : 'client'
  const other: Side = wanted === 'client' ? 'server' : 'client'
  return ended[wanted] ? other : wanted
}
