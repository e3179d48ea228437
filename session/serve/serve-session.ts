import { expectBytes } from '../../bytes/byte-array.js'
import { hexOf } from '../../bytes/hex.js'
import { joined } from '../../bytes/joined.js'
import { checkOptions, type OptionChecks, usual } from '../../combinators/options.js'
import type { ProtocolVersion } from '../../combinators/version.js'
import {
  type ConversationEvent,
  type Observer,
  observe,
  type SaidEvent,
  type TurnOverEvent,
} from '../../conversation/index.js'
import { flowsIn } from '../../conversation/parts.js'
import type { ServeServerHello } from '../../grammar/serve/handshake.js'
import { newestServeVersion } from '../../grammar/serve/protocol.js'
import { serveOf } from '../../grammar/serve/serve.js'
import { narDelimiter } from '../../stream/nar/delimiter.js'
import type { Side } from '../events.js'
import { numberAt } from '../fitting.js'
import { newSha256 } from '../sha256.js'
import { storeDirIn } from '../store-dir.js'
import type { ServeEvent, ServeFlowed, ServeSaid } from './events.js'

export interface ServeSessionOptions {
  /** The store directory of both sides; if none is given, what the first store path in the traffic says, or `/nix/store`. */
  readonly storeDir?: string
  /** How many values of a command are kept at most: 100,000. The others are counted. */
  readonly keep?: number
}

const checks: OptionChecks<ServeSessionOptions> = {
  storeDir: usual.storeDir,
  keep: (what, value) => {
    if (!Number.isInteger(value) || (value as number) < 0) {
      throw new RangeError(`${what} must be an integer from 0 on`)
    }
  },
}

const magics: { readonly [S in Side]: bigint } = { client: 0x390c9debn, server: 0x5452eecbn }

/** Whether the stream of a side begins as one of the serve protocol does. */
export const isServeStream = (side: Side, bytes: Uint8Array): boolean => {
  expectBytes('the beginning of a stream', bytes)
  return numberAt(bytes) === magics[side]
}

export const serveFlow = serveOf({ archive: narDelimiter })

// By then a client has named a store path, if it ever does.
const mostBeforePath = 65536

// Longer than a store path, so that one that is cut is found with its rest.
const overlap = 2048

/** What has been said since the last command. */
interface Part {
  readonly said: Array<ServeSaid>
  readonly flowed: Array<ServeFlowed>
  omitted: number
  readonly ranges: { [S in Side]: [start: number, end: number] }
}

/**
 * Follows a connection of the serve protocol (`nix-store --serve`, `ssh://` stores) from outside, as `SessionDecoder` does with
 * one of a daemon.
 *
 * ```ts
 * import { bytesOf } from 'nix-wire'
 * import { ServeSession } from 'nix-wire/session'
 *
 * const session = new ServeSession({ storeDir: '/nix/store' })
 * session.push('client', bytesOf('eb9d0c3900000000 0702000000000000'))
 * const [handshake] = session.push('server', bytesOf('cbee525400000000 0502000000000000'))
 * handshake?.kind === 'handshake' && handshake.version // => '2.5'
 * ```
 *
 * The events are the same however the bytes are cut and whichever side comes first. A command that fails is not finished: the
 * server closes, and why is on its stderr, which is not recorded.
 */
export class ServeSession {
  readonly #keep: number
  #observer: Observer | null
  /** What came before the store directory was known; null is an end. */
  readonly #waiting: Array<readonly [side: Side, bytes: Uint8Array | null]> = []
  /** What the client sent so far, where its first store path is looked for. */
  #head = new Uint8Array(0)
  #seen = 0
  #part = newPart({ client: 0, server: 0 })
  readonly #offsets: { [S in Side]: number } = { client: 0, server: 0 }
  #isGreeted = false
  #during: string | null = null

  /** @throws RangeError for options that cannot work. */
  constructor(options: ServeSessionOptions = {}) {
    checkOptions('ServeSession', checks, options)
    const { keep = 100_000, storeDir } = options
    this.#keep = keep
    this.#observer = storeDir === undefined ? null : observerFor(storeDir)
  }

  /** Whether it waits for this side: where both are at hand, the one to read on in. */
  wants(side: Side): boolean {
    return this.#observer === null ? side === 'client' : this.#observer.wants(side)
  }

  /** Takes bytes of one side, which are not kept beyond the call but for those before the first store path. */
  push(side: Side, bytes: Uint8Array): ReadonlyArray<ServeEvent> {
    expectBytes(`what the ${side} sent`, bytes)
    if (this.#observer !== null) {
      return this.#told(this.#observer.push(side, bytes))
    }
    this.#waiting.push([side, bytes.slice()])
    this.#seen += bytes.length
    const storeDir = side === 'client' ? this.#storeDirWith(bytes) : null
    return storeDir !== null || this.#seen > mostBeforePath ? this.#open(storeDir) : []
  }

  /** Says that nothing more comes of one side. */
  end(side: Side): ReadonlyArray<ServeEvent> {
    if (this.#observer !== null) {
      return this.#told(this.#observer.end(side))
    }
    this.#waiting.push([side, null])
    return side === 'client' ? this.#open(null) : []
  }

  #storeDirWith(bytes: Uint8Array): string | null {
    const head = joined([this.#head, bytes])
    this.#head = head.slice(Math.max(0, head.length - overlap))
    return storeDirIn(head)
  }

  #open(storeDir: string | null): ReadonlyArray<ServeEvent> {
    const observer = observerFor(storeDir ?? '/nix/store')
    this.#observer = observer
    return this.#waiting
      .splice(0)
      .flatMap(([side, bytes]) =>
        this.#told(bytes === null ? observer.end(side) : observer.push(side, bytes)),
      )
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
      case 'issue': {
        const { side, issue, fatal } = event
        return [{ kind: 'issue', side, issue, fatal, during: this.#during }]
      }
      case 'end':
        return [{ kind: 'end', clientLeft: event.left.client, serverLeft: event.left.server }]
    }
  }

  #said(event: SaidEvent): ReadonlyArray<ServeEvent> {
    const { side, key, value } = event
    const { said } = this.#part
    this.#pass(event)
    if (said.length < this.#keep) {
      said.push({ side, key, value })
    } else {
      this.#part.omitted++
    }
    if (key === 'command') {
      this.#during = nameOf(value as number)
    }
    const version = this.#observer?.protocol.version
    if (this.#isGreeted || version === undefined || said.length < wordsOfHandshake) {
      return []
    }
    this.#isGreeted = true
    const { ranges } = this.#part
    const wordOf = (of: string): unknown => said.find((each) => each.key === of)?.value
    return [
      {
        kind: 'handshake',
        protocol: 'serve',
        version,
        clientVersion: wordOf('version') as ProtocolVersion,
        serverVersion: (wordOf('hello') as ServeServerHello).version,
        ...ranges,
      },
    ]
  }

  #pass({ side, start, end }: Pick<SaidEvent, 'side' | 'start' | 'end'>): void {
    const [first, last] = this.#part.ranges[side]
    this.#part.ranges[side] = [first === last ? start : first, end]
    this.#offsets[side] = end
  }

  #begin(): ReadonlyArray<ServeEvent> {
    this.#part = newPart(this.#offsets)
    this.#during = null
    return []
  }

  #over({ chosen, how, lacking }: TurnOverEvent): ReadonlyArray<ServeEvent> {
    const { said, flowed, omitted, ranges } = this.#part
    const [command] = said
    if (command === undefined) {
      return []
    }
    return [
      {
        kind: 'command',
        number: command.value as number,
        name: chosen,
        version: this.#observer?.protocol.version ?? newestServeVersion,
        lacking,
        finished: how === 'done',
        said: said.slice(1),
        omitted,
        flowed,
        ...ranges,
      },
    ]
  }
}

/** Magic, version and hello. */
const wordsOfHandshake = 3

const newPart = ({ client, server }: { readonly [S in Side]: number }): Part => ({
  said: [],
  flowed: [],
  omitted: 0,
  ranges: { client: [client, client], server: [server, server] },
})

const commands = [...flowsIn(serveFlow.node)].flatMap((node) =>
  node._tag === 'branch' && node.on[0] === 'command' ? [...node.cases.values()] : [],
)

const nameOf = (number: number): string | null => commands.find(({ label }) => label === number)?.name ?? null

const observerFor = (storeDir: string): Observer =>
  observe(serveFlow, { protocol: { storeDir }, hash: () => newSha256() })
