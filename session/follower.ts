import { none, type Option } from 'fp-ts/lib/Option.js'
import { expectBytes } from '../bytes/byte-array.js'
import type { Issue } from '../combinators/issue.js'
import type { Protocol } from '../combinators/protocol.js'
import { Break, type Note, type Talk, Task } from '../conversation/machine/talk.js'
import { Conversation } from './conversation.js'
import type { SessionEvent, Side } from './events.js'
import { guess } from './guess.js'
import { readHandshake } from './handshake.js'
import { readOperation } from './operation.js'
import { checkSessionOptions, maxWaitingOf, type SessionOptions } from './options.js'
import { Closed, settleRepeated } from './repeated.js'
import type { NewSha256 } from './sha256.js'
import type { Attempt } from './trail.js'

// A large chunk is taken in parts, so that what waits for the other side is little.
const window = 65536

/** Follows a connection, on any platform: whoever makes one brings the hash. See `SessionDecoder`. */
export class SessionFollower {
  readonly #talk: Conversation
  readonly #task: Task<void>
  readonly #maxWaiting: number
  #fatal = false
  /** The values whose first issue has been told. */
  readonly #guessed: { [S in Side]: Attempt | null } = { client: null, server: null }
  #ended = false

  /** @throws RangeError for options that cannot work. */
  constructor(options: SessionOptions, sha256: NewSha256) {
    checkSessionOptions(options)
    this.#talk = new Conversation(options, sha256)
    this.#maxWaiting = maxWaitingOf(options)
    this.#task = new Task(converse(this.#talk))
  }

  /** What is known of the protocol so far. */
  get protocol(): Protocol {
    return this.#talk.protocol
  }

  /** Whether the session waits for this side: where both are at hand, it is the one to read on in. */
  wants(side: Side): boolean {
    return this.#task.waits.some(({ feed }) => feed === this.#talk.feedOf(side))
  }

  /**
   * Takes bytes of one side. They are not kept beyond the call.
   *
   * @throws Error when the side has ended.
   */
  push(side: Side, bytes: Uint8Array): ReadonlyArray<SessionEvent> {
    expectBytes('what a side sent', bytes)
    const feed = this.#talk.feedOf(side)
    if (feed.ended) {
      throw new Error(`the ${side} has ended, and there is more of it`)
    }
    for (let at = 0; at < bytes.length; at += window) {
      feed.push(bytes.subarray(at, at + window))
      this.#advance()
      feed.settle()
    }
    return this.#talk.takeEvents()
  }

  /** Says that nothing more comes of one side. */
  end(side: Side): ReadonlyArray<SessionEvent> {
    this.#talk.feedOf(side).end()
    this.#advance()
    return this.#talk.takeEvents()
  }

  #advance(): void {
    const { client, server } = this.#talk
    if (!this.#fatal) {
      this.#task.advance((note) => this.#note(note))
      this.#checkEnding()
    }
    if (this.#fatal) {
      client.drop()
      server.drop()
    }
    if (client.ended && server.ended && !this.#ended && this.#task.ending !== null) {
      this.#ended = true
      const { accounted } = this.#talk
      const clientLeft = client.arrived - accounted.client
      const serverLeft = server.arrived - accounted.server
      const { omitted } = this.#talk
      const issuesOmitted = omitted > 0 ? { issuesOmitted: omitted } : {}
      this.#talk.emit({ kind: 'end', clientLeft, serverLeft, ...issuesOmitted })
    }
  }

  #checkEnding(): void {
    const talk = this.#talk
    const { ending } = this.#task
    if (ending?._tag === 'Broken') {
      this.#fail(ending.by)
    } else if (ending === null) {
      for (const side of ['client', 'server'] as const) {
        const feed = talk.feedOf(side)
        if (feed.unread > this.#maxWaiting && !this.wants(side)) {
          this.#fail(tooMuch(talk, side, this.#maxWaiting))
        }
      }
    }
  }

  #note({ feed, issue, omitted }: Note): void {
    const talk = this.#talk
    const side = talk.sideOf(feed)
    if (issue !== null) {
      talk.report(side, issue, () => this.#firstGuess(side, issue), false)
    }
    talk.omitted += omitted
  }

  /** To guess takes long: of the issues of one value only the first has one. */
  #firstGuess(side: Side, issue: Issue): Option<string> {
    const talk = this.#talk
    const { latest } = side === 'client' ? talk.clientTrail : talk.serverTrail
    if (latest !== null && latest === this.#guessed[side]) {
      return none
    }
    this.#guessed[side] = latest
    return guess(talk, side, issue, false)
  }

  #fail(found: Break): void {
    const talk = this.#talk
    const side = talk.sideOf(found.feed)
    const advice = guess(talk, side, found.issue, true)
    this.#fatal = true
    talk.resolve(false)
    const { _tag, path, offset } = found.issue
    // What is told of the stream ends at the issue, but holds the number of an operation that is unknown.
    if (_tag !== 'UnexpectedEnd' && path[0] !== 'operation') {
      talk.feedOf(side).rewind(Math.max(offset, talk.accounted[side]))
    }
    talk.giveUp()
    talk.report(side, found.issue, () => advice, true)
  }
}

function* converse(talk: Conversation): Talk<void> {
  if (yield* readHandshake(talk)) {
    yield* readOperations(talk)
  }
  talk.during = none
  for (const side of ['client', 'server'] as const) {
    const feed = talk.feedOf(side)
    const end = talk.accounted[side]
    if (feed.offset > end || (yield* feed.any())) {
      const isUnread = side === 'client' && talk.before?.errorTwice === true
      throw new Break(feed, {
        _tag: 'TrailingBytes',
        offset: end,
        path: [],
        expected: 'the end of the stream',
        actual: isUnread ? 'bytes that the daemon did not read' : 'bytes that nothing led to',
        grammar: 'session',
      })
    }
  }
}

/** Reads operations until the client ends or the daemon closes. */
function* readOperations(talk: Conversation): Talk<void> {
  try {
    while (yield* talk.client.any()) {
      yield* readOperation(talk)
    }
    yield* settleRepeated(talk)
  } catch (error) {
    if (!(error instanceof Closed)) {
      throw error
    }
  }
}

const tooMuch = (talk: Conversation, side: Side, maximum: number): Break => {
  const feed = talk.feedOf(side)
  return new Break(feed, {
    _tag: 'LimitExceeded',
    offset: feed.offset,
    path: [],
    expected: `at most ${maximum} bytes that wait for the other side`,
    actual: `${feed.unread} bytes`,
    grammar: 'session',
    limit: 'string',
    maximum,
  })
}

/** The events of a recorded connection, side by side in the order in which each is needed. */
export function* followed(
  follower: Pick<SessionFollower, 'wants' | 'push' | 'end'>,
  client: Uint8Array,
  server: Uint8Array,
): Generator<SessionEvent, void> {
  const rest = { client, server }
  const ended = { client: false, server: false }
  while (!ended.client || !ended.server) {
    const side = nextSide(follower, ended)
    yield* follower.push(side, rest[side].subarray(0, window))
    rest[side] = rest[side].subarray(window)
    if (rest[side].length === 0) {
      ended[side] = true
      yield* follower.end(side)
    }
  }
}

const nextSide = (
  follower: Pick<SessionFollower, 'wants'>,
  ended: { readonly client: boolean; readonly server: boolean },
): Side => {
  const wanted: Side = follower.wants('server') && !follower.wants('client') ? 'server' : 'client'
  const other: Side = wanted === 'client' ? 'server' : 'client'
  return ended[wanted] ? other : wanted
}
