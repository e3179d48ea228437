import { expectBytes } from '../bytes/byte-array.js'
import { joined } from '../bytes/joined.js'
import type { Incomplete } from '../conversation/machine/feed.js'
import { SessionDecoder } from './decoder.js'
import type { Side } from './events.js'
import { FirstProtocol } from './first-protocol.js'
import type { SessionOptions } from './options.js'
import { checkSessionOptions } from './options.js'
import { ServeSession } from './serve/serve-session.js'
import type { ConnectionEvent, SessionReader, Unfinished } from './timed/session-reader.js'

/**
 * Follows a connection of the daemon protocol or of the serve protocol. The first number of a side says which one it
 * is.
 *
 * ```ts
 * import { bytesOf } from 'nix-wire'
 * import { ConnectionReader } from 'nix-wire/session'
 *
 * const reader = new ConnectionReader()
 * reader.push('client', bytesOf('eb9d0c3900000000 0702000000000000'))
 * reader.push('server', bytesOf('cbee525400000000 0502000000000000')).map(({ kind }) => kind) // => ['handshake']
 * reader.serverName // => 'server'
 * ```
 *
 * The events are those of `SessionDecoder` or of `ServeSession`. The options `narLimits`, `operations`, `maxWaiting`
 * and `issues` apply only to the daemon protocol.
 */
export class ConnectionReader implements SessionReader<ConnectionEvent> {
  readonly #options: SessionOptions
  readonly #first = new FirstProtocol()
  #reader: SessionReader<ConnectionEvent> | null = null
  /** What came before the protocol was known: less than a number of each side, and their ends. */
  #early: Array<readonly [side: Side, bytes: Uint8Array | null]> = []
  #ended = 0

  /** @throws TypeError or RangeError for invalid options. */
  constructor(options: SessionOptions = {}) {
    checkSessionOptions(options)
    this.#options = options
  }

  get serverName(): 'daemon' | 'server' {
    return this.#reader?.serverName ?? 'server'
  }

  get during(): Unfinished | null {
    return this.#reader?.during ?? null
  }

  wants(side: Side): boolean {
    return this.#reader?.wants(side) ?? side === 'client'
  }

  incomplete(side: Side): Incomplete | null {
    return this.#reader?.incomplete(side) ?? null
  }

  /** Takes bytes of one side and returns the events that they complete. The array is not kept after the call. */
  push(side: Side, bytes: Uint8Array): ReadonlyArray<ConnectionEvent> {
    expectBytes(`what the ${side} sent`, bytes)
    if (this.#reader !== null) {
      return this.#reader.push(side, bytes)
    }
    const protocol = this.#first.push(side, bytes)
    if (protocol === null) {
      this.#early.push([side, joined([bytes])])
      return []
    }
    const reader = this.#open(protocol)
    return this.#replay(reader).concat(reader.push(side, bytes))
  }

  /** Ends one side: no more bytes will come. */
  end(side: Side): ReadonlyArray<ConnectionEvent> {
    if (this.#reader !== null) {
      return this.#reader.end(side)
    }
    this.#early.push([side, null])
    this.#ended++
    return this.#ended < 2 ? [] : this.#replay(this.#open('worker'))
  }

  #open(protocol: 'worker' | 'serve'): SessionReader<ConnectionEvent> {
    const { storeDir, limits, keep, progress } = this.#options
    this.#reader =
      protocol === 'worker'
        ? new SessionDecoder(this.#options)
        : new ServeSession({
            ...(storeDir === undefined ? {} : { storeDir }),
            ...(limits === undefined ? {} : { limits }),
            ...(keep === undefined ? {} : { keep }),
            ...(progress === undefined ? {} : { progress }),
          })
    return this.#reader
  }

  #replay(reader: SessionReader<ConnectionEvent>): ReadonlyArray<ConnectionEvent> {
    const early = this.#early
    this.#early = []
    return early.flatMap(([side, bytes]) => (bytes === null ? reader.end(side) : reader.push(side, bytes)))
  }
}
