import { none } from 'fp-ts/lib/Option.js'
import type { Protocol } from '../../combinators/protocol.js'
import { Conversation } from './conversation.js'
import type { SessionEvent, Side } from './events.js'
import { guess } from './guess.js'
import { readHandshake } from './handshake.js'
import { readOperation } from './operation.js'
import { maxWaitingOf, type SessionOptions } from './options.js'
import { Break, type Talk, Task } from './talk.js'

// A large chunk is taken in parts, so that what waits for the other side is little.
const window = 65536

/**
 * Follows a connection while it runs: takes the bytes of both sides as they come, in chunks of any size, and says
 * what has become complete.
 *
 * ```ts
 * import { bytesOf } from 'nix-wire'
 * import { SessionDecoder } from 'nix-wire/daemon'
 *
 * const decoder = new SessionDecoder()
 * decoder.push('client', bytesOf('6378696e00000000 0a01000000000000')) // => []
 * decoder.push('server', bytesOf('6f69786400000000 2201000000000000')) // => []
 * const [handshake] = decoder.push('server', bytesOf('73746c6100000000'))
 * handshake?.kind === 'handshake' && handshake.version // => '1.10'
 * decoder.end('client')
 * decoder.end('server') // => [{ kind: 'end', clientLeft: 0, serverLeft: 0 }]
 * ```
 *
 * The events are the same however the bytes are cut and whichever side comes first, `started` and `message` events
 * apart. An operation that failed is told when the client goes on or ends: only then it is known that the daemon does
 * not say the error again. Chunks are read where they lie and not kept; streams of any size take no memory.
 *
 * Where a stream breaks the protocol there is an `issue` event; from a fatal one on bytes are only counted.
 */
export class SessionDecoder {
  readonly #talk: Conversation
  readonly #task: Task<void>
  readonly #maxWaiting: number
  #fatal = false
  #ended = false

  /** @throws RangeError for options that cannot work. */
  constructor(options: SessionOptions = {}) {
    this.#talk = new Conversation(options)
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
      this.#task.advance()
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
      this.#talk.emit({ kind: 'end', clientLeft, serverLeft })
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

  #fail(found: Break): void {
    const side = this.#talk.sideOf(found)
    this.#fatal = true
    this.#talk.report(side, found.issue, guess(this.#talk, side, found.issue), true)
  }
}

function* converse(talk: Conversation): Talk<void> {
  const { client, server } = talk
  let open = yield* readHandshake(talk)
  while (open && (yield* client.any())) {
    open = yield* readOperation(talk)
  }
  talk.during = none
  for (const feed of [client, server]) {
    if (yield* feed.any()) {
      throw new Break(feed, {
        _tag: 'TrailingBytes',
        offset: feed.offset,
        path: [],
        expected: 'the end of the stream',
        actual: 'bytes that nothing led to',
        grammar: 'session',
      })
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

/**
 * Decodes a recorded connection: all that the client sent, and all that the daemon sent.
 *
 * ```ts
 * import { bytesOf } from 'nix-wire'
 * import { decodeSession } from 'nix-wire/daemon'
 *
 * const client = bytesOf('6378696e00000000 0a01000000000000 0d00000000000000')
 * const server = bytesOf('6f69786400000000 2201000000000000 73746c6100000000 73746c6100000000 0100000000000000')
 * decodeSession(client, server).map((event) => event.kind) // => ['handshake', 'operation', 'end']
 * ```
 *
 * @throws RangeError for options that cannot work.
 */
export const decodeSession = (
  client: Uint8Array,
  server: Uint8Array,
  options: SessionOptions = {},
): ReadonlyArray<SessionEvent> => {
  const decoder = new SessionDecoder(options)
  const events: Array<SessionEvent> = []
  const rest = { client, server }
  const ended = { client: false, server: false }
  const feed = (side: Side): void => {
    events.push(...decoder.push(side, rest[side].subarray(0, window)))
    rest[side] = rest[side].subarray(window)
    if (rest[side].length === 0) {
      ended[side] = true
      events.push(...decoder.end(side))
    }
  }
  while (!ended.client || !ended.server) {
    feed(nextSide(decoder, ended))
  }
  return events
}

const nextSide = (
  decoder: SessionDecoder,
  ended: { readonly client: boolean; readonly server: boolean },
): Side => {
  const wanted: Side = decoder.wants('server') && !decoder.wants('client') ? 'server' : 'client'
  const other: Side = wanted === 'client' ? 'server' : 'client'
  return ended[wanted] ? other : wanted
}
