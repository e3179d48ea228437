import { plainBytes } from '../../bytes/byte-array.js'
import { joined } from '../../bytes/joined.js'
import type { Protocol } from '../../combinators/protocol.js'
import type { ConversationEvent, SaidEvent } from '../../conversation/events.js'
import { FlowObserver } from '../../conversation/observer/observer.js'
import { workerOf } from '../../grammar/conversation/worker.js'
import { determinateOperations } from '../../grammar/operations/dialects.js'
import { operations } from '../../grammar/operations/table.js'
import { narDelimiter } from '../../stream/nar/delimiter.js'
import { nixProtocol } from '../../types/nix-protocol.js'
import { DialectWords, tableOf } from '../dialect.js'
import type { Side } from '../events.js'
import { FirstProtocol } from '../first-protocol.js'
import { serveFlow } from '../serve/commands.js'
import { StoreDirSearch } from '../store-dir.js'
import { errorsIn } from './errors-in.js'
import { type MessageNames, serveNames, workerNames } from './message-types.js'
import type { PacketAbout } from './recording-writer.js'

/** Bytes of one side: a message, a part of one, or bytes without a type. */
export interface Slice {
  readonly side: Side
  readonly bytes: Uint8Array
  readonly at: number | null
  readonly about: PacketAbout
}

interface Chunk {
  readonly bytes: Uint8Array
  readonly at: number | null
}

/** Bytes of one side that have not been given back yet. */
interface Held {
  chunks: Array<Chunk>
  bytes: number
  /** Their offset in the stream. */
  offset: number
}

// The limits of a recording of live traffic: bytes that wait for the other side, and one message.
const mostWaiting = 2 ** 20
const mostOfMessage = 8 * 2 ** 20

/**
 * The conversation with a daemon of any dialect: without its feature, an operation of Determinate Nix has the form of
 * Nix.
 */
const workerFlow = workerOf(determinateOperations, { archive: narDelimiter })

/**
 * Cuts both streams into messages with their types. Bytes that are not known to be a message, such as the content of an
 * upload, have no type; neither have all bytes after an issue, except the errors with which a daemon ends the
 * connection.
 *
 * `hold` says how many bytes of a side may wait until they are known to be a message. With 0, all bytes are given back
 * at once, and only a message that ends in them is reported. Without a store directory, it is that of the first store
 * path.
 */
export class MessageSlicer {
  readonly #first = new FirstProtocol()
  readonly #dialect = new DialectWords()
  /** The bytes from before the protocol and the store directory were known. */
  #early: Array<readonly [side: Side, bytes: Uint8Array]> = []
  #protocol: 'worker' | 'serve' | null = null
  #observer: FlowObserver | null = null
  /** Looks for the store directory, until it is known or can no longer be expected. */
  #search: StoreDirSearch | null = null
  #storeDir: string
  #names: MessageNames = workerNames(operations)
  readonly #hold: number
  readonly #held: { readonly [S in Side]: Held } = {
    client: { chunks: [], bytes: 0, offset: 0 },
    server: { chunks: [], bytes: 0, offset: 0 },
  }
  #operation = ''
  /** The operation before, whose error may come twice. */
  #before = ''
  /** Where the last message of the server ends. */
  #told = 0
  #isLost = false
  #slices: Array<Slice> = []

  /** @throws TypeError or RangeError for an invalid store directory. */
  constructor(hold: number, storeDir?: string) {
    this.#hold = hold
    this.#search = storeDir === undefined ? new StoreDirSearch() : null
    this.#storeDir = nixProtocol(storeDir === undefined ? {} : { storeDir }).storeDir
  }

  /** Takes bytes of one side; the result is valid until the bytes are reused. */
  push(side: Side, bytes: Uint8Array, at: number | null): ReadonlyArray<Slice> {
    const held = this.#held[side]
    held.chunks.push({ bytes, at })
    held.bytes += bytes.length
    this.#listen(() => this.#hear(side, bytes))
    this.#release(side, this.#isLost ? 0 : this.#hold)
    if (held.bytes > 0) {
      const last = held.chunks.pop()!
      held.chunks.push({ ...last, bytes: plainBytes(last.bytes).slice() })
    }
    return this.#taken()
  }

  /** Bytes of a side are missing: from here on no bytes have a type. */
  lose(): void {
    this.#isLost = true
  }

  /** The rest of a side that has ended. */
  end(side: Side): ReadonlyArray<Slice> {
    this.#release(side, 0)
    return this.#taken()
  }

  #hear(side: Side, bytes: Uint8Array): ReadonlyArray<ConversationEvent> {
    this.#protocol ??= this.#first.push(side, bytes)
    const storeDir = this.#search?.push(side, bytes) ?? null
    if (storeDir !== null && storeDir !== this.#storeDir) {
      this.#storeDir = storeDir
      this.#observer = null
    }
    if (storeDir !== null || this.#search?.isOver === true) {
      this.#search = null
    }
    const again = this.#observer === null ? [...this.#early] : []
    if (this.#protocol === null || this.#search !== null) {
      this.#early.push([side, joined([bytes])])
    } else {
      this.#early = []
    }
    if (this.#protocol === null) {
      return []
    }
    const observer = this.#observer ?? this.#observe(this.#protocol)
    this.#observer = observer
    // The bytes from before the store directory was known were given back, and are read again.
    return [...again, [side, bytes] as const].flatMap(([from, said]) => observer.push(from, said))
  }

  #observe(protocol: 'worker' | 'serve'): FlowObserver {
    this.#names = protocol === 'serve' ? serveNames : this.#names
    return new FlowObserver((protocol === 'serve' ? serveFlow : workerFlow).node, {
      protocol: { storeDir: this.#storeDir },
      maxWaiting: Math.max(this.#hold, mostWaiting),
      limits: { message: mostOfMessage },
    })
  }

  #listen(hear: () => ReadonlyArray<ConversationEvent>): void {
    if (this.#isLost) {
      return
    }
    try {
      for (const event of hear()) {
        this.#take(event)
      }
    } catch {
      // The bytes matter most: from here on they are recorded without types.
      this.#isLost = true
    }
  }

  #take(event: ConversationEvent): void {
    if ((event.kind === 'said' || event.kind === 'flowed') && event.within.length === 0) {
      this.#told = event.side === 'server' ? event.end : this.#told
    }
    if (event.kind === 'said' && event.within.length === 0) {
      this.#message(event)
    } else if (event.kind === 'flowed' && event.within.length === 0) {
      this.#cut(event.side, event.end, this.#about('Unknown', ''))
    } else if (event.kind === 'turn' && event.is === 'over') {
      this.#before = this.#operation === '' ? this.#before : this.#operation
      this.#operation = ''
    } else if (event.kind === 'issue') {
      this.#isLost ||= event.fatal
      this.#before = ''
    }
  }

  #message({ side, key, start, end, value }: SaidEvent): void {
    if (key === 'operation' || key === 'command') {
      this.#operation = this.#names.operationName(value)
    } else if (this.#names !== serveNames && this.#dialect.take(key, value)) {
      this.#names = workerNames(tableOf(this.#dialect.dialect))
    }
    const held = this.#held[side]
    if (held.offset < start) {
      this.#cut(side, start, this.#about('Unknown', ''))
    }
    const part = held.offset === start ? 'Whole' : 'Last'
    this.#cut(side, end, this.#about(part, this.#names.typeOf(key, this.#operation)))
  }

  #about(part: PacketAbout['part'], type: string): PacketAbout {
    const { version, features = [] }: Partial<Protocol> = this.#observer?.protocol ?? {}
    return { part, version: version ?? null, features: [...features], operation: this.#operation, type }
  }

  /** Gives back the bytes before an offset, as one slice if they are one message. */
  #cut(side: Side, end: number, about: PacketAbout): void {
    const held = this.#held[side]
    const wanted = Math.min(end - held.offset, held.bytes)
    if (wanted <= 0) {
      return
    }
    const parts: Array<Uint8Array> = []
    let at: number | null = null
    for (let left = wanted; left > 0; ) {
      const { bytes, at: when } = held.chunks[0]!
      const part = bytes.subarray(0, left)
      parts.push(part)
      at = when
      left -= part.length
      if (part.length === bytes.length) {
        held.chunks.shift()
      } else {
        held.chunks[0] = { bytes: bytes.subarray(part.length), at: when }
      }
    }
    held.bytes -= wanted
    held.offset += wanted
    this.#slices.push({ side, bytes: parts.length === 1 ? parts[0]! : joined(parts), at, about })
  }

  /** Gives back the bytes beyond the limit of `hold`. */
  #release(side: Side, most: number): void {
    const held = this.#held[side]
    if (held.bytes <= most) {
      return
    }
    if (side === 'server') {
      this.#refusals(held)
    }
    this.#cut(side, held.offset + held.bytes, this.#about('Unknown', ''))
  }

  /** Gives back the errors that a server sends out of turn, or to an unknown request. */
  #refusals(held: Held): void {
    const observer = this.#observer
    const isAside = observer !== null && (this.#isLost || !observer.wants('server'))
    if (!isAside || this.#protocol !== 'worker' || held.offset !== this.#told) {
      return
    }
    for (const size of errorsIn(joined(held.chunks.map(({ bytes }) => bytes)), observer.plans)) {
      this.#told += size
      this.#cut('server', this.#told, {
        ...this.#about('Whole', 'LogMessage'),
        operation: this.#operation === '' ? this.#before : this.#operation,
      })
    }
  }

  #taken(): ReadonlyArray<Slice> {
    const slices = this.#slices
    this.#slices = []
    return slices
  }
}
