import { fromNullable, none } from 'fp-ts/lib/Option.js'
import { expectBytes } from '../../bytes/byte-array.js'
import { hexOf } from '../../bytes/hex.js'
import { joined } from '../../bytes/joined.js'
import { numberAt } from '../../bytes/number-at.js'
import { RecentBytes } from '../../bytes/recent.js'
import type { Limits } from '../../combinators/limits.js'
import { checkOptions, flag, type OptionChecks, usual } from '../../combinators/options.js'
import type { ProtocolVersion } from '../../combinators/version.js'
import type {
  ConversationEvent,
  ConversationIssueEvent,
  SaidEvent,
  TurnOverEvent,
} from '../../conversation/events.js'
import type { Incomplete } from '../../conversation/machine/feed.js'
import { isOffered } from '../../conversation/machine/offered.js'
import { FlowObserver } from '../../conversation/observer/observer.js'
import type { ServeServerHello } from '../../grammar/serve/handshake.js'
import { newestServeVersion } from '../../grammar/serve/protocol.js'
import { nixDefaults } from '../../types/nix-protocol.js'
import type { Side } from '../events.js'
import { newSha256 } from '../sha256.js'
import { StoreDirSearch } from '../store-dir.js'
import type { SessionReader } from '../timed/session-reader.js'
import { serveCommandOf, serveFlow } from './commands.js'
import type { ServeAsked, ServeCommandEvent, ServeEvent, ServeFlowed, ServeSaid } from './events.js'

export interface ServeSessionOptions {
  /**
   * The store directory of both sides, which is not sent. Default: that of the first store path in the traffic, or
   * `/nix/store`.
   */
  readonly storeDir?: string
  readonly limits?: Partial<Limits>
  /** The most values of a command that an event has; the others are counted. Default: 100,000. */
  readonly keep?: number
  /** Adds `begun` events, for a live view. Default: false. */
  readonly progress?: boolean
}

const checks: OptionChecks<ServeSessionOptions> = {
  storeDir: usual.storeDir,
  limits: usual.limits,
  keep: (what, value) => {
    if (!Number.isInteger(value) || (value as number) < 0) {
      throw new RangeError(`${what} must be an integer from 0 on`)
    }
  },
  progress: flag,
}

const magics: { readonly [S in Side]: bigint } = { client: 0x390c9debn, server: 0x5452eecbn }

/** Whether the bytes are the beginning of a stream of the serve protocol. */
export const isServeStream = (side: Side, bytes: Uint8Array): boolean => {
  expectBytes('the beginning of a stream', bytes)
  return numberAt(bytes) === magics[side]
}

// What each side sends before any store path: a magic and a version.
const greetingSize = 16
const numberSize = 8

/** The messages since the last command. */
interface Part {
  number: number | null
  readonly said: Array<ServeSaid>
  readonly flowed: Array<ServeFlowed>
  omitted: number
  readonly ranges: { [S in Side]: [start: number, end: number] }
}

/**
 * Follows a connection of the serve protocol (`nix-store --serve`, `ssh://` stores), as {@link SessionDecoder}
 * follows one of a daemon.
 *
 * ```ts
 * import { bytesOf } from 'nix-wire'
 * import { ServeSession } from 'nix-wire/session'
 *
 * const session = new ServeSession()
 * session.push('client', bytesOf('eb9d0c3900000000 0702000000000000'))
 * const [handshake] = session.push('server', bytesOf('cbee525400000000 0502000000000000'))
 * handshake?.kind === 'handshake' && handshake.version // => '2.5'
 * ```
 *
 * The events do not depend on how the bytes are cut, nor on which side's bytes come first, except for `begun` events.
 * A command that fails is not finished: the server closes the connection, and writes the reason to its stderr, which
 * is not recorded.
 */
export class ServeSession implements SessionReader<ServeEvent> {
  readonly serverName = 'server'
  readonly #keep: number
  readonly #progress: boolean
  readonly #observer: FlowObserver
  /** Looks for the store directory; null where it is given or found. */
  #search: StoreDirSearch | null
  /** What the client said and is not followed before the store directory is known. */
  #held: Array<Uint8Array> = []
  /** How that begins: the number of a command. */
  #head: Uint8Array = new Uint8Array(0)
  readonly #arrived: { [S in Side]: number } = { client: 0, server: 0 }
  readonly #recent: { readonly [S in Side]: RecentBytes } = {
    client: new RecentBytes(),
    server: new RecentBytes(),
  }
  #part = newPart({ client: 0, server: 0 })
  readonly #offsets: { [S in Side]: number } = { client: 0, server: 0 }
  readonly #greeting = new Map<string, unknown>()
  #isGreeted = false
  /** The command that an issue belongs to. */
  #name: string | null = null

  /** @throws RangeError for invalid options. */
  constructor(options: ServeSessionOptions = {}) {
    checkOptions('ServeSession', checks, options)
    const { keep = 100_000, storeDir, progress = false, limits } = options
    this.#keep = keep
    this.#progress = progress
    this.#search = storeDir === undefined ? new StoreDirSearch() : null
    this.#observer = new FlowObserver(serveFlow.node, {
      protocol: { storeDir: storeDir ?? nixDefaults.storeDir },
      hash: () => newSha256(),
      ...(limits === undefined ? {} : { limits }),
    })
  }

  /**
   * Whether the session waits for this side. If the bytes of both sides are available, continue with a side that it
   * waits for.
   */
  wants(side: Side): boolean {
    return this.#observer.wants(side)
  }

  /** What is not whole of the value that the session waits for; null if none of one has come. */
  incomplete(side: Side): Incomplete | null {
    return this.#observer.incomplete(side)
  }

  /** The current command, as far as it has come; null between two commands. */
  get during(): ServeCommandEvent | null {
    const number = this.#part.number ?? numberAt(this.#head)
    return number === null ? null : this.#command(this.#asked(Number(number)), false)
  }

  /**
   * Takes bytes of one side and returns the events that they complete. Bytes are only kept until the first store
   * path.
   */
  push(side: Side, bytes: Uint8Array): ReadonlyArray<ServeEvent> {
    expectBytes(`what the ${side} sent`, bytes)
    const before = this.#arrived[side]
    this.#arrived[side] += bytes.length
    this.#recent[side].enter(bytes)
    try {
      if (this.#search === null) {
        return this.#hear(side, [bytes])
      }
      return side === 'server' ? this.#answered(bytes) : this.#asks(bytes, before, this.#search)
    } finally {
      this.#recent[side].leave()
    }
  }

  /** Ends one side: no more bytes will come. */
  end(side: Side): ReadonlyArray<ServeEvent> {
    const events = this.#letGo()
    this.#search = side === 'server' ? this.#search : null
    return events.concat(this.#told(this.#observer.end(side)))
  }

  /** What the client says behind its greeting waits until a store path is seen. */
  #asks(bytes: Uint8Array, before: number, search: StoreDirSearch): ReadonlyArray<ServeEvent> {
    const first = bytes.subarray(0, Math.max(0, greetingSize - before))
    const rest = bytes.subarray(first.length)
    const events = this.#hear('client', [first])
    if (rest.length === 0) {
      return events
    }
    this.#held.push(joined([rest]))
    this.#head = joined([this.#head, rest.subarray(0, numberSize - this.#head.length)])
    const storeDir = search.push('client', rest)
    if (storeDir === null && !search.isOver) {
      return events
    }
    this.#search = null
    if (storeDir !== null) {
      this.#observer.agree({ storeDir })
    }
    return events.concat(this.#letGo())
  }

  /** A server answers to what is whole: none of it has a store path that is still to come. */
  #answered(bytes: Uint8Array): ReadonlyArray<ServeEvent> {
    const events = this.#arrived.server > greetingSize ? this.#letGo() : []
    return events.concat(this.#hear('server', [bytes]))
  }

  #letGo(): ReadonlyArray<ServeEvent> {
    const held = this.#held
    this.#held = []
    this.#head = new Uint8Array(0)
    return this.#hear('client', held)
  }

  #hear(side: Side, chunks: ReadonlyArray<Uint8Array>): ReadonlyArray<ServeEvent> {
    return chunks.flatMap((bytes) => this.#told(this.#observer.push(side, bytes)))
  }

  #told(events: ReadonlyArray<ConversationEvent>): ReadonlyArray<ServeEvent> {
    return events.flatMap((event) => this.#tell(event))
  }

  #tell(event: ConversationEvent): ReadonlyArray<ServeEvent> {
    switch (event.kind) {
      case 'said':
        return this.#said(event)
      case 'flowed': {
        const { side, key, size, digest } = event
        this.#pass(event)
        this.#part.flowed.push({ side, key, size, sha256: digest === null ? '' : hexOf(digest) })
        return []
      }
      case 'turn':
        return event.is === 'begun' ? this.#begin() : this.#over(event)
      case 'issue':
        return [this.#issue(event)]
      case 'end':
        return [{ kind: 'end', clientLeft: event.left.client, serverLeft: event.left.server }]
    }
  }

  #said(event: SaidEvent): ReadonlyArray<ServeEvent> {
    this.#pass(event)
    return this.#isGreeted ? this.#saidInCommand(event) : this.#greets(event)
  }

  #greets({ key, value }: SaidEvent): ReadonlyArray<ServeEvent> {
    this.#greeting.set(key, value)
    const { version } = this.#observer.protocol
    if (version === undefined || this.#greeting.size < wordsOfHandshake) {
      return []
    }
    this.#isGreeted = true
    return [
      {
        kind: 'handshake',
        protocol: 'serve',
        version,
        clientVersion: this.#greeting.get('version') as ProtocolVersion,
        serverVersion: (this.#greeting.get('hello') as ServeServerHello).version,
        ...this.#part.ranges,
      },
    ]
  }

  #saidInCommand({ side, key, value }: SaidEvent): ReadonlyArray<ServeEvent> {
    const part = this.#part
    if (key === 'command') {
      part.number = value as number
      this.#name = serveCommandOf(part.number)?.name ?? null
      return serveCommandOf(part.number)?.words.has('request') === true ? [] : this.#tellBegun(part.number)
    }
    if (part.said.length < this.#keep) {
      part.said.push({ side, key, value })
    } else {
      part.omitted++
    }
    return key === 'request' && part.number !== null ? this.#tellBegun(part.number) : []
  }

  #tellBegun(number: number): ReadonlyArray<ServeEvent> {
    const asked = this.#asked(number)
    return this.#progress ? [{ kind: 'begun', ...asked, said: [...asked.said] }] : []
  }

  #pass({ side, start, end }: Pick<SaidEvent, 'side' | 'start' | 'end'>): void {
    const [first, last] = this.#part.ranges[side]
    this.#part.ranges[side] = [first === last ? start : first, end]
    this.#offsets[side] = end
  }

  #begin(): ReadonlyArray<ServeEvent> {
    this.#part = newPart(this.#offsets)
    this.#name = null
    return []
  }

  #over({ chosen, how, lacking }: TurnOverEvent): ReadonlyArray<ServeEvent> {
    const { number } = this.#part
    if (number === null) {
      return []
    }
    const event = this.#command({ ...this.#asked(number), name: chosen, lacking }, how === 'done')
    this.#part = newPart(this.#offsets)
    return [event]
  }

  #asked(number: number): ServeAsked {
    const { protocol } = this.#observer
    const known = serveCommandOf(number)
    return {
      number,
      name: known?.name ?? null,
      version: protocol.version ?? newestServeVersion,
      storeDir: protocol.storeDir ?? nixDefaults.storeDir,
      lacking: known !== undefined && !isOffered(known.gate, protocol),
      said: this.#part.said,
    }
  }

  #command(asked: ServeAsked, finished: boolean): ServeCommandEvent {
    const { flowed, omitted, ranges } = this.#part
    const incomplete = finished ? 0 : this.#arrived.server - this.#offsets.server
    return { kind: 'command', ...asked, finished, omitted, flowed, incomplete, ...ranges }
  }

  #issue({ side, issue, fatal }: ConversationIssueEvent): ServeEvent {
    const { bytes, start } = this.#recent[side].excerpt
    const from = Math.max(start, issue.offset - 16)
    const excerpt = { bytes: bytes.slice(from - start, issue.offset + 48 - start), start: from }
    return {
      kind: 'issue',
      side,
      issue,
      guess: none,
      fatal,
      message: none,
      during: fromNullable(this.#name),
      excerpt,
    }
  }
}

/** The messages of the handshake: magic and version. */
const wordsOfHandshake = 3

const newPart = ({ client, server }: { readonly [S in Side]: number }): Part => ({
  number: null,
  said: [],
  flowed: [],
  omitted: 0,
  ranges: { client: [client, client], server: [server, server] },
})
